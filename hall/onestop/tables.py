"""Tables a one-stop software exports, read by the names their columns have. Pure.

Columns that name a person are never read.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from hall.contract.words import clean
from hall.onestop.dossiers import STATUSES, UNKNOWN_STATUS, Dossier
from hall.onestop.procedures import UnusableTable

_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "mahoso", "mã hồ sơ", "mã số hồ sơ"),
    "status": ("status", "trangthaihoso", "trạng thái"),
    "procedure_code": ("procedure_code", "matthc", "mã thủ tục"),
    "procedure_name": ("procedure_name", "tentthc", "tên thủ tục", "thủ tục"),
    "field": ("field", "tenlinhvuc", "lĩnh vực"),
    "received": ("received_on", "ngaytiepnhan", "ngày tiếp nhận"),
    "due": ("due_on", "ngayhentra", "ngày hẹn trả"),
    "due_original": ("due_original", "ngày hẹn trả lần đầu"),
    "done": ("done_on", "ngayketthucxuly", "ngày có kết quả"),
    "collect_at": ("collect_at", "nơi trả kết quả"),
}
_FORMS = (
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
)
_BY_NAME = {name.casefold(): number for number, name in STATUSES.items()}
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
# Dates before any dossier mean "none": 00010101000000 is the national portal's.
_EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that names no dossier."""

    line: int
    why: str


def table_rows(lines: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Rows of CSV with a header; `;` separates where the header has it. Raises UnusableTable."""
    rest = iter(lines)
    header = next(rest, "").lstrip("\ufeff")
    names = next(csv.reader([header], delimiter=_delimiter(header)), [])
    columns = [_column(name) for name in names]
    if "code" not in columns or "status" not in columns:
        raise UnusableTable("dòng 1: cần có cột mã hồ sơ (code) và trạng thái (status)")
    for cells in csv.reader(rest, delimiter=_delimiter(header)):
        paired = zip(columns, cells, strict=False)
        yield {column: cell for column, cell in paired if column is not None}


def object_rows(objects: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, str]]:
    for each in objects:
        known = ((_column(key), value) for key, value in each.items())
        yield {key: str(value) for key, value in known if key is not None and value is not None}


def read_dossiers(rows: Iterable[Mapping[str, str]], zone: tzinfo) -> Iterator[Dossier | BadRow]:
    for line, row in enumerate(rows, start=2):
        code = clean(row.get("code", "")).upper()
        if not 1 <= len(code) <= 64:  # noqa: PLR2004 - as a look-up may carry
            yield BadRow(line, "thiếu mã hồ sơ")
            continue
        yield Dossier(
            code=code,
            status=read_status(row.get("status", "")),
            procedure_code=clean(row.get("procedure_code", ""))[:200],
            procedure_name=clean(row.get("procedure_name", ""))[:2000],
            field=clean(row.get("field", ""))[:200],
            received=read_moment(row.get("received", ""), zone),
            due=read_moment(row.get("due", ""), zone),
            due_original=read_moment(row.get("due_original", ""), zone),
            done=read_moment(row.get("done", ""), zone),
            collect_at=clean(row.get("collect_at", ""))[:2000] or None,
        )


def read_status(cell: str) -> int:
    """A number as it stands, a portal's name as its number, anything else as unknown."""
    text = clean(cell)
    if _NUMBER.fullmatch(text):
        return int(text)
    return _BY_NAME.get(text.casefold(), UNKNOWN_STATUS)


def read_moment(cell: str, zone: tzinfo) -> datetime | None:
    """The forms seen in exports; empty, impossible and year-one dates are none at all."""
    text = cell.strip()
    moment = _iso(text) or next((m for m in (_as(text, form) for form in _FORMS) if m), None)
    if moment is None or moment.year < _EARLIEST_YEAR:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _as(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the hall's zone is added by the caller
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _column(name: str) -> str | None:
    plain = unicodedata.normalize("NFC", name).strip().casefold()
    return next((column for column, known in _COLUMNS.items() if plain in known), None)


def _delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","
