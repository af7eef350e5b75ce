"""The section `onestop` of a province.yaml."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from hall.onestop.places import EveryHall, HallName, OfHall, OfUnit, Place, UnitName
from hall.onestop.settings import AnySupplier
from hall.onestop.supplier_section import AnsweringSection
from hall.runtime.settings import Section

_NOT_HERE = frozenset({"province", "mqtt"})


class DeskSection(Section):
    """Whom the gateway asks, and what the halls may ask of it."""

    supplier: AnySupplier = Field(
        description="Phần mềm một cửa dùng chung, như mục onestop của một hội trường; mọi tra cứu "
        "đi qua một kết nối này. Thủ tục, số liệu, dòng chữ chạy của nó là của mọi hội trường."
    )
    units: dict[UnitName, AnySupplier] = Field(
        default_factory=dict,
        description="Số liệu, thủ tục, dòng chữ chạy riêng của từng đơn vị.",
        examples=[{"xa-mu-cang-chai": {"driver": "file", "folder": "/srv/motcua/mu-cang-chai"}}],
    )
    halls: dict[HallName, AnySupplier] = Field(
        default_factory=dict, description="Riêng của từng hội trường; thay cho của đơn vị."
    )
    lookups_per_minute: int = Field(
        default=120,
        ge=1,
        le=6000,
        description="Số lần tra cứu nhiều nhất một phút của một hội trường.",
    )
    at_once: int = Field(
        default=8, ge=1, le=64, description="Hỏi phần mềm một cửa cùng lúc mấy hồ sơ."
    )

    @model_validator(mode="after")
    def _answering(self) -> Self:
        for _, section in self.places():
            if section.driver in _NOT_HERE or not isinstance(section, AnsweringSection):
                raise ValueError(f"driver {section.driver} chỉ dùng ở hội trường")
        return self

    def places(self) -> Iterator[tuple[Place, AnySupplier]]:
        """For whom each supplier is."""
        yield EveryHall(), self.supplier
        for unit, section in self.units.items():
            yield OfUnit(unit), section
        for hall, section in self.halls.items():
            yield OfHall(hall), section
