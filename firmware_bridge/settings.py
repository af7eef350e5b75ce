"""The `bridges` section of the YAML: buses, the units on them, keypads and what their keys do."""

import re
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from firmware_bridge.keypad_section import KeyAction, KeypadSection, Keys
from firmware_bridge.protocols.profile import OWN_UNIT, Baud, LineFormat
from hall.contract.verbs import OFFERS
from hall.runtime.driver_folder import DriverFolder
from hall.runtime.sections import Ident, Shared
from hall.runtime.settings import Section

DEFAULT_KEYS: Keys = {
    offer.keypad: KeyAction(do=verb) for verb, offer in OFFERS.items() if offer.keypad
}


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


def tcp_place(port: str) -> tuple[str, int] | None:
    """Host and TCP port of a converter, None for a port of this machine."""
    found = re.fullmatch(r"socket://([^:]+):(\d+)", port)
    return (found[1], int(found[2])) if found else None


class BusSection(Section):
    port: str = Field(
        pattern=r"^(/\S+|socket://[^\s:/]+:\d{1,5}|simulated)$",
        description="Cổng: /dev/hall/bus1, socket://10.0.0.9:4196, hoặc simulated.",
        examples=["/dev/hall/bus1"],
    )
    baud: Baud = Field(default=115200, description="Tốc độ chung của mọi thiết bị trên bus.")
    format: LineFormat = Field(default="8N1", description="Bit dữ liệu, chẵn lẻ, bit dừng.")
    rs485: bool = Field(
        default=False, description="Nhân Linux đổi chiều RS-485; bộ chuyển tự đổi chiều: false."
    )
    faults: float = Field(
        default=0, ge=0, le=0.5, description="Chỉ cho simulated: tỉ lệ khung bị hỏng, để luyện tập."
    )
    units: tuple[UnitSection, ...] = Field(min_length=1, max_length=64, description="Thiết bị.")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        addresses = [unit.address for unit in self.units]
        twice = {a for a in addresses if addresses.count(a) > 1}
        if twice:
            shown = ", ".join(map(str, sorted(twice)))
            raise ValueError(f"địa chỉ dùng hai lần trên một bus: {shown}")
        own = [unit.address for unit in self.units if unit.kind == OWN_UNIT]
        if any(not 1 <= address <= 32 for address in own):  # noqa: PLR2004 - the register map
            raise ValueError("địa chỉ của motcua-unit phải từ 1 đến 32")
        return self


KEYPADS = DriverFolder[KeypadSection]("firmware_bridge.keypads", KeypadSection, usual="gpio")

if TYPE_CHECKING:
    AnyKeypad = KeypadSection
else:
    AnyKeypad = KEYPADS.union()


class BridgeSection(Section):
    id: str = Field(pattern=r"^bridge-[0-9]{1,3}$", description="Tên trên MQTT, ví dụ bridge-1.")
    buses: tuple[BusSection, ...] = Field(default=(), description="Các bus nối tiếp.")
    keypads: tuple[AnyKeypad, ...] = Field(
        default=(), description="Bàn phím nối thẳng vào chân GPIO, không qua bus."
    )
    keys: Keys = Field(
        default={},
        description=f"Phím → lệnh, thêm vào {' '.join(DEFAULT_KEYS)}.",
        examples=[{"B": "recall"}],
    )
    profiles: str = Field(
        default="", description="Thư mục tệp mô tả bảng số riêng, ví dụ /etc/motcua/units."
    )

    @model_validator(mode="after")
    def _each_pin_once(self) -> Self:
        """The keypads of one bridge are wired to one machine."""
        for kind in {type(pad) for pad in self.keypads}:
            wrong = kind.mistake([pad for pad in self.keypads if type(pad) is kind])
            if wrong is not None:
                raise ValueError(wrong)
        return self


class BridgeFile(Shared):
    bridges: tuple[BridgeSection, ...] = Field(default=(), description="Cầu nối thiết bị nối tiếp.")
