"""Owns every counter's face: publishes it retained, shows it here, marks it when it may be old."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from display import faces
from display.faces import Sight, Spec
from display.ports import FaceDriver, FaceDriverError
from hall.contract.messages import CounterState, Face
from hall.contract.requests import Request
from hall.contract.topics import FACE, REQ_DEV, STATE_COUNTER
from hall.runtime.bus import Connected, Received, expect
from hall.runtime.daemon import Desk
from hall.runtime.picture import Presence, after, holds

log = logging.getLogger(__name__)

# A call older than this no longer blinks when the face is said again after a reconnect.
FRESH_S = 10.0
IDENTIFY_S = 5.0
RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A counter as last heard; `live_at`: when its call came in, None for an old one."""

    state: CounterState
    live_at: float | None


class FacesService:
    """`drivers`: counter → the driver that shows it here; the others are on the bridges' buses."""

    def __init__(
        self,
        desk: Desk,
        specs: Sequence[Spec],
        drivers: Mapping[str, FaceDriver],
        *,
        needs_main_thread: bool = False,
    ) -> None:
        self.needs_main_thread = needs_main_thread
        self._desk = desk
        self._specs = {spec.counter: spec for spec in specs}
        self._drivers = drivers
        self._known: dict[str, _Known] = {}
        self._published: dict[str, Face] = {}
        self._unshown: dict[str, float] = {}
        self._lost: dict[FaceDriver, float] = {}
        self._proven: set[FaceDriver] = set()
        self._presence = Presence()
        self._alive = True
        self._identify: tuple[float, str] | None = None

    def start(self) -> None:
        if self._drivers:
            self._desk.health.inherit("display_lost")
        self._presence = Presence(heard_at=self._desk.clock.monotonic())

    def stop(self) -> None:
        for driver in set(self._drivers.values()):
            driver.close()

    def handle(self, item: object) -> None:
        now = self._desk.clock.monotonic()
        self._presence = after(self._presence, item, now)
        match item:
            case Connected():
                self._say_again(now)
            case Received(channel=channel) if channel is STATE_COUNTER:
                self._counter(item, now)
            case Received(channel=channel) if channel is REQ_DEV:
                self._asked(item, now)
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

    def _asked(self, item: Received, now: float) -> None:
        request = expect(item.message, Request)
        sender = item.levels["client"]
        if item.levels["verb"] != "identify":
            self._desk.refuse(sender, request.id, "bad_request")
            return
        self._identify = (now + IDENTIFY_S, request.id)
        self._desk.reply(sender, request.id)

    def _refresh(self, now: float) -> None:
        """Bring every display to what is true now; what is already there is left alone."""
        self._watch(now)
        for counter, spec in self._specs.items():
            wanted = self._wanted(spec, now)
            if wanted is None:
                continue
            if wanted != self._published.get(counter):
                self._published[counter] = wanted
                self._desk.bus.publish(FACE, wanted, counter=counter)
                self._unshown[counter] = now
            if self._unshown.get(counter, now + 1) <= now:
                self._show(counter, wanted, now)

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

    def _show(self, counter: str, face: Face, now: float) -> None:
        self._unshown.pop(counter, None)
        driver = self._drivers.get(counter)
        if driver is None:
            return
        try:
            driver.show(counter, face, now)
        except FaceDriverError as err:
            self._unshown[counter] = now + RETRY_S
            self._unreachable(driver, err, now)
        else:
            self._proven.add(driver)
            self._reached(driver)

    def _drivers_due(self, now: float) -> list[float]:
        return [self._driver_due(driver, now) for driver in dict.fromkeys(self._drivers.values())]

    def _driver_due(self, driver: FaceDriver, now: float) -> float:
        retry_at = self._lost.get(driver, now)
        if retry_at > now:
            return retry_at
        try:
            due = driver.tick(now)
        except FaceDriverError as err:
            self._unreachable(driver, err, now)
            return now + RETRY_S
        self._reached(driver)
        return due

    def _unreachable(self, driver: FaceDriver, err: FaceDriverError, now: float) -> None:
        self._lost[driver] = now + RETRY_S
        text = f"Bảng số không nhận dữ liệu: {err}."
        self._desk.health.alert("display_lost", text, "Kiểm tra dây và nguồn của bảng số.")

    def _reached(self, driver: FaceDriver) -> None:
        """Solved when none is lost and each has shown a face."""
        self._lost.pop(driver, None)
        if not self._lost and self._proven.issuperset(self._drivers.values()):
            self._desk.health.solve("display_lost")

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
    """When this call came in live; a call that goes on keeps its moment."""
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
