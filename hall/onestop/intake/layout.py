"""Where a table begins and what its columns are: titles above, headings of several rows, notes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, zip_longest

from hall.onestop.intake import mapping
from hall.onestop.intake.cells import Cells, Row, Sheet, UnusableTable, bare, text_of
from hall.onestop.intake.headings import (
    FRESH,
    REQUIRED,
    Kind,
    bare_part,
    figure_of,
    group_of,
    is_figure,
    row_name_of,
)
from hall.onestop.intake.mapping import TableMapping

HEAD_ROWS = 40
_DEEPEST_HEAD = 4
_LISTS: tuple[Kind, ...] = ("dossiers", "procedures", "figure_list")
_FEWEST_FIGURES = 2
_ORDINAL = re.compile(r"\(?(\d{1,2})\)?(?: ?=.*)?", re.ASCII)
_FEWEST_ORDINALS = 3
NAMES: Mapping[Kind, str] = {
    "dossiers": "hồ sơ",
    "procedures": "thủ tục",
    "figure_list": "số liệu",
    "figure_table": "số liệu",
}
# What must not lack, as people call it; map.yaml has the other name.
_COLUMN_NAMES = {
    "code": "mã",
    "status": "trạng thái",
    "name": "tên",
    "field": "lĩnh vực",
    "period": "kỳ",
    "figure": "chỉ tiêu",
    "count": "số lượng",
}
Columns = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: places (from 0) by meaning, several where headings repeat. `first`: its row.

    `titles`: the lines above the headings. `headings`: what stands above each column.
    """

    kind: Kind
    first: int
    last: int
    columns: Columns
    headings: tuple[str, ...]
    titles: tuple[str, ...] = ()

    def column(self, name: str) -> int | None:
        places = self.columns.get(name)
        return places[0] if places else None


def find(sheet: Sheet, given: TableMapping = mapping.BUILT_IN) -> Layout | None:
    """The table in this sheet, or None where no headings are known. Raises UnusableTable."""
    return _Head(list(islice(sheet.rows(), HEAD_ROWS)), given).table()


def has_another(sheet: Sheet, table: Layout, given: TableMapping) -> bool:
    """Whether a table of figures ends above this one, in the same sheet."""
    if table.kind == "figure_table":
        return False
    above = islice(sheet.rows(), max(0, table.first - 1))
    return any(True for _ in _Head(list(above), given).tables())


def whole_table(sheet: Sheet, given: TableMapping = mapping.BUILT_IN) -> Layout:
    """The table in this sheet. Raises UnusableTable, saying what it lacks."""
    head = _Head(list(islice(sheet.rows(), HEAD_ROWS)), given)
    found = head.table()
    if found is None:
        raise UnusableTable(head.missing() if head.rows else "trang trống")
    return found


