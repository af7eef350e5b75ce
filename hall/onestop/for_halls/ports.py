"""What the gateway's loop is told from other threads, and within which bounds it works."""

from collections.abc import Mapping
from dataclasses import dataclass

from hall.onestop.places import Place


@dataclass(frozen=True, slots=True)
class ToldFor:
    """What the supplier of a place told."""

    place: Place
    told: object


@dataclass(frozen=True, slots=True)
class HallsRead:
    """Every hall of the province and its unit."""

    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """`per_minute`: look-ups of one hall; `at_once`: asked of the software at the same time."""

    per_minute: int = 120
    at_once: int = 8
