"""`motcua issue`, `motcua call`, `motcua state`: the queue from a terminal."""

import argparse
import json
import sys
from typing import Any

from hall.cli import connection
from hall.cli.asking import Act, Asked, ask
from hall.cli.tables import table
from hall.contract import requests as req
from hall.contract.messages import CounterState, Reply
from hall.contract.topics import REQ_QUEUE
from hall.contract.verbs import OFFERS, QUEUE
from hall.runtime import settings
from hall.runtime.requester import new_id

# `motcua call 1 --recall`: what needs no more to be said than the counter.
_ACTS = {
    verb: offer for verb, offer in OFFERS.items() if verb != "call-next" and not offer.asks_more
}
_STATUS = {
    "closed": "đóng",
    "open": "mở, đang rảnh",
    "paused": "tạm nghỉ",
    "called": "đang gọi",
    "serving": "đang phục vụ",
}

_OPENED = {None: "đang mở", "hours": "ngoài giờ", "order": "ngừng cấp số theo lệnh"}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    connection.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="in JSON, như trên bus")
    if command == "issue":
        parser.add_argument("service", help="mã dịch vụ, ví dụ ho-tich")
        parser.add_argument("--priority", help="mã diện ưu tiên")
    if command == "call":
        _call_arguments(parser)


def _call_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("counter", help="mã quầy")
    parser.add_argument("--services", help="chỉ các dịch vụ này, cách nhau dấu phẩy")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--number", help="gọi đúng số này, ví dụ A105")
    for act, offer in _ACTS.items():
        flag = "--" + act.removeprefix("counter-")
        which.add_argument(
            flag, dest="act", action="store_const", const=act, help=offer.words.lower()
        )


def main(args: argparse.Namespace) -> int:
    def prepare(asked: Asked, _: settings.Document) -> Act:
        verb, request = asked
        return lambda hall: _answered(
            request, hall.ask_hall(REQ_QUEUE, verb, request), as_json=args.json
        )

    return ask(args, _request, prepare)


def _answered(request: req.Request, reply: Reply, *, as_json: bool) -> int:
    if reply.status != "ok":
        text = reply.error.text if reply.error else "không rõ lý do"
        print(f"Không được: {text}", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(reply.data, ensure_ascii=False, indent=2))
    else:
        _print_reply(request, reply)
    return 0


def _request(args: argparse.Namespace) -> Asked:
    """What is asked of the controller. Raises ValidationError for words no request can carry."""
    match args.command:
        case "issue":
            return "issue", req.Issue(
                id=new_id(), service=args.service, priority=args.priority, channel="counter"
            )
        case "call":
            return _call(args)
        case _:
            return "board", req.Board(id=new_id())


def _call(args: argparse.Namespace) -> Asked:
    counter = args.counter
    if args.act is not None:
        asked = {"id": new_id(), "counter": counter}
        return args.act, QUEUE[args.act].request.model_validate(asked)
    if args.number is not None:
        number = args.number.upper()
        return "call-ticket", req.CallTicket(id=new_id(), counter=counter, number=number)
    services = tuple(args.services.split(",")) if args.services else None
    return "call-next", req.CallNext(id=new_id(), counter=counter, services=services)


def _print_reply(request: req.Request, reply: Reply) -> None:
    match request:
        case req.Issue():
            _issued(req.IssueData.model_validate(reply.data))
        case req.Board():
            _hall(req.BoardData.model_validate(reply.data))
        case _:
            data: Any = reply.data or {}
            print(_counter_line(CounterState.model_validate(data["counter"])))
            if isinstance(request, req.CallNext) and data.get("ticket") is None:
                print("Không có ai đang chờ.")


def _issued(data: req.IssueData) -> None:
    counters = ", ".join(data.counters)
    print(f"{data.ticket.number}  ·  trước đó {data.ahead} người  ·  quầy {counters}")


def _hall(board: req.BoardData) -> None:
    state = board.hall
    opened = _OPENED[state.closed_by]
    clock = "" if state.clock == "trusted" else " · GIỜ CHƯA CHẮC"
    print(
        f"Ngày {state.day} · {opened} · chờ {state.waiting} · đã xong {state.served_today}{clock}\n"
    )
    print(table(("Quầy", "Số", "Tình trạng"), [_counter_row(c) for c in board.counters.values()]))
    print()
    waiting = {row.service: row.next for row in board.board.waiting if row.service}
    rows = [
        (
            s.name,
            str(s.waiting),
            " ".join(waiting.get(s.service, ())) or "–",
            s.last_issued or "–",
            f"{s.wait_min[0]}–{s.wait_min[1]} phút" if s.wait_min else "chưa ước tính",
            "" if s.open else "ngừng cấp số",
        )
        for s in board.services.values()
    ]
    print(table(("Dịch vụ", "Chờ", "Tiếp theo", "Số cuối", "Ước chờ", ""), rows))


def _counter_row(counter: CounterState) -> tuple[str, ...]:
    number = counter.ticket.number if counter.ticket else "–"
    again = f" (gọi lại {counter.recalls})" if counter.recalls else ""
    sent = f" · {counter.sent.count} người được chuyển đến" if counter.sent.count else ""
    return counter.name, number, _STATUS[counter.status] + again + sent


def _counter_line(counter: CounterState) -> str:
    return " · ".join(_counter_row(counter))
