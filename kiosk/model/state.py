"""The whole state of the kiosk as one value, and the questions screens ask of it. Pure."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kiosk.model.identity import AgeClass
from kiosk.model.limits import Limiter
from kiosk.model.modes import Modes
from kiosk.model.pages import Attract, Home, Maintenance, Page, TicketTaken, personal
from kiosk.model.setup import KioskSetup
from kiosk.model.world import World

WARN_S = 10.0
TICKET_S = 8.0
PHOTO_S = 30.0


@dataclass(frozen=True, slots=True)
class KioskModel:
    """`trail`: pages "Quay lại" leads to. `touched`: monotonic second of the last contact.

    `age`: what a card told, for the priority question alone. `corner`: when a hidden corner was
    held.
    """

    setup: KioskSetup
    now: float = 0.0
    wall: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    touched: float = 0.0
    world: World = field(default_factory=World)
    modes: Modes = field(default_factory=Modes)
    page: Page = field(default_factory=Home)
    trail: tuple[Page, ...] = ()
    limiter: Limiter = field(default_factory=Limiter)
    pin_limiter: Limiter = field(default_factory=Limiter)
    age: AgeClass | None = None
    corner: float | None = None
    maintenance: bool = False

    @property
    def personal(self) -> bool:
        return personal(self.page) or any(personal(page) for page in self.trail)

    @property
    def idle_after_s(self) -> float | None:
        """How long without a touch until the page goes home; None = it stays."""
        match self.page:
            case Attract() | Maintenance():
                return None
            case Home():
                fresh = self.age is None and self.modes == Modes(lang=self.setup.languages[0])
                return self.setup.attract_s or None if fresh else self.setup.idle_s
            case TicketTaken(paper="none" | "unknown"):
                return PHOTO_S
            case TicketTaken():
                return TICKET_S
            case _:
                return self.setup.personal_idle_s if self.personal else self.setup.idle_s

    @property
    def left_s(self) -> float | None:
        """Seconds until the page goes home by itself."""
        after = self.idle_after_s
        return None if after is None else max(0.0, self.touched + after - self.now)

    @property
    def countdown(self) -> int | None:
        """The seconds shown in the ring "Còn … giây"; None while there is time."""
        left = self.left_s
        quiet = isinstance(self.page, Home | Attract | TicketTaken)
        return None if left is None or quiet or left > WARN_S else max(1, round(left))

    def open(self, page: Page) -> "KioskModel":
        return replace(self, page=page, trail=(*self.trail, self.page)[-12:])

    def swap(self, page: Page) -> "KioskModel":
        """Another page in the place of this one: "Quay lại" skips this one."""
        return replace(self, page=page)

    def fresh(self) -> "KioskModel":
        """As the next citizen finds it."""
        return replace(
            self,
            page=Maintenance() if self.maintenance else Home(),
            trail=(),
            modes=Modes(lang=self.setup.languages[0]),
            age=None,
            corner=None,
            touched=self.now,
        )
