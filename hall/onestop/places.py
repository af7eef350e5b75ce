"""For whom something is told: every hall, those of one unit, or one. Pure."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

UnitName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$")]
HallName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


@dataclass(frozen=True, slots=True)
class EveryHall:
    @property
    def folder(self) -> str:
        """Where its supplier keeps what must last."""
        return "all"


@dataclass(frozen=True, slots=True)
class OfUnit:
    unit: str

    @property
    def folder(self) -> str:
        return f"unit/{self.unit}"


@dataclass(frozen=True, slots=True)
class OfHall:
    hall: str

    @property
    def folder(self) -> str:
        return f"hall/{self.hall}"


Place = EveryHall | OfUnit | OfHall
