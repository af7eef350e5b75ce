"""Figures from tables: one count a row, or a report with fields as rows. Nothing is repaired."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from pydantic import ValidationError

from hall.contract.onestop_messages import Period
from hall.onestop.intake import column_periods, counts, dates, layout, mapping, periods
from hall.onestop.intake.blocks import ReportBlock, blocks
from hall.onestop.intake.cells import (
    Cell,
    CellPlace,
    Cells,
    Row,
    Sheet,
    Unclear,
    bare,
    letters,
    text_of,
)
from hall.onestop.intake.column_periods import PeriodColumns
from hall.onestop.intake.counts import NumberStyle
from hall.onestop.intake.headings import is_share
from hall.onestop.intake.layout import Layout
from hall.onestop.intake.mapping import TableMapping
from hall.onestop.intake.notes import Notes
from hall.onestop.intake.periods import NamedPeriod
from hall.runtime.settings_words import first_mistake

_DAYS = frozenset({"from", "to"})
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?\s*%?", re.ASCII)
_SECTION = re.compile(r"[ivx]{1,5}|[a-h]", re.IGNORECASE)
_MOST_ROWS = 2000
_NO_COUNTS = ("stt", "tt", "so thu tu", "ma ", "ghi chu", "nam", "ngay")
_DAY_ENDS = time(17, 0)


@dataclass(slots=True)
class FigureValues:
    """The figures of one period or field, by their dotted names; None: told in two ways."""

    name: str
    values: dict[str, int | str | None] = field(default_factory=dict)

    def nested(self) -> dict[str, Any]:
        """As the contract's messages take them."""
        found: dict[str, Any] = {}
        for path, value in self.values.items():
            group, _, part = path.partition(".")
            if group == "stated" or value is None:
                continue
            if part:
                found.setdefault(group, {})[part] = value
            else:
                found[group] = value
        return found

    def covers(self, other: "FigureValues") -> bool:
        """Whether no count of the other one is greater."""
        pairs = ((self.values.get(name), value) for name, value in other.values.items())
        return all(
            mine >= its for mine, its in pairs if isinstance(mine, int) and isinstance(its, int)
        )

    @property
    def stated(self) -> tuple[dict[str, str], ...]:
        named = {"early_or_on_time": "resolved_on_time"}
        return tuple(
            {"name": named.get(part, part), "percent": str(value)}
            for path, value in self.values.items()
            if path.startswith("stated.") and (part := path.partition(".")[2])
        )


def read(sheet: Sheet, table: Layout, given: TableMapping, notes: Notes) -> tuple[Period, ...]:
    """Every period of a table; what could not be read is in the notes."""
    found = [
        each for block in blocks(sheet, table) for each in _periods_of(sheet, block, given, notes)
    ]
    return tuple(period for each in found if (period := _checked(each, sheet, table, notes)))


def _periods_of(
    sheet: Sheet, block: ReportBlock, given: TableMapping, notes: Notes
) -> Iterator[dict[str, Any]]:
    table, rows = block.table, block.rows
    if len(rows) > _MOST_ROWS:
        notes.remark(f"chỉ đọc {_MOST_ROWS} dòng đầu của bảng số liệu")
        rows = rows[:_MOST_ROWS]
    if table.kind == "figure_list":
        yield from _listed(sheet, table, rows, notes)
        return
    _tell_unread(table, rows, notes)
    for part in column_periods.parts(table):
        yield from _Report(sheet, part, given, notes).periods(rows)


def _tell_unread(table: Layout, rows: Sequence[Row], notes: Notes) -> None:
    """A column of counts whose heading is not understood, or may mean two things."""
    read_places = {place for places in table.columns.values() for place in places}
    for place, heading in enumerate(table.headings):
        if not heading or place in read_places or bare(heading).startswith(_NO_COUNTS):
            continue
        if any(_may_count(_at(cells, place)) for _line, cells in rows):
            notes.remark(f"không dùng cột {letters(place)} ({heading}): không rõ là chỉ tiêu nào")


def _may_count(cell: Cell) -> bool:
    try:
        return counts.read_count(cell, counts.judge((cell,))) is not None
    except Unclear:
        return False


def _checked(told: dict[str, Any], sheet: Sheet, table: Layout, notes: Notes) -> Period | None:
    try:
        return Period.model_validate(told)
    except ValidationError as err:
        notes.refuse(first_mistake(err), CellPlace(sheet.name, table.last))
        return None


# --- one count a row ----------------------------------------------------------------------------


