"""Blocks of a ticket set into rows: measured, shrunk or wrapped, never clipped. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from math import inf

from hall.fonts import Weight
from hall.wording.glossary import bound
from printer.paper.rows import (
    Bitmap,
    Digits,
    FilledBar,
    Font,
    Metrics,
    Qr,
    Strokes,
    TextRun,
    TicketRow,
)

# Rows of a service's picture alone.
SIGN = "sign:"
# A line is at least this tall; stacked accents on capitals (Ẫ: 1.24 em) make theirs taller.
ASCENT, DESCENT = 0.98, 0.28
# Measured on Be Vietnam Pro: [A-Z0-9] reach 0.75 em above the baseline and 0.01 below.
CAP_HEIGHT, TAIL = 0.76, 0.03
SHRINK_BEFORE_WRAP = 0.86
SMALLEST = 16
QUIET_MODULES = 4
_DASHES = ("–", "-", "·")
_PAUSES = "–-·,;:"
# Words that open the name of a commune, ward, district, town or province.
_UNITS = ("xã", "phường", "quận", "huyện", "tỉnh", "thành", "thị", "đặc")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Centred text: one line if slight shrinking makes it one, else balanced lines."""

    text: str
    font: Font
    max_lines: int = 3
    asset: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The number, as large as the paper lets it be, `tallest` dots to the em at most."""

    text: str
    tallest: int


@dataclass(frozen=True, slots=True)
class Banner:
    """White words on a black bar."""

    text: str
    font: Font
    asset: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left edge and its value at the right one, or below when both do not fit."""

    label: str
    value: str
    label_font: Font
    value_font: Font


