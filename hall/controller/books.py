"""The queue and its journal kept as one: what is in the state is on the disk first."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hall.controller import records
from hall.controller.ports import (
    HighWaterMark,
    Journal,
    JournalEntry,
    JournalRow,
    Marker,
    OpenedJournal,
)
from hall.queueing import numbering
from hall.queueing.amending import amend
from hall.queueing.commands import Recover
from hall.queueing.decide import decide
from hall.queueing.decision import Decision
from hall.queueing.evolve import evolve
from hall.queueing.rules import Now, Rules
from hall.queueing.state import Hall, empty

log = logging.getLogger(__name__)

# A witness further ahead than this does not speak of our journal.
MOST_EVENTS = 10_000_000
MOST_EPOCHS = 100_000
# A day so far ahead of a trusted clock is an error of the source, not a day of work.
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
    _marked: HighWaterMark = HighWaterMark(0, 0)  # noqa: RUF009 - frozen

    def commit(self, entries: Sequence[JournalEntry], hall: Hall) -> None:
        """Make what was decided durable by one sync, then true.

        Raises StoreFull or StoreBroken: nothing changed.
        """
        if any(entry.rows or entry.answer is not None for entry in entries):
            self.journal.append(entries)
        self.hall = hall

    def adopt_marks(
        self, marks: Sequence[HighWaterMark], by: str, now: Now
    ) -> tuple[JournalRow, ...]:
        """Adopt the highest marks known outside the journal; the rows it took, or none.

        When one knows more than the journal, or the journal is not the one we left or takes over
        from another controller, the numbers they have seen are skipped, never repeated, and the
        epoch rises. Raises as `commit` does.
        """
        marks = [mark for mark in marks if self._is_believable(mark, now)]
        ahead = [v for v in marks if v.seq > self.hall.seq or v.epoch > self.hall.epoch]
        if not (ahead or self.found.put_aside or self.found.ordered):
            return ()
        epoch = max([self.hall.epoch, *(v.epoch for v in marks)]) + 1
        seq = max([self.hall.seq, *(v.seq for v in marks)])
        log.critical("journal is behind or replaced: epoch %d begins above seq %d", epoch, seq)
        day = max((v.date for v in marks), default="")
        base = replace(self.hall, epoch=epoch, seq=seq)
        command = Recover(by, day, _tops(marks, day))
        decision = decide(self.rules, base, command, now)
        rows = written(base, decision)
        self.commit((JournalEntry(rows),), decision.hall)
        self.found = replace(self.found, put_aside="", ordered=False)
        return rows

    def mark(self) -> None:
        """Bring the marker up to date. Raises OSError."""
        mark = HighWaterMark(self.hall.epoch, self.hall.seq, self.hall.date, self._highest())
        if mark != self._marked:
            self.marker.write(mark)
            self._marked = mark

    def mark_anew(self) -> None:
        """Write the marker whether or not anything changed. Raises OSError."""
        self._marked = HighWaterMark(0, 0)
        self.mark()

    def rows(self, first: int, limit: int) -> Iterator[JournalRow]:
        return self.journal.rows(first, limit)

    def _highest(self) -> dict[str, int]:
        known = {s: numbering.highest(rule, self.hall) for s, rule in self.rules.services.items()}
        return {s: n for s, n in known.items() if n is not None}

    def _is_believable(self, mark: HighWaterMark, now: Now) -> bool:
        latest = (date.fromisoformat(now.date) + timedelta(days=MOST_DAYS)).isoformat()
        near = (
            mark.seq - self.hall.seq <= MOST_EVENTS
            and mark.epoch - self.hall.epoch <= MOST_EPOCHS
            and not (now.trusted and mark.date > latest)
        )
        if not near:
            log.critical("not believed: epoch %d seq %d", mark.epoch, mark.seq)
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


def _tops(marks: Sequence[HighWaterMark], day: str) -> dict[str, int]:
    """The numbers furthest on that any witness of this date has seen, by service."""
    tops: dict[str, int] = {}
    for mark in marks:
        for service, n in mark.tops.items() if mark.date in ("", day) else ():
            tops[service] = max(n, tops.get(service, n))
    return tops


def written(base: Hall, decision: Decision, staff: str | None = None) -> tuple[JournalRow, ...]:
    """The rows of what was decided on `base`."""
    seq, day, rows = base.seq, base.day, []
    for step in decision.steps:
        seq += 1
        day = getattr(step.event, "day", day)
        rows.append(records.row(step, seq, base.epoch, day, staff))
    return tuple(rows)
