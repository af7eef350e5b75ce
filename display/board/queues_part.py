"""Who waits, for what, how long about, and who is next. Pure."""

from display.board.brush import Brush
from display.board.contents import BoardView, QueueRow
from display.board.plan import BoardLayout
from hall.fonts import Weight
from hall.screen.geometry import Rect
from hall.screen.tree import Box, Label, Node

# Fewer lines than these do not grow any further.
_ROWS = 3
# The largest side of a picture beside a name, in units.
_SIGN = 5.0


def nodes(look: BoardView, made: BoardLayout, brush: Brush) -> list[Node]:
    if not made.wanted.queues:
        return []
    unit, place, words = made.unit, made.queues, brush.words
    head = brush.high(5)
    brush = brush.on(brush.palette.card, brush.palette.ink)
    inner = place.inset(unit * 2, unit * 1.2)
    left, right = inner.top(head).columns(6, 4)
    heading = words.waiting if words.second is None else f"{words.waiting} · {words.second.waiting}"
    total = "" if look.waiting is None else words.people.format(n=look.waiting)
    drawn: list[Node] = [
        brush.card("queues", place),
        brush.line("queues-head", left, heading, 3.6, instead=(words.waiting,)),
        brush.line("queues-total", right, total, 3.6, color=brush.palette.accent, align="right"),
    ]
    rows = inner.below(head + unit * 0.3).rows(*[1] * max(_ROWS, len(look.queues)))
    for index, (queue, row) in enumerate(zip(look.queues, rows, strict=False)):
        drawn += _queue(f"queue-{index}", queue, row, brush, signs=look.signs)
    if not look.queues:
        drawn.append(
            brush.line(
                "queues-none",
                inner.below(head + unit * 0.3),
                words.no_queue,
                3,
                color=brush.palette.muted,
                weight=Weight.REGULAR,
                align="centre",
            )
        )
    pages = look.queue_pages
    return [*drawn, *brush.dots("queue-page", place.foot(unit * 1.4), pages.index, pages.count)]


def _queue(key: str, queue: QueueRow, row: Rect, brush: Brush, *, signs: bool) -> list[Node]:
    unit, palette = brush.unit, brush.palette
    name, count, wait, following = row.columns(41, 9, 23, 27, gap=unit)
    side = min(row.h * 0.78, unit * _SIGN)
    spot = Rect(name.x, row.y + (row.h - side) / 2, side, side)
    name = name.after(side + unit * 0.9) if signs else name
    ink = palette.ink if queue.count else palette.muted
    return [
        Box(f"{key}-line", row.top(unit * 0.15), palette.line),
        *(brush.sign(f"{key}-sign", spot, queue.sign) if queue.sign is not None else ()),
        Label(
            f"{key}-name", name.inset(0, unit * 0.35), queue.name,
            brush.least(unit * 2.9), ink, Weight.MEDIUM,
            min_size=brush.least(unit * 1.9), max_lines=2, leading=1.15, clamp=True, on=brush.back,
        ),
        Label(
            f"{key}-count", count, str(queue.count),
            brush.least(min(unit * 4.4, row.h * 0.8)), ink, Weight.BOLD,
            align="right", min_size=brush.least(unit * 2), max_lines=1, cells=True, on=brush.back,
        ),
        brush.line(
            f"{key}-wait", wait, queue.wait if queue.count else "", 2.7, color=palette.muted,
            weight=Weight.REGULAR, align="right",
        ),
        brush.number(
            f"{key}-next", following, "  ".join(queue.next[:2]), unit * 3.4, color=palette.accent
        ),
    ]  # fmt: skip
