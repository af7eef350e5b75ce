"""The board as a scene: what stands where, in which colour. Pure."""

from display.board import call_part, counters_part, queues_part, side_part
from display.board.brush import Brush
from display.board.contents import BoardView
from display.board.plan import BoardLayout, LayoutNeeds, plan
from display.board.words import BoardWords
from hall.fonts import Weight
from hall.screen.geometry import Panel, Rect
from hall.screen.palette import Palette
from hall.screen.tree import Box, Icon, Label, Node, Scene, Strip

DARK = Scene("night", "#000000", ())


def scene(look: BoardView, panel: Panel, palette: Palette, words: BoardWords, now: float) -> Scene:
    """Everything but the ticker's movement, which `travelled` adds."""
    made = plan(panel, _wanted(look), now)
    brush = Brush(made.unit, palette, words, palette.ink, palette.page, stale=look.stale)
    nodes: list[Node] = [
        *_head(look, made, panel.area, palette),
        *call_part.nodes(look, made, brush),
        *counters_part.nodes(look, made, brush),
        *queues_part.nodes(look, made, brush),
        *side_part.nodes(look, made, brush),
    ]
    if look.stale:
        nodes += _banner(made, palette, words)
    if look.ticker:
        nodes.append(_ticker(look.ticker, made, panel.area, palette))
    return Scene("board", palette.page, tuple(nodes))


def _wanted(look: BoardView) -> LayoutNeeds:
    return LayoutNeeds(
        cards=look.room,
        side=look.told is not None or look.slide is not None,
        ticker=bool(look.ticker),
        banner=look.stale,
        recent=bool(look.recent),
    )


def travelled(still: Scene, offset_mm: float) -> Scene:
    """The same scene with the ticker further on; every other node stays the same object."""
    last = still.nodes[-1] if still.nodes else None
    if not isinstance(last, Strip):
        return still
    moved = Strip(
        last.key, last.rect, last.text, last.size, last.color, last.back, offset_mm, last.weight,
        last.gap,
    )  # fmt: skip
    return Scene(still.name, still.back, (*still.nodes[:-1], moved))


def _head(look: BoardView, made: BoardLayout, area: Rect, palette: Palette) -> list[Node]:
    unit, head = made.unit, made.head
    line = head.inset(unit * 2.4, unit * 1.4)
    emblem, rest = line.left(line.h), line.after(line.h + unit * 1.8)
    clock = rest.side(unit * 33)
    return [
        Box("head", area.top(head.bottom), palette.header_top, bottom=palette.header_bottom),
        Icon("emblem", emblem, "emblem", palette.gold),
        Label(
            "unit", rest.left(rest.w - clock.w - unit), look.unit, unit * 4.6,
            palette.on_header, Weight.SEMIBOLD, min_size=unit * 2.6, max_lines=2, leading=1.2,
            on=palette.header_bottom,
        ),
        Label(
            "clock", clock.above(clock.h * 0.36), look.clock, unit * 4.9, palette.on_header,
            Weight.BOLD, align="right", max_lines=1, leading=1.0, cells=True, personal=True,
            on=palette.header_bottom,
        ),
        Label(
            "date", clock.foot(clock.h * 0.36), look.date, unit * 2.5, palette.on_header,
            align="right", max_lines=1, leading=1.1, on=palette.header_bottom,
        ),
    ]  # fmt: skip


def _banner(made: BoardLayout, palette: Palette, words: BoardWords) -> list[Node]:
    unit, place = made.unit, made.banner
    icon = Rect(place.x + unit * 2, place.y + unit, unit * 4, unit * 4)
    return [
        Box("lost", place, palette.warn_back, radius=unit, border=palette.warn, border_mm=unit / 4),
        Icon("lost-icon", icon, "offline", palette.warn),
        Label(
            "lost-text", place.after(unit * 8).left(place.w - unit * 10), words.lost,
            unit * 3, palette.warn, Weight.SEMIBOLD, min_size=unit * 1.6, max_lines=1,
            on=palette.warn_back,
        ),
    ]  # fmt: skip


def _ticker(text: str, made: BoardLayout, area: Rect, palette: Palette) -> Strip:
    place = Rect(area.x, made.ticker.y, area.w, area.bottom - made.ticker.y)
    return Strip(
        "ticker", place, text, made.unit * 3.6, palette.on_header, palette.header_bottom, 0.0,
        gap=made.unit * 40,
    )  # fmt: skip
