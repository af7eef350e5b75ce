"""Takes back what stands, retained, at the province's broker of a hall or unit that has gone.

subscribe ─▶ all that stands, then our own mark ─▶ each said empty ─▶ … ─▶ nothing before a mark

The mark comes through the same queue as what was before it. A hall that is thrown out leaves last
wills behind, which come in between: two marks in a row must find nothing.
"""

import queue
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from hall.contract.downward import DOWN_LINK, TO_HALL
from hall.contract.province import PROVINCE, UP_ACK, filters_up, shared_by, unit_filter
from hall.contract.upward import STATES
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarDown, FarHeard, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.link_faults import LinkFault, Outlook

# Without a sign of the broker.
PATIENCE_S = 10.0
# An id begins with a letter or a digit: no unit is called so.
_NOBODY = "-"
_SILENT = LinkFault(
    "broker không đưa tin", "Xem: systemctl status mosquitto; rồi chạy lại.", Outlook.PASSING
)


class NotCleared(Exception):
    """The broker could not be asked; its text says why and what to do."""

    def __init__(self, fault: LinkFault) -> None:
        super().__init__(f"{fault.text}. {fault.advice}")


def of_hall(hall: str) -> tuple[str, ...]:
    """Where something of this hall may stand."""
    return filters_up(hall, (*STATES, DOWN_LINK, UP_ACK, *TO_HALL.values()))


def of_unit(unit: str) -> tuple[str, ...]:
    return (unit_filter(unit),)


def clear(server: Server, clock: Clock, filters: Iterable[str]) -> int:
    """How many states were taken back. Raises NotCleared."""
    if server.obstacle is not None:
        raise NotCleared(server.obstacle)
    ours, come = uuid.uuid4().hex[:12], queue.Queue[object]()
    options = FarOptions(
        client=f"{PROVINCE}-clear-{ours}",
        user=PROVINCE,
        filters=tuple(filters),
        shared=shared_by(f"clear-{ours}", (unit_filter(_NOBODY),)),
        pauses_s=(PATIENCE_S, PATIENCE_S),
    )
    link = FarMqttLink(options, lambda: server, clock)
    link.open(come.put)
    try:
        return _Clearing(link, come, ours).run()
    finally:
        link.close()


@dataclass(slots=True)
class _Clearing:
    link: FarMqttLink
    come: "queue.Queue[object]"
    ours: str
    _standing: set[str] = field(default_factory=set)
    _cleared: set[str] = field(default_factory=set)
    _round: int = 0
    _empty: int = 0

    def run(self) -> int:
        while self._empty < 2:  # noqa: PLR2004 - two marks in a row
            try:
                self._take_item(self.come.get(timeout=PATIENCE_S))
            except queue.Empty:
                raise NotCleared(_SILENT) from None
        return len(self._cleared)

    def _take_item(self, item: object) -> None:
        match item:
            case FarDown(fault):
                raise NotCleared(fault)
            case FarUp():
                self._publish_mark()
            case FarHeard(payload=payload) if payload == self._mark:
                self._end_round()
            case FarHeard(topic=topic, payload=payload) if payload and topic != _MARKS:
                self._standing.add(topic)
            case _:
                pass

    @property
    def _mark(self) -> bytes:
        return f"{self.ours} {self._round}".encode("ascii")

    def _publish_mark(self) -> None:
        self._round += 1
        self.link.publish(_MARKS, self._mark, retain=False)

    def _end_round(self) -> None:
        self._empty = 0 if self._standing else self._empty + 1
        for topic in sorted(self._standing):
            self.link.publish(topic, b"", retain=True)
        self._cleared |= self._standing
        self._standing.clear()
        self._publish_mark()


_MARKS = unit_filter(_NOBODY).replace("+", "clear")
