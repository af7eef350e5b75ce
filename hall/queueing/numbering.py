"""Which number comes next: through the bands in turn, never back, never one that is taken."""

from hall.queueing.rules import Service
from hall.queueing.shelves import PersistentMap
from hall.queueing.state import Hall

# A witness from outside may push numbers forward by this much; more is not believable.
MOST_SKIPPED = 500


def next_number(service: Service, hall: Hall) -> int | None:
    """The next free number of today, or None when the bands are used up."""
    taken: PersistentMap[int] = hall.numbers.get(service.id, PersistentMap())
    place = _used(service, hall)
    while (n := _at(service, place)) is not None:
        # Only bands that were changed during the day hold taken numbers further on.
        if taken.get(n) is None:
            return n
        place += 1
    return None


def left(service: Service, hall: Hall) -> int:
    """How many tickets can still be issued today, by the bands and by the quota."""
    total = sum(band.last - band.first + 1 for band in service.bands)
    free = max(0, total - _used(service, hall))
    if service.quota is None:
        return free
    return max(0, min(free, service.quota - hall.taken.get(service.id, 0)))


def highest(service: Service, hall: Hall) -> int | None:
    """The number furthest on that is known to be used: issued here, or seen by a witness."""
    known = [n for n in (hall.top.get(service.id), hall.floors.get(service.id)) if n is not None]
    return max(known, key=lambda n: _place(service, n), default=None)


def is_ahead(service: Service, hall: Hall, n: int) -> bool:
    """Whether a number of the service has not been issued yet, and could be today."""
    return _place(service, n) >= _used(service, hall)


def is_to_skip(service: Service, hall: Hall, n: int) -> bool:
    """Whether a witness's `n` lies ahead of all we know, and near enough to be believed."""
    return 0 < _place(service, n) + 1 - _used(service, hall) <= MOST_SKIPPED


def _used(service: Service, hall: Hall) -> int:
    """How many numbers of the bands lie behind us, skipped ones included."""
    known = (hall.top.get(service.id), hall.floors.get(service.id))
    return max((_place(service, n) + 1 for n in known if n is not None), default=0)


def _at(service: Service, place: int) -> int | None:
    for band in service.bands:
        size = band.last - band.first + 1
        if place < size:
            return band.first + place
        place -= size
    return None


def _place(service: Service, n: int) -> int:
    """Place of `n` in the bands; a number outside them lies before all."""
    before = 0
    for band in service.bands:
        if band.first <= n <= band.last:
            return before + n - band.first
        before += band.last - band.first + 1
    return -1
