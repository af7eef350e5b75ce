"""What is wrong on the wires, as alerts that a person can act on: one text for each code."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from firmware_bridge.ports import BusBack, BusLost, UnitBack, UnitLost
from firmware_bridge.seats import Seat
from hall.runtime.devices import Device, DeviceLost, Devices, DeviceWell
from hall.runtime.health import Health

_Place = tuple[int, int]
Trouble = UnitLost | UnitBack | BusLost | BusBack

_UNIT = (
    "Kiểm tra nguồn và dây A/B của bộ hiển thị; nếu chạm chập, xem có hai bộ cùng địa chỉ không: "
    "motcua bus scan."
)
_UNFIT = "Đổi tiền tố hoặc số chữ số của dịch vụ, hoặc dùng bảng số rộng hơn; chạy motcua check."


UNIT_LOST = "unit_lost"
LOST_S = 3.0


@dataclass(slots=True)
class Troubles:
    """`buses`: in their order. A bus works from the first unit that was reached on it."""

    health: Health
    devices: Devices
    buses: Sequence[Device]
    seats: Sequence[Seat]
    _seen: frozenset[_Place] = frozenset()
    _all_known: bool = False
    _lost: dict[_Place, float] = field(default_factory=dict)
    down: set[int] = field(default_factory=set)
    _unfit: dict[str, str] = field(default_factory=dict)

    def take_event(self, bus: int, event: Trouble, at: float) -> None:
        match event:
            case UnitLost(address):
                self._lost[bus, address] = at
            case UnitBack(address):
                self._lost.pop((bus, address), None)
            case BusLost(cause=cause):
                self.down.add(bus)
                self.devices.take_news(DeviceLost(self.buses[bus], cause))
            case BusBack():
                self.down.discard(bus)
                self.devices.take_news(DeviceWell(self.buses[bus]))
        self.tick(at)

    def units_seen(self, units: Iterable[_Place]) -> None:
        """The units, as (bus, address), that were reached at some time."""
        before, self._seen = self._seen, frozenset(units)
        for bus in {bus for bus, _ in self._seen - before} - self.down:
            self.devices.take_news(DeviceWell(self.buses[bus]))

    def tick(self, now: float) -> None:
        """A unit that is back at once was a few damaged frames, which no person can mend."""
        long = frozenset(place for place, at in self._lost.items() if now - at >= LOST_S)
        self._all_known = self._all_known or self._knows_all(self._seen | long)
        self._tell_units(long)

    def fits(self, seat: Seat, text: str, *, fits: bool) -> None:
        if fits:
            self._unfit.pop(seat.counter, None)
        else:
            self._unfit[seat.counter] = text
        shown = [f"quầy {counter}: “{text}”" for counter, text in sorted(self._unfit.items())]
        self._set("face_unfit", "Bảng số không hiện được: ", shown, _UNFIT)

    def _knows_all(self, judged: Collection[_Place]) -> bool:
        """Whether each unit was reached, or is known not to answer."""
        wired = [(seat.bus, seat.address) for seat in self.seats if seat.bus is not None]
        return all(place in judged or place[0] in self.down for place in wired)

    def _tell_units(self, long: Collection[_Place]) -> None:
        """Units of a bus that is down are not told one by one."""
        lost = sorted(place for place in long if place[0] not in self.down)
        shown = [
            f"{self._whose(*place)} (bus {place[0] + 1}, địa chỉ {place[1]})" for place in lost
        ]
        self._set(UNIT_LOST, "Không liên lạc được bộ hiển thị: ", shown, _UNIT)

    def _whose(self, bus: int, address: int) -> str:
        for seat in self.seats:
            if (seat.bus, seat.address) == (bus, address):
                return f"quầy {seat.counter}"
        return "bộ lạ"

    def _set(self, code: str, what: str, shown: Sequence[str], advice: str) -> None:
        if shown:
            self.health.alert(code, what + "; ".join(shown) + ".", advice)
        elif code != UNIT_LOST or self._all_known:
            self.health.solve(code)
