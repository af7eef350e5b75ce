"""A press becomes at most one act: not when it is old, not twice, felt after the answer."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from firmware_bridge import keys
from firmware_bridge.glances import Glances
from firmware_bridge.keys import CallNumber, DigitTyped, Do, Meaningless
from firmware_bridge.seats import Seat, Sign
from hall.contract.messages import CounterState, Reply
from hall.contract.requests import CallTicket, Request
from hall.contract.topics import REQ_QUEUE
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import new_id

log = logging.getLogger(__name__)

# A key that was pressed longer ago meant another moment: bus, broker or controller were away.
OLDEST_S = 3.0
_TRY_EVERY_S = 1.0


@dataclass(slots=True)
class PressContext:
    """`sign` signals at the seat's keypad what became of a press.

    `controller_there`: whether somebody would answer at a moment (monotonic seconds).
    """

    context: DaemonContext
    sign: Callable[[Seat, Sign], None]
    controller_there: Callable[[float], bool]
    _glances: Glances = field(default_factory=Glances)
    _under_way: set[tuple[str, str]] = field(default_factory=set)

    def counter_changed(self, state: CounterState) -> None:
        """What the clerk of this counter can see from now on."""
        self._glances = self._glances.counter_changed(state, self.context.clock.monotonic())

    def pressed(self, seat: Seat, key: str, at: float) -> None:
        now = self.context.clock.monotonic()
        if now - at > OLDEST_S:
            log.warning("counter %s: key %s is %.1f s old, left alone", seat.counter, key, now - at)
            self.sign(seat, Sign.LATE)
            return
        seat.entry, meaning = keys.press(seat.entry, key, now, seat.keys)
        match meaning:
            case DigitTyped():
                self.sign(seat, Sign.TYPED)
            case Meaningless():
                self.sign(seat, Sign.REFUSED)
            case CallNumber(typed):
                self._call(seat, keys.candidates(typed, seat.services), at)
            case Do():
                self._do_key(seat, meaning, at)

    def _do_key(self, seat: Seat, wish: Do, at: float) -> None:
        request = keys.request_of(wish.action, seat.counter, new_id(), wish.typed)
        if request is None:
            log.warning("counter %s: transfer without a destination", seat.counter)
            self.sign(seat, Sign.REFUSED)
            return
        self._ask_queue(seat, wish.action.do, request, at)

    def _call(self, seat: Seat, numbers: Sequence[str], at: float) -> None:
        """Typed digits can mean a number of each service: the first that exists is called."""
        if not numbers:
            self.sign(seat, Sign.REFUSED)
            return
        request = CallTicket(id=new_id(), counter=seat.counter, number=numbers[0])
        self._ask_queue(seat, "call-ticket", request, at, numbers[1:])

    def _ask_queue(
        self, seat: Seat, verb: str, request: Request, at: float, others: Sequence[str] = ()
    ) -> None:
        """The same key again while it is under way is the same act, not a second one."""
        now = self.context.clock.monotonic()
        act = (seat.counter, verb)
        if act in self._under_way:
            log.info("counter %s: %s again before its answer: one act", seat.counter, verb)
            return
        if not self.controller_there(now):
            self.sign(seat, Sign.REFUSED)
            return
        self._under_way.add(act)

        def answered(reply: Reply) -> None:
            self._under_way.discard(act)
            self._answered(seat, reply, others, at)

        left, seen = OLDEST_S - (now - at), self._glances.expected(seat.counter, at)
        asked = request.model_copy(update=seen)
        self.context.requester.send_request(
            REQ_QUEUE, verb, asked, answered, now, patience=tries(left)
        )

    def _answered(self, seat: Seat, reply: Reply, others: Sequence[str], at: float) -> None:
        if reply.status == "ok":
            nobody = reply.data is not None and reply.data.get("ticket", ...) is None
            self.sign(seat, Sign.NOBODY if nobody else Sign.DONE)
            return
        code = reply.error.code if reply.error else "internal"
        if code == "unknown" and others and self.context.clock.monotonic() - at <= OLDEST_S:
            self._call(seat, others, at)
            return
        log.info("counter %s: refused, %s", seat.counter, code)
        self.sign(seat, Sign.REFUSED)


def tries(left_s: float) -> tuple[float, ...]:
    """How long to wait after each try, so that none is sent when the press has become old."""
    whole = int(left_s / _TRY_EVERY_S)
    rest = left_s - whole * _TRY_EVERY_S
    return (_TRY_EVERY_S,) * whole + ((max(rest, 0.05),) if rest or not whole else ())
