"""Procedures read from a table, and their time limits in working days where the text tells."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from hall.contract.catalogue import CatalogueProcedure
from hall.runtime.settings_words import first_mistake

COLUMNS = ("code", "name", "field", "level", "time_limit", "fee_vnd", "fee_note", "source")
_REQUIRED = ("code", "name", "field")
_DAYS = re.compile(r"(\d+) ngày")
# How people number and mark a list they paste; the screens number it themselves.
_BULLET = re.compile(r"^(?:[-–•+*]|\d{1,2}[.)])\s+")


class UnusableTable(ValueError):
    """The table cannot be read as procedures; the text says which line and why."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


def read_procedures(lines: Iterable[str]) -> tuple[CatalogueProcedure, ...]:
    """Read CSV with a header line; `code`, `name` and `field` are required."""
    return tuple(_procedure(row) for row in _rows(lines))


def limit_days(time_limit: str) -> int:
    """Working days of a time limit: 0 for "ngay trong ngày", 5 where the text names no number."""
    if time_limit.casefold().startswith("ngay trong ngày"):
        return 0
    found = _DAYS.search(time_limit)
    return int(found[1]) if found else 5


def _rows(lines: Iterable[str]) -> Iterator[_Row]:
    reader = csv.DictReader(lines)
    missing = set(_REQUIRED) - set(reader.fieldnames or ())
    if missing:
        raise UnusableTable(f"dòng 1: thiếu cột {', '.join(sorted(missing))}")
    for cells in reader:
        known = {key: value for key, value in cells.items() if isinstance(value, str)}
        yield _Row(reader.line_num, known)


def _procedure(row: _Row) -> CatalogueProcedure:
    cells = row.cells
    for key in _REQUIRED:
        if not cells.get(key, "").strip():
            raise UnusableTable(f"dòng {row.line}: thiếu {key}")
    fee = cells.get("fee_vnd", "").replace(".", "").strip()
    try:
        return CatalogueProcedure(
            code=cells["code"],
            name=cells["name"],
            field=cells["field"],
            level=cells.get("level", ""),
            time_limit=cells.get("time_limit", ""),
            fee_vnd=int(fee) if fee else None,
            fee_note=cells.get("fee_note", ""),
            documents=_several(cells.get("documents", "")),
            where=cells.get("where", ""),
            url=cells.get("url", ""),
            sample=cells.get("source", "").startswith("sample data"),
        )
    except (ValueError, ValidationError) as err:
        raise UnusableTable(f"dòng {row.line}: {_reason(err)}") from err


def _several(cell: str) -> tuple[str, ...]:
    """One a line where the cell has lines (then a text may hold ";"), else between ";"."""
    parts = cell.splitlines() if "\n" in cell.strip() else cell.split(";")
    bare = (_BULLET.sub("", part.strip()) for part in parts)
    return tuple(part for part in bare if part)


def _reason(err: Exception) -> str:
    if isinstance(err, ValidationError):
        return first_mistake(err)
    return f"lệ phí không phải là số ({err})"
