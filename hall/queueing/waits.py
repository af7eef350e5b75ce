"""How long a ticket would wait: a range in minutes, or nothing while the day has no data.

Work in front of the ticket at the counters that take it, shared among those at work, and the rest
of what is being served; the width grows with the number of turns, as the spread of a sum does.
How often the truth falls inside is measured on simulated mornings (bench/core_waits.py).
"""

from dataclasses import dataclass
from math import sqrt

from hall.queueing import views
from hall.queueing.rules import MINUTE, Counter, Rules
from hall.queueing.shelves import Key
from hall.queueing.state import Hall, Status

# So many people must have been served today at the counters in question.
ENOUGH = 3
# The YAML's `minutes` count as so many people: a guess that the day's own times soon outweigh.
PRIOR = 4
# Service times of people spread by about this share of their mean (lognormal, as queues show).
SPREAD = 0.65
# What no queue length tells: breaks, helpers, latecomers, as a share of the wait.
UNKNOWN = 0.28
LOW, HIGH = 1.15, 1.45
# A counter that only helps takes about this share of a counter of its own.
HELP = 0.35


@dataclass(frozen=True, slots=True)
class ServingCounters:
    """The counters at work that call a service, and how many counters they amount to."""

    own: tuple[Counter, ...]
    strength: float


def estimate(
    rules: Rules, hall: Hall, service: str, key: Key | None = None
) -> tuple[int, int] | None:
    """(lo, hi) in whole minutes for the ticket at `key`, or for one taken now.

    None without data or without a counter at work.
    """
    serving = _serving(rules, hall, service)
    served = {s for counter in serving.own for s in counter.serves}
    if not serving.own or sum(len(hall.pace.get(s, ())) for s in served) < ENOUGH:
        return None
    turns, work = 0.0, 0.0
    for other in served:
        people = _ahead(hall, other, key) * _share(rules, hall, other, serving)
        turns += people
        work += people * _mean(rules, hall, other)
    idle = any(hall.counters[c.id].status is Status.OPEN for c in serving.own)
    if idle and turns < 1:
        return 0, 1
    mean = _mean(rules, hall, service)
    rest = mean * (1 + SPREAD**2) / 2
    expected = (work + rest) / serving.strength
    doubt = sqrt(
        (SPREAD * mean) ** 2 * (turns + 1) / serving.strength**2 + (UNKNOWN * expected) ** 2
    )
    lo = int(max(0.0, expected - LOW * doubt) / MINUTE)
    hi = -int(-(expected + HIGH * doubt) // MINUTE)
    return lo, max(lo + 1, hi)


def _serving(rules: Rules, hall: Hall, service: str) -> ServingCounters:
    at_work = [c for c in rules.counters.values() if _works(hall, c)]
    own = tuple(c for c in at_work if service in c.serves)
    helpers = sum(service in c.helps for c in at_work)
    return ServingCounters(own, max(1.0, len(own) + HELP * helpers))


def _works(hall: Hall, counter: Counter) -> bool:
    return hall.counters[counter.id].status not in (Status.CLOSED, Status.PAUSED)


def _ahead(hall: Hall, service: str, key: Key | None) -> int:
    if key is None:
        return views.waiting(hall, service)
    return sum(line.before(key) for line in hall.lines(service))


def _share(rules: Rules, hall: Hall, service: str, serving: ServingCounters) -> float:
    """Which part of a service's people is called by this serving."""
    own = sum(service in c.serves for c in serving.own)
    everyone = sum(service in c.serves for c in rules.counters.values() if _works(hall, c))
    return own / everyone if everyone else 1.0


def _mean(rules: Rules, hall: Hall, service: str) -> float:
    times = hall.pace.get(service, ())
    rule = rules.services.get(service)
    guess = rule.expected_ms if rule is not None else 8 * MINUTE
    return (PRIOR * guess + sum(times)) / (PRIOR + len(times))
