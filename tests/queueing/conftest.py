"""A hall in one line: services A and B, three counters, a clock that the test moves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.decision import Decision
from hall.queueing.evolve import evolve
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import MINUTE, Band, Counter, Now, Rules, Service
from hall.queueing.state import Hall, empty
from hall.queueing.tickets import Ticket

RULES = Rules(
    services={
        "a": Service("a", (Band(1, 99),), "A"),
        "b": Service("b", (Band(1, 99),), "B"),
    },
    counters={
        "1": Counter("1", ("a",)),
        "2": Counter("2", ("b",), helps=("a",)),
        "3": Counter("3", ("a", "b")),
    },
    priorities={"uu-tien": 20 * MINUTE},
    openings=lambda _service, _date: ((0, 2**53),),
)
NOON = 1_790_000_000_000


@dataclass
class Day:
    """Acts on a hall as clients would, and remembers every event."""

    rules: Rules = RULES
    now: Now = field(default_factory=lambda: Now(1000, NOON, True, "2026-11-23"))  # noqa: FBT003
    hall: Hall = field(default_factory=lambda: empty(1, RULES.counters))
    events: list[Any] = field(default_factory=list)

    def do(self, command: cmd.Command) -> Decision:
        try:
            decision = decide(self.rules, self.hall, command, self.now)
        except Refused as refusal:
            self._take(refusal.passed or Decision((), self.hall))
            raise
        self._take(decision)
        return decision

    def _take(self, decision: Decision) -> None:
        self.events += decision.events
        folded = self.hall
        for event in decision.events:
            folded = evolve(folded, event)
        assert folded == decision.hall
        self.hall = decision.hall

    def at(self, ms: int) -> None:
        """Let it become exactly this moment on the hall's clock."""
        later = ms - self.now.at
        self.now = replace(self.now, at=ms, wall=self.now.wall + later)

    def wait(self, minutes: float) -> None:
        ms = int(minutes * MINUTE)
        self.now = replace(self.now, at=self.now.at + ms, wall=self.now.wall + ms)

    def next_day(self, date: str = "2026-11-24") -> None:
        self.wait(20 * 60)
        self.now = replace(self.now, date=date)

    def issue(self, service: str = "a", priority: str | None = None) -> Ticket:
        """A person arrives a second after the last one."""
        self.wait(1 / 60)
        decision = self.do(cmd.Issue("printer-1", service, "button", priority))
        return self.ticket(decision)

    def booking(self, code: str = "h1", minutes: int = 60, **more: Any) -> cmd.Appoint:
        """An appointment so many minutes from now."""
        slot, date = self.now.wall + minutes * MINUTE, more.pop("date", "2026-11-23")
        return cmd.Appoint("onestop", code, more.pop("service", "a"), slot, date, **more)

    def appoint(self, code: str = "h1", minutes: int = 60, **more: Any) -> None:
        self.do(self.booking(code, minutes, **more))

    def check_in(self, code: str = "h1") -> Ticket:
        return self.ticket(self.do(cmd.CheckIn("kiosk-1", code, "kiosk")))

    def call(self, counter: str = "1") -> str | None:
        """The number that is called next, or None."""
        decision = self.do(cmd.CallNext("bridge-1", counter))
        return None if decision.serial is None else self.ticket(decision).number

    def ticket(self, decision: Decision) -> Ticket:
        assert decision.serial is not None
        found = decision.hall.tickets.get(decision.serial)
        assert found is not None
        return found

    def again(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        found = self.hall.tickets.get(ticket.serial)
        assert found is not None
        return found

    def refused(self, command: cmd.Command) -> Reason:
        self.do(cmd.PassTime("test"))
        before = (self.hall.tickets, self.hall.counters, self.hall.queues)
        with pytest.raises(Refused) as caught:
            self.do(command)
        assert (self.hall.tickets, self.hall.counters, self.hall.queues) == before
        return caught.value.reason

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def with_rules(self, **changes: Any) -> "Day":
        self.rules = replace(self.rules, **changes)
        return self


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture(scope="session")
def new_day() -> Callable[[], Day]:
    return Day
