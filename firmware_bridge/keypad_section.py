"""What keys do, and what every keypad without a bus has in the YAML, whatever its driver."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field

from firmware_bridge.ports import Keypads
from hall.contract.verbs import OFFERS
from hall.runtime.driver_folder import DriverSection
from hall.runtime.sections import Ident
from hall.runtime.settings import Section

if TYPE_CHECKING:
    KeyVerb = str
else:
    KeyVerb = Literal[*(verb for verb, offer in OFFERS.items() if offer.keypad is not None)]
Key = Annotated[str, Field(pattern=r"^[!-~]$")]


def _short(value: object) -> object:
    return {"do": value} if isinstance(value, str) else value


class KeyAction(Section):
    """What a key does; as a plain word in the YAML when it needs nothing more."""

    do: KeyVerb = Field(description="Lệnh gửi bộ điều khiển.")
    service: Ident | None = Field(default=None, description="Chuyển đến dịch vụ này.")
    counter: Ident | None = Field(default=None, description="Chuyển đến quầy này.")
    position: Literal["arrival", "front", "back"] = Field(
        default="arrival", description="Chỗ trong hàng khi chuyển."
    )


Keys = dict[Key, Annotated[KeyAction, BeforeValidator(_short)]]


class KeypadSection(DriverSection):
    """A driver is a subclass with its own keys, a file of its own in `firmware_bridge/keypads`."""

    counter: Ident = Field(description="Mã quầy.")
    keys: Keys = Field(default={}, description="Phím riêng của bàn phím này.")

    @abstractmethod
    def connect(self, bridge: str, clock: Callable[[], float]) -> Keypads:
        """What hears its keys; nothing is opened yet. `bridge`: whose it is, a client id."""

    @classmethod
    @abstractmethod
    def mistake(cls, pads: Sequence[Self]) -> str | None:
        """Why those of one bridge cannot all be wired so, for a person."""
