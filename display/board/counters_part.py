"""One card a counter: its number or its state, and always what it serves. Pure."""

from display.board.brush import Brush
from display.board.contents import BoardView, CounterCard
from display.board.plan import BoardLayout
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.palette import Color, Palette
from hall.screen.tree import Box, Label, Node
from hall.wording.glossary import bound

# How wide the picture of the service stands before a counter's name, in units.
_BAND = 4.0


def nodes(look: BoardView, made: BoardLayout, brush: Brush) -> list[Node]:
    drawn: list[Node] = []
    for index, (card, place) in enumerate(zip(look.cards, made.cards, strict=False)):
        drawn += _card(f"card-{index}", card, place, made, brush)
    return [*drawn, *brush.dots("page", made.dots, look.pages.index, look.pages.count)]


def _card(key: str, card: CounterCard, place: Rect, made: BoardLayout, brush: Brush) -> list[Node]:
    unit, palette, with_fields = made.unit, brush.palette, made.wanted.fields
    back = palette.gold if card.bright else palette.card
    ink = palette.header_bottom if card.bright else palette.ink
    brush = brush.on(back, ink)
    border = palette.accent if card.called else palette.line
    inner = place.inset(unit * 2, unit * 0.9).after(unit * _BAND if made.wanted.signs else 0)
    name, field, right = _places(inner.after(unit * 0.4), brush, with_fields=with_fields)
    # Rather smaller than parted from its number: two lines are for what is longer.
    title, *shorter = (bound(each) if brush.floor else each for each in (card.title, *card.shorter))
    edge = Rect(place.x + unit * 0.8, place.y + place.h * 0.2, unit * 0.7, place.h * 0.6)
    muted = ink if card.bright else palette.muted
    line = unit * 0.55 if card.called else unit * 0.2
    return [
        Box(key, place, back, radius=unit * 1.3, border=border, border_mm=line),
        *_edge(f"{key}-edge", card, place, edge, brush),
        Label(
            f"{key}-name", name, title, brush.least(min(unit * 6, name.h)), ink,
            Weight.BOLD, valign="bottom" if with_fields else "middle",
            min_size=brush.least(unit * 2.2), max_lines=1 if with_fields else 2,
            leading=1.2, clamp=True, on=back, instead=tuple(shorter),
        ),
        *([_field(f"{key}-field", card, field, brush.on(back, muted))] if with_fields else []),
        _state(f"{key}-state", card, right, made, brush),
    ]  # fmt: skip


def _edge(key: str, card: CounterCard, place: Rect, edge: Rect, brush: Brush) -> list[Node]:
    """What kind of number stands there, or whether the counter is open, beside the words."""
    if card.sign is not None:
        band = place.inset(brush.unit * 0.4).left(brush.unit * (_BAND + 1))
        return brush.sign(key, band, card.sign)
    color = brush.ink if card.bright else _tone(card, brush.palette)
    return [Box(key, edge, color, radius=brush.unit * 0.35)]


def _places(inner: Rect, brush: Brush, *, with_fields: bool) -> tuple[Rect, Rect, Rect]:
    """Name, field and number: large type gives the field the whole width beneath both."""
    gap = brush.unit
    if brush.floor and with_fields:
        high = max(brush.high(0), inner.h - brush.high(0, 2))
        upper, field = inner.top(high), inner.below(high)
        name, number = upper.columns(48, 52, gap=gap)
        return name, field, number
    left, number = inner.columns(48, 52, gap=gap)
    name, field = left.rows(52, 48) if with_fields else (left, left.foot(0))
    return name, field, number


def _field(key: str, card: CounterCard, place: Rect, brush: Brush) -> Label:
    em = brush.least(min(brush.unit * 3.2, place.h * 0.65))
    return Label(
        key, place, card.field, em, brush.ink, valign="top",
        min_size=brush.least(brush.unit * 1.55), max_lines=2, leading=1.15, clamp=True,
        on=brush.back,
    )  # fmt: skip


def _state(key: str, card: CounterCard, place: Rect, made: BoardLayout, brush: Brush) -> Label:
    """The word stands beside the colour: nobody has to tell green from orange."""
    if card.state == "number":
        em = min(made.card_em * 1.5, place.h * 0.92)
        color = brush.ink if card.bright else brush.palette.accent
        return brush.number(key, place, card.text, em, color=color)
    color = brush.ink if card.bright else _word(card, brush.palette)
    return brush.line(key, place, card.text, 3.8, color=color, align="right")


def _tone(card: CounterCard, palette: Palette) -> Color:
    tones = {"number": palette.accent, "open": palette.good, "paused": palette.tiles[3]}
    return tones.get(card.state, palette.line)


def _word(card: CounterCard, palette: Palette) -> Color:
    return {"open": palette.good, "paused": palette.tiles[3]}.get(card.state, palette.muted)
