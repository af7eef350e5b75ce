"""`motcua onestop map|report|accept`: files for the one-stop side, from a terminal."""

import argparse
import json
import sys
from pathlib import Path

from hall.cli import connection
from hall.cli.asking import with_hall
from hall.cli.tables import table
from hall.contract.messages import Reply
from hall.contract.onestop_requests import AcceptImport, ImportReport, Imports, ImportsData
from hall.contract.topics import REQ_DEV
from hall.onestop.folder import MAPPING
from hall.onestop.intake import mapping, report, survey
from hall.onestop.intake.cells import UnusableTable
from hall.onestop.intake.survey import Surveyed
from hall.runtime import durable
from hall.runtime.requester import new_id
from hall.runtime.terminal import Terminal

GATEWAY = "onestop"
_STATES = {
    "reading": "đang đọc",
    "taken": "đã nhận",
    "held": "CHỜ XÁC NHẬN",
    "refused": "không nhận",
}


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    shown = acts.add_parser("map", description="xem tệp có những cột gì, viết map.yaml")
    shown.add_argument("file", type=Path, help="tệp CSV, Excel hoặc JSON")
    shown.add_argument("-o", "--output", type=Path, help="nơi viết; không ghi: map.yaml cạnh tệp")
    told = acts.add_parser("report", description="tệp nào đã nhận, tệp nào không, vì sao")
    connection.add_arguments(told)
    told.add_argument("--json", action="store_true", help="cho máy đọc")
    agreed = acts.add_parser("accept", description="đồng ý nhận một tệp đang chờ xác nhận")
    connection.add_arguments(agreed)
    agreed.add_argument("mark", nargs="?", help="mã của tệp; không ghi: tệp duy nhất đang chờ")


def main(args: argparse.Namespace) -> int:
    if args.act == "map":
        return _map(args.file, args.output)
    if args.act == "report":
        return with_hall(args, lambda _: lambda hall: _report(hall, args))
    return with_hall(args, lambda _: lambda hall: _accept(hall, args.mark))


# --- map ----------------------------------------------------------------------------------------


def _map(path: Path, output: Path | None) -> int:
    beside = path.parent / MAPPING
    try:
        found = survey.survey(path, mapping.load(beside))
    except (UnusableTable, OSError) as err:
        print(f"{path.name}: {err}", file=sys.stderr)
        return 1
    for each in found:
        _print_survey(each)
    return _write(output or beside, survey.as_yaml(found))


def _print_survey(each: Surveyed) -> None:
    sheet = f"Trang “{each.sheet}”: " if each.sheet else ""
    print(f"{sheet}{survey.kind_words(each.kind)}, tên cột ở dòng {each.heading_row}")
    rows = [(c.letters, c.heading, c.meaning or "(không đọc)", c.style) for c in each.columns]
    print(table(("Cột", "Tên trong tệp", "Hiểu là", "Cách viết"), rows))
    if each.lacking:
        print(f"Còn thiếu cột: {', '.join(each.lacking)}")
    if each.states:
        print(f"Trạng thái chưa rõ nghĩa: {', '.join(each.states)}")
    print()


def _write(path: Path, text: str) -> int:
    """A mapping that a person made is not written over."""
    try:
        durable.create(path, text.encode())
    except FileExistsError:
        print(f"{path} đã có, không ghi đè. Nội dung đề nghị:\n\n{text}")
        return 0
    except OSError as err:
        print(f"Không ghi được {path}: {err.strerror}", file=sys.stderr)
        return 1
    print(f"Đã viết {path}. Sửa tệp đó cho đúng; cổng tự đọc lại các tệp.")
    return 0


# --- report and accept --------------------------------------------------------------------------


def _imports(hall: Terminal) -> tuple[ImportReport, ...] | Reply:
    reply = hall.ask_hall(REQ_DEV, "imports", Imports(id=new_id()), target=GATEWAY)
    if reply.status != "ok":
        return reply
    return ImportsData.model_validate(reply.data).imports


def _report(hall: Terminal, args: argparse.Namespace) -> int:
    found = _imports(hall)
    if isinstance(found, Reply):
        return _refused(found)
    if args.json:
        told = [each.model_dump(mode="json") for each in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(found)
    return 0 if all(each.state != "refused" and not each.refused for each in found) else 1


def _print(found: tuple[ImportReport, ...]) -> None:
    rows = [
        (
            each.file,
            report.KINDS[each.what],
            _STATES[each.state],
            f"{each.taken}/{each.rows}",
            each.mark,
        )
        for each in found
    ]
    print(table(("Tệp", "Nội dung", "Kết quả", "Nhận", "Mã"), rows))
    for each in found:
        if each.reasons or each.refused:
            print(f"\n{report.text(each, {})}")


def _accept(hall: Terminal, mark: str | None) -> int:
    found = _imports(hall)
    if isinstance(found, Reply):
        return _refused(found)
    held = [each for each in found if each.state == "held" and mark in (None, each.mark)]
    if len(held) != 1:
        print("Ghi rõ mã của tệp." if held else "Không có tệp nào đang chờ.", file=sys.stderr)
        _print(tuple(held))
        return 1
    asked = AcceptImport(id=new_id(), mark=held[0].mark)
    reply = hall.ask_hall(REQ_DEV, "accept-import", asked, target=GATEWAY)
    if reply.status != "ok":
        return _refused(reply)
    print(f"Đã nhận {held[0].file}.")
    return 0


def _refused(reply: Reply) -> int:
    print(f"Không được: {reply.error.text if reply.error else 'không rõ lý do'}", file=sys.stderr)
    return 1
