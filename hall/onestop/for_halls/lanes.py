"""Look-ups of many halls on their way to one supplier: each hall has a lane, one of each in turn.

hall a ─▶ ▯▯▯▯ ─┐
hall b ─▶ ▯     ├─▶ at most `window` under way, of one hall at most `share`
hall c ─▶ ▯▯    ┘
"""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WaitingLookup:
    """`until`: after that nobody waits for the answer. `ref` begins with the hall and a slash."""

    ref: str
    code: str
    until: float

    @property
    def hall(self) -> str:
        return hall_of(self.ref)


def hall_of(ref: str) -> str:
    """Whose it is: what stands before the first slash."""
    return ref.partition("/")[0]


@dataclass(slots=True)
class Lanes:
    """`room`: how many of one hall may wait. Times in monotonic seconds."""

    window: int
    share: int = 4
    room: int = 16
    _lanes: OrderedDict[str, deque[WaitingLookup]] = field(default_factory=OrderedDict)
    _under_way: dict[str, WaitingLookup] = field(default_factory=dict)

    def put(self, lookup: WaitingLookup) -> bool:
        """False: its lane is full."""
        lane = self._lanes.setdefault(lookup.hall, deque())
        if len(lane) >= self.room:
            return False
        lane.append(lookup)
        return True

    def done(self, ref: str) -> None:
        """It was answered, or given up."""
        self._under_way.pop(ref, None)

    def take_next(self, now: float) -> WaitingLookup | None:
        """What is to be asked now; the next of its hall comes after one of every other."""
        for ref in [r for r, each in self._under_way.items() if now >= each.until]:
            del self._under_way[ref]
        if len(self._under_way) >= self.window:
            return None
        busy = Counter(each.hall for each in self._under_way.values())
        for hall in tuple(self._lanes):
            lane = self._lanes[hall]
            while lane and now >= lane[0].until:
                lane.popleft()
            if not lane:
                del self._lanes[hall]
            elif busy[hall] < self.share:
                self._lanes.move_to_end(hall)
                found = lane.popleft()
                self._under_way[found.ref] = found
                return found
        return None
