"""For whom something is told: every hall, those of one unit, or one. Pure."""

from dataclasses import dataclass


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
