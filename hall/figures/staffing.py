"""How many counters an hour needs, from past weeks: Erlang's C for each hour that was. Pure.

    arrivals of an hour × how long one is served = work of that hour, in counters (erlang)
    the fewest counters with which at most one in five would wait longer than the norm

Of the same weekday of past weeks each gives one answer; told are the middle one (usual) and the one
that nine in ten days stay within (busy). The formula takes people to come by chance, to be served
for lengths that vary as much, and each counter to serve each of them: where counters are divided
among services more are needed. What was left over from the hour before is not in it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hall.figures.days import DayFigures, rank

# Of the same weekday: fewer say nothing, older ones say little.
LEAST_DAYS = 4
MOST_DAYS = 8
# One in five may wait longer than the norm.
MAY_WAIT_LONGER = 0.2
# A service with fewer served people counts with the hall's own length.
_FEW = 5
_MOST_COUNTERS = 200
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class HourNeed:
    """`usual`, `busy`: counters; `arrivals`: of the middle day; `days`: how many days say so."""

    hour: str
    arrivals: int
    usual: int
    busy: int
    days: int


def staffing(days: Sequence[DayFigures], wait_s: float) -> list[HourNeed] | None:
    """By hour, from the newest of these days of one weekday; None: too few to say."""
    used = [day for day in days if _issued(day)][-MOST_DAYS:]
    lengths = _lengths(used)
    if len(used) < LEAST_DAYS or lengths is None:
        return None
    hours = sorted({place.hour for day in used for place in _issued(day)})
    return [_need(hour, used, lengths, wait_s) for hour in hours]


def counters_needed(arrivals: int, work_s: float, wait_s: float) -> int:
    """For an hour with so many arrivals, who together are served for `work_s` seconds."""
    if not arrivals or work_s <= 0:
        return 0
    load, length = work_s / HOUR_S, work_s / arrivals
    fewest = math.floor(load) + 1
    for counters in range(fewest, fewest + _MOST_COUNTERS):
        late = _must_wait(counters, load) * math.exp(-(counters - load) * wait_s / length)
        if late <= MAY_WAIT_LONGER:
            return counters
    return fewest + _MOST_COUNTERS


def _must_wait(counters: int, load: float) -> float:
    """Erlang's C: the share of people who find every counter busy."""
    blocked = 1.0
    for n in range(1, counters + 1):
        blocked = load * blocked / (n + load * blocked)
    return counters * blocked / (counters - load * (1 - blocked))


def _need(
    hour: str, days: Sequence[DayFigures], lengths: Mapping[str, float], wait_s: float
) -> HourNeed:
    arrivals, needs = [], []
    for day in days:
        people = {p.service: n for p, n in _issued(day).items() if p.hour == hour}
        work = sum(n * lengths[service] for service, n in people.items())
        arrivals.append(sum(people.values()))
        needs.append(counters_needed(arrivals[-1], work, wait_s))
    middle, usual, busy = rank(arrivals, 50), rank(needs, 50), rank(needs, 90)
    return HourNeed(hour, middle or 0, usual or 0, busy or 0, len(days))


@dataclass(frozen=True, slots=True)
class _HourOfService:
    service: str
    hour: str


def _issued(day: DayFigures) -> Mapping[_HourOfService, int]:
    found: Counter[_HourOfService] = Counter()
    for place, tally in day.places.items():
        if tally.columns["issued"]:
            found[_HourOfService(place.service, place.hour)] += tally.columns["issued"]
    return found


def _lengths(days: Sequence[DayFigures]) -> Mapping[str, float] | None:
    """By service the mean seconds that one is served; None where nobody was."""
    served: dict[str, list[int]] = defaultdict(list)
    for service, seconds in _serves(days):
        served[service] += seconds
    every = [second for seconds in served.values() for second in seconds]
    if not every:
        return None
    mean = sum(every) / len(every)
    return defaultdict(
        lambda: mean, {s: sum(all_) / len(all_) for s, all_ in served.items() if len(all_) >= _FEW}
    )


def _serves(days: Sequence[DayFigures]) -> Iterator[tuple[str, list[int]]]:
    for day in days:
        for place, tally in day.places.items():
            yield place.service, tally.serves
