"""`motcua report|replay|verify|backup|restore`: the journal from a terminal."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.cli import journals
from hall.cli.report import as_text
from hall.contract.events import EVENTS
from hall.controller import backups, reports
from hall.controller.ports import JournalRow
from hall.controller.reading_sqlite import (
    InUse,
    JournalDay,
    JournalUnreadable,
    Ledger,
    Spoilt,
    back_up,
    is_sound,
    ledger,
    restore,
)
from hall.runtime import durable, ownership, settings
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.sections import Shared
from hall.sheets import report

_ZONE = "Asia/Ho_Chi_Minh"
_KEPT_BEFORE_UPDATES = 3
_REMEDY = "Việc cần làm: dừng bộ điều khiển, rồi motcua restore."


@dataclass(frozen=True, slots=True)
class Task:
    """`source`: the backup that was given, where it can be read."""

    journal: Path
    shared: Shared | None = None
    source: Path | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.shared.hall.timezone if self.shared is not None else _ZONE)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    journals.add_arguments(parser)
    if command in ("report", "replay"):
        parser.add_argument(
            "--day", type=_date, metavar="YYYY-MM-DD", help="ngày; không ghi: ngày cuối"
        )
        parser.add_argument("--json", action="store_true", help="in JSON")
    if command == "report":
        parser.add_argument(
            "--from", dest="first", type=_date, metavar="NGÀY", help="từ ngày này, cả ngày này"
        )
        parser.add_argument(
            "--to", dest="last", type=_date, metavar="NGÀY", help="đến hết ngày này"
        )
        parser.add_argument("--csv", action="store_true", help="in CSV cho bảng tính")
        parser.add_argument("--xlsx", type=Path, metavar="TỆP", help="ghi tệp Excel")
    if command == "replay":
        parser.add_argument("--from", dest="first", type=int, default=0, help="từ dòng số …")
    if command == "backup":
        parser.add_argument("--keep", type=int, default=7, help="giữ mấy bản mới nhất")
        parser.add_argument(
            "--before-update",
            action="store_true",
            help="để riêng, kèm tệp cấu hình, cho lúc quay về phiên bản motcua cũ",
        )
    if command == "restore":
        parser.add_argument(
            "backup", type=Path, nargs="?", help="bản sao; không ghi: bản tốt mới nhất"
        )


class _NoSuchDay(Exception):
    """The journal is well and holds no day of those that are asked for."""


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as err:
        message = f"'{text}' không phải ngày dạng 2026-11-23"
        raise argparse.ArgumentTypeError(message) from err


def main(args: argparse.Namespace) -> int:
    try:
        shared = journals.shared(args)
        task = Task(journals.find(args, shared), shared)
        return _report(args, task) if args.command == "report" else _as_owner(args, task)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain of it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (JournalUnreadable, _NoSuchDay, InUse, OSError) as err:
        print(_complaint(err), file=sys.stderr)
        return 1


def _as_owner(args: argparse.Namespace, task: Task) -> int:
    given, folder = getattr(args, "backup", None), task.journal.parent
    with (
        ownership.private_files(),
        ownership.lent(given, folder) if given else nullcontext() as source,
    ):
        ownership.become_owner(folder)
        return _COMMANDS[args.command](args, replace(task, source=source))


def _complaint(err: Exception) -> str:
    match err:
        case Spoilt():
            return f"HỎNG: {err}\n{_REMEDY}"
        case _NoSuchDay():
            return f"Trong nhật ký {err}."
        case JournalUnreadable():
            return f"Không đọc được nhật ký: {err}"
        case InUse():
            return f"Bộ điều khiển đang chạy trên {err}; hãy dừng nó trước."
        case _:
            return f"Không ghi được: {err}"


# --- report -------------------------------------------------------------------------------------


def _report(args: argparse.Namespace, task: Task) -> int:
    """The journal is read as its owner, the file is written as whoever asked."""
    with ownership.private_files(), ownership.acting_as_owner(task.journal.parent):
        made = _made(args, task)
    if args.json:
        print(report.as_json(made))
    elif args.csv:
        print(report.as_csv(made), end="")
    elif args.xlsx is not None:
        durable.replace(args.xlsx, report.as_xlsx(made), mode=0o644)
        print(f"Đã ghi {args.xlsx}: {made.title}.")
    else:
        print(as_text(made))
    return 0


def _made(args: argparse.Namespace, task: Task) -> report.Report:
    with ledger(task.journal) as book:
        days = _days(book, args)
        held = ((day.date, book.of_day(day)) for day in days)
        lines = reports.report(held, task.zone)
    names = report.names(task.shared) if task.shared is not None else report.ReportNames()
    return report.Report(days[0].date, days[-1].date, lines, names)


def _days(book: Ledger, args: argparse.Namespace) -> list[JournalDay]:
    """The days that are asked for; the last of all where none is."""
    first, last = args.first or args.day, args.last or args.day
    if first is None and last is None:
        return [_day(book, None)]
    if first is not None and last is not None and first > last:
        text = f"ngày đầu ({first}) sau ngày cuối ({last}); đổi chỗ --from và --to"
        raise settings.ConfigError("motcua", (settings.Mistake(1, 1, "", text),))
    days = [d for d in book.days() if (first or d.date) <= d.date <= (last or d.date)]
    if not days:
        raise _NoSuchDay(f"không có ngày nào trong khoảng {first or '…'} – {last or '…'}")
    return days


def _day(book: Ledger, wanted: str | None) -> JournalDay:
    """The last business day of this date, or the last of all."""
    days = [day for day in book.days() if wanted in (None, day.date)]
    if not days:
        raise _NoSuchDay(f"không có ngày {wanted}" if wanted else "chưa có ngày nào")
    return days[-1]


# --- replay -------------------------------------------------------------------------------------


def _replay(args: argparse.Namespace, task: Task) -> int:
    with ledger(task.journal) as book:
        rows = book.rows(args.first) if args.first else book.of_day(_day(book, args.day))
        _print_rows(rows, task.zone, as_json=args.json)
    return 0


def _print_rows(rows: Iterable[JournalRow], zone: ZoneInfo, *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            content = {"seq": row.seq, "epoch": row.epoch, "day": row.day, "kind": row.kind}
            print(json.dumps(content | dict(row.body), ensure_ascii=False, sort_keys=True))
        else:
            at = datetime.fromtimestamp(int(row.body["wall"]) / 1000, zone)
            what = EVENTS[row.kind].words if row.kind in EVENTS else row.kind
            number, counter = row.body.get("number", ""), row.body.get("counter")
            where = f"quầy {counter}" if counter else str(row.body.get("service", ""))
            who = " ".join(str(row.body[key]) for key in ("by", "staff") if key in row.body)
            print(f"{row.seq:>8}  {at:%H:%M:%S}  {what:<16} {number:<7} {where:<14} {who}")


# --- keeping ------------------------------------------------------------------------------------


def _verify(_: argparse.Namespace, task: Task) -> int:
    with ledger(task.journal) as book:
        count, (epoch, seq), days = book.count(), book.end(), book.days()
        wrong = book.damage(_progress)
    bad = _bad_backups(task.journal)
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


def _backup(args: argparse.Namespace, task: Task) -> int:
    folder = task.journal.parent / backups.FOLDER
    keep = max(1, args.keep)
    if args.before_update:
        folder, keep = folder / backups.BEFORE_UPDATE, _KEPT_BEFORE_UPDATES
    made = back_up(task.journal, folder, keep, _progress)
    if args.before_update and args.config is not None:
        durable.replace(backups.yaml_file(made), args.config.read_bytes())
    _clear_progress()
    print(f"Đã sao lưu: {made}")
    return 0


def _restore(args: argparse.Namespace, task: Task) -> int:
    source, path = task.source, task.journal
    if source is None:
        copies = (copy for _, copy in backups.newest_first(path.parent / backups.FOLDER))
        source = next((copy for copy in copies if is_sound(copy, _progress)), None)
        _clear_progress()
        if source is None:
            raise JournalUnreadable("không có bản sao lưu nào còn tốt")
    aside, came = restore(path, source)
    print(f"Đã phục hồi từ {args.backup or source} ({came}).")
    if aside is not None:
        print(f"Tệp cũ được giữ ở {aside}.")
    print("Khi chạy lại, các số đã phát sau bản sao này được bỏ qua, không cấp lại.")
    return 0


_COMMANDS = {
    "replay": _replay,
    "verify": _verify,
    "backup": _backup,
    "restore": _restore,
}
