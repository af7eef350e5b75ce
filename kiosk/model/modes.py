"""How the screen is shown to the person in front of it; back to the default when they go."""

from dataclasses import dataclass
from typing import Literal

ModeName = Literal["large", "contrast", "wheelchair", "aloud"]
Volume = Literal["soft", "usual", "loud"]
VOLUMES: tuple[Volume, ...] = ("soft", "usual", "loud")


@dataclass(frozen=True, slots=True)
class Modes:
    lang: str = "vi"
    large: bool = False
    contrast: bool = False
    wheelchair: bool = False
    aloud: bool = False
    volume: Volume = "usual"
