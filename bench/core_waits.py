"""How often the true wait falls inside the range that the ticket showed, on simulated mornings.

`python bench/core_waits.py [MORNINGS]`, once with the few absent people of a well-kept hall, once
with many, whom clerks pass over by calling the next without a word. The naive rival: people ahead
x average service time over the counters at work, give or take a third.
"""

import heapq
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.queueing import commands as cmd
from hall.queueing import views, waits
from hall.queueing.decide import decide
from hall.queueing.rules import MINUTE, Band, Counter, Now, Rules, Service
from hall.queueing.state import Hall, Status, empty
from hall.queueing.tickets import State

HALF = 240


@dataclass(frozen=True)
class Kind:
    """A service: its share of the people, its typical minutes, and the YAML's guess of them."""

    share: float
    minutes: float
    spread: float
    guess: float


KINDS = {
    "ho-tich": Kind(0.45, 8, 0.6, 8),
    "dat-dai": Kind(0.20, 15, 0.7, 15),
    "bao-tro": Kind(0.20, 10, 0.6, 8),
    "ket-qua": Kind(0.15, 3, 0.5, 4),
}
COUNTERS = {
    "1": Counter("1", ("ho-tich",)),
    "2": Counter("2", ("ho-tich", "bao-tro")),
    "3": Counter("3", ("dat-dai",), helps=("ho-tich",)),
    "4": Counter("4", ("ket-qua", "bao-tro"), helps=("ho-tich",)),
}
RULES = Rules(
    services={
        name: Service(name, (Band(1, 999),), name[:1], expected_ms=int(kind.guess * MINUTE))
        for name, kind in KINDS.items()
    },
    counters=COUNTERS,
    priorities={"uu-tien": 20 * MINUTE},
)


@dataclass(frozen=True)
class Absent:
    """Which share of the called does not come, and of those, which is passed over unrecorded."""

    share: float
    passed_over: float


FEW = Absent(0.05, 0.0)
MANY = Absent(0.20, 0.8)


@dataclass
class Promise:
    """What a ticket showed, and what came of it (minutes)."""

    shown: tuple[int, int] | None
    naive: tuple[float, float] | None
    ahead: int
    arrived: int
    waited: float | None = None


@dataclass
class Morning:
    """Four hours of a hall: a rush at opening, clerks who come late and take breaks."""

    chance: random.Random
    load: float
    absent: Absent = FEW
    hall: Hall = field(default_factory=lambda: empty(1, RULES.counters))
    at: int = 0
    heap: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    count: int = 0
    promises: dict[int, Promise] = field(default_factory=dict)
    asleep: set[str] = field(default_factory=set)

    def later(self, minutes: float, act: Callable[[], None]) -> None:
        self.count += 1
        heapq.heappush(self.heap, (self.at + int(minutes * MINUTE), self.count, act))

    def do(self, command: cmd.Command) -> int | None:
        now = Now(self.at, 1_790_000_000_000 + self.at, True, "2026-11-23")  # noqa: FBT003
        decision = decide(RULES, self.hall, command, now)
        self.hall = decision.hall
        return decision.serial

    def live(self) -> list[Promise]:
        minute = 0.0
        while minute < HALF:
            rate = 1.9 if minute < 45 else 0.9 if minute < 150 else 0.5
            minute += self.chance.expovariate(rate * self.load * 0.40)
            self.later(minute, self.arrive)
        for counter in COUNTERS:
            self.later(self.chance.uniform(0, 8), lambda c=counter: self.open(c))
            self.later(self.chance.uniform(70, 150), lambda c=counter: self.pause(c))
        while self.heap and self.heap[0][0] < (HALF + 150) * MINUTE:
            self.at, _, act = heapq.heappop(self.heap)
            act()
        return [p for p in self.promises.values() if p.waited is not None]

    def arrive(self) -> None:
        names = list(KINDS)
        service = self.chance.choices(names, [k.share for k in KINDS.values()])[0]
        priority = "uu-tien" if self.chance.random() < 0.08 else None
        serial = self.do(cmd.Issue("printer-1", service, "button", priority))
        assert serial is not None
        ticket = self.hall.tickets.get(serial)
        assert ticket is not None
        ahead = views.ahead(self.hall, ticket)
        shown = waits.estimate(RULES, self.hall, service, ticket.key)
        self.promises[serial] = Promise(shown, self.naive(service, ahead), ahead, self.at)
        for counter in COUNTERS:
            if self.hall.counters[counter].status is Status.OPEN:
                self.next(counter)

    def naive(self, service: str, ahead: int) -> tuple[float, float] | None:
        times = self.hall.pace.get(service, ())
        working = len(views.serving_counters(RULES, self.hall, service))
        if not times or not working:
            return None
        guess = ahead * statistics.mean(times) / MINUTE / working
        return guess * 2 / 3, guess * 4 / 3

    def open(self, counter: str) -> None:
        self.asleep.discard(counter)
        self.do(cmd.OpenCounter("b", counter))
        self.next(counter)

    def pause(self, counter: str) -> None:
        """A clerk's break begins after the person who is there."""
        self.asleep.add(counter)
        if self.hall.counters[counter].status is Status.OPEN:
            self.rest(counter)

    def rest(self, counter: str) -> None:
        self.do(cmd.PauseCounter("b", counter))
        self.later(self.chance.uniform(5, 20), lambda: self.open(counter))

    def next(self, counter: str) -> None:
        serial = self.do(cmd.CallNext("b", counter))
        if serial is None:
            return
        promise = self.promises[serial]
        if promise.waited is None:
            promise.waited = (self.at - promise.arrived) / MINUTE
        ticket = self.hall.tickets.get(serial)
        assert ticket is not None
        kind = KINDS[ticket.service]
        if self.chance.random() < self.absent.share:
            self.miss(counter)
            return
        minutes = self.chance.lognormvariate(0, kind.spread) * kind.minutes * 0.85
        self.later(0.3 + minutes, lambda: self.done(counter, cmd.Finish("b", counter)))

    def miss(self, counter: str) -> None:
        """Nobody comes: the clerk says so after a while, or calls the next without a word."""
        if self.chance.random() < self.absent.passed_over:
            self.later(self.chance.uniform(0.5, 2), lambda: self.next(counter))
        else:
            self.later(2, lambda: self.done(counter, cmd.MarkNoShow("b", counter)))

    def done(self, counter: str, command: cmd.Command) -> None:
        held = self.hall.held(counter)
        if held is None or held.state not in (State.CALLED, State.SERVING):
            return
        self.do(command)
        if counter in self.asleep:
            self.rest(counter)
        else:
            self.next(counter)


