"""The hall's own clock: never back, not even over a restart or when the wall clock is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from hall.controller.ports import JournalRow
from hall.queueing.rules import Now
from hall.runtime import opening
from hall.runtime.clock import Clock

# A pause longer than this between two runs is a night, not a wait: tickets have expired by then.
LONGEST_GAP_MS = 7 * 24 * 3600 * 1000
# A wall clock that runs ahead of the monotonic one by more has been set, and perhaps wrongly:
# the next start is the second source that must agree.
LARGEST_JUMP_MS = 20 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class CalendarMinute:
    """What the calendar says of one minute. `number`: of the day; `opens_wall`: ms since 1970."""

    date: str
    number: int
    is_open: bool
    closes_in_min: int | None
    opens_wall: int | None


class HallClock:
    """`last_at`, `last_wall`: the hall time and wall time (ms) of the journal's last row."""

    def __init__(
        self, clock: Clock, zone: tzinfo, calendar: opening.Calendar, last_at: int, last_wall: int
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._calendar = calendar
        self._last_wall = last_wall
        wall = _ms(clock.now())
        away = wall - last_wall if clock.trusted() and last_wall else 0
        self._base = last_at + min(max(away, 1), LONGEST_GAP_MS)
        self._started = clock.monotonic()
        self._sure_lead: int | None = None
        self._known: tuple[int, CalendarMinute] | None = None

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def now(self) -> Now:
        wall = self._clock.now()
        ms, minute = _ms(wall), self._minute(wall)
        if not self._trusts(wall):
            return Now(self._base + self._elapsed(), ms, trusted=False, date=minute.date, open=None)
        return Now(
            at=self._base + self._elapsed(),
            wall=ms,
            trusted=True,
            date=minute.date,
            open=minute.is_open,
            closes_in_min=minute.closes_in_min,
            minute=minute.number,
            opens_wall=minute.opens_wall,
        )

    def _minute(self, wall: datetime) -> CalendarMinute:
        """What the calendar says is the same for a whole minute, and every request asks."""
        number = int(wall.timestamp() // 60)
        known = self._known
        if known is None or known[0] != number:
            local = self._local(wall)
            opens = opening.opens_next(self._calendar, local)
            said = CalendarMinute(
                date=self.business_date(wall),
                number=opening.minute_of(local),
                is_open=opening.is_open(self._calendar, local),
                closes_in_min=opening.closes_in(self._calendar, local),
                opens_wall=None if opens is None else _ms(opens),
            )
            known = self._known = number, said
        return known[1]

    def business_date(self, moment: datetime) -> str:
        return opening.business_date(self._calendar, self._local(moment)).isoformat()

    def opens_after(self, moment: datetime) -> int | None:
        """The next opening after a moment, in ms since 1970; None when none is in sight."""
        opens = opening.next_opening(self._calendar, self._local(moment))
        return None if opens is None else _ms(opens)

    def written(self, wall: int) -> None:
        """Note the wall time of the newest row."""
        if self._trusts(self._clock.now()):
            self._last_wall = max(self._last_wall, wall)

    def _trusts(self, wall: datetime) -> bool:
        """A wall clock behind the journal is wrong, whoever vouches for it; one that leaps too."""
        if not self._clock.trusted() or _ms(wall) < self._last_wall - 1000:
            return False
        lead = _ms(wall) - self._elapsed()
        if self._sure_lead is None:
            self._sure_lead = lead
        if lead - self._sure_lead > LARGEST_JUMP_MS:
            return False
        self._sure_lead = min(lead, self._sure_lead)
        return True

    def _elapsed(self) -> int:
        return int((self._clock.monotonic() - self._started) * 1000)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)


def newest(
    rows: Sequence[JournalRow], date: str, zone: tzinfo, calendar: opening.Calendar
) -> tuple[int, int]:
    """Hall time of the newest row, and wall time (ms) of the newest written on the day's own date.

    While the clock is unsure the day goes on whatever it says: such a row's wall time is no
    measure for the clock of the next start.
    """

    def is_of_the_day(wall: int) -> bool:
        local = datetime.fromtimestamp(wall / 1000, zone)
        return opening.business_date(calendar, local).isoformat() == date

    at = int(rows[-1].body["at"]) if rows else 0
    walls = (int(row.body["wall"]) for row in reversed(rows))
    return at, next(filter(is_of_the_day, walls), 0)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
