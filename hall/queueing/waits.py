"""How long a ticket taken now would wait: a range, or nothing while there is no data."""

from statistics import quantiles

from hall.queueing import views
from hall.queueing.rules import MINUTE, Rules
from hall.queueing.state import Hall, Status

ENOUGH = 5


def estimate(rules: Rules, hall: Hall, service: str, ahead: int) -> tuple[int, int] | None:
    """(lo, hi) in whole minutes; None without data or without a counter at work.

    Turns to wait for = people ahead, and those of the counters' other services, over the
    counters at work; the range is the spread of the last service times.
    """
    times = hall.pace.get(service, ())
    counters = _at_work(rules, hall, service)
    if len(times) < ENOUGH or not counters:
        return None
    others = {s for c in counters for s in rules.counters[c].serves} - {service}
    crowd = ahead + sum(views.waiting(hall, s) for s in others) * len(counters) / _all(rules, hall)
    low, _, high = quantiles(times, n=4, method="inclusive")
    turns = crowd / len(counters)
    lo = int(turns * low / MINUTE)
    hi = -int(-((turns + 1) * high) // MINUTE)
    return lo, max(lo + 1, hi)


def _at_work(rules: Rules, hall: Hall, service: str) -> list[str]:
    return [
        c.id
        for c in rules.counters.values()
        if service in c.serves and hall.counters[c.id].status not in (Status.CLOSED, Status.PAUSED)
    ]


def _all(rules: Rules, hall: Hall) -> int:
    closed = (Status.CLOSED, Status.PAUSED)
    return max(1, sum(hall.counters[c].status not in closed for c in rules.counters))
