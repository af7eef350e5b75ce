"""A plain link over MQTT 5: clean sessions, subscribed anew on every connect."""

import logging
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hall.runtime import link_faults
from hall.runtime.buffered_socket import Buffering
from hall.runtime.bus_mqtt import CONNECT_TIMEOUT_S, FAREWELL_S, NOT_AUTHORISED, Server
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp, FarWill, Post
from hall.runtime.link_faults import Identity, LinkFault
from hall.runtime.paho_loop import PahoLoop
from hall.runtime.paho_mends import forget_unsent, guarded
from hall.runtime.standstill_watch import StandStillWatch
from hall.runtime.tls import FreshTls, fault_of

log = logging.getLogger(__name__)

# A batch of 48 KiB takes 6 s on 64 kbit/s, and a ping waits behind it.
KEEPALIVE_S = 45


@dataclass(frozen=True, slots=True)
class FarOptions:
    """`client`: the client id; `user`: whom the password is of.

    `filters`: subscribed at QoS 1, without what we say ourselves; `shared`: with other clients.

    `will`: made for each connection from its mark. `unacknowledged`: at most so many messages are
    handed over before `acknowledge`; None: each is acknowledged when it is handed over.
    `pauses_s`: shortest and longest between two tries to connect.
    """

    client: str
    user: str
    filters: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    will: Callable[[str], FarWill] | None = None
    unacknowledged: int | None = None
    pauses_s: tuple[float, float] = (1.0, 60.0)


class FarMqttLink:
    """`look`: where the broker is and the password, asked before every try."""

    def __init__(self, options: FarOptions, look: Callable[[], Server], clock: Clock) -> None:
        self._options = options
        self._look = look
        self._clock = clock
        self._post: Post = _nobody
        self._server = Server("", 0)
        self._conn = ""
        self._up = threading.Event()
        self._answered = False
        self._leaving = threading.Event()
        self._pause_s = 0.0
        self._fault: LinkFault | None = None
        self._paho: paho.Client | None = None
        self._loop: PahoLoop | None = None
        self._last: paho.MQTTMessageInfo | None = None

    def open(self, post: Post) -> None:
        self._post = post
        self._leaving.clear()
        self._server = self._look()
        client = self._paho = self._client()
        client.connect_async(
            self._server.host,
            self._server.port,
            KEEPALIVE_S,
            clean_start=True,
            properties=self._connecting(),
        )
        watch = StandStillWatch(self._clock, lambda: False)
        self._loop = PahoLoop(client, self._options.client, self._clock, watch, self._failed)
        self._loop.start()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        if self._paho is None or self._loop is None or not self._up.is_set():
            return None
        sent = self._paho.publish(topic, payload, 1, retain)
        self._loop.write()
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return None
        self._last = sent
        return sent.mid

    def acknowledge(self, heard: FarHeard) -> None:
        if self._paho is not None and self._loop is not None and self._up.is_set():
            self._paho.ack(heard.token, 1)
            self._loop.write()

    def close(self) -> None:
        self._leaving.set()
        loop, self._loop = self._loop, None
        if loop is None:
            return
        if self._last is not None and self._up.is_set():
            self._last.wait_for_publish(FAREWELL_S)
        loop.close()
        self._paho = None
        self._up.clear()

    def _connecting(self) -> Properties | None:
        if self._options.unacknowledged is None:
            return None
        wanted = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wanted.ReceiveMaximum = self._options.unacknowledged
        return wanted

    def _client(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._options.client,
            protocol=paho.MQTTv5,
            manual_ack=self._options.unacknowledged is not None,
        )
        tls = FreshTls(self._server.ca) if self._server.tls else None
        client.tls_set_context(Buffering(tls))  # type: ignore[arg-type]
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.on_pre_connect = guarded(self._prepare)
        client.on_connect = guarded(self._connected)
        client.on_disconnect = guarded(self._disconnected)
        client.on_message = guarded(self._message)
        client.on_publish = guarded(self._published)
        return client

    def _prepare(self, client: paho.Client, _userdata: object) -> None:
        forget_unsent(client)
        self._conn = uuid.uuid4().hex
        self._answered = False
        self._server = self._look()
        client.username_pw_set(self._options.user, self._server.password)
        if self._options.will is not None:
            will = self._options.will(self._conn)
            client.will_set(will.topic, will.payload, qos=1, retain=True)

    @property
    def _identity(self) -> Identity:
        return self._server.identity(self._options.user)

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
            refusal = link_faults.of_connack(reason.value, str(reason), self._identity)
            self._down(self._server.obstacle or refusal)
            return
        self._pause_s = 0.0
        self._fault = None
        self._up.set()
        # No Local together with a shared subscription is a protocol error.
        own = [(each, SubscribeOptions(qos=1, noLocal=True)) for each in self._options.filters]
        wanted = own + [(each, SubscribeOptions(qos=1)) for each in self._options.shared]
        if wanted:
            client.subscribe(wanted)
        log.info("%s connected to %s", self._options.client, self._server.place)
        self._post(FarUp(self._conn))

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
        if self._up.is_set():
            self._down(link_faults.of_disconnect(reason.value, self._identity))
        elif not self._answered:
            self._down(link_faults.hung_up(self._server.place, tls=self._server.tls))
        self._pause()

    def _pause(self) -> None:
        """With chance in it: a hundred halls must not come back at once."""
        shortest, longest = self._options.pauses_s
        self._pause_s = min(2 * self._pause_s, longest) or shortest
        self._leaving.wait(self._pause_s * random.uniform(0.5, 1.0))  # noqa: S311

    def _down(self, fault: LinkFault) -> None:
        """Each cause is told once."""
        was_up, before = self._up.is_set(), self._fault
        self._up.clear()
        self._fault = fault
        if fault != before:
            log.warning("%s: %s", self._server.place, fault.text)
        if was_up or fault != before:
            self._post(FarDown(fault))

    def _published(
        self,
        _client: paho.Client,
        _userdata: object,
        mid: int,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        self._post(FarSent(mid, taken=reason.value != NOT_AUTHORISED))

    def _message(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload)
        self._post(FarHeard(message.topic, payload, message.retain, message.mid))


def _nobody(_item: object) -> None:
    """Nobody listens before the start."""
