"""What of the board has room at type that reads from the last seat; measured with real names.

Type stands at least a two-hundredth of the distance high. What has no room at that size is left
out: figures first, then who waits, then what counters serve; at last a page has fewer cards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from display.board import view
from display.board.contents import (
    PER_PAGE,
    BigCall,
    BoardShape,
    BoardView,
    CounterCard,
    EarlierCall,
    PageCount,
    QueueRow,
)
from display.board.figures_panel import FiguresPanel
from display.board.look import BoardSetup, CounterPlace, date_text, per_page
from display.board.plan import QUEUE_ROWS
from display.board.words import BoardWords
from hall.figures.freshness import Age
from hall.screen.geometry import Panel, em_of_cap
from hall.screen.palette import NORMAL
from hall.screen.text import Typesetter
from hall.screen.tree import Scene, Strip, labels
from hall.wording.glossary import bound

PARTS_OF_DISTANCE = 200
_MM = 1000
# A page of many counters may hold more cards than one of few once nothing else needs room.
_ROOMS = (16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
_SAMPLE_WAIT = (100, 120)
_BUSIEST = 188
_LONGEST_DAY = datetime(2026, 12, 30, 10, 32)  # noqa: DTZ001 - a picture's clock, no moment
_FIRST = BoardShape()
_STRIP_LINE = 1.2
# Of the type that reads: what is tried where not even the barest board has room for it.
_SMALLER = (1.0, 0.85, 0.7, 0.55, 0.4, 0.28, 0.2)


@dataclass(frozen=True, slots=True)
class Legible:
    """`shape`: what is shown. `reads`: whether every text of it is as high as it should be."""

    shape: BoardShape
    reads: bool


def floor_em(distance_m: float) -> float:
    """The smallest type for this distance, em in mm."""
    return em_of_cap(distance_m * _MM / PARTS_OF_DISTANCE)


@dataclass(frozen=True, slots=True)
class Trial:
    """A hall's board on its panel. `number`: the longest ticket number."""

    panel: Panel
    place: BoardSetup
    words: BoardWords
    number: str
    typesetter: Typesetter = field(default_factory=lambda: Typesetter(bind=bound))

    def fits(self, shape: BoardShape) -> bool:
        """Whether every text has its room uncut, with the longest names of the hall."""
        boards = fullest(shape, self.place, self.number)
        scenes = (view.scene(seen, self.panel, NORMAL, self.words, 0.0) for seen in boards)
        return all(self._is_whole(scene) for scene in scenes)

    def _is_whole(self, scene: Scene) -> bool:
        uncut = (replace(label, clamp=False) for label in labels(scene))
        if not all(self.typesetter.lay(label, self.panel.px_per_mm).fits for label in uncut):
            return False
        strips = [node for node in scene.nodes if isinstance(node, Strip)]
        return all(strip.size * _STRIP_LINE <= strip.rect.h for strip in strips)


def legible(trial: Trial, distance_m: float) -> Legible:
    """The richest shape that reads from there; where none does, the largest type that fits."""
    floor = floor_em(distance_m)
    for share in _SMALLER:
        for shape in _shapes(trial.place, floor * share):
            if trial.fits(shape):
                return Legible(shape, share == _SMALLER[0])
    return Legible(
        BoardShape(room=1, recent=1, figures=False, queues=False, fields=False), reads=False
    )


def left_out(shape: BoardShape, place: BoardSetup) -> tuple[str, ...]:
    """What the board would show if there were room, in Vietnamese."""
    fewer = shape.room < min(len(place.counters), PER_PAGE)
    told = (
        ("khung số liệu", (place.show_figures or bool(place.slides)) and not shape.figures),
        ("danh sách đang chờ", not shape.queues),
        ("lĩnh vực của từng quầy", not shape.fields),
        (f"quá {shape.room} quầy một trang", fewer),
    )
    return tuple(what for what, is_out in told if is_out)


def _shapes(place: BoardSetup, floor: float) -> Iterator[BoardShape]:
    """From the richest to the barest."""
    room = per_page(len(place.counters), PER_PAGE)
    for figures, queues, fields in (
        (True, True, True),
        (False, True, True),
        (False, False, True),
    ):
        yield from _heads(
            replace(_FIRST, room=room, floor_mm=floor, figures=figures, queues=queues,
                    fields=fields)
        )  # fmt: skip
    for cards in _ROOMS:
        if cards <= max(room, len(place.counters)):
            bare = replace(
                _FIRST, room=cards, floor_mm=floor, figures=False, queues=False, fields=False
            )
            yield from _heads(bare)


def _heads(shape: BoardShape) -> Iterator[BoardShape]:
    for recent in (3, 2, 1):
        for lines in (1, 2, 3):
            yield replace(shape, recent=recent, head_lines=lines)


def fullest(shape: BoardShape, place: BoardSetup, number: str) -> Iterator[BoardView]:
    """Boards as full as this hall can make them, the longest names together."""
    longest = sorted(place.counters, key=lambda each: -len(each.title))
    fields = sorted(place.counters, key=lambda each: -len(each.field))
    for counters in (longest, fields):
        yield _full(shape, place, number, tuple(counters[: shape.room]))
    yield replace(_full(shape, place, number, tuple(longest[: shape.room])), stale=True)


def _full(
    shape: BoardShape, place: BoardSetup, number: str, counters: tuple[CounterPlace, ...]
) -> BoardView:
    first, words = counters[0], place.words
    services = sorted(place.services, key=lambda each: -len(each[1]))
    return BoardView(
        unit=place.unit,
        clock=f"{_LONGEST_DAY:%H:%M}",
        date=date_text(_LONGEST_DAY, words.glossary),
        calls=(BigCall(number, first.title, first.field, True, False, first.shorter),),  # noqa: FBT003
        recent=tuple(EarlierCall(number, c.title, c.shorter) for c in counters)[: shape.recent]
        or (EarlierCall(number, first.title, first.shorter),),
        cards=tuple(
            CounterCard(c.title, c.field, "number", number, shorter=c.shorter) for c in counters
        ),
        shape=shape,
        pages=PageCount(0, 2),
        queues=tuple(
            QueueRow(
                name,
                _BUSIEST,
                words.glossary.wait.estimate(_SAMPLE_WAIT),
                (number, number),
                place.signs.get(ident),
            )
            for ident, name in services[:QUEUE_ROWS]
        ),
        queue_pages=PageCount(0, 2),
        waiting=_BUSIEST,
        told=_figures(words) if place.show_figures and shape.figures else None,
        slide=None,
        ticker="…" if place.ticker else "",
        stale=False,
        closed=False,
        opens="",
        signs=bool(place.signs),
    )


def _figures(words: BoardWords) -> FiguresPanel:
    return FiguresPanel(
        title=words.period.month.format(first=_LONGEST_DAY),
        received="349.247",
        in_time="344.843",
        overdue="439",
        share=0.9987,
        percent="99,87%",
        base=words.period.base,
        as_of=words.period.as_of.format(at=_LONGEST_DAY),
        age=Age.FRESH,
    )
