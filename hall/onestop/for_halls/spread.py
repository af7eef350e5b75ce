"""What is told to each unit and hall, retained, and what of it has changed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hall.contract.downward import TO_HALL, TO_UNIT, UNIT
from hall.contract.topics import Channel
from hall.contract.words import WireModel
from hall.onestop.places import EveryHall, OfHall, OfUnit, Place


@dataclass(frozen=True, slots=True)
class Addressed:
    """`owner`: what stands in the place of the hall in topic and envelope."""

    topic: str
    owner: str
    message: WireModel


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Nothing stands there any more."""

    topic: str


@dataclass(slots=True)
class Spread:
    """A unit's own before what is told to every hall; a hall takes its own before its unit's.

    `_halls`: every hall and its unit; None: not read yet, and who is named is believed.
    """

    _halls: Mapping[str, str] | None = None
    _told: dict[Channel, dict[Place, WireModel]] = field(default_factory=dict)
    _said: dict[str, WireModel | None] = field(default_factory=dict)

    def register(self, halls: Mapping[str, str]) -> None:
        """Who there is: nobody else is told anything, and what another was told is taken back."""
        self._halls = halls

    def put(self, place: Place, channel: Channel, message: WireModel) -> None:
        """`channel`: as the hall will tell it on."""
        self._told.setdefault(channel, {})[place] = message

    def drop(self, place: Place, channel: Channel) -> None:
        """What is told to the many holds there again."""
        self._told.get(channel, {}).pop(place, None)

    def of(self, place: Place, channel: Channel) -> WireModel | None:
        return self._told.get(channel, {}).get(place)

    def everything(self, channel: Channel) -> tuple[WireModel, ...]:
        return tuple(self._told.get(channel, {}).values())

    def forget_said(self) -> None:
        """The broker may have lost it: all is due again, and what was taken back meanwhile."""
        self._said = dict.fromkeys(self._said)

    def due(self) -> Iterator[Addressed | TakenBack]:
        """What was not said yet, and is now; what was said, and is no more."""
        wanted = {
            each.topic: each
            for channel, told in self._told.items()
            for each in self._addressed(channel, told)
        }
        for topic in sorted(self._said.keys() - wanted.keys()):
            del self._said[topic]
            yield TakenBack(topic)
        for topic, each in wanted.items():
            if self._said.get(topic) != each.message:
                self._said[topic] = each.message
                yield each

    def _addressed(self, channel: Channel, told: Mapping[Place, WireModel]) -> Iterator[Addressed]:
        for unit in sorted(self._units(told)):
            message = told.get(OfUnit(unit), told.get(EveryHall()))
            if message is not None:
                yield Addressed(TO_UNIT[channel].topic(UNIT, unit=unit), UNIT, message)
        for place, message in told.items():
            if isinstance(place, OfHall) and (self._halls is None or place.hall in self._halls):
                yield Addressed(TO_HALL[channel].topic(place.hall), place.hall, message)

    def _units(self, told: Mapping[Place, WireModel]) -> frozenset[str]:
        if self._halls is not None:
            return frozenset(self._halls.values())
        return frozenset(place.unit for place in told if isinstance(place, OfUnit))