@dataclass(frozen=True)
class Quality:
    """Shares in percent, widths in minutes."""

    tickets: int
    with_range: float
    inside: float
    width: float
    naive_inside: float
    naive_width: float
    naive_as_wide: float


def quality(mornings: int, absent: Absent = FEW, seed: int = 0) -> Quality:
    promises = [
        promise
        for number in range(mornings)
        for promise in Morning(
            random.Random(seed + number), random.Random(number).uniform(0.7, 1.25), absent
        ).live()
    ]
    ours = [(p, p.shown) for p in promises if p.shown is not None]
    naive = [(p, p.naive) for p in promises if p.naive is not None]
    return Quality(
        len(promises),
        100 * len(ours) / len(promises),
        100 * statistics.mean(lo - 0.5 <= (p.waited or 0) <= hi + 0.5 for p, (lo, hi) in ours),
        statistics.median(hi - lo for _, (lo, hi) in ours),
        100 * statistics.mean(lo - 0.5 <= (p.waited or 0) <= hi + 0.5 for p, (lo, hi) in naive),
        statistics.median(hi - lo for _, (lo, hi) in naive),
        100 * statistics.mean(_as_wide(p) for p in promises if p.shown and p.naive),
    )


def _as_wide(promise: Promise) -> bool:
    """Whether the naive guess would have held, had it been given as wide a range as ours."""
    assert promise.shown is not None
    assert promise.naive is not None
    half = (promise.shown[1] - promise.shown[0]) / 2 + 0.5
    return abs(sum(promise.naive) / 2 - (promise.waited or 0)) <= half


def main() -> None:
    mornings = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    for name, absent in (("few absent", FEW), ("many absent, most unrecorded", MANY)):
        show(name, mornings, quality(mornings, absent))


def show(name: str, mornings: int, found: Quality) -> None:
    print(f"{name}: {mornings} mornings, {found.tickets} tickets")
    print(f"range shown on {found.with_range:.0f} % of tickets")
    print(f"ours:  {found.inside:.1f} % inside, median width {found.width:.0f} min")
    print(f"naive: {found.naive_inside:.1f} % inside, median width {found.naive_width:.1f} min")
    print(f"naive with ranges as wide as ours: {found.naive_as_wide:.1f} % inside")


if __name__ == "__main__":
    main()
