"""A button that is wired to nothing: `simulate` alone presses it."""

from collections.abc import Sequence
from typing import ClassVar, Self

from printer.button_section import ButtonSection, Wiring
from printer.ports import Buttons


class UnwiredButton(ButtonSection):
    told_by: ClassVar[str] = ""

    @classmethod
    def connect(cls, buttons: Sequence[Self], wiring: Wiring) -> Sequence[Buttons]:  # noqa: ARG003
        return ()

    @classmethod
    def mistake(cls, buttons: Sequence[Self], gpiochip: str | None) -> None:
        pass
