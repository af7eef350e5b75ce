"""On time and overdue, with their total's name and their time; or a slide. Pure."""

from display.board.brush import Brush
from display.board.contents import BoardView
from display.board.figures_panel import FiguresPanel
from display.board.plan import BoardLayout
from hall.figures.freshness import Age
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Donut, Label, Node, Picture

# From this shape on the three counts stand side by side.
_ACROSS = 3.5


def nodes(look: BoardView, made: BoardLayout, brush: Brush) -> list[Node]:
    brush = brush.on(brush.palette.card, brush.palette.ink)
    if look.slide is not None:
        inside = made.side.inset(made.unit)
        return [brush.card("slide-back", made.side), Picture("slide", inside, look.slide)]
    return [] if look.told is None else _figures_nodes(look.told, made.side, brush)


def _figures_nodes(told: FiguresPanel, place: Rect, brush: Brush) -> list[Node]:
    unit = brush.unit
    inner = place.inset(unit * 2, unit * 1.2)
    body = inner.below(unit * 5.6).above(unit * 3.8)
    side = min(body.h, body.w * 0.38)
    ring = Rect(body.x, body.centre[1] - side / 2, side, side)
    return [
        brush.card("told", place),
        brush.line("told-head", inner.top(unit * 5), told.title, 3.6),
        *_ring(told, ring, brush),
        *_counts(told, body.after(side + unit * 2), brush),
        *_foot(told, inner.foot(unit * 3), brush),
    ]


def _ring(told: FiguresPanel, ring: Rect, brush: Brush) -> list[Node]:
    """Two colours and their two labels beside: overdue is a row of its own, however thin."""
    palette, share = brush.palette, told.share
    parts = ((share, palette.good), (1 - share, palette.bad)) if share is not None else ()
    return [
        Donut("told-ring", ring, parts, palette.soft, ring.w * 0.14),
        Label(
            "told-percent", ring.inset(ring.w * 0.17, ring.h * 0.3), told.percent,
            brush.least(ring.w * 0.2), palette.ink, Weight.BOLD, align="centre",
            min_size=brush.least(brush.unit * 1.3), max_lines=3,
            leading=1.1, on=brush.back,
        ),
    ]  # fmt: skip


def _counts(told: FiguresPanel, place: Rect, brush: Brush) -> list[Node]:
    palette, said = brush.palette, brush.words.glossary.figures
    told_counts = (
        ("received", said.received, told.received, palette.ink),
        ("in-time", said.early_or_on_time, told.in_time, palette.good),
        ("overdue", said.overdue, told.overdue, palette.bad),
    )
    cells = place.columns(1, 1.4, 1) if place.w > _ACROSS * place.h else place.rows(1, 1, 1)
    return [
        node
        for (key, name, count, ink), cell in zip(told_counts, cells, strict=True)
        for node in _count(f"told-{key}", (name, count), cell, brush.on(brush.back, ink))
    ]


def _count(key: str, told: tuple[str, str], cell: Rect, brush: Brush) -> list[Node]:
    """The word above its number, which has the whole width: a year's counts have six digits."""
    name, number = cell.rows(40, 60)
    return [
        brush.line(
            f"{key}-name", name, told[0], 2.4, color=brush.palette.muted, weight=Weight.REGULAR
        ),
        Label(
            key, number, told[1], brush.least(min(brush.unit * 4.6, number.h * 0.95)),
            brush.ink, Weight.BOLD, min_size=brush.least(brush.unit * 1.4), max_lines=1,
            leading=1.05, cells=told[1][0].isdigit(),
            on=brush.back,
        ),
    ]  # fmt: skip


def _foot(told: FiguresPanel, place: Rect, brush: Brush) -> list[Node]:
    palette = brush.palette
    late = told.age is Age.AMBER
    back = palette.warn_back if late else palette.card
    ink = palette.warn if late else palette.muted
    line = brush.on(back, ink).line(
        "told-time", place, f"{told.base} · {told.as_of}", 2.2, weight=Weight.REGULAR
    )
    return [Box("told-foot", place.inset(-brush.unit * 0.6, 0), back, radius=brush.unit / 2), line]
