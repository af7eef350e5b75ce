"""What every way to the province has in the YAML."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from hall.runtime.clock import Clock
from hall.runtime.far_link import FarLink, FarWill
from hall.runtime.settings import Section
from hall.uplink.ports import SteeredProvince


@dataclass(frozen=True, slots=True)
class LinkSurroundings:
    """`state`: this machine's folder. `will`: what the province hears when the link breaks."""

    hall: str
    state: Path
    clock: Clock
    will: Callable[[str], FarWill]


@dataclass(frozen=True, slots=True)
class ConnectedLink:
    """`place`: where the province is, in words for a person. `steering`: of a simulated one."""

    link: FarLink
    place: str
    steering: SteeredProvince | None = None


class LinkSection(Section):
    """A driver is a subclass with its own keys, in a file of its own in `hall/uplink/drivers`.

    It gives `url` a pattern that no other has, and an example.
    """

    url: str
    unit: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,31})?$",
        description="Mã đơn vị của hội trường, do tỉnh đặt.",
        examples=["bac-tu-liem"],
    )
    kbit_s: int = Field(
        default=64,
        ge=16,
        le=100_000,
        description="Đường truyền lên tỉnh được dùng nhiều nhất bấy nhiêu kbit/s.",
    )

    @abstractmethod
    def connect(self, where: LinkSurroundings) -> ConnectedLink:
        """What carries the messages; nothing is open yet."""
