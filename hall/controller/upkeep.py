"""Work on the journal that no citizen waits for: checkpoint, backup, inspection, retention."""

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta

from hall.controller.books import Books
from hall.queueing.rules import Now
from hall.queueing.state import Status

log = logging.getLogger(__name__)

TEND_S = 60.0
INSPECT_S = 1.0
# Rows in one go; a row takes a few microseconds.
INSPECTED = 200
FORGOTTEN = 2000
KEEP_ANSWERS_MS = 48 * 3600 * 1000
# Above this size a copy takes long enough to be felt at a press: it waits until nobody is served.
SMALL_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class Upkeep:
    """`every_min` between backups; `keep_days` of history, None for ever.

    `is_sound`: all of the history has been verified once since the start.
    """

    every_min: int
    keep: int
    keep_days: int | None
    is_sound: bool = field(default=False, init=False)
    _tend_at: float = 0.0
    _inspect_at: float = 0.0
    _copy_at: float = 0.0
    _copied_seq: int = -1
    _wrong: str = ""
    _was_quiet: bool = True

    def tick(self, books: Books, now: float, moment: Now) -> str:
        """Do what is due; what was found wrong in the history, or nothing. Raises StoreBroken."""
        if now >= self._tend_at or books.journal.is_swollen():
            self._tend_at = now + TEND_S
            books.journal.tend(moment.wall - KEEP_ANSWERS_MS)
            self._forget(books, moment)
        was_quiet, self._was_quiet = self._was_quiet, is_quiet(books)
        # At once when the last counter closes: at noon, and at the end of the day.
        if now >= self._copy_at or (self._was_quiet and not was_quiet):
            self._back_up(books, now)
        if now >= self._inspect_at:
            self._inspect_at = now + INSPECT_S
            self._inspect(books)
        return self._wrong

    def _inspect(self, books: Books) -> None:
        self._wrong = self._wrong or books.journal.inspect(INSPECTED)
        self.is_sound = not self._wrong and (self.is_sound or books.journal.inspected == 0)

    def _back_up(self, books: Books, now: float) -> None:
        """The first copy one interval after the start; none where nothing has happened since.

        None of a damaged history: in a day such copies would drive out the last sound one.
        """
        is_first = self._copy_at == 0.0
        if not is_first and not (is_quiet(books) or books.journal.size() < SMALL_BYTES):
            return
        self._copy_at = now + self.every_min * 60
        if is_first or self._wrong or books.hall.seq == self._copied_seq:
            return
        try:
            log.info("backup: %s", books.journal.back_up(self.keep))
            self._copied_seq = books.hall.seq
        except OSError as err:
            log.warning("no backup: %s", err)

    def _forget(self, books: Books, moment: Now) -> None:
        if self.keep_days is None or not moment.trusted or not is_quiet(books):
            return
        before = date.fromisoformat(moment.date) - timedelta(days=self.keep_days)
        books.journal.forget(before.isoformat(), FORGOTTEN)


def is_quiet(books: Books) -> bool:
    """No counter is at work."""
    idle = (Status.CLOSED, Status.PAUSED)
    return all(desk.status in idle for desk in books.hall.counters.values())
