"""Procedures from a table. One that is wrong in any field is left out and named; the rest stay."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hall.contract.catalogue import CatalogueProcedure
from hall.onestop.intake import counts
from hall.onestop.intake.cells import Cell, CellPlace, Sheet, Unclear, bare, text_of
from hall.onestop.intake.counts import NumberStyle
from hall.onestop.intake.layout import Layout, is_note, whole_table
from hall.onestop.intake.notes import Notes
from hall.onestop.intake.opening import open_file
from hall.runtime.settings_words import first_mistake

MOST = 5000
_REQUIRED = ("code", "name", "field")
_WORDS = {"code": "mã thủ tục", "name": "tên thủ tục", "field": "lĩnh vực"}
# How people number and mark a list they paste; the screens number it themselves.
_BULLET = re.compile(r"^(?:[-–•+*]|\d{1,2}[.)])\s+")
_CURRENCY = re.compile(r"\s*(?:dong|vnd|d)$")
_NO_FEE = frozenset({"khong thu", "mien phi", "khong", "khong thu phi", "khong co"})
# 1.001190 loses its last zeros where a program takes it for a number, and its point becomes a
# comma where that program writes numbers as Vietnam does.
_SHORTENED = re.compile(r"[1-9][.,]\d{4,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        return text_of(self.cells.get(name, ""))


def read_whole(path: Path) -> tuple[CatalogueProcedure, ...]:
    """The procedures of a file that holds nothing else. Raises UnusableTable, OSError."""
    (sheet,) = open_file(path)
    return read(sheet, whole_table(sheet), Notes())


def read(sheet: Sheet, table: Layout, notes: Notes) -> tuple[CatalogueProcedure, ...]:
    """Every procedure that is right in all its fields, each once."""
    found: dict[str, CatalogueProcedure] = {}
    spoiled: set[str] = set()
    style = counts.judge(_bare_fee(row.cells.get("fee_vnd", "")) for row in _rows(sheet, table))
    for row in _rows(sheet, table):
        if len(found) >= MOST:
            notes.remark(f"chỉ nhận {MOST} thủ tục đầu")
            break
        notes.rows += 1
        try:
            each = _procedure(row, style)
        except Unclear as err:
            notes.refuse(str(err), CellPlace(sheet.name, row.line), _name_of(row))
            continue
        if found.setdefault(each.code, each) != each:
            spoiled.add(each.code)
            notes.refuse(
                "hai thủ tục khác nhau cùng một mã", CellPlace(sheet.name, row.line), each.code
            )
            continue
    for code in spoiled:
        del found[code]
    notes.taken = len(found)
    return tuple(found.values())


def procedure_code(cell: Cell) -> str:
    """A procedure's code as text, the zeros that a number loses put back."""
    if isinstance(cell, float):
        return f"{cell:.6f}"
    text = "".join(text_of(cell).split())
    return text.replace(",", ".").ljust(8, "0") if _SHORTENED.fullmatch(text) else text


def _rows(sheet: Sheet, table: Layout) -> Iterator[_Row]:
    for line, cells in sheet.records():
        if line <= table.last:
            continue
        known = {
            name: cells[places[0]]
            for name, places in table.columns.items()
            if places[0] < len(cells)
        }
        row = _Row(line, known)
        texts = [row.text(name) for name in known]
        if not any(texts) or (sum(map(bool, texts)) == 1 and is_note(max(texts))):
            continue
        yield row


def _procedure(row: _Row, style: NumberStyle) -> CatalogueProcedure:
    for name in _REQUIRED:
        if not row.text(name):
            raise Unclear(f"thiếu {_WORDS[name]}")
    try:
        return CatalogueProcedure(
            code=procedure_code(row.cells["code"]),
            name=row.text("name"),
            field=row.text("field"),
            level=row.text("level"),
            time_limit=row.text("time_limit"),
            fee_vnd=_fee(row.cells.get("fee_vnd", ""), style),
            fee_note=row.text("fee_note"),
            documents=_several(str(row.cells.get("documents", ""))),
            where=row.text("where"),
            url=row.text("url"),
            sample=row.text("source").startswith("sample data"),
        )
    except ValidationError as err:
        raise Unclear(first_mistake(err)) from err


def _fee(cell: Cell, style: NumberStyle) -> int | None:
    fee = _bare_fee(cell)
    if fee == "khong thu":
        return 0
    try:
        return counts.read_count(fee, style)
    except Unclear as err:
        raise Unclear(f"lệ phí không rõ: {err}") from err


def _bare_fee(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    told = bare(cell)
    return "khong thu" if told in _NO_FEE else _CURRENCY.sub("", told)


def _several(cell: str) -> tuple[str, ...]:
    """One a line where the cell has lines (then a text may hold ";"), else between ";"."""
    parts = cell.splitlines() if "\n" in cell.strip() else cell.split(";")
    bare_parts = (_BULLET.sub("", part.strip()) for part in parts)
    return tuple(part for part in bare_parts if part)


def _name_of(row: _Row) -> str:
    return f"{row.text('code')} {row.text('name')}".strip()
