"""The wire between halls and their province, at the province's broker: topics and messages.

    hall ──up/events──▶ province        a batch of events, one unacknowledged at a time
    hall ◀──up/ack───── province        all up to this event is committed there
    hall ──state/…, dev/…, ext/…──▶     what is true now, retained (hall/contract/upward.py)

A hall's events are one row without gaps. Each has its place in it, (epoch, seq), which only rises:
after a restore the next event has a greater epoch, and perhaps a smaller seq. A batch says after
which place it follows; the province takes it when it holds that place, and answers with the place
that it holds in any case.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from hall.contract import MAJOR
from hall.contract.messages import Lean
from hall.contract.topics import Channel, Kind
from hall.contract.upward import STATES, UpEvent
from hall.contract.words import Count, Mark, Serial, ShortText, Text, WireModel

MOST_EVENTS = 200
# The client that writes batches, and the one that answers them.
UPLINK = "uplink"
PROVINCE = "province"
# No hall may be called so: the province's own topics and users, and the vendor's, stand beside
# those of the halls.
RESERVED = frozenset({"unit", PROVINCE, "onestop"})
_NONE: Mapping[str, str] = MappingProxyType({})
_HALL = re.compile(r"[a-z0-9-]{1,32}")


class JournalPlace(WireModel):
    """Of an event in the row of its hall; (0, 0) is before the first one."""

    epoch: Count = 0
    seq: Count = 0

    @property
    def order(self) -> tuple[int, int]:
        """As places follow one another."""
        return self.epoch, self.seq


START = JournalPlace()


class UpEvents(Lean):
    """`source`: the mark of this hall's own machine and store, another in each.

    `host`: the machine's name, for a person. `after`: the place that the events follow directly.
    """

    source: Mark = Field(min_length=1)
    host: ShortText = ""
    after: JournalPlace = START
    epoch: Serial
    from_seq: Serial
    last_seq: Serial
    events: tuple[UpEvent, ...] = Field(min_length=1, max_length=MOST_EVENTS)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = [event.seq for event in self.events]
        if given != list(range(self.from_seq, self.from_seq + len(given))):
            raise ValueError("events must follow from_seq one by one")
        if given[-1] != self.last_seq or self.after.order >= (self.epoch, self.from_seq):
            raise ValueError("last_seq or after does not fit the events")
        return self

    @property
    def last(self) -> JournalPlace:
        return JournalPlace(epoch=self.epoch, seq=self.last_seq)


class UpRefusal(WireModel):
    """Why the province takes nothing from this hall; `text` is Vietnamese, for a technician."""

    code: Literal["unknown_hall", "twin", "bad_batch"]
    text: Text


class UpAck(Lean):
    """All up to `seq` of `epoch` is committed; 0: nothing yet. `refused`: nothing more is taken."""

    epoch: Count
    seq: Count
    refused: UpRefusal | None = None

    @property
    def place(self) -> JournalPlace:
        return JournalPlace(epoch=self.epoch, seq=self.seq)


UP_EVENTS = Channel(
    "up-events", "up/events", Kind.EVENT, UpEvents, "Events of the journal, a batch at a time"
)
UP_ACK = Channel(
    "up-ack", "up/ack", Kind.STATE, UpAck, "Up to where the province has committed a hall's events"
)
_STATES: Mapping[Channel, type[WireModel]] = {channel: row[0] for channel, row in STATES.items()}
_MODELS: Mapping[Channel, type[WireModel]] = MappingProxyType(
    {UP_EVENTS: UpEvents, UP_ACK: UpAck, **_STATES}
)


@dataclass(frozen=True, slots=True)
class HallAddress:
    """A topic of some hall at the province, and the model of what is said there."""

    hall: str
    channel: Channel
    model: type[WireModel]
    levels: Mapping[str, str]


def is_hall(name: str) -> bool:
    """Whether a hall may be called so."""
    return name not in RESERVED and _HALL.fullmatch(name) is not None


@lru_cache(maxsize=65_536)
def find_up(topic: str) -> HallAddress | None:
    """What a topic is between halls and province; None: nothing of it."""
    start, version, hall, rest = (*topic.split("/", 3), "", "", "", "")[:4]
    if start != "motcua" or version != str(MAJOR) or not is_hall(hall):
        return None
    for channel, model in _MODELS.items():
        levels = channel.match(rest)
        if levels is not None:
            return HallAddress(hall, channel, model, MappingProxyType(levels))
    return None


def topic_up(hall: str, channel: Channel, levels: Mapping[str, str] = _NONE) -> str:
    """Where this is said at the province."""
    return channel.topic(hall, **levels)


def filters_up(hall: str, channels: Iterable[Channel]) -> tuple[str, ...]:
    """What of one hall is heard there."""
    return tuple(channel.filter(hall) for channel in channels)


def filters_of_all(channels: Iterable[Channel]) -> tuple[str, ...]:
    """The same of every hall."""
    return filters_up("+", channels)


def unit_filter(unit: str = "+") -> str:
    """What is said to all halls of a unit."""
    return f"motcua/{MAJOR}/unit/{unit}/+"


def shared_by(group: str, filters: Iterable[str]) -> tuple[str, ...]:
    """Each message goes to one of the clients of the group."""
    return tuple(f"$share/{group}/{each}" for each in filters)
