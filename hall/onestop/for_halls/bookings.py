"""Appointments that the software at the province tells of, until their hall has answered. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hall.contract.requests import Appoint
from hall.onestop.places import EveryHall, OfHall, OfUnit, Place

# Of one hall; the software tells of an appointment anew when it is changed.
ROOM = 200


def hall_meant(place: Place, units: Mapping[str, str]) -> str | None:
    """In which hall something is booked; None: nobody can say. `units`: of every hall."""
    match place:
        case OfHall(hall):
            return hall
        case OfUnit(unit):
            halls = [hall for hall, its in units.items() if its == unit]
            return halls[0] if len(halls) == 1 else None
        case EveryHall():
            return None


@dataclass(slots=True)
class Bookings:
    """By hall and id, which is the same at every try."""

    _waiting: dict[str, dict[str, Appoint]] = field(default_factory=dict)

    def put(self, hall: str, wanted: Appoint) -> None:
        """The oldest goes where there is no room."""
        waiting = self._waiting.setdefault(hall, {})
        waiting[wanted.id] = wanted
        if len(waiting) > ROOM:
            del waiting[next(iter(waiting))]

    def waiting(self, hall: str) -> Iterator[Appoint]:
        yield from self._waiting.get(hall, {}).values()

    def answered(self, hall: str, request_id: str) -> bool:
        """Whether that was one of ours."""
        return self._waiting.get(hall, {}).pop(request_id, None) is not None
