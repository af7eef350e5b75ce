"""What is few on a page, over all its room: free height stands above, between, below. Pure."""

from collections.abc import Iterator, Sequence

from hall.fonts import Weight
from hall.screen.geometry import Rect
from kiosk.drawing.scene_builder import Style
from kiosk.drawing.theme import Theme

# Marks above capitals, and a heavier hand than the one that was measured.
# Of a room that few rows have to themselves.
_FILLED = 0.75
# Of the lower part, where nothing else is touched there.
_REACHED = 0.56
_AIR, _LINE = 1.12, 1.3


def spread(room: Rect, heights: Sequence[float]) -> tuple[Rect, ...]:
    """Places of these heights, one below the other; all lower where they have no room."""
    whole = sum(heights)
    scale = min(1.0, room.h / whole) if whole else 1.0
    return tuple(_placed(room, [h * scale for h in heights]))


def _placed(room: Rect, heights: Sequence[float]) -> Iterator[Rect]:
    free = (room.h - sum(heights)) / (len(heights) + 1)
    y = room.y
    for h in heights:
        yield Rect(room.x, y + free, room.w, h)
        y += free + h


def spread_grid(room: Rect, columns: int, rows: int, h: float, gap: float) -> tuple[Rect, ...]:
    """Cells of this height, row by row, at least `gap` apart."""
    free = (room.h - rows * h) / (rows + 1)
    if free <= gap:
        return room.top(rows * h + (rows - 1) * gap).grid(columns, rows, gap)
    lines = spread(room, [h] * rows)
    return tuple(cell for line in lines for cell in line.grid(columns, 1, gap))


def row_height(room: Rect, rows: int, usual: float, gap: float) -> float:
    """Rows of this height, higher where few of them would leave the room empty."""
    fitting = (room.h - gap * (rows - 1)) / rows
    return min(fitting, max(usual, room.h * _FILLED / rows))


def row(theme: Theme, room: Rect, h: float) -> Rect:
    """The one row that is touched; in reach of a wheelchair it takes more of its room."""
    (place,) = spread(room, (max(h, room.h * _REACHED) if theme.low else h,))
    return place


def picture_over(
    theme: Theme, room: Rect, side: float, *texts: tuple[str, Style]
) -> tuple[Rect, ...]:
    """Places for a picture and the texts below it; the picture square, in the middle."""
    high = [_height(theme, text, style, room.w) for text, style in texts]
    side = max(0.0, min(side, room.w, room.h - sum(high)))
    picture, *lines = spread(room, [side, *high])
    return (picture._replace(x=picture.centre[0] - picture.h / 2, w=picture.h), *lines)


def _height(theme: Theme, text: str, style: Style, width: float) -> float:
    if style.lines == 1:
        # What is personal is never measured: widths are remembered.
        return _AIR * _LINE * theme.size(style.k)
    bold = style.weight in {Weight.BOLD, Weight.SEMIBOLD}
    return _AIR * theme.height(text, theme.size(style.k), width, bold=bold)
