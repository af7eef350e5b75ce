"""What stands on the board at a moment, in words and numbers, before it has any shape."""

from dataclasses import dataclass
from typing import Literal

from display.board.figures_panel import FiguresPanel

CardState = Literal["closed", "open", "paused", "number"]


@dataclass(frozen=True, slots=True)
class BigCall:
    """`fresh`: it is being called now. `bright`: the half second of the calling colours."""

    number: str
    title: str
    field: str
    fresh: bool
    bright: bool


@dataclass(frozen=True, slots=True)
class CounterCard:
    title: str
    field: str
    state: CardState
    text: str
    bright: bool = False
    called: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A service's line, or who was sent to one counter.

    `wait` is a range, or says that there is no estimate.
    """

    name: str
    count: int
    wait: str
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageCount:
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """`room`: for how many cards a page is laid out; the last page may hold fewer."""

    unit: str
    clock: str
    date: str
    calls: tuple[BigCall, ...]
    recent: tuple[tuple[str, str], ...]
    cards: tuple[CounterCard, ...]
    room: int
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

    @property
    def call(self) -> BigCall | None:
        """The first of those in the large place."""
        return self.calls[0] if self.calls else None
