"""Owns every counter's face: publishes it retained, shows it here, marks it when it may be old."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from display import faces
from display.faces import Sight, Spec
from display.ports import FaceDriver
from hall.contract.messages import CounterState, Face
from hall.contract.requests import Request
from hall.contract.topics import FACE, REQ_DEV, STATE_COUNTER
from hall.runtime.bus import Connected, Received, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.devices import Devices, DeviceWatch
from hall.runtime.picture import Presence, after, holds

log = logging.getLogger(__name__)

# A call older than this no longer blinks when the face is said again after a reconnect.
FRESH_S = 10.0
IDENTIFY_S = 5.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A counter as last heard; `live_at`: when its call came in, None for an old one."""

    state: CounterState
    live_at: float | None


class FacesService:
    """`drivers`: counter → the driver that shows it here; the others are on the bridges' buses."""

    def __init__(
        self,
        context: DaemonContext,
        specs: Sequence[Spec],
        drivers: Mapping[str, FaceDriver],
        *,
        needs_main_thread: bool = False,
    ) -> None:
        self.needs_main_thread = needs_main_thread
        self._context = context
        self._specs = {spec.counter: spec for spec in specs}
        self._drivers = drivers
        self._known: dict[str, _Known] = {}
        self._published: dict[str, Face] = {}
        self._unshown: dict[str, float] = {}
        self._devices = Devices(context.health)
        self._cares = {driver: self._care(driver) for driver in drivers.values()}
        self._presence = Presence()
        self._alive = True
        self._identify: tuple[float, str] | None = None

    def start(self) -> None:
        self._devices.expect(*(driver.device for driver in self._cares))
        self._presence = Presence(heard_at=self._context.clock.monotonic())

    def stop(self) -> None:
        for driver in self._cares:
            driver.close()

    def _care(self, driver: FaceDriver) -> DeviceWatch:
        return DeviceWatch(driver.device, self._devices.take_news, self._context.clock.monotonic)

    def handle(self, item: object) -> None:
        now = self._context.clock.monotonic()
        self._presence = after(self._presence, item, now)
        match item:
            case Connected():
                self._say_again(now)
            case Received(channel=channel) if channel is STATE_COUNTER:
                self._counter(item, now)
            case Received(channel=channel) if channel is REQ_DEV:
                self._device_request(item, now)
            case _:
                pass
        self._refresh(now)

    def tick(self, now: float) -> float:
        if self._identify is not None and now >= self._identify[0]:
            self._identify = None
        self._refresh(now)
        moments = [now + 3600.0, *self._unshown.values()]
        if self._presence.there(now):
            moments.append(self._presence.due)
        if self._identify is not None:
            moments.append(self._identify[0])
        return min([*moments, *self._drivers_due(now)])

    def _counter(self, item: Received, now: float) -> None:
        state = expect(item.message, CounterState)
        known = self._known.get(state.counter)
        if not holds(state, known.state if known else None):
            return
        self._known[state.counter] = _Known(state, _live_at(known, state, item, now))

    def _device_request(self, item: Received, now: float) -> None:
        request = expect(item.message, Request)
        sender = item.levels["client"]
        if item.levels["verb"] != "identify":
            self._context.refuse(sender, request.id, "bad_request")
            return
        self._identify = (now + IDENTIFY_S, request.id)
        self._context.reply(sender, request.id)

    def _refresh(self, now: float) -> None:
        """Bring every display to what is true now; what is already there is left alone."""
        self._watch(now)
        for counter, spec in self._specs.items():
            wanted = self._wanted(spec, now)
            if wanted is None:
                continue
            if wanted != self._published.get(counter):
                self._published[counter] = wanted
                self._context.bus.publish(FACE, wanted, counter=counter)
                self._unshown[counter] = now
            if self._unshown.get(counter, now + 1) <= now:
                self._show_face(counter, wanted, now)

    def _watch(self, now: float) -> None:
        alive = self._presence.there(now)
        if alive != self._alive:
            self._alive = alive
            self._settle(now)
            log.warning("controller %s", "back" if alive else "not heard: faces are marked")

    def _wanted(self, spec: Spec, now: float) -> Face | None:
        """None while nothing is known: the retained face of an earlier run stands."""
        if self._identify is not None:
            name = faces.fit(spec.counter.upper(), spec)
            return Face(text=name, style="message", call=self._identify[1])
        known = self._known.get(spec.counter)
        if known is None and self._presence.there(now):
            return None
        live = known is not None and known.live_at is not None
        state = known.state if known else None
        return faces.face(spec, Sight(state, alive=self._presence.there(now), live=live))

    def _show_face(self, counter: str, face: Face, now: float) -> None:
        self._unshown.pop(counter, None)
        driver = self._drivers.get(counter)
        if driver is None:
            return
        care = self._cares[driver]
        if now >= care.retry_at and care.attempt(lambda: driver.show_face(counter, face, now)):
            care.works()
        else:
            self._unshown[counter] = care.retry_at

    def _drivers_due(self, now: float) -> list[float]:
        return [self._driver_due(driver, now) for driver in self._cares]

    def _driver_due(self, driver: FaceDriver, now: float) -> float:
        """A display that is lost between two faces is shown its face again."""
        care, due = self._cares[driver], list[float]()
        if now < care.retry_at:
            return care.retry_at
        if care.attempt(lambda: due.append(driver.tick(now))):
            return due[0]
        for counter, each in self._drivers.items():
            if each is driver and counter in self._published:
                self._unshown[counter] = care.retry_at
        return care.retry_at

    def _say_again(self, now: float) -> None:
        """All faces after a reconnect."""
        self._settle(now)
        self._published.clear()

    def _settle(self, now: float) -> None:
        """After a silence, ours or the controller's, only a call of just now still blinks."""
        for counter, known in self._known.items():
            if known.live_at is not None and now > known.live_at + FRESH_S:
                self._known[counter] = _Known(known.state, None)


def _live_at(known: _Known | None, state: CounterState, item: Received, now: float) -> float | None:
    """When this call came in live; a call that goes on keeps its first time."""
    call = faces.call_id(state)
    if known is not None and call == faces.call_id(known.state):
        return known.live_at
    return now if _is_live(known, state, item) else None


def _is_live(known: _Known | None, state: CounterState, item: Received) -> bool:
    """A change against what we knew, or, when we knew nothing, a call of just now."""
    if item.retained:
        return False
    if known is not None:
        return True
    if item.ts is None or state.called_at is None:
        return False
    return (item.ts - state.called_at).total_seconds() < FRESH_S
