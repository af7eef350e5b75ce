"""The bus port: what a daemon needs of MQTT, in the words of the contract."""

import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from hall.contract.codec import WrittenReply
from hall.contract.messages import DeviceStatus, ErrorCode
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.rights import may_read, may_write
from hall.contract.topics import Channel, Kind
from hall.contract.words import WireModel
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import LinkFault

_NONE: Mapping[str, str] = MappingProxyType({})
P = TypeVar("P", bound=WireModel)
Outgoing = WireModel | WrittenReply


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel, with the levels that are fixed; the others match anything."""

    channel: Channel
    levels: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def filter(self, hall: str) -> str:
        """As MQTT has it."""
        return self.channel.filter(hall, **self.levels)

    def is_within(self, others: Sequence["Subscription"]) -> bool:
        """Whether one of the others brings all of it too."""
        wider = (other for other in others if other.channel is self.channel)
        return any(other.levels.items() < self.levels.items() for other in wider)


@dataclass(frozen=True, slots=True)
class Connected:
    """All subscriptions are on their way; owners of retained states publish them now.

    `conn` is in the will.
    """

    conn: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    why: str


@dataclass(frozen=True, slots=True)
class Denied:
    """The broker did not take what our row grants: its ACL is of another version or YAML."""


@dataclass(frozen=True, slots=True)
class BrokerHeap:
    """What the broker holds in memory, in bytes; told to a role that reads its figures."""

    size: int


@dataclass(frozen=True, slots=True)
class Received:
    """A message that obeys the contract. `retained`: it is an old one, kept by the broker.

    Of a request, `unknown`: the fields that its model does not know; `at`: when it arrived, in
    monotonic seconds.
    """

    channel: Channel
    levels: Mapping[str, str]
    message: WireModel
    src: str
    ts: datetime | None = None
    retained: bool = False
    unknown: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    at: float = math.inf


@dataclass(frozen=True, slots=True)
class Cleared:
    """A retained state was removed (an alert is solved)."""

    channel: Channel
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A state that does not obey the contract, told to a role that judges its channel."""

    channel: Channel
    levels: Mapping[str, str]
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """A request that cannot be obeyed though its sender and id can be read: answer it so.

    `why`: what to add to the answer, in words for a person; or nothing.
    """

    channel: Channel
    levels: Mapping[str, str]
    id: str
    code: ErrorCode
    why: str


@dataclass(frozen=True, slots=True)
class Will:
    """MQTT's last will: published by the broker when this client's connection breaks.

    `conn` is filled in per connection.
    """

    channel: Channel
    message: WireModel
    levels: Mapping[str, str] = field(default_factory=lambda: _NONE)


class NotGranted(Exception):
    """The row of this client's role does not name this: a mistake in the program."""


def check_hearing(client: str, subscriptions: Sequence[Subscription]) -> None:
    """Raises NotGranted where the broker would deliver nothing."""
    for each in subscriptions:
        if not may_read(client, each.channel, each.levels):
            raise NotGranted(f"{client} reads no {each.channel.name} {dict(each.levels)}")


def named_askers(
    wanted: Sequence[Subscription], clients: frozenset[str], unheard: Collection[str]
) -> list[Subscription]:
    """The same, but of requests those of `clients` without the `unheard`, each by its name.

    Where nobody is unheard, or no client is known, requests come from whoever sends them.
    """
    if not unheard or not clients:
        return list(wanted)
    found: list[Subscription] = []
    for each in wanted:
        if each.channel.kind is Kind.REQUEST and "client" not in each.levels:
            names = sorted(clients.difference(unheard))
            found += (Subscription(each.channel, {**each.levels, "client": n}) for n in names)
        else:
            found.append(each)
    return found


def is_sent(client: str, channel: Channel, levels: Mapping[str, str]) -> bool:
    """Whether this may go out; a reply to one who may not ask does not. Raises NotGranted."""
    if may_write(client, channel, levels):
        return True
    if channel.kind is Kind.REPLY:
        return False
    raise NotGranted(f"{client} writes no {channel.name} {dict(levels)}")


# A hall has some hundred topics, and its clients write the same ones all day.
@lru_cache(maxsize=1024)
def route(client: str, hall: str, channel: Channel, levels: tuple[tuple[str, str], ...]) -> str:
    """The topic on which this goes out; "" for a reply to one who may not ask.

    Raises NotGranted.
    """
    named = dict(levels)
    return channel.topic(hall, **named) if is_sent(client, channel, named) else ""


def will_message(will: Will, conn: str, host: str) -> WireModel:
    """The will as the broker keeps it for this connection of this machine."""
    match will.message:
        case DeviceStatus() as status:
            return status.model_copy(update={"conn": conn, "host": host})
        case OnestopStatus() as status:
            return status.model_copy(update={"conn": conn})
        case _:
            return will.message


class Bus(Protocol):
    """Posts Connected, Disconnected, Denied, BrokerHeap, Received, Cleared, Spoiled, Unusable.

    `host`: this machine's name, with its address where the broker is on another machine.
    """

    client: str
    hall: str
    host: str

    @property
    def fault(self) -> LinkFault | None:
        """Why there is no connection now; None while there is one, or none was tried yet."""

    def open(
        self, inbox: Inbox, subscriptions: Sequence[Subscription], wills: Sequence[Will]
    ) -> None:
        """Begin to connect and keep trying for ever. The last will counts.

        Raises NotGranted.
        """

    def publish(self, channel: Channel, message: Outgoing, **levels: str) -> bool:
        """Send, or return False when offline: owners of states publish again on Connected.

        Raises TooLarge above 48 KiB, and NotGranted.
        """

    def together(self) -> AbstractContextManager[None]:
        """What is published in here may leave at once, at the end; for the loop's thread."""

    def clear(self, channel: Channel, **levels: str) -> bool:
        """Remove a retained state."""

    def hear_all_but(self, unheard: Collection[str], clients: frozenset[str]) -> None:
        """Have the broker keep back what these ask; `clients`: who may be there at all."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hear nothing more by this one of those that were opened, until the next connection."""

    def withdraw(self, fault: LinkFault) -> None:
        """Leave as `close` does and stay away, which is `fault`, until `resume`."""

    def resume(self) -> None:
        """Connect again as `open` has said."""

    def revive(self) -> None:
        """Called at every beat of the loop: begin anew what ended without being asked to."""

    def close(self) -> None:
        """Leave for good; what was published is on its way out first."""


def expect(message: WireModel, model: type[P]) -> P:
    """The message as its model; the bus has already checked it against its channel's."""
    if not isinstance(message, model):
        raise TypeError(f"{type(message).__name__} where {model.__name__} was expected")
    return message
