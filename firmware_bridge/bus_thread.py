"""One blocking thread per bus: a stalled broker or window cannot break a bus's timing."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.master import Master
from firmware_bridge.ports import BusEvent, Steer, UnitCounts
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.devices import Device

log = logging.getLogger(__name__)

_COUNT_EVERY_S = 1.0
_JOIN_S = 3.0
Post = Callable[[BusEvent, float], None]


@dataclass(frozen=True, slots=True)
class _Want:
    address: int
    look: UnitFace


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


_Order = _Want | Steer | _Stop


@dataclass(slots=True)
class BusThread:
    """`steer` changes simulated hardware, in the bus's own thread; None where the hardware is real.

    `after` is called after every turn (pictures of simulated displays).
    """

    name: str
    device: Device
    master: Master
    clock: Callable[[], float]
    steering: Callable[[Steer], None] | None = None
    after: Callable[[], None] | None = None
    _orders: queue.SimpleQueue[_Order] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None
    _counts: tuple[UnitCounts, ...] = ()
    _count_at: float = 0.0

    def start(self, post: Post) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name=self.name, daemon=True)
        self._thread.start()

    def want_face(self, address: int, look: UnitFace) -> None:
        self._orders.put(_Want(address, look))

    def steer(self, what: Steer) -> bool:
        if self.steering is None:
            return False
        self._orders.put(what)
        return True

    def counts(self) -> tuple[UnitCounts, ...]:
        return self._counts

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._orders.put(_Stop())
            thread.join(_JOIN_S)

    def _run(self, post: Post) -> None:
        due = self.clock()
        while self._take_orders(due - self.clock()):
            due = self._turn(post)
        self.master.close()

    def _turn(self, post: Post) -> float:
        try:
            turn = self.master.turn()
        except Exception as err:  # the loop's edge
            turn = self.master.lose(err)
            if turn.events:
                log.exception("%s: failed", self.name)
        for event in turn.events:
            post(event, self.clock())
        self._count()
        if self.after is not None:
            self.after()
        return turn.due

    def _take_orders(self, patience_s: float) -> bool:
        """Take all orders, waiting for the first; False when it is time to end."""
        while True:
            try:
                wait = patience_s > 0
                order = self._orders.get(timeout=patience_s) if wait else self._orders.get_nowait()
            except queue.Empty:
                return True
            patience_s = 0.0
            if isinstance(order, _Stop):
                return False
            self._do_order(order)

    def _do_order(self, order: _Want | Steer) -> None:
        try:
            match order:
                case _Want(address, look):
                    self.master.want_face(address, look)
                case Steer():
                    self._steer(order)
        except Exception:  # the loop's edge: one order that cannot be obeyed must not end the bus
            log.exception("%s: failed in %s", self.name, order)

    def _steer(self, what: Steer) -> None:
        if self.steering is not None:
            self.steering(what)

    def _count(self) -> None:
        now = self.clock()
        if now - self._count_at >= _COUNT_EVERY_S:
            self._count_at = now
            self._counts = tuple(station.counts() for station in self.master.stations)
