"""What a table's cells hold and where they stand, in the words by which a person finds them."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

# A blank cell is "".
Cell = str | int | float | datetime
Cells = tuple[Cell, ...]
# Numbered from 1, as the program that made the table numbers its lines.
Row = tuple[int, Cells]

# A cell that looks blank to a reader though it is not: an error, a formula never calculated.
BROKEN = "\ufffd"
_SHOWN = 40


class Unclear(ValueError):
    """A filled cell whose meaning is not certain; the text says why, in Vietnamese."""


class UnusableTable(ValueError):
    """Nothing of this file can be taken; the text says where and why, and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `rows` begins anew at each call, and may raise UnusableTable.

    `name` is "" where the file holds a single table. `passed_over`: why it is not to be read.
    `filled`: the rows where a cell that spans several lines stands in each of them.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    passed_over: str = ""
    filled: Callable[[], Iterator[Row]] | None = None

    def records(self) -> Iterator[Row]:
        """The rows of a list, each with all that is said of it."""
        return self.rows() if self.filled is None else self.filled()


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell stands. `column` counts from 0; `heading` is what stands above it."""

    sheet: str
    row: int
    column: int | None = None
    heading: str = ""

    def __str__(self) -> str:
        sheet = f"trang “{self.sheet}”, " if self.sheet else ""
        heading = f" ({self.heading})" if self.heading else ""
        column = "" if self.column is None else f", cột {letters(self.column)}{heading}"
        return f"{sheet}dòng {self.row}{column}"


def letters(column: int) -> str:
    """A column's name as Excel writes it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


# A table's head is read with several separators, as several kinds, a row alone and with the next.
@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """A heading or phrase without accents, case, blanks and marks: "Mã hồ sơ (*)" is "mahoso"."""
    return "".join(c for c in bare(text) if c.isalnum())


def bare(text: str) -> str:
    """Lower case without accents; blanks and marks stay, one blank for several."""
    apart = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def text_of(cell: Cell) -> str:
    """A cell's text, one line, composed; a whole number without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    text = unescaped(str(cell))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def unescaped(text: str) -> str:
    """What Excel is told in order to leave a text alone: `="0123"` and `'0123` are 0123."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:  # noqa: PLR2004 - the marks
        return text[2:-1].replace('""', '"').strip()
    return text[1:].strip() if text.startswith("'") else text


def readable(cell: Cell) -> Cell:
    """The cell itself. Raises Unclear where the program that made it could not fill it."""
    if cell == BROKEN:
        raise Unclear("ô báo lỗi, hoặc công thức chưa được tính")
    return cell


def shown(cell: Cell) -> str:
    """A cell for a report: short and on one line."""
    text = "" if cell == BROKEN else " ".join(str(cell).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
