"""Which number comes next: through the bands in turn, never back, never one that is taken."""

from hall.queueing.rules import Service
from hall.queueing.state import Hall


def next_number(service: Service, hall: Hall) -> int | None:
    """The next free number of today, or None when the bands are used up."""
    place = _used(service, hall)
    for band in service.bands:
        size = band.last - band.first + 1
        if place < size:
            return band.first + place
        place -= size
    return None


def left(service: Service, hall: Hall) -> int:
    """How many tickets can still be issued today, by the bands and by the quota."""
    total = sum(band.last - band.first + 1 for band in service.bands)
    free = max(0, total - _used(service, hall))
    if service.quota is None:
        return free
    return max(0, min(free, service.quota - hall.taken.get(service.id, 0)))


def _used(service: Service, hall: Hall) -> int:
    """How many numbers of the bands lie behind us, skipped ones included."""
    known = (hall.top.get(service.id), hall.floors.get(service.id))
    return max((_place(service, n) + 1 for n in known if n is not None), default=0)


def _place(service: Service, n: int) -> int:
    """Place of `n` in the bands; a number outside them lies before all."""
    before = 0
    for band in service.bands:
        if band.first <= n <= band.last:
            return before + n - band.first
        before += band.last - band.first + 1
    return -1
