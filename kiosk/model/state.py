"""The whole state of the kiosk as one value, and the questions screens ask of it. Pure."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf

from kiosk.model.identity import AgeClass
from kiosk.model.limits import Limiter
from kiosk.model.modes import Modes
from kiosk.model.pages import (
    Attract,
    Dashboard,
    Detail,
    DossierResult,
    Fields,
    Home,
    Maintenance,
    Page,
    PickService,
    Procedures,
    Rating,
    TicketTaken,
    personal,
)
from kiosk.model.setup import KioskSetup
from kiosk.model.world import World

WARN_S = 10.0
# Who does not see the ring hears it told first.
WARN_ALOUD_S = 20.0
# After the last word people think, or look for the place to touch.
AFTER_SPEECH_S = 10.0
# Longer than any page takes; whatever becomes of the loudspeaker, what is personal is wiped.
LONGEST_SPEECH_S = 240.0
TICKET_S = 8.0
PHOTO_S = 30.0


@dataclass(frozen=True, slots=True)
class ScanMark:
    """The scan that was read last: nothing of it but a hash, and when it was seen."""

    mark: int = 0
    at: float = -inf


@dataclass(frozen=True, slots=True)
class KioskModel:
    """`trail`: pages "Quay lại" leads to. `touched`: monotonic second of the last touch, or start.

    `age`: what a card told, for the priority question alone. `corner`: when a hidden corner was
    held. `speaking_since`: when what is being said was begun; `spoken_at`: when it last ended.
    `ended`: when the last visit did.
    `offset`: how far a page in large type was moved that has no list of its own, in mm.
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
    speaking_since: float | None = None
    spoken_at: float = -inf
    last_scan: ScanMark = ScanMark()
    ended: float = -inf
    offset: float = 0.0

    @property
    def offset_shown(self) -> float:
        """How many mm of the page are above its window."""
        match self.page:
            case (
                PickService(offset=offset)
                | DossierResult(offset=offset)
                | Fields(offset=offset)
                | Procedures(offset=offset)
                | Detail(offset=offset)
                | Dashboard(offset=offset)
                | Rating(offset=offset)
            ):
                return offset
            case _:
                return self.offset

    @property
    def personal(self) -> bool:
        return personal(self.page) or any(personal(page) for page in self.trail)

    @property
    def idle_after_s(self) -> float | None:
        """How long without a touch until the page goes home; None = it stays."""
        match self.page:
            case Attract() | Maintenance():
                return None
            case Home() if self.age is None:
                fresh = self.modes == Modes(lang=self.setup.languages[0])
                return self.setup.attract_s or None if fresh else self.setup.idle_s
            case TicketTaken(paper="none" | "unknown"):
                return PHOTO_S
            case TicketTaken():
                return TICKET_S
            case _:
                # What a card told is for its holder alone.
                theirs = self.personal or self.age is not None
                return self.setup.personal_idle_s if theirs else self.setup.idle_s

    @property
    def left_s(self) -> float | None:
        """Seconds until the page goes home by itself; not while it speaks, nor soon after."""
        after = self.idle_after_s
        if after is None or self.speaking:
            return None
        heard = self.spoken_at + AFTER_SPEECH_S + (0.0 if self._quiet else self.warn_s)
        return max(0.0, max(self.touched + after, heard) - self.now)

    @property
    def speaking(self) -> bool:
        since = self.speaking_since
        return since is not None and self.now - since < LONGEST_SPEECH_S

    @property
    def warn_s(self) -> float:
        return WARN_ALOUD_S if self.modes.aloud else WARN_S

    @property
    def _quiet(self) -> bool:
        """Pages that go without a countdown."""
        return isinstance(self.page, Home | Attract | TicketTaken)

    @property
    def countdown(self) -> int | None:
        """The seconds shown in the ring "Còn … giây"; None while there is time."""
        left = self.left_s
        far = left is None or self._quiet or left > self.warn_s
        return None if left is None or far else max(1, round(left))

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
            speaking_since=None,
            spoken_at=-inf,
            ended=self.now,
        )
