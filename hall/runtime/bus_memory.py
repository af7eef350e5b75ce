"""The bus in one process: real bytes, real registry, retained states, wills. For tests."""

import threading
import uuid
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.topics import Channel, Kind
from hall.contract.words import WireModel
from hall.runtime.bus import (
    Connected,
    Disconnected,
    Outgoing,
    Subscription,
    Will,
    check_hearing,
    named_askers,
    route,
    will_message,
)
from hall.runtime.clock import Clock
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import LinkFault
from hall.runtime.sorting import Arrival, Sorter


def matches(wanted: str, topic: str) -> bool:
    """MQTT's topic filter, without `#` in the middle."""
    want, have = wanted.split("/"), topic.split("/")
    for index, level in enumerate(want):
        if level == "#":
            return True
        if index >= len(have) or level not in ("+", have[index]):
            return False
    return len(want) == len(have)


class MemoryBroker:
    """Delivers at once, in order, to every member that subscribed."""

    def __init__(self) -> None:
        self.retained: dict[str, bytes] = {}
        self.log: list[tuple[str, bytes]] = []
        self._members: list[MemoryBus] = []
        self._lock = threading.RLock()

    def bus(self, client: str, hall: str, clock: Clock) -> "MemoryBus":
        return MemoryBus(client, hall, clock, self)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """What any client of the broker can do: raw bytes to a topic."""
        with self._lock:
            self.log.append((topic, payload))
            if retain and payload:
                self.retained[topic] = payload
            elif retain:
                self.retained.pop(topic, None)
            for member in tuple(self._members):
                member.deliver(topic, payload, retain=retain, stored=False)

    def join(self, member: "MemoryBus") -> None:
        with self._lock:
            self._members.append(member)
            for topic, payload in self.retained.items():
                member.deliver(topic, payload, retain=True, stored=True)

    def leave(self, member: "MemoryBus") -> None:
        with self._lock:
            if member in self._members:
                self._members.remove(member)


@dataclass(slots=True)
class _Link:
    inbox: Inbox
    subscriptions: Sequence[Subscription]
    wills: Sequence[Will]
    conn: str
    heard: Sequence[Subscription] = ()
    unheard: list[Subscription] = field(default_factory=list)


class MemoryBus:
    def __init__(
        self, client: str, hall: str, clock: Clock, broker: MemoryBroker, host: str = "memory"
    ) -> None:
        self.client = client
        self.hall = hall
        self.host = host
        self._clock = clock
        self._broker = broker
        self._sorter = Sorter(hall, client)
        self._link: _Link | None = None
        self._online = False
        self._why = LinkFault("dropped", "")

    @property
    def fault(self) -> LinkFault | None:
        return self._why if self._link is not None and not self._online else None

    def open(
        self, inbox: Inbox, subscriptions: Sequence[Subscription], wills: Sequence[Will]
    ) -> None:
        check_hearing(self.client, subscriptions)
        self._link = _Link(inbox, subscriptions, wills, "", subscriptions)
        self.connect()

    def connect(self) -> None:
        """Come (back) online with a new connection."""
        if self._link is None:
            raise RuntimeError("open the bus first")
        self._link.conn = uuid.uuid4().hex
        self._link.unheard.clear()
        self._online = True
        self._link.inbox.post(Connected(self._link.conn))
        self._broker.join(self)

    def drop(self) -> None:
        """Lose the connection; the broker speaks the last will."""
        if self._link is None or not self._online:
            return
        self._online = False
        self._why = LinkFault("dropped", "")
        self._broker.leave(self)
        self._link.inbox.post(Disconnected("dropped"))
        for will in self._link.wills[-1:]:
            message = will_message(will, self._link.conn, self.host)
            topic = will.channel.topic(self.hall, **will.levels)
            self._broker.publish(topic, self._pack(message), retain=True)

    def publish(self, channel: Channel, message: Outgoing, **levels: str) -> bool:
        payload = self._pack(message)
        topic = route(self.client, self.hall, channel, tuple(levels.items()))
        if not topic or not self._online:
            return False
        self._broker.publish(topic, payload, retain=channel.retained)
        return True

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def plant(self, channel: Channel, message: WireModel, **levels: str) -> bool:
        """Publish what nobody may: a request that the broker keeps. To try how others take it."""
        self._broker.publish(channel.topic(self.hall, **levels), self._pack(message), retain=True)
        return self._online

    def clear(self, channel: Channel, **levels: str) -> bool:
        if not self._online:
            return False
        self._broker.publish(channel.topic(self.hall, **levels), b"", retain=True)
        return True

    def hear_all_but(self, unheard: Collection[str], clients: frozenset[str]) -> None:
        if self._link is not None:
            self._link.heard = named_askers(self._link.subscriptions, clients, unheard)

    def unsubscribe(self, subscription: Subscription) -> None:
        if self._link is not None:
            self._link.unheard.append(subscription)

    def withdraw(self, fault: LinkFault) -> None:
        self._why = fault
        self.close()

    def resume(self) -> None:
        self.connect()

    def revive(self) -> None:
        """Nothing here can end by itself."""

    def close(self) -> None:
        self._online = False
        self._broker.leave(self)

    def deliver(self, topic: str, payload: bytes, *, retain: bool, stored: bool) -> None:
        """As a broker does: the retain flag of a live message only where asked (requests)."""
        if self._link is None:
            return
        for subscription in self._link.heard:
            if not matches(subscription.filter(self.hall), topic):
                continue
            if subscription in self._link.unheard:
                continue
            as_published = subscription.channel.kind is Kind.REQUEST
            kept = stored or (retain and as_published)
            arrival = Arrival(topic, payload, kept, self._clock.monotonic())
            self._sorter.hand_in(self._link.inbox, arrival)
            return

    def _pack(self, message: Outgoing) -> bytes:
        return codec.pack(message, hall=self.hall, src=self.client, ts=self._clock.now())
