"""What was recognised in a file, for the person who maps its columns; nothing is imported."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hall.onestop.intake import dossiers, layout, statuses, words
from hall.onestop.intake.cells import Sheet, Unclear, letters, text_of
from hall.onestop.intake.dates import DateOrder, DateStyle
from hall.onestop.intake.headings import REQUIRED
from hall.onestop.intake.layout import NAMES, Layout
from hall.onestop.intake.mapping import TableMapping
from hall.onestop.intake.opening import open_file

_MOST_STATES = 30
_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """`meaning` is None for a column that is not read; `style`: how its cells are written."""

    letters: str
    heading: str
    meaning: str | None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One sheet. `kind` is "" where no table was recognised; `states`: those without a meaning."""

    sheet: str
    kind: str
    heading_row: int
    columns: tuple[Column, ...]
    lacking: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


def survey(path: Path, given: TableMapping) -> tuple[Surveyed, ...]:
    """Every sheet of a file. Raises UnusableTable, OSError."""
    return tuple(_sheet(sheet, given) for sheet in open_file(path))


def _sheet(sheet: Sheet, given: TableMapping) -> Surveyed:
    table = layout.find(sheet, given)
    if table is None:
        return _unknown(sheet)
    styles = _styles(sheet, table, given) if table.kind == "dossiers" else {}
    meaning = {place: name for name, places in table.columns.items() for place in places}
    columns = tuple(
        Column(letters(place), heading, meaning.get(place), styles.get(meaning.get(place, ""), ""))
        for place, heading in enumerate(table.headings)
        if heading
    )
    lacking = tuple(sorted(REQUIRED.get(table.kind, frozenset()) - set(table.columns)))
    states = _unknown_states(sheet, table, given) if table.kind == "dossiers" else ()
    return Surveyed(sheet.name, table.kind, table.last, columns, lacking, states)


def _unknown(sheet: Sheet) -> Surveyed:
    """The likeliest row of headings: the first with the most texts."""
    rows = list(islice(sheet.rows(), layout.HEAD_ROWS))
    line, cells = max(rows, key=lambda row: sum(bool(text_of(c)) for c in row[1]), default=(0, ()))
    columns = tuple(
        Column(letters(place), heading, None)
        for place, cell in enumerate(cells)
        if (heading := text_of(cell))
    )
    return Surveyed(sheet.name, "", line, columns)


def _styles(sheet: Sheet, table: Layout, given: TableMapping) -> dict[str, str]:
    judged = dossiers.judge(sheet, table, given)
    found = {name: _date_words(style) for name, style in judged.dates.items()}
    if judged.status.own_numbers:
        found["status"] = "mã riêng, không phải 1–10"
    return found


def _date_words(style: DateStyle) -> str:
    order = {
        DateOrder.DAY_FIRST: "ngày/tháng/năm",
        DateOrder.MONTH_FIRST: "tháng/ngày/năm",
        DateOrder.MIXED: "lẫn lộn ngày/tháng và tháng/ngày",
    }[style.order]
    return f"{order}, có ô bị Excel đảo" if style.turned else order


def _unknown_states(sheet: Sheet, table: Layout, given: TableMapping) -> tuple[str, ...]:
    place = table.columns["status"][0]
    style = statuses.judge((), given.dossiers.statuses)
    unknown: dict[str, None] = {}
    for _line, cells in islice(sheet.rows(), table.last, _ROWS):
        text = text_of(cells[place]) if place < len(cells) else ""
        if not text or text in unknown or len(unknown) == _MOST_STATES:
            continue
        try:
            statuses.read_status(text, style)
        except Unclear:
            unknown[text] = None
    return tuple(unknown)


def as_yaml(surveyed: tuple[Surveyed, ...]) -> str:
    """`map.yaml` as far as it is known; what a person must fill in stands as a comment."""
    return "\n".join([*_yaml(surveyed), ""])


def _yaml(surveyed: tuple[Surveyed, ...]) -> Iterator[str]:
    yield "# Cột nào của tệp là gì: ý nghĩa bên trái, tên cột trong tệp bên phải."
    yield "# Bỏ dấu # ở đầu dòng và điền cho đúng; dòng nào bảng có sẵn đã hiểu thì có thể bỏ."
    yield "version: 1"
    sections = {_section(each.kind) for each in surveyed}
    for section in ("dossiers", "procedures", "figures"):
        if section in sections or sections == {""}:
            yield from _section_lines(
                section, [e for e in surveyed if _section(e.kind) in (section, "")]
            )


def _section(kind: str) -> str:
    return "figures" if kind.startswith("figure") else kind


def _section_lines(section: str, surveyed: list[Surveyed]) -> Iterator[str]:
    columns = {c.meaning: c.heading for each in surveyed for c in each.columns if c.meaning}
    unread = [c.heading for each in surveyed for c in each.columns if c.meaning is None]
    yield f"{section}:"
    yield "  columns:" if columns else "  # columns:"
    yield from (f"    {name}: {_quoted(heading)}" for name, heading in columns.items())
    if section != "figures":
        missing = (name for name in words.names(section) if name not in columns)
        yield from (f'    # {name}: ""' for name in missing)
    if unread:
        yield f"  # cột chưa dùng: {', '.join(map(_quoted, dict.fromkeys(unread)))}"
    states = dict.fromkeys(state for each in surveyed for state in each.states)
    if states:
        yield "  # statuses:"
        yield from (f"  #   {_quoted(state)}: 4   # số 1–10" for state in states)


def _quoted(text: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def kind_words(kind: str) -> str:
    return next((text for name, text in NAMES.items() if name == kind), "chưa nhận ra là bảng gì")
