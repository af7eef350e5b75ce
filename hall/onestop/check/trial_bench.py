"""A technician's client that tests a vendor: what it receives, what it asks.

It hears the states, also those that cannot be read. Where no hall runs on the broker it hears, and
answers, in the controller's place what the vendor asks of the queue; else nothing of the queue.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP
from hall.contract.words import WireModel
from hall.runtime.bus import Connected, Received, Spoiled, Unusable
from hall.runtime.daemon import DaemonContext

ANSWER_S = 5.0
SOON_S = 1.5
REPEAT_S = 60.0
# Our own gateway beside it puts good states back; they are not the vendor's.
_NO_HALL = "Đây là buổi thử: không có hội trường nào mở."
_VENDORS = frozenset({"onestop", "onestop-feed"})


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """`passed` is None where the rule could not be tried; `seen` says what was, or why not."""

    rule: str
    passed: bool | None
    expected: str
    seen: str = ""


@dataclass(slots=True)
class TimedMessage:
    """A message as it came, and when."""

    item: Received | Spoiled
    at: float


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """What the vendor asked of the queue, and when."""

    item: Received | Unusable
    at: float


@dataclass(slots=True)
class TrialBench:
    """`turn` lets a moment pass and hands over what was heard meanwhile.

    `plant` publishes a request of ours that the broker keeps, which nobody may; False where it
    cannot. `queue`: who stands in for the controller; None beside a real one. `take_over` cuts the
    vendor's connection by connecting under its name; False where that cannot be done. `code`: a
    dossier that the vendor says it has, or "". `wait_s`: the longest for a rule.
    """

    context: DaemonContext
    turn: Callable[[], None]
    take_over: Callable[[], bool]
    plant: Callable[[str, Request], bool]
    queue: DaemonContext | None = None
    code: str = ""
    wait_s: float = REPEAT_S + 10
    heard: list[TimedMessage] = field(default_factory=list)
    wanted: list[VendorRequest] = field(default_factory=list)
    joined: bool = False

    @property
    def now(self) -> float:
        return self.context.clock.monotonic()

    def take_item(self, item: object) -> None:
        """An item of the client's inbox."""
        if isinstance(item, Connected):
            self.joined = True
        if isinstance(item, Received | Spoiled):
            self.heard.append(TimedMessage(item, self.now))

    def take_wanted(self, item: object) -> None:
        """A request to the controller's stand-in, which answers that the hall is closed."""
        if self.queue is None or not isinstance(item, Received | Unusable):
            return
        if item.channel is not REQ_QUEUE or item.levels["client"] not in _VENDORS:
            return
        self.wanted.append(VendorRequest(item, self.now))
        match item:
            case Received(message=Request(id=given)):
                self.queue.refuse(item.levels["client"], given, "closed", _NO_HALL)
            case Unusable(id=given, code=code, why=why):
                self.queue.refuse(item.levels["client"], given, code, why)
            case Received():
                pass  # Only requests stand in this channel.

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        end = self.now + seconds
        while not condition():
            if self.now >= end:
                return False
            self.turn()
        return True

    def spend(self, seconds: float) -> None:
        self.until(lambda: False, seconds)

    def states(self, model: type[WireModel], since: float = -1.0) -> list[Any]:
        """The messages of this kind that could be read, oldest first."""
        return [
            each.item.message
            for each in self.heard
            if isinstance(each.item, Received)
            and isinstance(each.item.message, model)
            and each.item.src in _VENDORS
            and each.at >= since
        ]

    def answers(self, request: Request, after: int = 0) -> list[Reply]:
        """The replies to a request, among what was heard after so many messages."""
        return [
            each.item.message
            for each in self.heard[after:]
            if isinstance(each.item, Received)
            and each.item.channel is RSP
            and isinstance(each.item.message, Reply)
            and each.item.message.id == request.id
        ]

    def send(self, verb: str, request: Request) -> None:
        """Publish a request once: whoever checks a vendor does not try again by itself."""
        self.context.bus.publish(REQ_ONESTOP, request, verb=verb, client=self.context.client)

    def withdraw(self, verb: str) -> None:
        """Take back what was planted."""
        self.context.bus.clear(REQ_ONESTOP, verb=verb, client=self.context.client)

    def ask_vendor(self, verb: str, request: Request, seconds: float = ANSWER_S) -> Reply | None:
        self.send(verb, request)
        self.until(lambda: bool(self.answers(request)), seconds)
        found = self.answers(request)
        return found[0] if found else None


Rule = Callable[[TrialBench], Iterator[RuleVerdict]]


def one(rule: str, expected: str, *, passed: bool | None, seen: str = "") -> RuleVerdict:
    return RuleVerdict(rule, passed, expected, "" if passed else seen)


def refuses(
    stage: TrialBench, rule: str, verb: str, request: Request, codes: tuple[str, ...]
) -> Iterator[RuleVerdict]:
    reply = stage.ask_vendor(verb, request)
    right = reply is not None and reply.error is not None and reply.error.code in codes
    yield one(rule, f"từ chối với mã {' hoặc '.join(codes)}", passed=right, seen=reply_text(reply))


def reply_text(reply: Reply | None) -> str:
    if reply is None:
        return "không trả lời"
    return reply.error.code if reply.error else reply.status
