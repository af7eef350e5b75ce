"""A province that is not there: it takes every batch, forgets nothing, and can be taken away."""

from collections.abc import Mapping

from pydantic import Field

from hall.contract import codec
from hall.contract.province import (
    PROVINCE,
    UP_ACK,
    JournalPlace,
    UpAck,
    UpEvents,
    find_up,
    topic_up,
)
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp, Post
from hall.runtime.link_faults import LinkFault
from hall.uplink.link_section import ConnectedLink, LinkSection, LinkSurroundings

_GONE = LinkFault("tỉnh mô phỏng đã ngắt, theo lệnh", "motcua: simulate back")


class SimulatedLink(LinkSection):
    url: str = Field(pattern="^simulated$", description="Tỉnh mô phỏng.", examples=["simulated"])

    def connect(self, where: LinkSurroundings) -> ConnectedLink:
        province = SimulatedProvince(where.hall, where.clock)
        return ConnectedLink(province, "tỉnh mô phỏng", province)


def _nobody(_item: object) -> None:
    """Nobody listens before the start."""


class SimulatedProvince:
    """Obeys `steer`: away, back, forget (it loses what it held). Answers at once."""

    def __init__(self, hall: str, clock: Clock) -> None:
        self._hall = hall
        self._clock = clock
        self._post: Post = _nobody
        self._is_there = False
        self._token = 0
        self.held = JournalPlace()
        self.states: dict[str, bytes] = {}

    def open(self, post: Post) -> None:
        self._post = post
        self._come()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        if not self._is_there:
            return None
        self._token += 1
        self._post(FarSent(self._token))
        address = find_up(topic)
        if retain and payload:
            self.states[topic] = payload
        elif retain:
            self.states.pop(topic, None)
        elif address is not None and address.model is UpEvents:
            self._take_batch(payload)
        return self._token

    def acknowledge(self, heard: FarHeard) -> None:
        """Nothing is kept here until then."""

    def close(self) -> None:
        self._is_there = False

    def steer(self, action: str, args: Mapping[str, object]) -> bool:
        match action:
            case "away" if self._is_there:
                self._is_there = False
                self._post(FarDown(_GONE))
            case "back" if not self._is_there:
                self._come()
            case "forget":
                self.held = JournalPlace()
                self.states.clear()
                self._answer()
            case "away" | "back":
                pass
            case _:
                return False
        return True

    def _come(self) -> None:
        self._is_there = True
        self._post(FarUp(f"simulated-{self._token}"))
        for topic, payload in self.states.items():
            self._post(FarHeard(topic, payload, retained=True))
        self._answer()

    def _take_batch(self, payload: bytes) -> None:
        batch = codec.read(UpEvents, codec.open_payload(payload, hall=self._hall).content)
        if batch.after.order <= self.held.order < batch.last.order:
            self.held = batch.last
        self._answer()

    def _answer(self) -> None:
        ack = UpAck(epoch=self.held.epoch, seq=self.held.seq)
        payload = codec.pack(ack, hall=self._hall, src=PROVINCE, ts=self._clock.now())
        self._post(FarHeard(topic_up(self._hall, UP_ACK), payload))
