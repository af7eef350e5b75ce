"""The hall's own clock: never back, not even over a restart or when the wall clock is set."""

from datetime import UTC, datetime, tzinfo

from hall.queueing import opening
from hall.queueing.rules import Now
from hall.runtime.clock import Clock

# A pause longer than this between two runs is a night, not a wait: tickets have expired by then.
LONGEST_GAP_MS = 7 * 24 * 3600 * 1000


class HallClock:
    """`resume`: the hall time and wall time (ms) of the journal's last row."""

    def __init__(
        self, clock: Clock, zone: tzinfo, hours: opening.Hours, last_at: int, last_wall: int
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._hours = hours
        self._last_wall = last_wall
        wall = _ms(clock.now())
        away = wall - last_wall if clock.trusted() and last_wall else 0
        self._base = last_at + min(max(away, 1), LONGEST_GAP_MS)
        self._started = clock.monotonic()

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def now(self) -> Now:
        wall = self._clock.now()
        local = wall.astimezone(self._zone)
        trusted = self.trusted()
        return Now(
            at=self._base + int((self._clock.monotonic() - self._started) * 1000),
            wall=_ms(wall),
            trusted=trusted,
            date=opening.business_date(self._hours, local).isoformat(),
            open=opening.is_open(self._hours, local) if trusted else None,
            closes_in_min=opening.closes_in(self._hours, local) if trusted else None,
        )

    def trusted(self) -> bool:
        """A wall clock behind the journal is wrong, whoever vouches for it."""
        return self._clock.trusted() and _ms(self._clock.now()) >= self._last_wall - 1000

    def written(self, wall: int) -> None:
        """Note the wall time of the newest row."""
        if self.trusted():
            self._last_wall = max(self._last_wall, wall)


def _ms(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
