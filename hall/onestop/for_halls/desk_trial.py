"""Whether a look-up comes through: one that no dossier has is asked of the gateway itself.

check ─▶ broker ─▶ gateway ─▶ driver ─▶ software, and back: broker, rights, gateway, key in one go
"""

import queue
from dataclasses import dataclass

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.downward import desk_topic, find_down
from hall.contract.messages import Refusal, Reply
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.onestop_requests import DossierLookup
from hall.contract.province import PROVINCE
from hall.contract.topics import REQ_ONESTOP, RSP
from hall.onestop.askers import NOBODYS_CODE
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.link_faults import LinkFault
from hall.runtime.requester import new_id

# The gateway itself answers within 4.5 s.
PATIENCE_S = 8.0


@dataclass(frozen=True, slots=True)
class TrialAnswered:
    """`took_s`: from the question to the software's answer. `source`: its name."""

    took_s: float
    source: str


@dataclass(frozen=True, slots=True)
class TrialRefused:
    """The gateway answered, and not with what the software knows."""

    error: Refusal


@dataclass(frozen=True, slots=True)
class TrialForbidden:
    """The broker's rights are of an earlier version."""


@dataclass(frozen=True, slots=True)
class TrialUnanswered:
    """Nobody answered. `status`: what the gateway said last of itself, where it ever did."""

    status: OnestopStatus | None


DeskVerdict = TrialAnswered | TrialRefused | TrialForbidden | TrialUnanswered | LinkFault


def ask(server: Server, clock: Clock, patience_s: float = PATIENCE_S) -> DeskVerdict:
    """Blocks for at most `patience_s` once, and as long again for the connection."""
    client = f"check-{new_id()[:12]}"
    options = FarOptions(
        client=f"{PROVINCE}-{client}",
        user=PROVINCE,
        filters=(RSP.filter(PROVINCE, client=client), desk_topic()),
        pauses_s=(patience_s, patience_s),
    )
    link, come = FarMqttLink(options, lambda: server, clock), queue.Queue[object]()
    link.open(come.put)
    try:
        return _Trial(link, come, client, clock, patience_s).run()
    finally:
        link.close()


@dataclass(slots=True)
class _Trial:
    link: FarMqttLink
    come: "queue.Queue[object]"
    client: str
    clock: Clock
    patience_s: float
    _status: OnestopStatus | None = None
    _asked_at: float = 0.0
    _token: int | None = None

    def run(self) -> DeskVerdict:
        until = self.clock.monotonic() + self.patience_s
        while True:
            try:
                item = self.come.get(timeout=max(0.0, until - self.clock.monotonic()))
            except queue.Empty:
                return TrialUnanswered(self._status)
            if isinstance(item, FarUp):
                self._ask()
                until = self._asked_at + self.patience_s
            elif (verdict := self._verdict(item)) is not None:
                return verdict

    def _ask(self) -> None:
        asked = DossierLookup(id=new_id(), code=NOBODYS_CODE)
        topic = REQ_ONESTOP.topic(PROVINCE, verb="dossier-lookup", client=self.client)
        payload = codec.pack(asked, hall=PROVINCE, src=self.client, ts=self.clock.now())
        self._asked_at = self.clock.monotonic()
        self._token = self.link.publish(topic, payload, retain=False)

    def _verdict(self, item: object) -> DeskVerdict | None:
        match item:
            case FarDown(fault):
                return fault
            case FarSent(token=token, taken=False) if token == self._token:
                return TrialForbidden()
            case FarHeard():
                return self._take_heard(item)
            case _:
                return None

    def _take_heard(self, heard: FarHeard) -> DeskVerdict | None:
        """What cannot be read is as nothing: the gateway reads its own words back."""
        address = find_down(heard.topic)
        if address is None:
            return None
        try:
            content = codec.open_payload(heard.payload, hall=PROVINCE).content
            if address.channel is not RSP:
                self._status = codec.read(OnestopStatus, content)
                return None
            reply = codec.read(Reply, content)
        except Garbled:
            return None
        if reply.error is not None and reply.error.code != "unknown":
            return TrialRefused(reply.error)
        source = "" if self._status is None else self._status.source
        return TrialAnswered(self.clock.monotonic() - self._asked_at, source)
