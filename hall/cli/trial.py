"""`motcua test-print|test-display|test-say|test-keypad|reprint`: drive one device by hand."""

import argparse
import sys

from hall.cli import connection
from hall.cli.asking import Act, Asked, ask
from hall.cli.checking import entries
from hall.contract import requests as req
from hall.contract.messages import Reply
from hall.contract.topics import REQ_DEV
from hall.doctor.findings import ONESTOP
from hall.runtime import settings
from hall.runtime.members import expected
from hall.runtime.requester import new_id

# Where nobody names a device: the first of this section, or this one.
_SECTION = {"test-print": "printers", "reprint": "printers", "test-keypad": "bridges"}
_DEVICE = {
    "test-print": "printer-1",
    "reprint": "printer-1",
    "test-display": "display",
    "test-say": "voice",
    "test-keypad": "bridge-1",
}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    connection.add_arguments(parser)
    if command == "test-say":
        parser.add_argument("number", nargs="?", help="ví dụ A105")
        parser.add_argument("--counter", help="mã quầy; cần có khi đọc một số")
        parser.add_argument("--text", help="đọc câu này thay cho một số")
    if command == "test-keypad":
        parser.add_argument("counter", help="mã quầy")
        parser.add_argument("key", help="phím: N R F X T 0–9 #")
    if command in ("test-print", "test-display", "reprint"):
        # Without SUPPRESS the word that is not there would undo the flag.
        parser.add_argument(
            "target", nargs="?", default=argparse.SUPPRESS, metavar="device", help="như --device"
        )
    usual = "thiết bị đầu tiên trong tệp" if command in _SECTION else _DEVICE[command]
    parser.add_argument("--device", dest="target", metavar="DEVICE", help=f"mặc định: {usual}")


def _device(document: settings.Document, args: argparse.Namespace) -> str:
    """The device that is meant. Raises ConfigError where the hall has no such one."""
    first = document.values.get(_SECTION.get(args.command, "")) or ()
    usual = str(first[0]["id"]) if first else _DEVICE[args.command]
    device: str = args.target or usual
    known = sorted({*expected(document.values), "counters", ONESTOP})
    if device not in known and not entries.is_foreign(document, device):
        text = f"không có thiết bị '{device}'; có: {', '.join(known)}"
        raise settings.ConfigError(document.file, (document.mistake((), text),))
    return device


def main(args: argparse.Namespace) -> int:
    def prepare(asked: Asked, document: settings.Document) -> Act:
        device = _device(document, args)
        return lambda hall: _answered(device, hall.ask_hall(REQ_DEV, *asked, target=device))

    return ask(args, _request, prepare)


def _answered(device: str, reply: Reply) -> int:
    if reply.status == "ok":
        print(f"{device}: đã nhận lệnh. Hãy nhìn (nghe) thiết bị.")
        return 0
    print(f"{device}: {reply.error.text if reply.error else 'không được'}", file=sys.stderr)
    return 1


def _request(args: argparse.Namespace) -> Asked:
    match args.command:
        case "test-print":
            return "test-print", req.TestPrint(id=new_id())
        case "reprint":
            return "reprint", req.Reprint(id=new_id())
        case "test-say":
            return "say", req.Say(
                id=new_id(),
                text=args.text,
                number=args.number and args.number.upper(),
                counter=args.counter,
            )
        case "test-keypad":
            keys: dict[str, str | int | float | bool] = {"counter": args.counter, "key": args.key}
            return "simulate", req.Simulate(id=new_id(), action="key", args=keys)
        case _:
            return "identify", req.Identify(id=new_id())