def recognised(rows: Sequence[Row]) -> int:
    """How many headings of any kind are known in the likeliest row of headings."""
    head = _Head(rows, mapping.BUILT_IN)
    return max((len(each.columns) for each in (*head.lists(), *head.tables())), default=0)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a sheet, among which its headings are sought."""

    rows: Sequence[Row]
    given: TableMapping

    def table(self) -> Layout | None:
        lists = [each for each in self.lists() if REQUIRED[each.kind] <= set(each.columns)]
        if lists:
            return max(lists, key=lambda each: (len(each.columns), -each.last))
        return max(
            self.tables(),
            key=lambda each: (len(each.columns), each.first - each.last),
            default=None,
        )

    def missing(self) -> str:
        """What to tell where no table was found: the likeliest one and the columns it lacks."""
        best = max(self.lists(), key=lambda each: len(each.columns), default=None)
        if best is None or not best.columns:
            return "không nhận ra cột nào: đặt map.yaml cạnh tệp (lệnh: motcua onestop map TỆP)"
        lacking = sorted(REQUIRED[best.kind] - set(best.columns))
        told = ", ".join(f"{_COLUMN_NAMES[name]} ({name})" for name in lacking)
        return f"dòng {best.last}: bảng {NAMES[best.kind]} thiếu cột {told}"

    def lists(self) -> Iterator[Layout]:
        """Tables with one record a row; of a heading in two rows the lower cell tells more."""
        texts = [tuple(map(text_of, cells)) for _line, cells in self.rows]
        for kind in _LISTS:
            for at, heads in enumerate(texts):
                yield self._list(kind, at, at, heads)
                if at + 1 < len(texts):
                    yield self._list(kind, at, at + 1, _lower_first(heads, texts[at + 1]))

    def tables(self) -> Iterator[Layout]:
        """Tables whose columns are figures, under headings of one row or several."""
        for at, (_line, cells) in enumerate(self.rows):
            for to in range(at, min(at + _DEEPEST_HEAD, len(self.rows)) if _leads(cells) else at):
                table = self._table(at, to)
                if sum(is_figure(name) for name in table.columns) >= _FEWEST_FIGURES:
                    yield table

    def _list(self, kind: Kind, at: int, to: int, heads: tuple[str, ...]) -> Layout:
        columns: dict[str, tuple[int, ...]] = {}
        for place, heading in enumerate(heads):
            name = self.given.column_of(kind, heading)
            if name is not None:
                columns[name] = (*columns.get(name, ()), place)
        return self._layout(kind, (at, to), columns, heads)

    def _table(self, at: int, to: int) -> Layout:
        paths = _paths([cells for _line, cells in self.rows[at : to + 1]])
        columns: dict[str, tuple[int, ...]] = {}
        for place, path in enumerate(paths):
            name = (self.given.figure_of(path) or row_name_of(path[-1])) if path else None
            if name is not None:
                columns[name] = (*columns.get(name, ()), place)
        _place_bare_parts(columns, paths)
        _place_fresh(columns)
        heads = tuple(" / ".join(path) for path in paths)
        return self._layout("figure_table", (at, to), columns, heads)

    def _layout(
        self, kind: Kind, span: tuple[int, int], columns: Columns, heads: tuple[str, ...]
    ) -> Layout:
        first, last = (self.rows[at][0] for at in span)
        return Layout(kind, first, last, columns, heads, _titles(self.rows[: span[0]]))


def _place_bare_parts(
    columns: dict[str, tuple[int, ...]], paths: Sequence[tuple[str, ...]]
) -> None:
    """Columns "Trước hạn | Đúng hạn | Quá hạn" belong to the total at whose right they stand.

    One alone may be of any total and is left out.
    """
    named = {place: name for name, places in columns.items() for place in places}
    bare_parts = {
        place: part
        for place, path in enumerate(paths)
        if place not in named and path and (part := bare_part(path[-1])) is not None
    }
    for run in _runs(bare_parts):
        group = _group_of_run({bare_parts[place] for place in run}, named.get(run[0] - 1, ""))
        for place in run if group else ():
            name = f"{group}.{_AS_PART[group][bare_parts[place]]}"
            columns[name] = (*columns.get(name, ()), place)


# What a bare part is called in the group of the total before it; others are no part of that.
_AS_PART = {
    "resolved": {
        "early": "early",
        "on_time": "on_time",
        "early_or_on_time": "early_or_on_time",
        "in_time": "early_or_on_time",
        "overdue": "overdue",
    },
    "pending": {"on_time": "in_time", "in_time": "in_time", "overdue": "overdue"},
    "received": {
        name: name for name in ("carried_over", "online", "direct", "postal", "direct_or_postal")
    },
}


def _runs(places: Iterable[int]) -> Iterator[list[int]]:
    """Several places side by side."""
    run: list[int] = []
    for place in sorted(places):
        if run and place != run[-1] + 1:
            yield from [run] if len(run) > 1 else []
            run = []
        run.append(place)
    yield from [run] if len(run) > 1 else []


def _group_of_run(parts: set[str], left: str) -> str:
    group = left.partition(".")[0] if left.endswith(".total") else "resolved"
    if not parts <= set(_AS_PART.get(group, ())):
        return ""
    sure = left.endswith(".total") or parts & {"early", "on_time", "early_or_on_time"}
    return group if sure else ""


def _place_fresh(columns: dict[str, tuple[int, ...]]) -> None:
    """All that was received in the period, where nothing was carried over beside it."""
    fresh = columns.pop(FRESH, ())
    if fresh and not {"received.total", "received.carried_over"} & set(columns):
        columns["received.total"] = fresh


def _lower_first(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    pairs = zip_longest(upper, lower, fillvalue="")
    return tuple(down or up for up, down in pairs)


def _leads(cells: Cells) -> bool:
    """Whether a row can be the first of a table's headings; a title above them cannot."""
    texts = [text for cell in cells if (text := text_of(cell))]
    return len(texts) > 1 and any(row_name_of(t) or group_of(t) or figure_of((t,)) for t in texts)


def _paths(head: Sequence[Cells]) -> list[tuple[str, ...]]:
    """The texts above each column; a merged cell's text stands in its first column alone."""
    width = max(map(len, head))
    texts = [[*map(text_of, row), *[""] * (width - len(row))] for row in head]
    filled = [_filled(texts, level) for level in range(len(texts))]
    return [tuple(row[place] for row in filled if row[place]) for place in range(width)]


def _filled(texts: list[list[str]], level: int) -> list[str]:
    """One row of headings, each blank taken by the cell to its left that spans it.

    A cell spans to the right only over other headings, and not past the next one above it.
    """
    row = list(texts[level])
    for place in range(1, len(row)):
        under = any(below[place] for below in texts[level + 1 :])
        apart = any(above[place] for above in texts[:level])
        if not row[place] and under and not apart:
            row[place] = row[place - 1]
    return row


def _titles(above: Sequence[Row]) -> tuple[str, ...]:
    lines = (" ".join(text_of(cell) for cell in cells if cell != "") for _line, cells in above)
    return tuple(line for line in lines if line)


def is_numbering(cells: Cells) -> bool:
    """The row under the headings that numbers the columns, such as (1) (2) (3)=(4)+(5)."""
    texts = [text_of(cell) for cell in cells if cell != ""]
    found = [_ORDINAL.fullmatch(text) for text in texts]
    numbers = [int(each[1]) for each in found if each is not None]
    rising = all(after == before + 1 for before, after in pairwise(numbers))
    return len(numbers) == len(texts) >= _FEWEST_ORDINALS and rising and numbers[0] <= 2  # noqa: PLR2004


_TOTALS = ("tong", "cong")
_SIGNATURES = ("nguoi lap", "ghi chu", "tm.", "lap bieu", "noi nhan", "thu truong", "nguoi bao cao")


def is_total(text: str) -> bool:
    return bare(text).startswith(_TOTALS)


def is_signature(text: str) -> bool:
    """Who made the table, and what is noted under it."""
    return bare(text).startswith(_SIGNATURES)


def is_note(text: str) -> bool:
    """A line under a list that belongs to no record."""
    if text[:1].isdigit():
        return False
    return is_total(text) or is_signature(text)
