"""`motcua report|replay|verify|backup|restore`: the journal from a terminal."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.cli.tables import table
from hall.contract.events import EVENTS
from hall.controller import backups, reports
from hall.controller.ports import Row
from hall.controller.reading_sqlite import (
    Day,
    InUse,
    Ledger,
    Spoilt,
    Unreadable,
    back_up,
    is_sound,
    ledger,
    restore,
)
from hall.runtime import ownership, settings
from hall.runtime.roles import CONFIG_ERROR, state_folder
from hall.runtime.sections import Shared

JOURNAL = "journal.db"
_ZONE = "Asia/Ho_Chi_Minh"
_REMEDY = "Việc cần làm: dừng bộ điều khiển, rồi motcua restore."
_PARTS = {"total": "Cả ngày", "service": "Dịch vụ", "counter": "Quầy", "hour": "Giờ"}
_HEAD = (
    "",
    "phát",
    "xong",
    "vắng",
    "huỷ",
    "hết hạn",
    "chờ giữa",
    "chờ 90%",
    "chờ lâu nhất",
    "phục vụ giữa",
    "đánh giá",
)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    parser.add_argument(
        "-c", "--config", type=Path, help="tệp cấu hình, để biết thư mục trạng thái"
    )
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")
    if command in ("report", "replay"):
        parser.add_argument(
            "--day", type=_date, metavar="YYYY-MM-DD", help="ngày; không ghi: ngày cuối"
        )
        parser.add_argument("--json", action="store_true", help="in JSON")
    if command == "report":
        parser.add_argument("--csv", action="store_true", help="in CSV")
    if command == "replay":
        parser.add_argument("--from", dest="first", type=int, default=0, help="từ dòng số …")
    if command == "backup":
        parser.add_argument("--keep", type=int, default=7, help="giữ mấy bản mới nhất")
    if command == "restore":
        parser.add_argument(
            "backup", type=Path, nargs="?", help="bản sao; không ghi: bản tốt mới nhất"
        )


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as err:
        message = f"'{text}' không phải ngày dạng 2026-11-23"
        raise argparse.ArgumentTypeError(message) from err


def main(args: argparse.Namespace) -> int:
    try:
        path = _journal(args)
        return _as_owner(args, path)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain of it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Unreadable, InUse, OSError) as err:
        print(_complaint(err), file=sys.stderr)
        return 1


def _as_owner(args: argparse.Namespace, path: Path) -> int:
    given = getattr(args, "backup", None)
    with (
        ownership.private_files(),
        ownership.lent(given, path.parent) if given else nullcontext() as source,
    ):
        ownership.become_owner(path.parent)
        return _COMMANDS[args.command](args, path, source)


def _complaint(err: Exception) -> str:
    match err:
        case Spoilt():
            return f"HỎNG: {err}\n{_REMEDY}"
        case Unreadable():
            return f"Không đọc được nhật ký: {err}"
        case InUse():
            return f"Bộ điều khiển đang chạy trên {err}; hãy dừng nó trước."
        case _:
            return f"Không ghi được: {err}"


def _journal(args: argparse.Namespace) -> Path:
    if args.state is not None:
        return Path(args.state) / JOURNAL
    if args.config is None:
        mistake = settings.Mistake(1, 1, "", "cần --state DIR hoặc -c TỆP")
        raise settings.ConfigError("motcua", (mistake,))
    document = settings.read(args.config)
    shared = settings.check(document.part(Shared.model_fields), Shared)
    return state_folder(shared.hall.id, None) / JOURNAL


# --- report -------------------------------------------------------------------------------------


def _report(args: argparse.Namespace, path: Path, _: Path | None) -> int:
    with ledger(path) as book:
        day = _day(book, args.day)
        lines = reports.report(book.of_day(day), ZoneInfo(_ZONE))
    if args.json:
        print(json.dumps({"date": day.date, "lines": lines}, ensure_ascii=False, indent=2))
    elif args.csv:
        writer = csv.DictWriter(sys.stdout, ("date", *reports.COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows({"date": day.date, **line} for line in lines)
    else:
        _print_report(day, lines)
    return 0


def _day(book: Ledger, wanted: str | None) -> Day:
    """The last business day of this date, or the last of all."""
    days = [day for day in book.days() if wanted in (None, day.date)]
    if not days:
        raise Unreadable(f"không có ngày {wanted}" if wanted else "chưa có ngày nào")
    return days[-1]


def _print_report(day: Day, lines: list[dict[str, str | int | None]]) -> None:
    print(f"Ngày {datetime.fromisoformat(day.date):%d/%m/%Y}")
    for part, title in _PARTS.items():
        rows = [_cells(line) for line in lines if line["part"] == part]
        if rows:
            print(f"\n{title}\n{table(_HEAD, rows)}")


def _cells(line: dict[str, str | int | None]) -> tuple[str, ...]:
    name = f"{line['name']} giờ" if line["part"] == "hour" else str(line["name"])
    durations = ("wait_median_s", "wait_p90_s", "wait_max_s", "serve_median_s")
    mean, count = line["rating_mean_100"], line["ratings"]
    return (
        name,
        str(line["issued"]),
        str(line["served"]),
        str(line["no_show"]),
        str(int(line["voided"] or 0) + int(line["cancelled"] or 0)),
        str(line["expired"]),
        *(_minutes(line[key]) for key in durations),
        "–" if mean is None else f"{int(mean) / 100:.2f} ({count})".replace(".", ","),
    )


def _minutes(seconds: str | int | None) -> str:
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


# --- replay -------------------------------------------------------------------------------------


def _replay(args: argparse.Namespace, path: Path, _: Path | None) -> int:
    with ledger(path) as book:
        rows = book.rows(args.first) if args.first else book.of_day(_day(book, args.day))
        _print_rows(rows, as_json=args.json)
    return 0


def _print_rows(rows: Iterable[Row], *, as_json: bool) -> None:
    zone = ZoneInfo(_ZONE)
    for row in rows:
        if as_json:
            content = {"seq": row.seq, "epoch": row.epoch, "day": row.day, "kind": row.kind}
            print(json.dumps(content | dict(row.body), ensure_ascii=False, sort_keys=True))
        else:
            at = datetime.fromtimestamp(int(row.body["wall"]) / 1000, zone)
            what = EVENTS[row.kind].words if row.kind in EVENTS else row.kind
            number, counter = row.body.get("number", ""), row.body.get("counter")
            where = f"quầy {counter}" if counter else str(row.body.get("service", ""))
            print(
                f"{row.seq:>8}  {at:%H:%M:%S}  {what:<16} {number:<7} {where:<14} {row.body['by']}"
            )


# --- keeping ------------------------------------------------------------------------------------


def _verify(_args: argparse.Namespace, path: Path, _: Path | None) -> int:
    with ledger(path) as book:
        count, (epoch, seq), days = book.count(), book.end(), book.days()
        wrong = book.damage(_progress)
    bad = _bad_backups(path)
    _clear_progress()
    if wrong:
        print(f"HỎNG: {wrong}\n{_REMEDY}")
    else:
        print(f"Tốt: {count} dòng, {len(days)} ngày, kỳ {epoch}, dòng cuối {seq}.")
    for name in bad:
        print(f"HỎNG: bản sao {name}")
    return 1 if wrong or bad else 0


def _bad_backups(path: Path) -> list[str]:
    folder = path.parent / backups.FOLDER
    return [p.name for p in sorted(folder.glob("journal-*.db")) if not is_sound(p, _progress)]


def _progress(done: int, end: int) -> None:
    """On a person's terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\rđã kiểm tra {done} / {end} dòng")
        sys.stderr.flush()


def _clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{'':<50}\r")
        sys.stderr.flush()


def _backup(args: argparse.Namespace, path: Path, _: Path | None) -> int:
    made = back_up(path, max(1, args.keep), _progress)
    _clear_progress()
    print(f"Đã sao lưu: {made}")
    return 0


def _restore(args: argparse.Namespace, path: Path, given: Path | None) -> int:
    source = given
    if source is None:
        copies = (copy for _, copy in backups.newest_first(path.parent / backups.FOLDER))
        source = next((copy for copy in copies if is_sound(copy, _progress)), None)
        _clear_progress()
        if source is None:
            raise Unreadable("không có bản sao lưu nào còn tốt")
    aside, came = restore(path, source)
    print(f"Đã phục hồi từ {args.backup or source} ({came}).")
    if aside is not None:
        print(f"Tệp cũ được giữ ở {aside}.")
    print("Khi chạy lại, các số đã phát sau bản sao này được bỏ qua, không cấp lại.")
    return 0


_COMMANDS = {
    "report": _report,
    "replay": _replay,
    "verify": _verify,
    "backup": _backup,
    "restore": _restore,
}
