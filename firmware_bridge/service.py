"""The bridge: faces from the bus to the wires, keys from the wires to the controller.

A key is acted on once, within 3 s, and felt by the clerk only after the controller has answered.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from firmware_bridge.alerts import LOST_S, UNIT_LOST, Troubles
from firmware_bridge.counting import reached_units, unit_health
from firmware_bridge.ports import (
    BusBack,
    BusEvent,
    BusLost,
    FieldBus,
    FromBus,
    KeypadPressed,
    Keypads,
    UnitBack,
    UnitLost,
)
from firmware_bridge.presses import PressContext
from firmware_bridge.protocols.session import KeyPressed, KeysLost, Rebooted, WrongShown
from firmware_bridge.seats import Seat, Sign
from firmware_bridge.training import steer_of
from hall.contract.messages import CounterState, DeviceStatus, Face
from hall.contract.requests import Identify, Simulate
from hall.contract.topics import DEV_STATUS, FACE
from hall.runtime.bus import Cleared, Connected, Received
from hall.runtime.daemon import DaemonContext
from hall.runtime.devices import DeviceLost, Devices, DeviceWell
from hall.runtime.picture import Peer, Presence, after

log = logging.getLogger(__name__)

TELL_UNITS_S = 30.0
_CAUSES = {1: "power", 2: "watchdog", 3: "brown-out"}


@dataclass(slots=True)
class BridgeService:
    """`seats`: the counters this bridge serves, each with its unit, its keypad or both."""

    context: DaemonContext
    buses: Sequence[FieldBus]
    seats: Sequence[Seat]
    keypads: Sequence[Keypads] = ()
    devices: Devices = field(init=False)
    troubles: Troubles = field(init=False)
    asking: PressContext = field(init=False)
    _presence: Presence = field(default_factory=Presence)
    _display: Peer = field(default_factory=Peer)
    _reached: frozenset[tuple[int, int]] = frozenset()
    _tell_units_at: float = 0.0
    _tell_change_at: float = inf

    def __post_init__(self) -> None:
        self.devices = Devices(self.context.health)
        buses = [bus.device for bus in self.buses]
        self.troubles = Troubles(self.context.health, self.devices, buses, self.seats)
        self.asking = PressContext(self.context, self._sign, self._controller_there)

    def start(self) -> None:
        self.context.health.inherit(UNIT_LOST)
        self.devices.expect(*(bus.device for bus in self.buses))
        for keypad in self.keypads:
            self.devices.expect(*keypad.devices)
        for index, bus in enumerate(self.buses):
            bus.start(self._poster(index))
        for keypad in self.keypads:
            keypad.start(self.context.inbox.post)

    def stop(self) -> None:
        for keypad in self.keypads:
            keypad.stop()
        for bus in self.buses:
            bus.stop()

    def handle(self, item: object) -> None:
        self._presence = after(self._presence, item, self.context.clock.monotonic())
        match item:
            case Connected():
                self._show_all()
            case FromBus(bus, event, at):
                self._from_bus(bus, event, at)
            case KeypadPressed(counter, key, at):
                self._key(self._seat_of(counter), key, at)
            case DeviceLost() | DeviceWell():
                self.devices.take_news(item)
            case Received():
                self._received(item)
            case Cleared(channel, levels) if channel is FACE:
                self._face(levels["counter"], Face(text="", style="off"), live=False)
            case _:
                pass

    def tick(self, now: float) -> float:
        """Feedback that no face came to carry, and faces that have become old."""
        for seat in self.seats:
            if seat.sign_due is None or now >= seat.sign_due:
                self._show_face(seat)
        self._look_at_units(now)
        self.troubles.tick(now)
        if now >= min(self._tell_units_at, self._tell_change_at):
            if now >= self._tell_units_at:
                self._tell_units_at = now + TELL_UNITS_S
            self._tell_change_at = inf
            down, clock = self.troubles.down, self.context.clock
            self.context.health.set_units(unit_health(self.buses, down, self.seats, clock))
        dues = [seat.sign_due for seat in self.seats if seat.sign_due is not None]
        return min([now + 1.0, *dues])

    def _received(self, item: Received) -> None:
        match item.message:
            case Face() as face if item.channel is FACE:
                self._face(item.levels["counter"], face, live=not item.retained)
            case CounterState() as state:
                self.asking.counter_changed(state)
            case DeviceStatus() as status:
                self._neighbour(item.levels["client"], status)
            case Identify(id=request_id):
                self._sign_all(Sign.HERE)
                self.context.reply(item.levels["client"], request_id)
            case Simulate() as order:
                self._simulate(order, item.levels["client"])
            case _:
                client, request = item.levels.get("client"), getattr(item.message, "id", None)
                if client and request and item.channel is not DEV_STATUS:
                    self.context.refuse(client, request, "bad_request")

    def _face(self, counter: str, face: Face, *, live: bool) -> None:
        for seat in self.seats:
            if seat.counter != counter:
                continue
            self.troubles.fits(seat, face.text, fits=seat.take_face(face, live=live))
            self._show_face(seat)

    def _neighbour(self, client: str, status: DeviceStatus) -> None:
        if client == "display":
            self._display = self._display.with_status(status)
        self._show_all()

    def _controller_there(self, now: float) -> bool:
        return self._presence.there(now)

    def _stale(self, now: float) -> bool:
        return self._display.gone or not self._presence.there(now)

    def _show_all(self) -> None:
        for seat in self.seats:
            self._show_face(seat)

    def _show_face(self, seat: Seat) -> None:
        """Tell the unit what to show, once; before the first face there is nothing to tell."""
        look = seat.look(stale=self._stale(self.context.clock.monotonic()))
        if look is not None and look is not seat.told and seat.bus is not None:
            seat.told = look
            self.buses[seat.bus].want_face(seat.address, look)

    def _sign(self, seat: Seat, sign: Sign) -> None:
        """Let the clerk feel it: at once, or with the face that an accepted press brings."""
        now = self.context.clock.monotonic()
        for felt in self.seats:
            if felt is seat or (seat.bus is None and felt.counter == seat.counter):
                felt.feel(sign, now)
                if sign is not Sign.DONE:
                    self._show_face(felt)

    def _sign_all(self, sign: Sign) -> None:
        for seat in self.seats:
            self._sign(seat, sign)

    def _from_bus(self, bus: int, event: BusEvent, at: float) -> None:
        match event:
            case KeyPressed(address, key, age_s, _):
                self._key(self._seat_at(bus, address), key, at - age_s)
            case KeysLost(address, count):
                log.warning("bus %d unit %d: %d key(s) lost", bus + 1, address, count)
            case Rebooted(address, cause):
                why = _CAUSES.get(cause, "unknown")
                log.warning("bus %d unit %d was rebooted: %s", bus + 1, address, why)
            case WrongShown(address):
                log.warning("bus %d unit %d showed something else: told again", bus + 1, address)
            case UnitLost() | UnitBack() | BusLost() | BusBack():
                self.troubles.take_event(bus, event, at)
                # With the alert, not half a minute after it.
                self._tell_change_at = min(self._tell_change_at, at + LOST_S)

    def _look_at_units(self, now: float) -> None:
        reached = reached_units(self.buses)
        if reached != self._reached:
            self._reached = reached
            self.troubles.units_seen(reached)
            self._tell_change_at = now

    def _key(self, seat: Seat | None, key: str, pressed_at: float) -> None:
        if seat is not None:
            self.asking.pressed(seat, key, pressed_at)

    def _simulate(self, order: Simulate, client: str) -> None:
        found = steer_of(order, self.seats)
        if found is not None:
            seat, what = found
            if seat.bus is not None and self.buses[seat.bus].steer(what):
                self.context.reply(client, order.id)
                return
            if seat.bus is None and self._press_keypad(seat, what.key):
                self.context.reply(client, order.id)
                return
        self.context.refuse(client, order.id, "bad_request", "Không có thiết bị mô phỏng như vậy.")

    def _press_keypad(self, seat: Seat, key: str) -> bool:
        return any(keypad.press(seat.counter, key) for keypad in self.keypads)

    def _seat_at(self, bus: int, address: int) -> Seat | None:
        return next((s for s in self.seats if s.bus == bus and s.address == address), None)

    def _seat_of(self, counter: str) -> Seat | None:
        """The keypad's own seat, so that its keys mean what the YAML says of it."""
        mine = [s for s in self.seats if s.counter == counter and s.bus is None]
        return mine[0] if mine else None

    def _poster(self, index: int) -> "Poster":
        return Poster(self.context, index)


@dataclass(frozen=True, slots=True)
class Poster:
    """Called in a bus's thread: posts, and nothing else."""

    context: DaemonContext
    bus: int

    def __call__(self, event: BusEvent, at: float) -> None:
        self.context.inbox.post(FromBus(self.bus, event, at))
