"""The queue and its journal kept as one: what is in the state is on the disk first."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hall.controller import records
from hall.controller.ports import Answer, Found, Journal, Marker, Row, Vote
from hall.queueing.decide import Decision, Step
from hall.queueing.evolve import evolve
from hall.queueing.rules import Rules
from hall.queueing.state import Hall, empty, with_floor

log = logging.getLogger(__name__)

# A mark from outside may push numbers forward by this much; more is not believable.
MOST_SKIPPED = 500
Open = Callable[[], tuple[Journal, Found]]


@dataclass(slots=True)
class Books:
    """`found`: what the journal held at start."""

    journal: Journal
    marker: Marker
    rules: Rules
    hall: Hall
    found: Found
    _marked: Vote = Vote(0, 0)  # noqa: RUF009 - frozen

    def commit(self, decision: Decision, answer: Answer | None) -> tuple[Row, ...]:
        """Make a decision durable, then true. Raises StoreFull or StoreBroken: nothing changed."""
        rows = self._rows(decision.steps)
        if rows or answer is not None:
            self.journal.append(rows, answer)
        self.hall = decision.hall
        return rows

    def heed(self, vote: Vote) -> bool:
        """Take in what another witness knows. True when it knows more than the journal.

        Then numbers it has seen are skipped, never repeated, and the epoch rises.
        """
        if vote.seq <= self.hall.seq and vote.epoch <= self.hall.epoch:
            return False
        log.critical("journal is behind: epoch %d seq %d are known", vote.epoch, vote.seq)
        epoch = max(vote.epoch, self.hall.epoch) + 1
        hall = replace(self.hall, epoch=epoch, seq=max(vote.seq, self.hall.seq))
        if vote.date == hall.date or not hall.date:
            for service, n in vote.tops.items():
                hall = self._skip(hall, service, n)
        self.hall = hall
        return True

    def mark(self) -> None:
        """Bring the marker up to date. Raises OSError."""
        vote = Vote(self.hall.epoch, self.hall.seq, self.hall.date, dict(self.hall.top))
        if vote != self._marked:
            self.marker.write(vote)
            self._marked = vote

    def rows(self, first: int, limit: int) -> Iterator[Row]:
        return self.journal.rows(first, limit)

    def _rows(self, steps: Sequence[Step]) -> tuple[Row, ...]:
        seq, day, rows = self.hall.seq, self.hall.day, []
        for step in steps:
            seq += 1
            day = getattr(step.event, "day", day)
            rows.append(records.row(step, seq, self.hall.epoch, day))
        return tuple(rows)

    def _skip(self, hall: Hall, service: str, n: int) -> Hall:
        if service not in self.rules.services:
            return hall
        known = hall.top.get(service, self.rules.services[service].bands[0].first - 1)
        if n - known > MOST_SKIPPED:
            log.critical("service %s: mark %d is not believable after %d", service, n, known)
            return hall
        return with_floor(hall, service, n)


def open_books(open_journal: Open, marker: Marker, rules: Rules) -> Books:
    """Open the journal, fold the day, hear the marker. Raises StoreFull or StoreBroken."""
    journal, found = open_journal()
    hall = fold(found, rules)
    books = Books(journal, marker, rules, hall, found)
    vote = marker.read()
    if vote is not None:
        books.heed(vote)
    return books


def fold(found: Found, rules: Rules) -> Hall:
    """The state of the day out of its rows."""
    hall = empty(found.epoch, rules.counters, rules.services)
    for row in found.today:
        hall = replace(hall, seq=row.seq - 1, epoch=row.epoch)
        hall = evolve(hall, records.event(row))
    return replace(hall, seq=found.seq, epoch=found.epoch)