def _listed(sheet: Sheet, table: Layout, rows: Sequence[Row], notes: Notes) -> list[dict[str, Any]]:
    places = {name: table.columns[name][0] for name in ("period", "figure", "count")}
    figure_rows = [row for row in rows if _figure(row, places) not in _DAYS]
    style = counts.judge(_at(cells, places["count"]) for _line, cells in figure_rows)
    found: dict[str, FigureValues] = {}
    for line, cells in rows:
        period, heading, cell = (
            text_of(_at(cells, places[n])) for n in ("period", "figure", "count")
        )
        name = " ".join(period.split())
        kept = found.setdefault(name.casefold(), FigureValues(name))
        place = CellPlace(sheet.name, line, places["count"], table.headings[places["count"]])
        figure = _figure((line, cells), places)
        if figure is None or not name:
            what = f"không có chỉ tiêu “{heading}”" if name else "thiếu tên kỳ"
            notes.refuse(what, CellPlace(sheet.name, line))
            continue
        _put_figure(kept, figure, _at(cells, places["count"]) if cell else "", style, place, notes)
    return [
        {"id": each.name, **each.nested(), "stated": each.stated}
        for each in found.values()
        if each.values
    ]


def _figure(row: Row, places: dict[str, int]) -> str | None:
    return mapping.BUILT_IN.figure_of((text_of(_at(row[1], places["figure"])),))


def _put_figure(  # noqa: PLR0913, PLR0917 - a cell, what it is, where it stands, whom to tell
    kept: FigureValues, figure: str, cell: Cell, style: NumberStyle, place: CellPlace, notes: Notes
) -> None:
    notes.rows += text_of(cell) != ""
    try:
        value = _value(figure, cell, style)
    except Unclear as err:
        kept.values[figure] = None
        notes.refuse(str(err), place, cell)
        return
    if value is None:
        return
    if kept.values.setdefault(figure, value) != value:
        kept.values[figure] = None
        notes.refuse("cùng chỉ tiêu ghi hai số khác nhau", place, cell)
        return
    notes.taken += 1


def _value(figure: str, cell: Cell, style: NumberStyle) -> int | str | None:
    if figure in _DAYS:
        evidence = dates.DateEvidence()
        evidence.see(cell)
        day = dates.read_moment(cell, evidence.style(), UTC)
        return None if day is None else f"{day:%Y-%m-%d}"
    if figure.startswith("stated."):
        return _percent(cell)
    return counts.read_count(cell, style)


def _percent(cell: Cell) -> str | None:
    """A share as written. Excel holds 98,9 % as 0.989."""
    if isinstance(cell, float) and 0 <= cell <= 1:
        return f"{100 * cell:.2f}"
    text = text_of(cell)
    if text and not _PERCENT.fullmatch(text):
        raise Unclear("không phải là tỷ lệ")
    return text or None


