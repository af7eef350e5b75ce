"""Who waits for a counter, whole and in order, for the counters whose pages are open.

    events ──▶ stale ──LULL_S without more──▶ asked, one counter at a time ──▶ line/{counter}

Nobody is asked about a counter that nobody looks at. The order also moves with time alone, when
somebody of a helped service has waited too long: hence AGAIN_S.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.messages import Reply
from hall.contract.topics import REQ_QUEUE
from hall.contract.turns import Turns, TurnsData
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import data_of, new_id

LULL_S = 0.15
AGAIN_S = 30.0


@dataclass(slots=True)
class WaitingLists:
    """`show` takes a counter and the reply's data, plain."""

    context: DaemonContext
    show: Callable[[str, object], None]
    _watched: frozenset[str] = frozenset()
    _stale: dict[str, None] = field(default_factory=dict)
    _asking: bool = False
    _due: float = 0.0
    _again_at: float = 0.0

    def watch(self, counters: frozenset[str]) -> None:
        """From now on these are looked at; the new ones are asked for first."""
        new = sorted(counters - self._watched)
        self._watched = counters
        self._stale = dict.fromkeys(new) | self._stale

    def changed(self, counter: str | None) -> None:
        """Something has happened; `counter`: where, if at one."""
        first = (counter,) if counter in self._watched else ()
        self._stale = dict.fromkeys(first) | dict.fromkeys(sorted(self._watched))
        self._due = self.context.clock.monotonic() + LULL_S

    def tick(self, now: float) -> float:
        """When to look again."""
        if now >= self._again_at:
            self._again_at = now + AGAIN_S
            self._stale |= dict.fromkeys(sorted(self._watched))
        self._stale = {each: None for each in self._stale if each in self._watched}
        if not self._stale or self._asking:
            return self._again_at
        if now >= self._due:
            self._ask(next(iter(self._stale)), now)
        return max(self._due, now)

    def _ask(self, counter: str, now: float) -> None:
        self._asking = True
        del self._stale[counter]
        request = Turns(id=new_id(), counter=counter)
        self.context.requester.send_request(REQ_QUEUE, "turns", request, self._answered, now)

    def _answered(self, reply: Reply) -> None:
        """What was not answered is asked for with the next change, at the latest after AGAIN_S."""
        self._asking = False
        self._due = self.context.clock.monotonic() + LULL_S / 2
        told = data_of(reply, TurnsData)
        if told is not None:
            self.show(told.counter, codec.plain(told))
