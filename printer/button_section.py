"""What every button has in the YAML, however it is wired."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from pydantic import Field

from hall.runtime.driver_folder import KeyedSection
from hall.runtime.sections import Ident
from printer.ports import Buttons


@dataclass(frozen=True, slots=True)
class Wiring:
    """Whose buttons they are (a client id), on which chip its pins are, and its monotonic clock."""

    client: str
    gpiochip: str | None
    clock: Callable[[], float]


class ButtonSection(KeyedSection):
    """A driver is a subclass with its own keys, in a file of its own in `printer/buttons`."""

    service: Ident = Field(description="Dịch vụ nút này lấy số.", examples=["ho-tich"])
    priority: Ident | None = Field(default=None, description="Diện ưu tiên của nút này.")

    @property
    def name(self) -> str:
        """What the button is called between its source and the service."""
        return self.service if self.priority is None else f"{self.service}+{self.priority}"

    @classmethod
    @abstractmethod
    def connect(cls, buttons: Sequence[Self], wiring: Wiring) -> Iterable[Buttons]:
        """What hears all buttons of this driver at one dispenser; nothing is opened yet."""

    @classmethod
    @abstractmethod
    def mistake(cls, buttons: Sequence[Self], gpiochip: str | None) -> str | None:
        """Why they cannot all be wired so, for a person."""


T = TypeVar("T", bound=Hashable)


def twice(values: Iterable[T]) -> T | None:
    """The first value that comes a second time."""
    seen: set[T] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def by_kind(
    buttons: Iterable[ButtonSection],
) -> dict[type[ButtonSection], list[ButtonSection]]:
    found: dict[type[ButtonSection], list[ButtonSection]] = {}
    for button in buttons:
        found.setdefault(type(button), []).append(button)
    return found
