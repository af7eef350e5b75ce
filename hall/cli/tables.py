"""Plain tables for a terminal; Vietnamese letters are one column wide whatever their marks."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Columns a terminal uses: marks none, wide letters two."""
    marks = sum(unicodedata.combining(c) != 0 for c in text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) - marks + wide


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, a rule under the head."""
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [_line(head, widths), "  ".join("─" * w for w in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (w - width(cell)) for cell, w in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