@dataclass(frozen=True, slots=True)
class Rule:
    thickness: int
    inset: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    dots: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code about `side` dots wide."""

    text: str
    side: int


@dataclass(frozen=True, slots=True)
class PictureBlock:
    name: str


@dataclass(frozen=True, slots=True)
class SignBlock:
    """The picture of a service, `side` dots wide and high, above its name."""

    picture: str
    side: int
    name: TextBlock


Block = SignBlock | TextBlock | Figure | Banner | Pair | Rule | Gap | Code | PictureBlock


def typeset(
    blocks: Iterable[Block], width: int, metrics: Metrics, *, margin: int = 0
) -> tuple[TicketRow, ...]:
    """Set every block, on paper `width` dots wide with `margin` free at each edge."""
    inner = width - 2 * margin
    return tuple(_shifted(row, margin) for block in blocks for row in _rows(block, inner, metrics))


def _shifted(row: TicketRow, by: int) -> TicketRow:
    inks = tuple(replace(ink, x=ink.x + by) for ink in row.inks)
    return replace(row, inks=inks, parts=tuple(_shifted(part, by) for part in row.parts))


def _rows(  # noqa: PLR0911 - one line a kind
    block: Block, width: int, metrics: Metrics
) -> tuple[TicketRow, ...]:
    match block:
        case TextBlock():
            return _words(block, width, metrics)
        case Figure():
            return (_figure(block, width, metrics),)
        case Banner():
            return (_banner(block, width, metrics),)
        case Pair():
            return _pair(block, width, metrics)
        case Rule():
            return (TicketRow(block.thickness, (_rule(block, width),)),)
        case Gap():
            return (TicketRow(block.dots),)
        case Code():
            return (_code(block, width, metrics),)
        case SignBlock():
            return _signed(block, width, metrics)
        case PictureBlock():
            return _picture(block, width, metrics)


def _rule(rule: Rule, width: int) -> FilledBar:
    return FilledBar(rule.inset, 0, width - 2 * rule.inset, rule.thickness)


@dataclass(frozen=True, slots=True)
class _Line:
    height: int
    baseline: int


def _line(metrics: Metrics, *parts: tuple[str, Font]) -> _Line:
    """A line tall enough for all of its parts on one baseline."""
    rise = max(max(round(f.size * ASCENT), metrics.rise(text, f)) for text, f in parts)
    fall = max(max(round(f.size * DESCENT), metrics.fall(text, f)) for text, f in parts)
    return _Line(rise + fall, rise)


def _words(block: TextBlock, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    font, lines = fit(block.text, block.font, width, block.max_lines, metrics)
    rows = (_centred(line, font, width, metrics) for line in lines)
    if block.asset is None:
        return tuple(rows)
    return tuple(replace(r, asset=f"{block.asset}{n}") for n, r in enumerate(rows))


def _centred(line: str, font: Font, width: int, metrics: Metrics) -> TicketRow:
    x = (width - metrics.width(line, font)) // 2
    return _text_row(line, font, x, metrics)


def _text_row(text: str, font: Font, x: int, metrics: Metrics) -> TicketRow:
    line = _line(metrics, (text, font))
    run = TextRun(text, font, x, line.baseline)
    return TicketRow(line.height, (run,), plain=text if text.isascii() else None)


def _figure(block: Figure, width: int, metrics: Metrics) -> TicketRow:
    font = _largest(block.text, Font(Weight.BOLD, block.tallest), width, metrics)
    used = digits_width(block.text, font, metrics)
    above, below = round(font.size * CAP_HEIGHT), round(font.size * TAIL)
    ink = Digits(block.text, font, (width - used) // 2, above)
    return TicketRow(above + below, (ink,), plain=block.text)


def digits_width(text: str, font: Font, metrics: Metrics) -> int:
    """Without kerning: glyphs are pasted one by one."""
    return sum(metrics.width(char, font) for char in text)


def _largest(text: str, font: Font, width: int, metrics: Metrics) -> Font:
    while font.size > SMALLEST and digits_width(text, font, metrics) > width:
        font = replace(font, size=font.size - 4)
    return font


def _banner(block: Banner, width: int, metrics: Metrics) -> TicketRow:
    font, lines = fit(block.text, block.font, width - 2 * block.font.size, 1, metrics)
    pad = font.size // 5
    line = _line(metrics, (lines[0], font))
    height = line.height + 2 * pad
    used = metrics.width(lines[0], font)
    bar = FilledBar(0, 0, width, height)
    # Capitals are optically centred on the middle of their own height.
    base = max(pad + metrics.rise(lines[0], font), (height + round(font.size * CAP_HEIGHT)) // 2)
    run = TextRun(lines[0], font, (width - used) // 2, base, inverse=True)
    return TicketRow(height, (bar, run), asset=block.asset)


def _pair(block: Pair, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    gutter = block.label_font.size
    label_w = metrics.width(block.label, block.label_font)
    room = width - label_w - gutter
    if metrics.width(block.value, block.value_font) <= room:
        return (_one_line_pair(block, block.value_font, width, metrics),)
    shrunk = replace(block.value_font, size=round(block.value_font.size * SHRINK_BEFORE_WRAP))
    if metrics.width(block.value, shrunk) <= room:
        return (_one_line_pair(block, shrunk, width, metrics),)
    return _stacked_pair(block, width, metrics)


def _one_line_pair(block: Pair, font: Font, width: int, metrics: Metrics) -> TicketRow:
    line = _line(metrics, (block.label, block.label_font), (block.value, font))
    left = TextRun(block.label, block.label_font, 0, line.baseline)
    right = TextRun(block.value, font, width - metrics.width(block.value, font), line.baseline)
    return TicketRow(line.height, (left, right))


def _stacked_pair(block: Pair, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    font, labels = fit(block.label, block.label_font, width, 2, metrics)
    above = [_text_row(text, font, 0, metrics) for text in labels]
    font, lines = fit(block.value, block.value_font, width, 3, metrics)
    below = [_text_row(t, font, width - metrics.width(t, font), metrics) for t in lines]
    return (*above, *below)


def _code(block: Code, width: int, metrics: Metrics) -> TicketRow:
    modules = metrics.modules(block.text)
    scale = max(2, min(block.side // modules, width // (modules + 2 * QUIET_MODULES)))
    side = modules * scale
    return TicketRow(side, (Qr(block.text, scale, (width - side) // 2),))


def _signed(block: SignBlock, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    """The picture is one row with the first line of the name: one graphic of a memory, not two."""
    ink = Strokes(block.picture, block.side, (width - block.side) // 2)
    first, *more = _words(block.name, width, metrics)
    parts = (TicketRow(block.side, (ink,), asset=f"{SIGN}{block.picture}"), first)
    return (TicketRow(block.side + first.height, asset=first.asset, parts=parts), *more)


def _picture(block: PictureBlock, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    wide, high = metrics.picture(block.name)
    if not high:
        return ()
    return (TicketRow(high, (Bitmap(block.name, (width - wide) // 2),), asset=block.name),)


# --- fitting text -------------------------------------------------------------------------------


def fit(
    text: str, font: Font, width: int, max_lines: int, metrics: Metrics
) -> tuple[Font, tuple[str, ...]]:
    """The largest allowed font and the lines that fit; past `max_lines` the text ends in '…'."""
    for size in range(font.size, round(font.size * SHRINK_BEFORE_WRAP) - 1, -1):
        if metrics.width(text, replace(font, size=size)) <= width:
            return replace(font, size=size), (text,)
    return _wrapped(text, font, width, max_lines, metrics)


def _wrapped(
    text: str, font: Font, width: int, max_lines: int, metrics: Metrics
) -> tuple[Font, tuple[str, ...]]:
    smallest = max(SMALLEST, round(font.size * 0.6))
    lines: tuple[str, ...] = ("",)
    for size in range(font.size, min(smallest, font.size) - 1, -2):
        font = replace(font, size=size)
        wide = partial(metrics.width, font=font)
        words = tuple(part for word in _bound_words(text) for part in _parts(word, width, wide))
        lines = _greedy(words, width, wide)
        if len(lines) <= max_lines:
            return font, _best(words, len(lines), width, wide).lines
    last = _ended(lines[max_lines - 1], width, partial(metrics.width, font=font))
    return font, (*lines[: max_lines - 1], last)


def _bound_words(text: str) -> tuple[str, ...]:
    """What lines may end behind; a counter's number stays with its word."""
    return tuple(word.replace("\u00a0", " ") for word in bound(text).split(" ") if word)


