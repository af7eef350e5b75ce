"""Dossiers from tables, in two passes: the columns are judged whole, then the rows are read.

A dossier any of whose cells is unclear is found by its code, but says nothing and is in no count.
Columns that name a person are never read.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Literal, TypeVar

from hall.contract.dossier_codes import DossierCode, NotACode, recognise
from hall.contract.words import clean
from hall.onestop.dossiers import UNKNOWN_STATUS, Dossier, Listed
from hall.onestop.intake import statuses
from hall.onestop.intake.cells import Cell, CellPlace, Cells, Row, Sheet, Unclear, readable, text_of
from hall.onestop.intake.dates import DateEvidence, DateOrder, DateStyle, read_moment
from hall.onestop.intake.layout import Layout, is_note, is_numbering
from hall.onestop.intake.mapping import TableMapping
from hall.onestop.intake.notes import Notes
from hall.onestop.intake.procedures import procedure_code
from hall.onestop.intake.statuses import StatusStyle
from hall.onestop.late_intake import LateIntake
from hall.onestop.timeliness import due_moment
from hall.runtime.health import software

T = TypeVar("T")
DATES = ("received", "due", "due_original", "done", "returned")
_WORDS = {
    "code": "mã hồ sơ",
    "status": "trạng thái",
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "due_original": "ngày hẹn trả lần đầu",
    "done": "ngày có kết quả",
    "returned": "ngày trả kết quả",
}
_NO_CODE = {
    "too_long": "quá dài",
    "identity_qr": "là mã QR căn cước",
    "org_too_long": "mã đơn vị quá dài",
    "sequence_too_long": "số thứ tự quá dài",
    "invalid_date": "ngày trong mã không có thật",
    "procedure_code": "là mã thủ tục",
    "ticket_number": "là số thứ tự lấy số",
    "internal_id": "là mã nội bộ của phần mềm",
    "non_ascii": "có chữ không thuộc mã hồ sơ",
}
_IDENTITY_DIGITS = 12
_LONGEST_CODE = 64
# A list has few distinct states, fields and procedures; what is not few is not remembered.
_REMEMBERED = 5000
_FAR_FUTURE = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Styles:
    """How the columns of one table are written; dates by the name of their column."""

    dates: Mapping[str, DateStyle]
    status: StatusStyle


def judge(sheet: Sheet, table: Layout, given: TableMapping) -> Styles:
    """Read every row once for the evidence. Raises UnusableTable where the file ends badly."""
    evidence = {name: DateEvidence() for name in DATES if name in table.columns}
    states: dict[Cell, None] = {}
    for _line, cells in _body(sheet, table):
        hint = _day_in(_first(cells, table.columns["code"]))
        for name, seen in evidence.items():
            for place in table.columns[name]:
                seen.see(
                    cells[place] if place < len(cells) else "", hint if name == "received" else None
                )
        if len(states) < _REMEMBERED:
            states[_first(cells, table.columns["status"])] = None
    decided = {seen.decided for seen in evidence.values()} - {None, DateOrder.MIXED}
    beside = decided.pop() if len(decided) == 1 else None
    return Styles(
        {name: seen.style(beside) for name, seen in evidence.items()},
        statuses.judge(states, given.dossiers.statuses),
    )


def _day_in(cell: Cell) -> date | None:
    """The day in a code's middle (H38.12-261102-0001), a witness of the day of reception."""
    parts = cell.split("-") if isinstance(cell, str) else ()
    digits = parts[1] if len(parts) == 3 else ""  # noqa: PLR2004 - organisation, day, counter
    try:
        return date.fromisoformat(f"20{digits}" if len(digits) == 6 else digits)  # noqa: PLR2004
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A list of dossiers whose columns are judged. `latest`: after it nothing can have happened.

    `late`: where what comes in late in the day counts from the next working day.
    """

    sheet: Sheet
    layout: Layout
    styles: Styles
    zone: tzinfo
    latest: date = _FAR_FUTURE
    late: LateIntake | None = None


def fingerprint(tables: Iterable[Table]) -> str:
    """The same for two lists whose equal cells mean equal dossiers, read by this software."""
    told = [
        (sorted((n, len(at)) for n, at in each.layout.columns.items()), each.styles, each.late)
        for each in tables
    ]
    return hashlib.sha256(repr((software(), told)).encode()).hexdigest()


def read_all(
    tables: Iterable[Table], notes: Notes, is_same: Callable[[int], bool] = lambda _digest: False
) -> Iterator[Listed]:
    """Every row with a code, each as far as it is clear; the rest is in the notes.

    `is_same`: whether a row with this digest of its cells is known and need not be read.
    """
    for number, table in enumerate(tables):
        reader = _Reader(table, notes)
        digest = _Digest(number, table.layout)
        for line, cells in _body(table.sheet, table.layout):
            mark = digest.of(cells)
            if is_same(mark):
                notes.rows += 1
                notes.taken += 1
                continue
            taken = notes.taken
            dossier = reader.dossier(line, cells)
            if dossier is not None:
                day = table.late.counted_on(dossier) if table.late else None
                yield Listed(dossier, mark if notes.taken > taken else None, day)


class _Digest:
    """Of the cells of a row that are read; which table it stands in is part of it."""

    def __init__(self, number: int, table: Layout) -> None:
        self._places = tuple(place for _name, at in sorted(table.columns.items()) for place in at)
        self._key = bytes([number % 256])

    def of(self, cells: Cells) -> int:
        width = len(cells)
        told = repr([cells[place] if place < width else "" for place in self._places])
        digest = hashlib.blake2b(
            told.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key
        )
        return int.from_bytes(digest.digest(), "big", signed=True)


def _body(sheet: Sheet, table: Layout) -> Iterator[Row]:
    """Rows below the headings, without the numbering of columns and repeated headings."""
    start, code = table.last, table.columns["code"][0]
    heading = table.headings[code]
    fresh = True
    for line, cells in sheet.records():
        if line <= start:
            continue
        if fresh and any(cell != "" for cell in cells):
            fresh = False
            if is_numbering(cells):
                continue
        if code < len(cells) and cells[code] == heading:
            continue
        yield line, cells


def _first(cells: Cells, places: Iterable[int]) -> Cell:
    return next((cells[p] for p in places if p < len(cells) and cells[p] != ""), "")


@dataclass(slots=True)
class _Reader:
    given: Table
    notes: Notes
    _states: dict[Cell, int] = field(default_factory=dict)
    _texts: dict[Cell, str] = field(default_factory=dict)

    @property
    def table(self) -> Layout:
        return self.given.layout

    @property
    def styles(self) -> Styles:
        return self.given.styles

    def dossier(self, line: int, cells: Cells) -> Dossier | None:
        code = self._code(line, cells)
        if code is None:
            return None
        faults = self.notes.refusals
        status = self._read_column("status", line, cells, self._status)
        moments = {
            name: self._read_column(name, line, cells, self._moment(name))
            for name in self.styles.dates
        }
        clear = faults == self.notes.refusals and self._agrees(line, moments)
        self.notes.taken += clear
        found = Dossier(
            code=code,
            status=status if clear and status is not None else UNKNOWN_STATUS,
            procedure_code=self._text(cells, "procedure_code")[:200],
            procedure_name=self._text(cells, "procedure_name")[:2000],
            field=self._text(cells, "field")[:200],
            collect_at=self._text(cells, "collect_at")[:2000] or None,
        )
        return _dated(found, moments) if clear else found

    def _agrees(self, line: int, moments: Mapping[str, datetime | None]) -> bool:
        """A result or a limit before the day of reception makes every count of it wrong.

        So does what happened on a day that is still to come.
        """
        days = {name: moment.date() for name, moment in moments.items() if moment is not None}
        for name in ("received", "done", "returned"):
            if name in days and days[name] > self.given.latest:
                return self._disagrees(line, name, "ở tương lai")
        for name in ("done", "due"):
            if name in days and "received" in days and days[name] < days["received"]:
                return self._disagrees(line, name, "trước ngày tiếp nhận")
        return True

    def _disagrees(self, line: int, name: str, why: str) -> Literal[False]:
        place = CellPlace(
            self.given.sheet.name, line, self.table.columns[name][0], self._heading(name)
        )
        self.notes.refuse(f"{_WORDS[name]} {why}", place)
        return False

    def _code(self, line: int, cells: Cells) -> str | None:
        """The code as a look-up would ask for it, or None for a row that is told or is a note."""
        cell = _first(cells, self.table.columns["code"])
        text = text_of(cell)
        note = not text or is_note(text_of(_first(cells, range(len(cells)))))
        if (note and not self._is_record(cells)) or (not text and self._is_line_of_text(cells)):
            return None
        try:
            code = looked_up_as(cell)
        except Unclear as err:
            if not self._is_record(cells):
                self.notes.remark(f"bỏ qua dòng {line}: không có mã hồ sơ, trạng thái, ngày nào")
                return None
            self.notes.rows += 1
            place = CellPlace(self.given.sheet.name, line, self.table.columns["code"][0])
            place = CellPlace(
                self.given.sheet.name, line, self.table.columns["code"][0], self._heading("code")
            )
            self.notes.refuse(f"mã hồ sơ {err}", place, text)
            return None
        self.notes.rows += 1
        return code

    def _is_line_of_text(self, cells: Cells) -> bool:
        """Under or between the rows: "Ngày 29 tháng 11", who signed. One cell, and no state."""
        if sum(text_of(cell) != "" for cell in cells) != 1:
            return False
        state = _first(cells, self.table.columns["status"])
        if text_of(state):
            with contextlib.suppress(Unclear):
                self._status(state)
                return False
        return True

    def _is_record(self, cells: Cells) -> bool:
        """Whether a row without a code was meant as a dossier: it has a state or a day."""
        return any(
            text_of(_first(cells, self.table.columns[name]))
            for name in ("status", *DATES)
            if name in self.table.columns
        )

    def _heading(self, name: str) -> str:
        return self.table.headings[self.table.columns[name][0]]

    def _read_column(
        self, name: str, line: int, cells: Cells, read_cell: Callable[[Cell], T]
    ) -> T | None:
        """What the column says; None, and told, where that is not clear."""
        places = self.table.columns[name]
        try:
            return _one(
                {read_cell(cells[p]) for p in places if p < len(cells) and cells[p] != ""}
                or {read_cell("")}
            )
        except Unclear as err:
            place = CellPlace(self.given.sheet.name, line, places[0], self._heading(name))
            self.notes.refuse(f"{_WORDS[name]}: {err}", place, _first(cells, places))
            return None

    def _status(self, cell: Cell) -> int:
        known = self._states.get(cell)
        if known is None:
            known = statuses.read_status(cell, self.styles.status)
            if len(self._states) < _REMEMBERED:
                self._states[cell] = known
        return known

    def _moment(self, name: str) -> Callable[[Cell], datetime | None]:
        style = self.styles.dates[name]
        return lambda cell: read_moment(cell, style, self.given.zone)

    def _text(self, cells: Cells, name: str) -> str:
        cell = _first(cells, self.table.columns.get(name, ()))
        known = self._texts.get(cell)
        if known is None:
            known = clean(procedure_code(cell) if name == "procedure_code" else text_of(cell))
            if len(self._texts) < _REMEMBERED:
                self._texts[cell] = known
        return known


def _one(found: set[T]) -> T:
    """Several columns of one meaning must say the same."""
    if len(found) > 1:
        raise Unclear("hai cột cùng nghĩa ghi khác nhau")
    return found.pop()


def looked_up_as(cell: Cell) -> str:
    """The code under which a kiosk asks for this dossier. Raises Unclear."""
    if isinstance(cell, datetime) or (isinstance(cell, float) and not cell.is_integer()):
        raise Unclear("bị Excel đổi thành số hoặc ngày")
    text = text_of(readable(cell))
    if not text:
        raise Unclear("để trống")
    match recognise(text, _FAR_FUTURE):
        case DossierCode(canonical=canonical):
            return canonical
        case NotACode(reason, verbatim):
            return _verbatim(text, reason, verbatim)


def _verbatim(text: str, reason: str, verbatim: str | None) -> str:
    """A code of no known grammar, of police or tax: looked up exactly as it is typed."""
    if (
        "E+" in text.upper()
        and text.upper().replace("E+", "").replace(".", "").replace(",", "").isdigit()
    ):
        raise Unclear("bị Excel đổi thành dạng 1,23E+12")
    if verbatim is None:
        raise Unclear(_NO_CODE.get(reason, "không đúng dạng"))
    if len(verbatim) == _IDENTITY_DIGITS and verbatim.isdigit() and verbatim.startswith("0"):
        raise Unclear("giống số căn cước")
    return verbatim[:_LONGEST_CODE]


def _dated(found: Dossier, moments: Mapping[str, datetime | None]) -> Dossier:
    """A day of handing over tells the day of the result only where that was in time anyway."""
    due, done, returned = moments.get("due"), moments.get("done"), moments.get("returned")
    if done is None and returned is not None and due is not None and returned <= due_moment(due):
        done = returned
    return replace(
        found,
        received=moments.get("received"),
        due=due,
        due_original=moments.get("due_original"),
        done=done,
    )
