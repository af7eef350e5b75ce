"""The bus over MQTT 5: everything is re-subscribed on every connect, nothing is kept offline.

The network's thread only posts to the inbox. What paho gets wrong is answered here: no size
check, no jitter, messages kept while offline, one fixed will for all connections.
"""

import logging
import random
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hall.contract import codec
from hall.contract.codec import WrittenReply
from hall.contract.requests import Request
from hall.contract.rights import role_of
from hall.contract.topics import DEV_STATUS, RSP, Channel, Kind, is_request
from hall.contract.words import WireModel
from hall.runtime import link_faults, packed_properties
from hall.runtime.addresses import with_address
from hall.runtime.buffered_socket import Buffering
from hall.runtime.bus import (
    BrokerHeap,
    Connected,
    Denied,
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
from hall.runtime.correlations import Correlations
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import Identity, LinkFault
from hall.runtime.packed_properties import PackedProperties
from hall.runtime.paho_loop import PahoLoop
from hall.runtime.paho_mends import forget_unsent, guarded, options
from hall.runtime.sorting import Arrival, Sorter
from hall.runtime.standstill_watch import StandStillWatch
from hall.runtime.tls import FreshTls, fault_of

log = logging.getLogger(__name__)

KEEPALIVE_S = 10
CONNECT_TIMEOUT_S = 3.0
FAREWELL_S = 1.0
SHORTEST_PAUSE_S = 0.6
LONGEST_PAUSE_S = 3.0
# A queue of this many unsent messages means the link is dead; states are sent again anyway.
MAX_QUEUED = 2000
# Reason codes of MQTT 5 (2.4): not in the ACL; malformed, protocol error; a whole keepalive silent.
NOT_AUTHORISED = 0x87
_MALFORMED = (0x81, 0x82)
_SILENT = 0x8D


@dataclass(frozen=True, slots=True)
class Server:
    """Where the broker is and how to prove who we are; `ca` is a file, empty = the system's.

    `source`: the file of the password; `unit`: the systemd unit that handed it over, or "".
    `obstacle`: why there is no password though there should be one.
    """

    host: str
    port: int
    password: str | None = None
    tls: bool = False
    ca: str = ""
    source: str = ""
    unit: str = ""
    obstacle: LinkFault | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def identity(self, client: str) -> Identity:
        return Identity(client, self.password is not None, self.source, self.unit)


class MqttBus:
    """`server`: where the broker is, or how to find out.

    Password and CA are looked up before every try to connect: a file that was mended heals the
    connection. Host and port are those of the first look.
    """

    def __init__(
        self,
        client: str,
        hall: str,
        server: Server | Callable[[], Server],
        clock: Clock,
        machine: str = "",
    ) -> None:
        self.client = client
        self.hall = hall
        self.host = self._machine = machine or socket.gethostname()
        self._look: Callable[[], Server] = (
            (lambda: server) if isinstance(server, Server) else server
        )
        self._clock = clock
        self._sorter = Sorter(hall, client)
        self._figures = role_of(client).broker_figures
        self._correlations = Correlations()
        self._inbox = Inbox()
        self._subscriptions: Sequence[Subscription] = ()
        self._heard: Sequence[Subscription] = ()
        self._wills: Sequence[Will] = ()
        self._conn = ""
        self._up = threading.Event()
        self._fault: LinkFault | None = None
        self._answered = False
        self._leaving = threading.Event()
        self._pause_s = 0.0
        self._server = Server("", 0)
        self._paho: paho.Client | None = None
        self._loop: PahoLoop | None = None
        self._last: paho.MQTTMessageInfo | None = None
        self._status: WireModel | None = None
        self._status_lock = threading.Lock()
        self._watch = StandStillWatch(clock, self._publish_barrier)

    @property
    def fault(self) -> LinkFault | None:
        return self._fault

    def open(
        self, inbox: Inbox, subscriptions: Sequence[Subscription], wills: Sequence[Will]
    ) -> None:
        check_hearing(self.client, subscriptions)
        self._inbox = inbox
        self._subscriptions = self._heard = subscriptions
        self._wills = wills
        where = self._server = self._look()
        self._paho = self._client(where)
        self._paho.connect_async(where.host, where.port, KEEPALIVE_S, clean_start=True)
        self._loop = PahoLoop(self._paho, self.client, self._clock, self._watch, self._failed)
        self._loop.start()

    def publish(self, channel: Channel, message: Outgoing, **levels: str) -> bool:
        payload = codec.pack(message, hall=self.hall, src=self.client, ts=self._clock.now())
        topic = route(self.client, self.hall, channel, tuple(levels.items()))
        if self._paho is None or not self._up.is_set() or not topic:
            return False
        properties: Any = self._properties(channel, message, levels.get("client"))
        qos, retain = channel.qos(levels.get("verb")), channel.retained
        if channel is not DEV_STATUS or isinstance(message, WrittenReply):
            return self._on_its_way(self._paho.publish(topic, payload, qos, retain, properties))
        with self._status_lock:
            self._status = message
            if self._watch.is_waiting:
                self._watch.expect(payload)
            return self._on_its_way(self._paho.publish(topic, payload, qos, retain, properties))

    def plant(self, channel: Channel, message: WireModel, **levels: str) -> bool:
        """Publish what nobody may: a request that the broker keeps. To try how others take it."""
        payload = codec.pack(message, hall=self.hall, src=self.client, ts=self._clock.now())
        if self._paho is None or not self._up.is_set():
            return False
        topic = channel.topic(self.hall, **levels)
        return self._on_its_way(self._paho.publish(topic, payload, qos=1, retain=True))

    def clear(self, channel: Channel, **levels: str) -> bool:
        if self._paho is None or not self._up.is_set():
            return False
        sent = self._paho.publish(channel.topic(self.hall, **levels), b"", qos=1, retain=True)
        return self._on_its_way(sent)

    def hear_all_but(self, unheard: Collection[str], clients: frozenset[str]) -> None:
        before = self._heard
        self._heard = wanted = named_askers(self._subscriptions, clients, unheard)
        if self._paho is None or not self._up.is_set():
            return
        # First what is new: between the two a request comes twice, under one id, and not never.
        added = [each for each in wanted if each not in before]
        if added:
            self._paho.subscribe([(e.filter(self.hall), options(e, before)) for e in added])
        for each in before:
            if each not in wanted:
                self._paho.unsubscribe(each.filter(self.hall))
        self._write()

    def unsubscribe(self, subscription: Subscription) -> None:
        if self._paho is not None and self._up.is_set():
            self._paho.unsubscribe(subscription.filter(self.hall))
            self._write()

    def withdraw(self, fault: LinkFault) -> None:
        self.close()
        self._fault = fault
        log.warning("broker %s left: %s", self._server.place, fault.text)

    def resume(self) -> None:
        self._leaving.clear()
        self.open(self._inbox, self._subscriptions, self._wills)

    def revive(self) -> None:
        if self._loop is not None and not self._loop.is_alive:
            log.error("the network thread had ended; it is started again")
            self._loop.start()

    def together(self) -> AbstractContextManager[None]:
        return nullcontext() if self._loop is None else self._loop.together()

    def close(self) -> None:
        self._leaving.set()
        loop, self._loop = self._loop, None
        if loop is None:
            return
        if self._last is not None and self._up.is_set():
            # What waits behind paho's window of 20 would be lost, and our last will spoken.
            self._last.wait_for_publish(FAREWELL_S)
        loop.close()
        self._paho = None
        self._up.clear()

    def _write(self) -> None:
        if self._loop is not None:
            self._loop.write()

    def _on_its_way(self, sent: paho.MQTTMessageInfo) -> bool:
        self._write()
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        self._last = sent
        self._watch.asks()
        return True

    def _publish_barrier(self) -> bool:
        """Our own status comes back to us, behind all that the broker has kept."""
        with self._status_lock:
            if self._status is None or self._paho is None or not self._up.is_set():
                return False
            now = self._clock.now()
            payload = codec.pack(self._status, hall=self.hall, src=self.client, ts=now)
            topic = DEV_STATUS.topic(self.hall, client=self.client)
            self._watch.expect(payload)
            return self._on_its_way(self._paho.publish(topic, payload, qos=1, retain=True))

    def _client(self, server: Server) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=self.client, protocol=paho.MQTTv5
        )
        tls = FreshTls(server.ca) if server.tls else None
        client.tls_set_context(Buffering(tls))  # type: ignore[arg-type]
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_queued_messages_set(MAX_QUEUED)
        client.on_pre_connect = guarded(self._prepare)
        client.on_connect = guarded(self._connected)
        client.on_disconnect = guarded(self._disconnected)
        client.on_message = guarded(self._message)
        client.on_publish = guarded(self._acknowledged)
        return client

    def _prepare(self, client: paho.Client, _userdata: object) -> None:
        forget_unsent(client)
        self._conn = uuid.uuid4().hex
        self._answered = False
        with self._status_lock:
            # It names the connection before this one.
            self._status = None
        self._server = self._look()
        known = self._server.password is not None
        client.username_pw_set(self.client if known else None, self._server.password)
        self.host = with_address(self._machine, self._server.host, self._server.port)
        for will in self._wills[-1:]:
            message = will_message(will, self._conn, self.host)
            client.will_set(
                will.channel.topic(self.hall, **will.levels),
                codec.pack(message, hall=self.hall, src=self.client, ts=self._clock.now()),
                qos=1,
                retain=True,
            )

    def _connected(
        self,
        client: paho.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        self._answered = True
        if reason.is_failure:
            who = self._server.identity(self.client)
            refusal = link_faults.of_connack(reason.value, str(reason), who)
            self._down(self._server.obstacle or refusal)
            return
        wanted = self._heard
        filters = [(each.filter(self.hall), options(each, wanted)) for each in wanted]
        filters += [(topic, SubscribeOptions(qos=0)) for topic in self._figures]
        if filters:
            client.subscribe(filters)
        self._watch.connected()
        self._up.set()
        self._pause_s = 0.0
        if self._fault is not None:
            self._fault = None
            log.info("broker back")
        self._inbox.post(Connected(self._conn))

    def _failed(self, err: Exception) -> None:
        where = self._server
        self._down(where.obstacle or fault_of(err, where.place, tls=where.tls))
        self._pause()

    def _disconnected(
        self,
        _client: paho.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if self._leaving.is_set():
            return
        self._watch.ended(in_silence=reason.value == _SILENT)
        if self._up.is_set():
            self._down(link_faults.of_disconnect(reason.value, self._server.identity(self.client)))
        elif not self._answered:
            silent = link_faults.hung_up(self._server.place, tls=self._server.tls)
            self._down(link_faults.FOREIGN if reason.value in _MALFORMED else silent)
        self._pause()

    def _pause(self) -> None:
        """Before paho tries again. Halls of many devices must not all come back at once."""
        longer = min(2 * self._pause_s, LONGEST_PAUSE_S) or SHORTEST_PAUSE_S
        self._pause_s = longer
        self._leaving.wait(longer * random.uniform(0.6, 1.0))  # noqa: S311

    def _down(self, fault: LinkFault) -> None:
        """Every cause is logged once; the loop is told once that the connection is gone."""
        was_up, before = self._up.is_set(), self._fault
        self._up.clear()
        self._fault = fault
        if fault != before:
            log.warning("broker %s away: %s", self._server.place, fault.text)
        if was_up or before is None:
            self._inbox.post(Disconnected(fault.text))

    def _acknowledged(
        self,
        _client: paho.Client,
        _userdata: object,
        _mid: int,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.value == NOT_AUTHORISED:
            self._inbox.post(Denied())

    def _message(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        if message.topic in self._figures:
            self._inbox.post(BrokerHeap(int(message.payload)))
            return
        given = getattr(message.properties, "CorrelationData", None)
        payload = bytes(message.payload)
        arrival = Arrival(
            message.topic,
            payload,
            message.retain,
            self._watch.date(payload, is_request=is_request(self.hall, message.topic)),
            lambda item: self._correlations.remember(item, given),
        )
        self._sorter.hand_in(self._inbox, arrival)

    def _properties(
        self, channel: Channel, message: Outgoing, client: str | None
    ) -> PackedProperties:
        correlation, back = self._correlations.of(channel, message, client), ""
        if channel.kind is Kind.REQUEST and isinstance(message, Request):
            back = RSP.topic(self.hall, client=self.client)
            correlation = correlation or message.id.encode("ascii")
        return packed_properties.pack(channel.expiry_s, back, correlation)
