"""The `bridges` section of the YAML: buses, the units on them, keypads and what their keys do."""

from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from firmware_bridge.bus_section import BusSection
from firmware_bridge.keypad_section import KeyAction, KeypadSection, Keys
from hall.contract.verbs import OFFERS
from hall.runtime.driver_folder import DriverFolder, WrittenFolder
from hall.runtime.sections import Shared
from hall.runtime.settings import Section

DEFAULT_KEYS: Keys = {
    offer.keypad: KeyAction(do=verb) for verb, offer in OFFERS.items() if offer.keypad
}


BUSES = WrittenFolder[BusSection]("firmware_bridge.drivers", BusSection, key="port")
KEYPADS = DriverFolder[KeypadSection]("firmware_bridge.keypads", KeypadSection, usual="gpio")

if TYPE_CHECKING:
    AnyBus = BusSection
    AnyKeypad = KeypadSection
else:
    AnyBus = BUSES.union()
    AnyKeypad = KEYPADS.union()


class BridgeSection(Section):
    id: str = Field(pattern=r"^bridge-[0-9]{1,3}$", description="Tên trên MQTT, ví dụ bridge-1.")
    buses: tuple[AnyBus, ...] = Field(default=(), description="Các bus nối tiếp.")
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
