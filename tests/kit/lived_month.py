"""A month of a hall whose clerks press whatever they like, as rows of its journal."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hall.controller import records
from hall.controller.ports import JournalRow
from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.decision import Decision
from hall.queueing.refusals import Refused
from hall.queueing.rules import MINUTE, Band, Now, Rules, Service
from hall.queueing.rules import Counter as Desk
from hall.queueing.state import empty

RULES = Rules(
    services={"a": Service("a", (Band(1, 400),), "A"), "b": Service("b", (Band(1, 400),), "B")},
    counters={
        "1": Desk("1", ("a",)),
        "2": Desk("2", ("b",), helps=("a",)),
        "3": Desk("3", ("a", "b")),
    },
    priorities={"uu-tien": 20 * MINUTE},
    questions=frozenset({"thai-do"}),
)
FIRST = date(2026, 11, 2)


class Month:
    """Twenty-two days of a hall whose clerks press whatever they like."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.hall = empty(1, RULES.counters)
        self.at = 1000
        self.rows: list[JournalRow] = []
        for day in range(22):
            self.live((FIRST + timedelta(days=day)).isoformat())
        self.live((FIRST + timedelta(days=30)).isoformat(), people=3)

    def live(self, day: str, people: int = 40) -> None:
        """From 8 in the morning; nobody tidies up in the evening."""
        self.at += 15 * 3600 * 1000
        for _ in range(people):
            self.do(self.arrival(), day)
            for _ in range(self.chance.randrange(4)):
                self.do(self.press(), day)

    def do(self, command: cmd.Command, day: str) -> None:
        self.at += self.chance.randrange(1_000, 300_000)
        wall = 1_793_580_000_000 + self.at
        before = self.hall
        try:
            decision = decide(RULES, before, command, Now(self.at, wall, True, day))  # noqa: FBT003
        except Refused as refusal:
            decision = refusal.passed or Decision((), before)
        number = before.day
        for seq, step in enumerate(decision.steps, start=before.seq + 1):
            number = getattr(step.event, "day", number)
            self.rows.append(records.row(step, seq, 1, number))
        self.hall = decision.hall

    def arrival(self) -> cmd.Command:
        priority = self.chance.choice([None, None, "uu-tien"])
        return cmd.Issue("printer-1", self.chance.choice("ab"), "button", priority)

    def press(self) -> cmd.Command:
        counter, some = self.chance.choice("123"), self.chance.randrange(max(1, self.hall.issued))
        found = self.hall.tickets.get(some)
        ticket = found.id if found is not None else "1-1-0"
        return self.chance.choices(
            [
                cmd.CallNext("bridge-1", counter),
                cmd.Start("bridge-1", counter),
                cmd.Finish("bridge-1", counter),
                cmd.MarkNoShow("bridge-1", counter),
                cmd.CallTicket("counters", counter, ticket=ticket),
                cmd.Transfer("counters", counter, to_service="b"),
                cmd.Park("counters", counter, self.chance.choice([None, 5])),
                cmd.CloseCounter("bridge-1", counter),
                cmd.Resume("counters", ticket),
                cmd.Cancel("counters", ticket),
                cmd.PrintResult("printer-1", ticket, cmd.PaperResult.FAILED),
                cmd.Rate(
                    "counters",
                    self.chance.randrange(1, 6),
                    self.chance.choice([None, ticket]),
                    counter,
                    self.chance.choice([None, "thai-do"]),
                ),
            ],
            weights=[12, 8, 5, 3, 3, 2, 2, 1, 1, 1, 1, 4],
        )[0]

    def days(self) -> Iterator[tuple[str, Sequence[JournalRow]]]:
        for row in self.rows:
            if row.kind == "day_opened":
                yield str(row.body["date"]), [r for r in self.rows if r.day == row.day]
