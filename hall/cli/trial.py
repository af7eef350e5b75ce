"""`motcua test-print|test-display|test-say|test-keypad|reprint`: drive one device by hand."""

import argparse
import sys

from hall.cli import terminal
from hall.cli.check import judge
from hall.cli.terminal import NoHall
from hall.contract import requests as req
from hall.contract.topics import REQ_DEV
from hall.runtime import settings
from hall.runtime.requester import new_id
from hall.runtime.roles import CONFIG_ERROR

_DEVICE = {
    "test-print": ("printer-1", "in một trang thử: chữ, khổ giấy, QR, dao cắt"),
    "reprint": ("printer-1", "in lại phiếu cuối, có chữ IN LẠI"),
    "test-display": ("display", "cho mọi bảng số hiện chữ thử"),
    "test-say": ("voice", "đọc thử một số"),
    "test-keypad": ("bridge-1", "giả một phím bấm (chỉ với bus mô phỏng)"),
}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    device, _ = _DEVICE[command]
    parser.set_defaults(command=command)
    terminal.add_arguments(parser)
    if command == "test-say":
        parser.add_argument("number", nargs="?", help="ví dụ A105")
        parser.add_argument("--counter", help="mã quầy; cần có khi đọc một số")
        parser.add_argument("--text", help="đọc câu này thay cho một số")
    if command == "test-keypad":
        parser.add_argument("counter", help="mã quầy")
        parser.add_argument("key", help="phím: N R F X T 0–9 #")
    parser.add_argument("--device", default=device, help=f"mặc định {device}")


def main(args: argparse.Namespace) -> int:
    verb, request = _request(args)
    try:
        _, shared = judge(args.config)
        with terminal.connected(args, shared) as hall:
            reply = hall.ask(REQ_DEV, verb, request, target=args.device)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except NoHall as err:
        print(f"Không nối được với hội trường: {err}", file=sys.stderr)
        return 1
    if reply.status == "ok":
        print(f"{args.device}: đã nhận lệnh. Hãy nhìn (nghe) thiết bị.")
        return 0
    print(f"{args.device}: {reply.error.text if reply.error else 'không được'}", file=sys.stderr)
    return 1


def _request(args: argparse.Namespace) -> tuple[str, req.Request]:
    match args.command:
        case "test-print":
            return "test-print", req.TestPrint(id=new_id())
        case "reprint":
            return "reprint", req.Reprint(id=new_id())
        case "test-say":
            return "say", req.Say(
                id=new_id(), text=args.text, number=args.number, counter=args.counter
            )
        case "test-keypad":
            keys: dict[str, str | int | float | bool] = {"counter": args.counter, "key": args.key}
            return "simulate", req.Simulate(id=new_id(), action="key", args=keys)
        case _:
            return "identify", req.Identify(id=new_id())
