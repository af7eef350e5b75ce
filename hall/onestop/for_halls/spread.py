"""What is told to each unit and hall, retained, and what of it has changed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hall.contract.downward import TO_HALL, TO_UNIT, UNIT
from hall.contract.topics import Channel
from hall.contract.words import WireModel
from hall.onestop.for_halls.places import EveryHall, OfHall, OfUnit, Place


@dataclass(frozen=True, slots=True)
class Addressed:
    """`owner`: what stands in the place of the hall in topic and envelope."""

    topic: str
    owner: str
    message: WireModel


@dataclass(slots=True)
class Spread:
    """A unit's own before what is told to every hall; a hall takes its own before its unit's."""

    _units: frozenset[str] = frozenset()
    _told: dict[Channel, dict[Place, WireModel]] = field(default_factory=dict)
    _said: dict[str, WireModel] = field(default_factory=dict)

    def register(self, units: frozenset[str]) -> None:
        """The units that there are, beside those for which something is told."""
        self._units = units

    def put(self, place: Place, channel: Channel, message: WireModel) -> None:
        """`channel`: as the hall will tell it on."""
        self._told.setdefault(channel, {})[place] = message

    def of(self, place: Place, channel: Channel) -> WireModel | None:
        return self._told.get(channel, {}).get(place)

    def everything(self, channel: Channel) -> tuple[WireModel, ...]:
        return tuple(self._told.get(channel, {}).values())

    def forget_said(self) -> None:
        """The broker may have lost it: all is due again."""
        self._said.clear()

    def due(self) -> Iterator[Addressed]:
        """What was not said yet, and is now."""
        for channel, told in self._told.items():
            for each in self._addressed(channel, told):
                if self._said.get(each.topic) != each.message:
                    self._said[each.topic] = each.message
                    yield each

    def _addressed(self, channel: Channel, told: Mapping[Place, WireModel]) -> Iterator[Addressed]:
        named = {place.unit for place in told if isinstance(place, OfUnit)}
        for unit in sorted(self._units | named):
            message = told.get(OfUnit(unit), told.get(EveryHall()))
            if message is not None:
                yield Addressed(TO_UNIT[channel].topic(UNIT, unit=unit), UNIT, message)
        for place, message in told.items():
            if isinstance(place, OfHall):
                yield Addressed(TO_HALL[channel].topic(place.hall), place.hall, message)
