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
# The date takes this part of the header's line, if its type may be so small.
_DATE = 0.36
_TIGHT = 1.05


def scene(look: BoardView, panel: Panel, palette: Palette, words: BoardWords, now: float) -> Scene:
    """Everything but the ticker's movement, which `travelled` adds."""
    made = plan(panel, _wanted(look), now)
    floor = look.shape.floor_mm
    brush = Brush(made.unit, palette, words, palette.ink, palette.page, look.stale, floor)
    nodes: list[Node] = [
        *_head(look, made, panel.area, brush),
        *call_part.nodes(look, made, brush),
        *counters_part.nodes(look, made, brush),
        *queues_part.nodes(look, made, brush),
        *side_part.nodes(look, made, brush),
    ]
    if look.stale:
        nodes += _banner(made, brush)
    if look.ticker:
        nodes.append(_ticker(look.ticker, made, panel.area, brush))
    return Scene("board", palette.page, tuple(nodes))


def _wanted(look: BoardView) -> LayoutNeeds:
    floor = look.shape.floor_mm
    return LayoutNeeds(
        cards=look.shape.room,
        side=look.told is not None or look.slide is not None,
        ticker=bool(look.ticker),
        banner=look.stale,
        recent=0 if look.stale and floor else min(len(look.recent), look.shape.recent),
        queues=look.shape.queues,
        fields=look.shape.fields,
        floor=floor,
        head_lines=look.shape.head_lines,
        signs=look.signs,
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


def _head(look: BoardView, made: BoardLayout, area: Rect, brush: Brush) -> list[Node]:
    """Where type is large the date is left out: the ticket has it."""
    unit, head, palette, floor = made.unit, made.head, brush.palette, brush.floor
    line = head.inset(unit * 2.4, unit * (1 if floor else 1.4))
    emblem = line.left(min(line.h, unit * 9))
    rest = line.after(emblem.w + unit * 1.8)
    with_date = line.h * _DATE >= floor * _TIGHT
    clock = rest.side(unit * 33 if with_date else max(unit * 17.5, floor * 3.5))
    back = palette.header_bottom
    nodes: list[Node] = [
        Box("head", area.top(head.bottom), palette.header_top, bottom=back),
        Icon("emblem", emblem, "emblem", palette.gold),
        Label(
            "unit", rest.left(rest.w - clock.w - unit), look.unit, brush.least(unit * 4.6),
            palette.on_header, Weight.SEMIBOLD, min_size=brush.least(unit * 2.6),
            max_lines=max(2, made.wanted.head_lines),
            leading=1.2, on=back,
        ),
        Label(
            "clock", clock.above(clock.h * _DATE if with_date else 0), look.clock,
            brush.least(unit * 4.9), palette.on_header, Weight.BOLD, align="right", max_lines=1,
            leading=1.0, cells=True, personal=True, on=back,
        ),
    ]  # fmt: skip
    if with_date:
        nodes.append(
            Label(
                "date", clock.foot(clock.h * _DATE), look.date, brush.least(unit * 2.5),
                palette.on_header, align="right", max_lines=1, leading=1.1, on=back,
            )
        )  # fmt: skip
    return nodes


def _banner(made: BoardLayout, brush: Brush) -> list[Node]:
    unit, place, palette = made.unit, made.banner, brush.palette
    icon = Rect(place.x + unit * 2, place.y + unit, unit * 4, unit * 4)
    text = place.after(unit * 8).left(place.w - unit * 10)
    return [
        Box("lost", place, palette.warn_back, radius=unit, border=palette.warn, border_mm=unit / 4),
        Icon("lost-icon", icon, "offline", palette.warn),
        Label(
            "lost-text", text, brush.words.lost, brush.least(unit * 3), palette.warn,
            Weight.SEMIBOLD, min_size=brush.least(unit * 1.6),
            max_lines=2 if brush.floor else 1, leading=1.15, on=palette.warn_back,
            instead=(brush.words.lost_short,),
        ),
    ]  # fmt: skip


def _ticker(text: str, made: BoardLayout, area: Rect, brush: Brush) -> Strip:
    place, palette = Rect(area.x, made.ticker.y, area.w, area.bottom - made.ticker.y), brush.palette
    return Strip(
        "ticker", place, text, brush.least(made.unit * 3.6), palette.on_header,
        palette.header_bottom, 0.0, gap=made.unit * 40,
    )  # fmt: skip