def _at(cells: Cells, place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


# --- a report: a row a field, or a row a period -------------------------------------------------


@dataclass(slots=True)
class _Report:
    sheet: Sheet
    part: PeriodColumns
    given: TableMapping
    notes: Notes
    _parts: list[FigureValues] = field(default_factory=list)
    _totals: list[FigureValues] = field(default_factory=list)
    _sections: bool = False
    _signed: bool = False

    @property
    def table(self) -> Layout:
        return self.part.table

    def periods(self, rows: Sequence[Row]) -> Iterable[dict[str, Any]]:
        style = counts.judge(
            _at(cells, place)
            for _line, cells in rows
            for name, places in self.table.columns.items()
            if self._is_count(name)
            for place in places
        )
        if self.part.name == column_periods.BEFORE:
            self.notes.remark(f"không dùng các cột của {self.part.name}")
            return []
        for row in rows:
            self._take_row(row, style)
        if "period" in self.table.columns:
            return [{"id": p.name, **p.nested(), "stated": p.stated} for p in self._parts]
        return [self._period()]

    def _is_count(self, name: str) -> bool:
        return name not in ("ordinal", "name", "period") and not name.startswith("stated.")

    def _take_row(self, row: Row, style: NumberStyle) -> None:
        line, cells = row
        first = next((text for cell in cells if (text := text_of(cell))), "")
        self._signed |= layout.is_signature(first)
        if layout.is_signature(first) or (self._signed and self._is_text(cells)):
            return
        if is_share(first):
            return
        label = self._named(cells, "period" if "period" in self.table.columns else "name")
        kept = FigureValues(label)
        if not self._read(kept, line, cells, style):
            return  # A heading between fields.
        if layout.is_total(label or first) or layout.is_total(first):
            self._totals.append(kept)
        elif _SECTION.fullmatch(self._named(cells, "ordinal").strip(". ")):
            self._sections = True
        elif label or not self._names_rows:
            if label in {part.name for part in self._parts}:
                self.notes.remark(f"“{label}” đứng ở nhiều dòng: mỗi dòng một số liệu")
            self._parts.append(kept)
        else:
            self.notes.refuse("thiếu tên lĩnh vực", CellPlace(self.sheet.name, line))

    def _is_text(self, cells: Cells) -> bool:
        """A line under the table, with who signed it or what is noted."""
        return sum(text_of(cell) != "" for cell in cells) == 1

    @property
    def _names_rows(self) -> bool:
        return bool({"name", "period"} & set(self.table.columns))

    def _named(self, cells: Cells, column: str) -> str:
        place = self.table.column(column)
        return "" if place is None else text_of(_at(cells, place))

    def _read(self, kept: FigureValues, line: int, cells: Cells, style: NumberStyle) -> bool:
        """Whether the row holds anything in a column of figures."""
        held = False
        for name, places in self.table.columns.items():
            if name in ("ordinal", "name", "period"):
                continue
            for at in places:
                cell = _at(cells, at)
                held = held or text_of(cell) != ""
                place = CellPlace(self.sheet.name, line, at, self.table.headings[at])
                _put_figure(kept, name, cell, style, place, self.notes)
        return held

    def _period(self) -> dict[str, Any]:
        span = self.part.span() or NamedPeriod(self.given.figures.period)
        whole = self._total() or self._single() or self._summed()
        fields = [part for part in self._parts if part is not whole and part.name]
        return {
            "id": span.name or self.sheet.name or "Kỳ báo cáo",
            "from": f"{span.first:%Y-%m-%d}" if span.first else None,
            "to": f"{span.last:%Y-%m-%d}" if span.last else None,
            **self._joined(whole).nested(),
            "stated": whole.stated,
            "fields": [{"field": p.name, **_of_field(self._joined(p))} for p in fields],
        }

    def _total(self) -> FigureValues | None:
        """The one row of totals; of several the one that none exceeds: others are of sections."""
        if not self._totals:
            return None
        greatest = [one for one in self._totals if all(map(one.covers, self._totals))]
        if len(greatest) == 1 or (
            greatest and all(g.values == greatest[0].values for g in greatest)
        ):
            return greatest[0]
        self.notes.remark("nhiều dòng cộng, không rõ dòng nào là của cả kỳ: không có số của cả kỳ")
        return FigureValues("")

    def _single(self) -> FigureValues | None:
        return self._parts[0] if len(self._parts) == 1 and not self._sections else None

    def _summed(self) -> FigureValues:
        """Without a row of totals a complete list of fields is added up, and that is told."""
        whole = FigureValues("")
        if self._sections:
            self.notes.remark("không có dòng Tổng cộng và bảng có nhiều mục: không có số của cả kỳ")
            return whole
        names = dict.fromkeys(
            n for p in self._parts for n in p.values if not n.startswith("stated")
        )
        for name in names:
            values = [part.values.get(name) for part in self._parts]
            if all(isinstance(value, int) for value in values):
                whole.values[name] = sum(value for value in values if isinstance(value, int))
        if self._parts:
            self.notes.remark(
                f"không có dòng Tổng cộng: số của cả kỳ được cộng từ {len(self._parts)} dòng"
            )
        return whole

    def _joined(self, kept: FigureValues) -> FigureValues:
        """“Đúng hạn” in a report that has no “trước hạn” means both."""
        columns = self.table.columns
        if "resolved.on_time" in columns and not {
            "resolved.early",
            "resolved.early_or_on_time",
        } & set(columns):
            values = dict(kept.values)
            if "resolved.on_time" in values:
                values["resolved.early_or_on_time"] = values.pop("resolved.on_time")
            return FigureValues(kept.name, values)
        return kept


def _of_field(kept: FigureValues) -> dict[str, Any]:
    nested = kept.nested()
    return {
        group: nested[group] for group in ("received", "resolved", "pending") if group in nested
    }


def moment_of(table: Layout, written: datetime) -> datetime:
    """When the figures were counted: the day a title names, but never after the file itself."""
    day = periods.as_of(table.titles)
    if day is None:
        return written
    return min(datetime.combine(day, _DAY_ENDS, written.tzinfo), written)