def _ended(line: str, width: int, wide: Callable[[str], int]) -> str:
    while line and wide(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Broken:
    cost: float
    lines: tuple[str, ...]


def _best(words: tuple[str, ...], count: int, width: int, wide: Callable[[str], int]) -> _Broken:
    """`words` in exactly `count` lines, broken where a reader would pause, else evenly."""
    share = wide(" ".join(words)) / max(count, 1)

    @cache
    def rest(start: int, left: int) -> _Broken:
        if left == 1:
            return _line_cost(words[start:], width, share, wide)
        return min(
            (
                _joined(
                    _line_cost(words[start:cut], width, share, wide),
                    rest(cut, left - 1),
                    _pause(words, cut),
                )
                for cut in range(start + 1, len(words) - left + 2)
            ),
            key=lambda broken: broken.cost,
        )

    return rest(0, count) if words else _Broken(0.0, ("",))


def _joined(first: _Broken, others: _Broken, pause: float) -> _Broken:
    return _Broken(first.cost + others.cost + pause, (*first.lines, *others.lines))


def _line_cost(
    words: tuple[str, ...], width: int, share: float, wide: Callable[[str], int]
) -> _Broken:
    text = " ".join(words)
    used = wide(text)
    cost = inf if used > width else ((used - share) / width) ** 2
    return _Broken(cost, (text,))


def _pause(words: tuple[str, ...], cut: int) -> float:
    """What it costs the reader to break before `words[cut]`."""
    before, after = words[cut - 1], words[cut]
    if after in _DASHES:
        return 1.0
    names_a_place = after.lower() in _UNITS and cut + 1 < len(words) and words[cut + 1][0].isupper()
    return 0.0 if before[-1] in _PAUSES or names_a_place else 0.3


def _greedy(words: tuple[str, ...], width: int, wide: Callable[[str], int]) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and wide(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return tuple(lines)


def _parts(word: str, width: int, wide: Callable[[str], int]) -> tuple[str, ...]:
    """A word wider than the paper is broken anywhere: whole letters rather than a clipped line."""
    if wide(word) <= width:
        return (word,)
    cut = len(word) - 1
    while cut > 1 and wide(word[:cut]) > width:
        cut -= 1
    return (word[:cut], *_parts(word[cut:], width, wide)) if cut >= 1 and word[cut:] else (word,)
