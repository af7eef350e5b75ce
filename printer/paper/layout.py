"""What stands on a ticket, in which order and size: ticket → blocks. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hall import fonts
from hall.contract import words
from hall.fonts import Family, Weight
from printer.paper.blocks import (
    SIGN,
    Banner,
    Block,
    Code,
    Figure,
    Gap,
    Pair,
    PictureBlock,
    Rule,
    SignBlock,
    TextBlock,
    typeset,
)
from printer.paper.phrases import VIETNAMESE, Phrases, phrases_for
from printer.paper.rows import Font, Metrics, TicketRow

WIDE_FROM = 500
# Letters of one text on paper.
LIMIT = 120
# An address is of no use when its end is missing.
CODE_LIMIT = 1000
LOGO = "logo"
# Rows of the hall's own, the same on every ticket of every service.
DRESS = "dress:"


@dataclass(frozen=True, slots=True)
class Content:
    """One ticket as people read it. `issued_at` is None while the hall's clock is unsure.

    `wifi`: with a code that people follow their turn by, the network it opens in, "" where none
    need be named. `picture`: by which the service is known to who cannot read, "" for none.
    """

    number: str
    service: str
    ahead: int = 0
    counters: tuple[str, ...] = ()
    wait_min: tuple[int, int] | None = None
    issued_at: datetime | None = None
    priority: bool = False
    lang: str = "vi"
    reprint: bool = False
    code: str | None = None
    wifi: str | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Dress:
    """What a hall puts on all of its tickets. `masthead`: where the hall's name stands.

    At the bottom the number is the first thing to leave the printer.
    """

    hall: str
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    masthead: Literal["top", "bottom"] = "bottom"
    logo: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in dots at 203 dpi (8 dots a millimetre)."""

    number: int
    service: int
    value: int
    label: int
    hall: int
    small: int
    gap: int
    rule: int
    code: int
    sign: int


WIDE = Sizes(
    number=264, service=46, value=38, label=30, hall=28, small=23, gap=14, rule=3, code=176, sign=72
)
NARROW = Sizes(
    number=220, service=36, value=29, label=23, hall=23, small=19, gap=10, rule=2, code=140, sign=56
)


def sizes_for(width: int) -> Sizes:
    return WIDE if width >= WIDE_FROM else NARROW


def lay_out(content: Content, dress: Dress, width: int, metrics: Metrics) -> tuple[TicketRow, ...]:
    """Content to rows; every text passes `clean`, nothing is ever wider than `width`."""
    margin = sizes_for(width).gap
    return typeset(ticket_blocks(content, dress, width), width, metrics, margin=margin)


def dress_alone(rows: Iterable[TicketRow]) -> tuple[TicketRow, ...]:
    """Only the hall's own rows and the pictures, apart from the names, count as never changing.

    They survive a new name of a service.
    """
    apart = (part for row in rows for part in row.parts or (row,))
    return tuple(row if _survives(row) else replace(row, asset=None) for row in apart)


def _survives(row: TicketRow) -> bool:
    return row.asset is not None and row.asset.startswith((DRESS, LOGO, SIGN))


def ticket_blocks(content: Content, dress: Dress, width: int) -> tuple[Block, ...]:
    sizes, words = sizes_for(width), phrases_for(content.lang)
    masthead = tuple(_masthead(dress, sizes))
    top = dress.masthead == "top"
    return (
        *((*masthead, Gap(sizes.gap)) if top else ()),
        *_number(content, words, sizes),
        *_details(content, words, sizes),
        *_code(content, words, sizes),
        *_foot(content, words, sizes),
        *(() if top else (Gap(sizes.gap), *masthead)),
        *_closing(dress, words, sizes),
    )


def _font(weight: Weight, size: int) -> Font:
    return Font(weight, size)


