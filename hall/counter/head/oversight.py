"""What the head of the hall sees now: who waits longest, what to see to, the dossiers' figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo

from hall.contract.messages import CounterState, HallState, ServiceState
from hall.contract.onestop_messages import Figures
from hall.counter.head.chronicle import Chronicle, DayWorked
from hall.counter.head.waiting import Waiter, Waiting
from hall.figures import freshness, shares
from hall.figures.doubts import DISPUTED, doubts
from hall.figures.freshness import Age
from hall.figures.norms import DeskNow, Norms, ServiceNow, warnings
from hall.figures.shares import Base
from hall.runtime.bus import Received

_MOST_PEOPLE = 60


@dataclass(frozen=True, slots=True)
class WatchedHall:
    """`services`, `desks`: names by id, in the order of the YAML; `serves`: services by counter."""

    services: Mapping[str, str]
    desks: Mapping[str, str]
    serves: Mapping[str, tuple[str, ...]]
    norms: Norms
    zone: tzinfo


@dataclass(slots=True)
class Oversight:
    hall: WatchedHall
    chronicle: Chronicle
    _waiting: dict[str, int] = field(default_factory=dict)
    _desks: dict[str, tuple[tuple[str, str], DeskNow]] = field(default_factory=dict)
    _dossiers: Figures | None = None

    def take_item(self, item: object, now: datetime) -> None:
        match item:
            case Received(message=HallState() as hall, retained=False):
                self.chronicle.heartbeat(hall)
            case Received(message=ServiceState(service=service, waiting=waiting)):
                self._waiting[service] = waiting
            case Received(message=CounterState() as counter):
                self._take_counter(counter, round(now.timestamp() * 1000))
            case Received(message=Figures() as figures):
                self._dossiers = figures
            case DayWorked():
                self.chronicle.worked(item)
            case _:
                pass

    def tick(self, now: float) -> float:
        """When to look again."""
        return self.chronicle.tick(now)

    def entries(self, wall: datetime) -> Mapping[str, object]:
        """What stands now, by the keys of the pages."""
        return {
            "watch": self._watch(round(wall.timestamp() * 1000)),
            "dossiers": self._shown_dossiers(wall.astimezone(self.hall.zone)),
        }

    def close(self) -> None:
        self.chronicle.close()

    def _take_counter(self, state: CounterState, now: int) -> None:
        """What a counter does is since now when it, or the person there, is another."""
        if state.counter not in self.hall.desks:
            return
        doing = state.status, state.ticket.id if state.ticket else ""
        known = self._desks.get(state.counter)
        if known is None or known[0] != doing:
            each = state.counter
            desk = DeskNow(self.hall.desks[each], self.hall.serves[each], state.status, now)
            self._desks[each] = doing, desk

    def _watch(self, now: int) -> dict[str, object]:
        waiting = self.chronicle.waiting
        oldest = waiting.oldest() if waiting is not None else {}
        services = [
            (each, ServiceNow(name, self._waiting.get(each, 0), _first(oldest.get(each))))
            for each, name in self.hall.services.items()
        ]
        desks = [(each, desk) for each, (_, desk) in sorted(self._desks.items())]
        return {
            "warnings": [asdict(w) for w in warnings(services, desks, self.hall.norms, now)],
            "oldest": {
                each: {"number": service.oldest[1], "since": service.oldest[0]}
                for each, service in services
                if service.oldest is not None and service.waiting
            },
            "people": _people(waiting),
            "since": {each: desk.since for each, desk in desks},
            "known": waiting is not None,
        }

    def _shown_dossiers(self, local: datetime) -> dict[str, object] | None:
        """The first period of the one-stop side's figures; None where nothing may be shown."""
        figures, age = self._dossiers, freshness.age(self._dossiers, local)
        if figures is None or age is Age.HIDDEN or not figures.periods:
            return None
        period = figures.periods[0]
        timely = shares.timeliness(period)
        return {
            "from": period.from_,
            "to": period.to,
            "received": shares.number_text(shares.total_of(period, Base.RECEIVED)),
            "in_time": timely.early_or_on_time.count_text,
            "percent": timely.early_or_on_time.percent_text,
            "base": timely.early_or_on_time.base.value,
            "overdue": timely.overdue.count_text,
            "as_of": freshness.as_of_text(figures, local),
            "age": age.value,
            "doubt": DISPUTED if doubts(period) else "",
        }


def _people(waiting: Waiting | None) -> list[dict[str, object]]:
    """Who waits, longest first: as many as a page can show."""
    found = waiting.people.items() if waiting is not None else ()
    ordered = sorted(found, key=lambda item: item[1].since)[:_MOST_PEOPLE]
    return [{"ticket": ticket} | asdict(waiter) for ticket, waiter in ordered]


def _first(waiter: Waiter | None) -> tuple[int, str] | None:
    return None if waiter is None else (waiter.since, waiter.number)
