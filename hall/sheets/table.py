"""One table for a spreadsheet. A text is always a text: one that begins with = is no formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | int | float | None
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48


@dataclass(frozen=True, slots=True)
class SheetTable:
    """`notes`: what the columns mean, a line each."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(table: SheetTable) -> str:
    """With a byte order mark: without one Excel takes Vietnamese letters for another alphabet's."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([inert(each) for each in table.headings])
    for row in table.rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return f"\ufeff{written.getvalue()}"


def as_xlsx(table: SheetTable) -> bytes:
    # Only who wants a workbook waits for its library.
    import xlsxwriter  # noqa: PLC0415

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Số liệu")
        sheet.write_string(0, 0, table.title, bold)
        for column, heading in enumerate(table.headings):
            sheet.write_string(1, column, heading, bold)
            sheet.set_column(column, column, _width(table, column))
        sheet.freeze_panes(2, 1)
        for number, row in enumerate(table.rows, start=2):
            write_cells(sheet, number, row)
        notes = book.add_worksheet("Chú giải")
        for number, note in enumerate(table.notes):
            notes.write_string(number, 0, note)
    return written.getvalue()


def write_cells(sheet: Any, number: int, cells: Sequence[object]) -> None:  # noqa: ANN401 - untyped
    """Into the sheet's row of this number; a text never as a formula or a link."""
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float):
            sheet.write_number(number, column, cell)
        elif cell is not None:
            sheet.write_string(number, column, str(cell))


def _width(table: SheetTable, column: int) -> int:
    longest = max((len(str(row[column] or "")) for row in table.rows), default=0)
    return min(_WIDEST, max(longest, len(table.headings[column]) // 2, 6) + 2)
