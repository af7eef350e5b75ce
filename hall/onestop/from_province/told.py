"""Which of what the province tells holds in this hall: its own before its unit's. Pure."""

from dataclasses import dataclass, field

from hall.contract.downward import TO_HALL, TOLD_ON
from hall.contract.topics import Channel
from hall.contract.words import WireModel


@dataclass(slots=True)
class ToldHere:
    """By the channel of the province at which it was told."""

    _told: dict[Channel, WireModel] = field(default_factory=dict)

    def before(self, channel: Channel) -> WireModel | None:
        """What stood at the same place until now."""
        return self._told.get(channel)

    def put(self, channel: Channel, message: WireModel) -> WireModel | None:
        """What holds from now on; None: as before."""
        held = self._holding(channel)
        self._told[channel] = message
        now = self._holding(channel)
        return None if now == held else now

    def drop(self, channel: Channel) -> WireModel | None:
        """It was taken back; what the unit is told holds then. None: nothing takes its place."""
        held = self._holding(channel)
        self._told.pop(channel, None)
        now = self._holding(channel)
        return None if now == held else now

    def _holding(self, channel: Channel) -> WireModel | None:
        ext = TOLD_ON[channel]
        own = self._told.get(TO_HALL[ext])
        if own is not None:
            return own
        (unit,) = (each for each, on in TOLD_ON.items() if on is ext and each is not TO_HALL[ext])
        return self._told.get(unit)
