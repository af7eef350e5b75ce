"""The queue and its journal kept as one: what is in the state is on the disk first."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hall.controller import records
from hall.controller.ports import Journal, JournalRow, Marker, OpenedJournal, StoredReply, Vote
from hall.queueing import numbering
from hall.queueing.amending import amend
from hall.queueing.commands import Recover
from hall.queueing.decide import decide
from hall.queueing.decision import Decision, DecisionStep
from hall.queueing.evolve import evolve
from hall.queueing.rules import Now, Rules
from hall.queueing.state import Hall, empty

log = logging.getLogger(__name__)

# A witness further ahead than this does not speak of our journal.
MOST_EVENTS = 10_000_000
MOST_EPOCHS = 100_000
# A day so far ahead of a trusted clock has not been lived by anybody.
MOST_DAYS = 7
Open = Callable[[], tuple[Journal, OpenedJournal]]


@dataclass(slots=True)
class Books:
    """`found`: what the journal held at start."""

    journal: Journal
    marker: Marker
    rules: Rules
    hall: Hall
    found: OpenedJournal
    _marked: Vote = Vote(0, 0)  # noqa: RUF009 - frozen

    def commit(
        self, decision: Decision, answer: StoredReply | None, staff: str | None = None
    ) -> tuple[JournalRow, ...]:
        """Make a decision durable, then true. Raises StoreFull or StoreBroken: nothing changed."""
        return self._commit(self.hall, decision, answer, staff)

    def heed(self, votes: Sequence[Vote], by: str, now: Now) -> tuple[JournalRow, ...]:
        """Take in what other witnesses know; the rows it took, or none.

        When one knows more than the journal, or the journal is not the one we left, the numbers
        they have seen are skipped, never repeated, and the epoch rises. Raises as `commit` does.
        """
        votes = [vote for vote in votes if self._is_believable(vote, now)]
        ahead = [v for v in votes if v.seq > self.hall.seq or v.epoch > self.hall.epoch]
        if not ahead and not self.found.put_aside:
            return ()
        epoch = max([self.hall.epoch, *(v.epoch for v in votes)]) + 1
        seq = max([self.hall.seq, *(v.seq for v in votes)])
        log.critical("journal is behind or replaced: epoch %d begins above seq %d", epoch, seq)
        day = max((v.date for v in votes), default="")
        base = replace(self.hall, epoch=epoch, seq=seq)
        command = Recover(by, day, _tops(votes, day))
        decision = decide(self.rules, base, command, now)
        rows = self._commit(base, decision, None)
        self.found = replace(self.found, put_aside="")
        return rows

    def mark(self) -> None:
        """Bring the marker up to date. Raises OSError."""
        vote = Vote(self.hall.epoch, self.hall.seq, self.hall.date, self._highest())
        if vote != self._marked:
            self.marker.write(vote)
            self._marked = vote

    def mark_anew(self) -> None:
        """Write the marker whether or not anything changed. Raises OSError."""
        self._marked = Vote(0, 0)
        self.mark()

    def rows(self, first: int, limit: int) -> Iterator[JournalRow]:
        return self.journal.rows(first, limit)

    def _commit(
        self, base: Hall, decision: Decision, answer: StoredReply | None, staff: str | None = None
    ) -> tuple[JournalRow, ...]:
        rows = _rows(base, decision.steps, staff)
        if rows or answer is not None:
            self.journal.append(rows, answer)
        self.hall = decision.hall
        return rows

    def _highest(self) -> dict[str, int]:
        known = {s: numbering.highest(rule, self.hall) for s, rule in self.rules.services.items()}
        return {s: n for s, n in known.items() if n is not None}

    def _is_believable(self, vote: Vote, now: Now) -> bool:
        latest = (date.fromisoformat(now.date) + timedelta(days=MOST_DAYS)).isoformat()
        near = (
            vote.seq - self.hall.seq <= MOST_EVENTS
            and vote.epoch - self.hall.epoch <= MOST_EPOCHS
            and not (now.trusted and vote.date > latest)
        )
        if not near:
            log.critical("not believed: epoch %d seq %d", vote.epoch, vote.seq)
        return near


def open_books(open_journal: Open, marker: Marker, rules: Rules) -> Books:
    """Open the journal and fold the day. Raises StoreFull or StoreBroken."""
    journal, found = open_journal()
    return Books(journal, marker, rules, fold(found, rules), found)


def fold(found: OpenedJournal, rules: Rules) -> Hall:
    """The state of the day out of its rows."""
    hall = empty(found.epoch, rules.counters)
    for row in found.today:
        hall = amend(hall, seq=row.seq - 1, epoch=row.epoch)
        hall = evolve(hall, records.event(row))
    return amend(hall, seq=found.seq, epoch=found.epoch)


def _tops(votes: Sequence[Vote], day: str) -> dict[str, int]:
    """The numbers furthest on that any witness of this date has seen, by service."""
    tops: dict[str, int] = {}
    for vote in votes:
        for service, n in vote.tops.items() if vote.date in ("", day) else ():
            tops[service] = max(n, tops.get(service, n))
    return tops


def _rows(base: Hall, steps: Sequence[DecisionStep], staff: str | None) -> tuple[JournalRow, ...]:
    seq, day, rows = base.seq, base.day, []
    for step in steps:
        seq += 1
        day = getattr(step.event, "day", day)
        rows.append(records.row(step, seq, base.epoch, day, staff))
    return tuple(rows)
