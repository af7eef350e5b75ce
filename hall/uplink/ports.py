"""What the uplink needs beside the hall's bus: the link to the province, a mark of its own."""

from collections.abc import Mapping
from typing import Protocol

from hall.runtime.far_link import FarLink

__all__ = ["FarLink", "SteeredProvince", "UplinkStore"]


class UplinkStore(Protocol):
    """What outlives the uplink. Each of its files has one writer, and is whole at all times."""

    @property
    def source(self) -> str:
        """The mark of this machine and this store, as in UpEvents. Raises OSError."""

    @property
    def place(self) -> tuple[int, int]:
        """Epoch and seq that the province held when this was last kept; (0, 0): not known."""

    def keep_place(self, place: tuple[int, int]) -> None:
        """Durably. Raises OSError, and then keeps what it had."""


class SteeredProvince(Protocol):
    """A simulated province, which a trainer may take away and bring back."""

    def steer(self, action: str, args: Mapping[str, object]) -> bool:
        """Obey; False for what it does not know."""
