"""The ticket for a slow line: every row is a strip of the printer's memory or plain ASCII. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from hall.fonts import Weight
from printer.paper.blocks import (
    Banner,
    Block,
    Code,
    Figure,
    Gap,
    PictureBlock,
    Rule,
    TextBlock,
    typeset,
)
from printer.paper.layout import (
    CODE_LIMIT,
    LOGO,
    Content,
    Dress,
    Sizes,
    clean,
    counters_line,
    follow_words,
    service_block,
    sizes_for,
)
from printer.paper.phrases import Phrases, phrases_for
from printer.paper.rows import Font, Metrics, TicketRow


def lay_out_compact(
    content: Content, dress: Dress, width: int, metrics: Metrics
) -> tuple[TicketRow, ...]:
    """The same facts as on the usual ticket, in rows that need few bytes."""
    sizes = sizes_for(width)
    blocks = tuple(_blocks(content, dress, sizes))
    return tuple(
        _named(row, block)
        for block in blocks
        for row in typeset((block,), width, metrics, margin=sizes.gap)
    )


def _named(row: TicketRow, block: Block) -> TicketRow:
    """Rules and strips never change; a row of plain ASCII is not kept in any memory."""
    match block:
        case Rule():
            return replace(row, asset="rule")
        case _:
            return row


def _blocks(content: Content, dress: Dress, sizes: Sizes) -> Iterator[Block]:
    words = phrases_for(content.lang)
    bold, label = Font(Weight.BOLD, sizes.value), Font(Weight.REGULAR, sizes.label)
    if content.reprint:
        yield Banner(words.reprint, bold, asset="reprint")
        yield Gap(sizes.gap)
    yield _strip(words.your_number, Font(Weight.SEMIBOLD, sizes.small))
    yield Gap(sizes.gap // 2)
    yield Figure(clean(content.number), sizes.number)
    if content.priority:
        yield Banner(words.priority, bold, asset="priority")
    yield service_block(content, sizes, clean(content.service) or "blank")
    yield Gap(sizes.gap // 2)
    yield Rule(sizes.rule)
    yield Gap(sizes.gap // 2)
    for counter in content.counters:
        yield _strip(f"{words.until_called}: {counters_line((counter,), words)}", bold)
    yield _strip(words.people_ahead, label)
    yield TextBlock(str(content.ahead), bold)
    if content.wait_min is not None:
        yield _strip(words.wait_minutes, label)
        yield TextBlock(_span(*content.wait_min), bold)
    yield Gap(sizes.gap // 2)
    yield Rule(sizes.rule)
    yield from _foot(content, dress, words, sizes)


def _foot(content: Content, dress: Dress, words: Phrases, sizes: Sizes) -> Iterator[Block]:
    if content.code is not None:
        yield Gap(sizes.gap)
        yield Code(clean(content.code, CODE_LIMIT), sizes.code)
        yield Gap(sizes.gap)
    for line in follow_words(content, words):
        yield _strip(line, Font(Weight.REGULAR, sizes.small))
    label, small = Font(Weight.SEMIBOLD, sizes.label), Font(Weight.REGULAR, sizes.small)
    if content.issued_at is None:
        yield _strip(words.clock_unsure, label)
    else:
        yield TextBlock(f"{content.issued_at:%H:%M %d/%m/%Y}", label)
    if dress.logo:
        yield PictureBlock(LOGO)
    yield Gap(sizes.gap // 2)
    for line in dress.header:
        yield _strip(line, small)
    yield _strip(dress.hall, Font(Weight.BOLD, sizes.hall))
    for line in (*dress.footer, words.not_a_receipt):
        yield _strip(line, small)


def _span(low: int, high: int) -> str:
    return f"{low}-{high}" if low < high else str(high)


def _strip(text: str, font: Font) -> TextBlock:
    return TextBlock(clean(text), font, asset=clean(text) or "blank")