def _masthead(dress: Dress, sizes: Sizes) -> Iterator[Block]:
    if dress.logo:
        yield PictureBlock(LOGO)
        yield Gap(sizes.gap // 2)
    for n, line in enumerate(dress.header):
        yield TextBlock(clean(line), _font(Weight.REGULAR, sizes.small), asset=f"{DRESS}header{n}")
    yield TextBlock(
        clean(dress.hall), _font(Weight.BOLD, sizes.hall), asset=f"{DRESS}hall:{dress.hall}"
    )


def _number(content: Content, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    if content.reprint:
        yield Banner(words.reprint, _font(Weight.BOLD, sizes.label), asset="reprint")
        yield Gap(sizes.gap)
    yield TextBlock(words.your_number, _font(Weight.SEMIBOLD, sizes.small), asset="your-number")
    yield Gap(sizes.gap // 2)
    yield Figure(clean(content.number), sizes.number)
    if content.priority:
        yield Gap(sizes.gap // 2)
        yield Banner(words.priority, _font(Weight.BOLD, sizes.value), asset="priority")
    yield Gap(sizes.gap // 2)
    yield service_block(content, sizes, f"service:{content.service}")
    yield Gap(sizes.gap // 2)
    yield Rule(sizes.rule)
    yield Gap(sizes.gap // 3)


def service_block(content: Content, sizes: Sizes, asset: str) -> Block:
    """The service's name, below its picture when it has one."""
    name = TextBlock(clean(content.service), _font(Weight.BOLD, sizes.service), asset=asset)
    return SignBlock(content.picture, sizes.sign, name) if content.picture else name


def _details(content: Content, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    for label, value in _facts(content, words):
        yield Pair(
            label, value, _font(Weight.REGULAR, sizes.label), _font(Weight.BOLD, sizes.value)
        )
    yield Gap(sizes.gap // 3)
    yield Rule(sizes.rule)
    yield Gap(sizes.gap // 2)


def _facts(content: Content, words: Phrases) -> Iterator[tuple[str, str]]:
    if content.counters:
        yield words.until_called, counters_line(content.counters, words)
    yield words.ahead, words.people(content.ahead)
    if content.wait_min is not None:
        yield words.wait, words.minutes(*content.wait_min)


def counters_line(counters: Sequence[str], words: Phrases = VIETNAMESE) -> str:
    """'Quầy 1', 'Quầy 3' → 'Quầy 1, 3'; in another language the word for a counter changes too."""
    names = [clean(name) for name in counters]
    for word in (VIETNAMESE.counter, words.counter):
        bare = [n.removeprefix(word).strip() for n in names]
        if all(n.startswith(word) and rest for n, rest in zip(names, bare, strict=True)):
            return f"{words.counter} {', '.join(bare)}"
    return ", ".join(names)


def _code(content: Content, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    if content.code is not None:
        yield Gap(sizes.gap)
        yield Code(clean(content.code, CODE_LIMIT), sizes.code)
        yield Gap(sizes.gap)
    for n, line in enumerate(follow_words(content, words)):
        small = _font(Weight.REGULAR, sizes.small)
        yield TextBlock(clean(line), small, asset=f"{DRESS}follow{n}-{content.lang}")


def follow_words(content: Content, words: Phrases) -> tuple[str, ...]:
    """What the code is for, and the network that it needs."""
    if content.wifi is None:
        return ()
    return (words.follow, words.wifi(content.wifi)) if content.wifi else (words.follow,)


def _foot(content: Content, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    when = words.clock_unsure if content.issued_at is None else words.when(content.issued_at)
    yield TextBlock(when, _font(Weight.SEMIBOLD, sizes.label))


def _closing(dress: Dress, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    yield Gap(sizes.gap // 2)
    for n, line in enumerate(dress.footer):
        yield TextBlock(clean(line), _font(Weight.REGULAR, sizes.small), asset=f"{DRESS}footer{n}")
    small = _font(Weight.REGULAR, sizes.small)
    yield TextBlock(words.not_a_receipt, small, asset=f"{DRESS}not-a-receipt")


def clean(text: str, limit: int = LIMIT) -> str:
    """One NFC line of what can be drawn, at most `limit` long; cut off, it ends in '…'.

    No control, format or private characters; no pictures (emoji) that the fonts lack.
    """
    shown = "".join(letter for letter in words.clean(text) if not _boxed(letter))
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _boxed(letter: str) -> bool:
    """A picture would be drawn as an empty box; a foreign letter is, so that somebody asks."""
    picture = unicodedata.category(letter) in ("So", "Sk")
    return picture and not any(fonts.covers(letter, family) for family in Family)
