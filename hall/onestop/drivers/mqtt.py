"""The vendor's software is itself on the bus, as client `onestop`; `gateway` judges it."""

from typing import Literal

from pydantic import Field

from hall.onestop.supplier_section import SupplierSection


class MqttSection(SupplierSection):
    driver: Literal["mqtt"] = Field(description="Phần mềm một cửa tự nói chuyện qua MQTT.")
