"""One unit on a bus as its master sees it: what to ask next, and what an answer means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware_bridge.protocols.rtu import Ask, Outcome
from firmware_bridge.protocols.unit_face import UnitFace


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """`serial` counts the presses of one boot of one unit and never repeats within it."""

    address: int
    key: str
    age_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class KeysLost:
    """More keys were pressed than the unit keeps."""

    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Rebooted:
    address: int
    cause: int


@dataclass(frozen=True, slots=True)
class WrongShown:
    """The unit showed something else than what it was told; it is told again."""

    address: int


UnitEvent = KeyPressed | KeysLost | Rebooted | WrongShown


class UnitSession(Protocol):
    address: int

    @property
    def hidden(self) -> bool:
        """Whether the unit gives no sign of life, so that silence says nothing."""

    def want_face(self, look: UnitFace) -> None:
        """What it shall show from now on."""

    @property
    def urgent(self) -> bool:
        """Whether the next request should not wait for the unit's turn."""

    @property
    def due_at(self) -> float:
        """From when on there is something to ask in the unit's turn."""

    def next(self, now: float) -> Ask:
        """The request to send; called only when due or urgent, or to probe."""

    def settle(self, ask: Ask, heard: bytes) -> Outcome:
        """The reply to `ask` among what was heard."""

    def take_outcome(self, outcome: Outcome) -> Sequence[UnitEvent]:
        """Take the outcome of the request that `next` gave."""
