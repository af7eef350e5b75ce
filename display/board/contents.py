"""What stands on the board at a moment, in words and numbers, before it has any shape."""

from dataclasses import dataclass
from typing import Literal

from display.board.figures_panel import FiguresPanel
from hall.signs.assigning import ServiceSign

CardState = Literal["closed", "open", "paused", "number"]
PER_PAGE = 8
RECENT = 4


@dataclass(frozen=True, slots=True)
class BoardShape:
    """What a board has room for. `room`: cards a page, `recent`: earlier calls.

    `floor_mm`: the smallest type, em; 0: as small as there is room. `figures`, `queues` (who
    waits and how long) and `fields` (what a counter serves) are left out in this order.
    `head_lines`: how many the unit's name takes.
    """

    room: int = PER_PAGE
    recent: int = RECENT
    floor_mm: float = 0.0
    figures: bool = True
    queues: bool = True
    fields: bool = True
    head_lines: int = 1


@dataclass(frozen=True, slots=True)
class BigCall:
    """`fresh`: it is being called now. `bright`: the half second of the calling colours.

    `shorter`: what may stand for the title where it has no room.
    """

    number: str
    title: str
    field: str
    fresh: bool
    bright: bool
    shorter: tuple[str, ...] = ()
    sign: ServiceSign | None = None


@dataclass(frozen=True, slots=True)
class CounterCard:
    """`sign`: of the service of the number that stands there."""

    title: str
    field: str
    state: CardState
    text: str
    bright: bool = False
    called: bool = False
    shorter: tuple[str, ...] = ()
    sign: ServiceSign | None = None


@dataclass(frozen=True, slots=True)
class EarlierCall:
    number: str
    title: str
    shorter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A service's line, or who was sent to one counter.

    `wait` is a range, or says that there is no estimate. `sign`: of a service.
    """

    name: str
    count: int
    wait: str
    next: tuple[str, ...]
    sign: ServiceSign | None = None


@dataclass(frozen=True, slots=True)
class PageCount:
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """`shape.room`: for how many cards a page is laid out; a page may hold fewer."""

    unit: str
    clock: str
    date: str
    calls: tuple[BigCall, ...]
    recent: tuple[EarlierCall, ...]
    cards: tuple[CounterCard, ...]
    shape: BoardShape
    pages: PageCount
    queues: tuple[QueueRow, ...]
    queue_pages: PageCount
    waiting: int | None
    told: FiguresPanel | None
    slide: str | None
    ticker: str
    stale: bool
    closed: bool
    opens: str
    signs: bool = False

    @property
    def call(self) -> BigCall | None:
        """The first of those in the large place."""
        return self.calls[0] if self.calls else None
