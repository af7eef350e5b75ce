"""What every bus has in the YAML, whatever carries its bytes."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from firmware_bridge.keypad_section import Keys
from firmware_bridge.ports import BusLine, Steer
from firmware_bridge.protocols.profile import OWN_UNIT, Baud, DisplayProfile
from hall.runtime.devices import Device
from hall.runtime.sections import Ident
from hall.runtime.settings import Section


@dataclass(frozen=True, slots=True)
class BusSurroundings:
    """`name`: of the bus, for a person. `profiles`: by address, None for the project's own unit.

    `pictures`: see `Ground`.
    """

    name: str
    profiles: Mapping[int, DisplayProfile | None]
    clock: Callable[[], float]
    pictures: Path | None


@dataclass(frozen=True, slots=True)
class ConnectedLine:
    """`device`: what a technician looks for when the line is lost. The others: see `BusThread`."""

    line: BusLine
    device: Device
    steering: Callable[[Steer], None] | None = None
    after: Callable[[], None] | None = None


class UnitSection(Section):
    address: int = Field(ge=0, le=255, description="Địa chỉ trên bus; bộ của motcua: 1 đến 32.")
    counter: Ident = Field(description="Mã quầy.")
    kind: str = Field(
        default=OWN_UNIT,
        pattern=r"^[a-z][a-z0-9_-]{1,31}$",
        description="Loại thiết bị: motcua-unit hoặc tên một tệp trong firmware_bridge/units.",
        examples=["motcua-unit", "dm56"],
    )
    width: int = Field(default=6, ge=1, le=6, description="Số chữ số thật có trên motcua-unit.")
    keypad: bool = Field(default=True, description="Bộ này có bàn phím (chỉ motcua-unit).")
    keys: Keys = Field(default={}, description="Phím riêng của bộ này.")


def own_address(address: int) -> tuple[str, ...]:
    """Why our unit cannot have it, for a person; by the register map."""
    fits = 1 <= address <= 32  # noqa: PLR2004
    return () if fits else ("địa chỉ của motcua-unit phải từ 1 đến 32",)


class BusSection(Section):
    """A driver is a subclass with its own keys, in a file of its own in `firmware_bridge/drivers`.

    It gives `port` a pattern that no other has, and an example.
    """

    port: str
    baud: Baud = Field(default=115200, description="Tốc độ chung của mọi thiết bị trên bus.")
    units: tuple[UnitSection, ...] = Field(min_length=1, max_length=64, description="Thiết bị.")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        addresses = [unit.address for unit in self.units]
        twice = {a for a in addresses if addresses.count(a) > 1}
        if twice:
            shown = ", ".join(map(str, sorted(twice)))
            raise ValueError(f"địa chỉ dùng hai lần trên một bus: {shown}")
        for unit in self.units:
            for wrong in own_address(unit.address) if unit.kind == OWN_UNIT else ():
                raise ValueError(wrong)
        return self

    @abstractmethod
    def connect(self, where: BusSurroundings) -> ConnectedLine:
        """What carries the bytes; nothing is open yet."""
