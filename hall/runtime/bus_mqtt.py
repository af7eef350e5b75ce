"""The bus over MQTT 5: everything is re-subscribed on every connect, nothing is kept offline.

paho's threads only post to the inbox. What paho gets wrong is answered here: no TCP_NODELAY, no
size check, no jitter, messages kept while offline, one fixed will for all connections.
"""

import logging
import random
import socket
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hall.contract import codec
from hall.contract.requests import Request
from hall.contract.topics import RSP, Channel, Kind
from hall.contract.words import Part
from hall.runtime.bus import Connected, Disconnected, Subscription, Will, will_message
from hall.runtime.clock import Clock
from hall.runtime.inbox import Inbox
from hall.runtime.sorting import Sorter

log = logging.getLogger(__name__)

KEEPALIVE_S = 10
CONNECT_TIMEOUT_S = 3.0
# A queue of this many unsent messages means the link is dead; states are sent again anyway.
MAX_QUEUED = 500


@dataclass(frozen=True, slots=True)
class Server:
    """Where the broker is and how to prove who we are; `ca` is a file, empty = the system's."""

    host: str
    port: int
    password: str | None = None
    tls: bool = False
    ca: str = ""


class MqttBus:
    def __init__(self, client: str, hall: str, server: Server, clock: Clock) -> None:
        self.client = client
        self.hall = hall
        self._server = server
        self._clock = clock
        self._sorter = Sorter(hall)
        self._inbox = Inbox()
        self._subscriptions: Sequence[Subscription] = ()
        self._wills: Sequence[Will] = ()
        self._conn = ""
        self._up = threading.Event()
        self._told_down = False
        self._paho = self._client()

    def open(
        self, inbox: Inbox, subscriptions: Sequence[Subscription], wills: Sequence[Will]
    ) -> None:
        self._inbox = inbox
        self._subscriptions = subscriptions
        self._wills = wills
        self._paho.connect_async(
            self._server.host, self._server.port, KEEPALIVE_S, clean_start=True
        )
        self._paho.loop_start()

    def publish(self, channel: Channel, message: Part, **levels: str) -> bool:
        if not self._up.is_set():
            return False
        payload = codec.pack(message, hall=self.hall, src=self.client, ts=self._clock.now())
        self._paho.publish(
            channel.topic(self.hall, **levels),
            payload,
            qos=channel.qos(levels.get("verb")),
            retain=channel.retained,
            properties=self._properties(channel, message),
        )
        return True

    def clear(self, channel: Channel, **levels: str) -> bool:
        if not self._up.is_set():
            return False
        self._paho.publish(channel.topic(self.hall, **levels), b"", qos=1, retain=True)
        return True

    def close(self) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()
        self._up.clear()

    def _client(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=self.client, protocol=paho.MQTTv5
        )
        if self._server.password is not None:
            client.username_pw_set(self.client, self._server.password)
        if self._server.tls:
            client.tls_set(ca_certs=self._server.ca or None)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_queued_messages_set(MAX_QUEUED)
        # Halls of many devices must not all come back in the same instant.
        client.reconnect_delay_set(random.uniform(0.3, 0.8), random.uniform(1.5, 3.0))  # type: ignore[arg-type]  # noqa: S311
        client.on_socket_open = _quick
        client.on_pre_connect = self._guard(self._set_will)
        client.on_connect = self._guard(self._connected)
        client.on_connect_fail = self._guard(self._failed)
        client.on_disconnect = self._guard(self._disconnected)
        client.on_message = self._guard(self._message)
        return client

    def _guard(self, callback: Callable[..., None]) -> Callable[..., None]:
        """An exception in a callback would end paho's thread while it still says connected."""

        def guarded(*args: Any) -> None:  # noqa: ANN401
            try:
                callback(*args)
            except Exception:
                log.exception("bus callback failed")

        return guarded

    def _set_will(self, client: paho.Client, _userdata: object) -> None:
        self._conn = uuid.uuid4().hex
        for will in self._wills[-1:]:
            message = will_message(will, self._conn)
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
        if reason.is_failure:
            self._down(f"refused: {reason}")
            return
        filters = [
            (s.channel.filter(self.hall, **s.levels), _options(s.channel))
            for s in self._subscriptions
        ]
        if filters:
            client.subscribe(filters)
        self._up.set()
        if self._told_down:
            log.info("broker back")
        self._told_down = False
        self._inbox.post(Connected(self._conn))

    def _failed(self, _client: paho.Client, _userdata: object) -> None:
        self._down("no answer")

    def _disconnected(
        self,
        _client: paho.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            self._down(str(reason))

    def _down(self, why: str) -> None:
        was_up = self._up.is_set()
        self._up.clear()
        if was_up or not self._told_down:
            log.warning("broker %s:%d away: %s", self._server.host, self._server.port, why)
            self._inbox.post(Disconnected(why))
        self._told_down = True

    def _message(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        item = self._sorter.sort(message.topic, bytes(message.payload), retained=message.retain)
        if item is not None:
            self._inbox.post(item)

    def _properties(self, channel: Channel, message: Part) -> Properties:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = "application/json"
        properties.PayloadFormatIndicator = 1
        if channel.expiry_s is not None:
            properties.MessageExpiryInterval = channel.expiry_s
        if channel.kind is Kind.REQUEST and isinstance(message, Request):
            properties.ResponseTopic = RSP.topic(self.hall, client=self.client)
            properties.CorrelationData = message.id.encode("ascii")
        return properties


def _quick(_client: paho.Client, _userdata: object, sock: Any) -> None:  # noqa: ANN401
    """Without NODELAY on both sides a QoS 1 round trip takes 40 ms more."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000)


def _options(channel: Channel) -> SubscribeOptions:
    """Requests keep the retain flag as published, so that a retained one is seen and dropped."""
    return SubscribeOptions(qos=1, retainAsPublished=channel.kind is Kind.REQUEST)
