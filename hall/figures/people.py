"""What became of people: the one definition of called, came, served, absent, unclear. Pure.

A person is a ticket. Each counts once in a column, however often a key was pressed for them:

    issued ─┬─ voided        the paper failed, nobody holds the number
            ├─ cancelled
            ├─ expired       waiting, or aside, when the day ended
            ├─ here          the day has not ended yet
            ├─ absent        a clerk said so, and they were not called again that day
            ├─ unclear       passed over by the next call, with no word of them
            └─ served        of them left_open: being served when the day ended

issued = served + absent + unclear + expired + cancelled + voided + here. Beside that, called are
those who were called at all, and came those of them who were met at a counter: started, finished,
transferred or parked there. An act that was taken back has not happened.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Column = Literal[
    "issued",
    "called",
    "came",
    "served",
    "left_open",
    "absent",
    "unclear",
    "expired",
    "cancelled",
    "voided",
    "here",
]
# The column in which an act leaves its person until the next one; the other acts move nobody.
_LEFT_AS: Mapping[str, Column] = {
    "issued": "here",
    "called": "here",
    "returned": "here",
    "transferred": "here",
    "parked": "here",
    "resumed": "here",
    "finished": "served",
    "no_show": "absent",
    "cancelled": "cancelled",
    "voided": "voided",
    "expired": "expired",
}
_MET = frozenset({"started", "transferred", "parked"})
_SERVED = frozenset({"served", "left_open"})


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the journal about a ticket. `at`: ms since 1970; `of`: the line it takes back.

    `staff`: the mark of whoever of the staff did it, where one was given.
    """

    seq: int
    type: str
    ticket: str
    at: int
    service: str
    counter: str = ""
    wait_s: int | None = None
    serve_s: int | None = None
    how: str | None = None
    cause: str | None = None
    of: int | None = None
    staff: str = ""

    @property
    def is_the_days(self) -> bool:
        """Whether the day ended it: some time after the hall had closed."""
        return self.type == "expired" or self.cause == "day"


def people(acts: Iterable[Act]) -> Iterator[tuple[Act, ...]]:
    """The acts of each person of a day, oldest first, without those that were taken back."""
    lives: dict[str, list[Act]] = {}
    undone: set[int] = set()
    for act in acts:
        if act.of is None:
            lives.setdefault(act.ticket, []).append(act)
        else:
            undone.add(act.of)
    for life in lives.values():
        yield tuple(act for act in life if act.seq not in undone)


def counted(life: Iterable[Act]) -> Iterator[tuple[Column, Act]]:
    """The columns one person counts in, each with the act that says when and where.

    Of `called` it is the first call, whose `wait_s` is the person's; `came` has the place of the
    call they came to. What the end of the day brought has the moment of the act before it.
    """
    seen, last = _Seen(), None
    for act in life:
        dated = replace(act, at=last.at) if act.is_the_days and last is not None else act
        seen.take_act(dated)
        last = dated
    yield from seen.columns()


@dataclass(slots=True)
class _Seen:
    """What is known of one person so far. `call`: the one that has not been settled."""

    issued: Act | None = None
    called: Act | None = None
    came: Act | None = None
    call: Act | None = None
    end: tuple[Column, Act] | None = None

    def take_act(self, act: Act) -> None:
        if act.type == "issued":
            self.issued = act
        if act.type == "called":
            self.called = self.called or act
        if self.call is not None and (act.type in _MET or act.how in _SERVED):
            place = replace(act, service=self.call.service, counter=self.call.counter)
            self.came = self.came or place
        column = "unclear" if act.how == "unclear" else _LEFT_AS.get(act.type)
        if column is not None and not (act.type == "expired" and self._is("absent")):
            self.end = column, act
            self.call = act if act.type == "called" else None

    def _is(self, column: Column) -> bool:
        return self.end is not None and self.end[0] == column

    def columns(self) -> Iterator[tuple[Column, Act]]:
        if self.issued is None or self.end is None:
            return
        yield "issued", self.issued
        yield self.end
        if self._is("voided"):
            return
        if self.called is not None:
            yield "called", self.called
        if self.came is not None:
            yield "came", self.came
        if self.end[1].how == "left_open":
            yield "left_open", self.end[1]
