"""What every one-stop driver has in the YAML, however the software is reached."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pydantic import Field

from hall.onestop.ports import (
    Carrying,
    Doubting,
    Queueing,
    Spreading,
    Steerable,
    Supplier,
    Typing,
)
from hall.runtime.clock import Clock
from hall.runtime.driver_folder import DriverSection
from hall.runtime.opening import Calendar
from hall.runtime.province_line import ProvinceLine


@dataclass(frozen=True, slots=True)
class OnestopSurroundings:
    """`state`: this machine's folder for what must last; `zone` and `calendar`: the hall's.

    `line`: to the province, where the YAML's `uplink` names it. `at_once`: how many look-ups a
    web service is asked at the same time.
    """

    state: Path
    zone: tzinfo
    clock: Clock
    calendar: Calendar
    hall: str = ""
    line: ProvinceLine | None = None
    at_once: int = 2

    @property
    def store(self) -> Path:
        """Where a supplier keeps what was imported or typed."""
        return self.state / "onestop"


@dataclass(frozen=True, slots=True)
class ConnectedSupplier:
    """What some suppliers do beside telling and looking up, and others (None) do not.

    `steering`: obey a trainer; `doubting`: hold files back; `typing`: take typed figures;
    `queueing`: follow the hall's queue; `carrying`: stand at the end of a far link; `spreading`:
    tell what is of single units and halls too.
    """

    supplier: Supplier
    steering: Steerable | None = None
    doubting: Doubting | None = None
    typing: Typing | None = None
    queueing: Queueing | None = None
    carrying: Carrying | None = None
    spreading: Spreading | None = None


class SupplierSection(DriverSection):
    """Of a driver whose software speaks on the bus itself, as client `onestop`."""


class AnsweringSection(SupplierSection):
    """Where we are the one-stop side of the bus, and the driver fetches what is told there.

    A driver is a subclass with its own keys, in a file of its own in `hall/onestop/drivers`.
    """

    lookups_per_minute: int = Field(
        default=10, ge=1, le=600, description="Số lần tra cứu nhiều nhất một phút của một kiosk."
    )
    unit: str = Field(
        default="",
        max_length=200,
        description="Đơn vị có số liệu này, hiện cạnh số liệu; ghi khi đơn vị có nhiều hội trường.",
        examples=["Trung tâm Phục vụ hành chính công phường Cửa Nam"],
    )

    @abstractmethod
    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        """What speaks with the software; nothing is asked before its `start`."""
