"""A picture that stands turned on its glass: places go out, touches come in. Pure.

turn 90, clockwise:   picture  A B        glass  E C A
C D               F D B
E F
"""

from dataclasses import dataclass
from typing import Literal

# Degrees, clockwise.
Turn = Literal[0, 90, 180, 270]
Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Turning:
    """`width`, `height`: of the picture, in pixels."""

    turn: Turn
    width: int
    height: int

    @property
    def glass(self) -> tuple[int, int]:
        """Width and height of what the picture is shown on."""
        lies = self.turn in (90, 270)
        return (self.height, self.width) if lies else (self.width, self.height)

    def on_glass(self, place: Place) -> Place:
        """Where a place (left, top, width, height) of the picture is seen."""
        x, y, w, h = place
        match self.turn:
            case 0:
                return place
            case 90:
                return self.height - y - h, x, h, w
            case 180:
                return self.width - x - w, self.height - y - h, w, h
            case 270:
                return y, self.width - x - w, h, w

    def in_picture(self, x: float, y: float) -> tuple[float, float]:
        """What is touched at this point of the glass."""
        match self.turn:
            case 0:
                return x, y
            case 90:
                return y, self.height - x
            case 180:
                return self.width - x, self.height - y
            case 270:
                return self.width - y, x
