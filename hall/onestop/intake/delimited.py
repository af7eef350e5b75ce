"""CSV and its kin: lines of bounded length, the separator that makes most sense of the head."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hall.onestop.intake import layout
from hall.onestop.intake.cells import Row, Sheet, UnusableTable
from hall.onestop.intake.lettering import encoding_of

_HEAD_BYTES = 64 * 1024
_HEAD_LINES = 40
# A line longer than this is no row of a table; it is refused before it is in memory.
LONGEST_LINE = 256 * 1024
_SEVERAL = 4
_SEPARATORS = ",;\t|"
_NAMED = re.compile(r"\s*\"?sep=(.)\"?[,;\t|]*\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """`skipped`: lines before the first row (the line `sep=;`)."""

    encoding: str
    separator: str
    skipped: int = 0


def sheets(path: Path) -> tuple[Sheet, ...]:
    """The single table of a text file. Raises UnusableTable, OSError."""
    dialect = _dialect(path)
    return (Sheet("", lambda: _rows(path, dialect)),)


def _dialect(path: Path) -> Dialect:
    with path.open("rb") as file:
        encoding = encoding_of(file.read(_HEAD_BYTES))
    head: list[str] = []
    with _open(path, encoding) as text:
        for line in _lines(text):
            head.append(line)
            if len(head) == _HEAD_LINES:
                break
    if head and (named := _NAMED.match(head[0])):
        return Dialect(encoding, named[1], 1)
    return Dialect(encoding, max(_SEPARATORS, key=lambda each: _sense(head, each)))


def _sense(head: list[str], separator: str) -> tuple[int, int]:
    """How many headings are recognised with it; then how many cells it makes."""
    try:
        rows = list(_parsed(head, separator))
    except UnusableTable:
        return -1, 0
    return layout.recognised(rows), sum(len(cells) - 1 for _line, cells in rows)


def _open(path: Path, encoding: str) -> IO[str]:
    # What is no letter of the encoding stays visible as such, in its own cell.
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _rows(path: Path, dialect: Dialect) -> Iterator[Row]:
    with _open(path, dialect.encoding) as text:
        lines = _lines(text)
        for _ in range(dialect.skipped):
            next(lines, None)
        yield from _whole(_parsed(lines, dialect.separator, dialect.skipped), path)


def _whole(rows: Iterator[Row], path: Path) -> Iterator[Row]:
    """The rows, unless the file ends inside its last one: a copy that broke off.

    The row is shorter than the one before it, or its last cell is, where all others are as long.
    """
    ended: deque[Row] = deque(maxlen=_SEVERAL)
    for row in rows:
        ended.append(row)
        yield row
    if len(ended) > 1 and _broke_off(ended) and not _ends_in_a_row(path):
        raise UnusableTable(f"tệp bị cắt ở dòng {ended[-1][0]}: hãy chép lại cả tệp")


def _broke_off(ended: Sequence[Row]) -> bool:
    *before, (_line, last) = ended
    if 0 < len(last) < len(before[-1][1]):
        return True
    lengths = {len(str(cells[-1])) for _line, cells in before if cells}
    return len(before) + 1 == _SEVERAL and len(lengths) == 1 and len(str(last[-1])) < lengths.pop()


def _parsed(lines: Iterable[str], separator: str, before: int = 0) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    line = before + 1
    try:
        for cells in reader:
            yield line, tuple(cells)
            line = before + reader.line_num + 1
    except csv.Error as err:
        raise UnusableTable(
            f"dòng {line}: không phải CSV ({err}); có dấu ngoặc kép không đóng?"
        ) from err


def _lines(text: IO[str]) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise UnusableTable(f"dòng {number}: dài hơn {LONGEST_LINE // 1024} nghìn chữ")
        yield line
    if number == 0:
        raise UnusableTable("tệp trống")


def _ends_in_a_row(path: Path) -> bool:
    """False where the last line has no end: the file may have been cut off inside it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2))
        return b"\n" in file.read() or b"\r" in file.read()
