"""Excel workbooks (.xlsx, .xls, .xlsb, .ods), read within a bound of memory.

What the library reads as blank though it is not – an error value, a formula that was never
calculated – is found in the file's own XML beforehand and refused cell by cell.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hall.onestop.intake.cells import BROKEN, Cell, Row, Sheet, UnusableTable, letters
from hall.onestop.intake.lettering import refuse_old_letters

# The library holds a sheet and all texts in memory, about 1.8 times their XML (measured).
LARGEST_XML = 40 * 1024 * 1024
_CHUNK = 1024 * 1024
_LONGEST_CELL = 4096
_NAMED = re.compile(r'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATED = re.compile(r"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(Id|Target)="([^"]*)"')
_BAD = re.compile(
    rb"""<c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"(?:[^>/]*?\bt="e"[^>]*>|[^>/]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)"""
    rb"""\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>)"""
)
_MOST_BAD = 10_000
_LONGEST_SPAN = 10_000


def sheets(path: Path) -> tuple[Sheet, ...]:
    """Every sheet; one that is hidden is named but not read. Raises UnusableTable, OSError."""
    bad = _checked(path) if zipfile.is_zipfile(path) else {}
    book = _book(path)
    return tuple(
        _sheet(book, each.name, bad.get(each.name, frozenset()))
        if each.visible == SheetVisibleEnum.Visible
        else Sheet(each.name, lambda: iter(()), "trang bị ẩn")
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet
    )


def _book(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except CalamineError as err:
        raise UnusableTable(_words(err)) from err


def _words(err: Exception) -> str:
    if "assword" in type(err).__name__:
        return "tệp có mật khẩu: hãy lưu lại không đặt mật khẩu"
    return "không phải tệp Excel nguyên vẹn (chép dở, hoặc bị hỏng)"


def _sheet(book: CalamineWorkbook, name: str, bad: frozenset[str]) -> Sheet:
    return Sheet(
        name,
        lambda: _rows(_loaded(book, name), bad),
        filled=lambda: _filled(_loaded(book, name), bad),
    )


def _loaded(book: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as err:
        raise UnusableTable(_words(err)) from err


def _rows(sheet: CalamineSheet, bad: frozenset[str]) -> Iterator[Row]:
    left = ("",) * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = (*left, *map(_cell, values))
        if bad:
            cells = tuple(
                BROKEN if f"{letters(column)}{number}" in bad else cell
                for column, cell in enumerate(cells)
            )
        if number <= 2:  # noqa: PLR2004 - headings and titles
            refuse_old_letters(cell for cell in cells if isinstance(cell, str))
        yield number, cells


def _filled(sheet: CalamineSheet, bad: frozenset[str]) -> Iterator[Row]:
    """What is written once for several lines, in a cell merged downwards, is said of each."""
    spans = {
        (line + 1, left): first[0] + 1
        for first, last in sheet.merged_cell_ranges or ()
        if (left := first[1]) == last[1] and last[0] - first[0] < _LONGEST_SPAN
        for line in range(first[0] + 1, last[0] + 1)
    }
    if not spans:
        yield from _rows(sheet, bad)
        return
    heads: dict[tuple[int, int], Cell] = {}
    starts = {(start, place) for (_line, place), start in spans.items()}
    for line, cells in _rows(sheet, bad):
        heads.update(
            ((line, place), cell) for place, cell in enumerate(cells) if (line, place) in starts
        )
        yield (
            line,
            tuple(
                heads.get((spans.get((line, place), 0), place), cell) if cell == "" else cell
                for place, cell in enumerate(cells)
            ),
        )


def _cell(value: object) -> Cell:
    match value:
        case str():
            return value[:_LONGEST_CELL]
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() | datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as a cell holds it
        case time() | timedelta():
            return str(value)
        case _:
            return ""


def _checked(path: Path) -> dict[str, frozenset[str]]:
    """Refuse what would not fit; find the cells that only seem blank, by their sheet's name."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_if_large(archive)
            parts = _sheet_parts(archive)
            return {name: _seemingly_blank(archive, part) for name, part in parts.items()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error) as err:
        raise UnusableTable("không phải tệp Excel nguyên vẹn (chép dở, hoặc bị hỏng)") from err


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where in the archive each sheet of an .xlsx is; nothing for the other formats."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    related = _RELATED.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8"))
    targets = {
        found["Id"]: found["Target"] for found in (dict(_ATTRIBUTE.findall(r)) for r in related)
    }
    sheets_named = _NAMED.findall(archive.read("xl/workbook.xml").decode("utf-8"))
    parts = {
        unescape(name): f"xl/{targets.get(rid, '')}".replace("xl//xl/", "xl/")
        for name, rid in sheets_named
    }
    return {name: part for name, part in parts.items() if part in names}


def _refuse_if_large(archive: zipfile.ZipFile) -> None:
    sizes = sorted((item.file_size for item in archive.infolist()), reverse=True)
    if sum(sizes[:2]) > LARGEST_XML:
        raise UnusableTable(
            f"tệp Excel quá lớn: {sum(sizes[:2]) // 2**20} MB khi giải nén, máy này nhận "
            f"{LARGEST_XML // 2**20} MB; hãy lưu thành “CSV UTF-8”, hoặc chia theo tháng"
        )


def _seemingly_blank(archive: zipfile.ZipFile, name: str) -> frozenset[str]:
    found: set[str] = set()
    kept = b""
    with archive.open(name) as file:
        while chunk := file.read(_CHUNK):
            kept += chunk
            found.update(match[1].decode("ascii") for match in _BAD.finditer(kept))
            # A cell may lie across the border of two chunks.
            kept = kept[max(kept.rfind(b"<c "), len(kept) - _CHUNK, 0) :]
            if len(found) > _MOST_BAD:
                raise UnusableTable("quá nhiều ô lỗi hoặc công thức chưa được tính")
    return frozenset(found)
