"""JSON, streamed: the first list of objects in it is a table, whose keys are the headings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ijson

from hall.onestop.intake.cells import Cell, Row, Sheet, UnusableTable
from hall.onestop.intake.headings import figure_of

_HEAD = 50
_LARGEST_REPORT = 256 * 1024
_DEEPEST = 12
# Where an answer tells that it is none, though it came with HTTP's 200.
_VERDICTS = ("error_code", "errorcode", "response_code", "errorCode", "code", "status")
_GOOD = frozenset({"0", "1", "200", "ok", "success", "true", ""})
_SCALARS = frozenset({"string", "number", "boolean", "null"})
_OPENING, _CLOSING = ("start_map", "start_array"), ("end_map", "end_array")

Event = tuple[str, Any]
Record = dict[str, Cell]


def sheets(path: Path) -> tuple[Sheet, ...]:
    """The table. Raises UnusableTable where the file holds none, or an answer that says no."""
    if alone := _report(path):
        return (Sheet("", lambda: iter([(0, tuple(alone)), (1, tuple(alone.values()))])),)
    names: dict[str, None] = {}
    for number, record in enumerate(_records(path)):
        names.update(dict.fromkeys(record))
        if number == _HEAD:
            break
    return (Sheet("", lambda: _rows(path, tuple(names))),)


def _report(path: Path) -> Record | None:
    """A file that is one record of figures, as a provincial report comes."""
    if path.stat().st_size > _LARGEST_REPORT:
        return None
    events = _events(path)
    if next(events, ("", None))[0] != "start_map":
        return None
    record = _record(events)
    return record if sum(figure_of((name,)) is not None for name in record) > 1 else None


def _rows(path: Path, names: tuple[str, ...]) -> Iterator[Row]:
    """The headings as row 0, then one row a record, numbered from 1."""
    yield 0, names
    for number, record in enumerate(_records(path), start=1):
        yield number, tuple(record.get(name, "") for name in names)


def _records(path: Path) -> Iterator[Record]:
    events = _events(path)
    _find_list(events)
    yield _record(events)
    for event, _value in events:
        if event == "start_map":
            yield _record(events)
        elif event == "end_array":
            break
        else:
            raise UnusableTable("danh sách có phần tử không phải là bản ghi")
    for _rest in events:
        pass  # To the end: a file that was cut off after its list is not whole.


def _find_list(events: Iterator[Event]) -> None:
    """Go to just after the start of the first object that stands in a list."""
    inside: list[str] = []
    key, said = "", dict[str, str]()
    for event, value in events:
        if event == "start_map" and inside[-1:] == ["start_array"]:
            return
        if event in _OPENING:
            inside.append(event)
        elif event in _CLOSING:
            inside.pop()
        elif event == "map_key":
            key = value
        elif event in _SCALARS and inside[-1:] == ["start_map"]:
            said[key] = str(value).strip()
    raise UnusableTable(_no_list(said))


def _no_list(said: dict[str, str]) -> str:
    for key in _VERDICTS:
        if said.get(key, "").casefold() not in _GOOD:
            return f"đây là câu trả lời báo lỗi ({key} = {said[key][:40]}), không phải dữ liệu"
    return "phải có một danh sách các bản ghi"


@dataclass(slots=True)
class _Building:
    """A record whose inner objects give columns such as `procedure.name`; lists are not read."""

    record: Record = field(default_factory=dict)
    keys: list[str] = field(default_factory=lambda: [""])
    lists: int = 0

    def put(self, value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        name = ".".join(self.keys)
        if name in self.record:
            raise UnusableTable(f"khoá “{name[:40]}” đứng hai lần trong một bản ghi")
        self.record[name] = _cell(value)


def _record(events: Iterator[Event]) -> Record:
    """The rest of an object whose start was just read."""
    building = _Building()
    for event, value in events:
        if event == "start_array":
            building.lists += 1
        elif event == "end_array":
            building.lists -= 1
        elif building.lists:
            continue
        elif event == "map_key":
            building.keys[-1] = value
        elif event == "start_map":
            building.keys.append("")
        elif event != "end_map":
            building.put(value)
        elif len(building.keys) == 1:
            break
        else:
            building.keys.pop()
    return building.record


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever JSON holds
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return value
        case _:
            return str(value)


def _events(path: Path) -> Iterator[Event]:
    """Raises UnusableTable where it is no JSON, or nested past any use."""
    depth = 0
    with path.open("rb") as file:
        try:
            for event, value in ijson.basic_parse(_Marked(file), use_float=True):
                if event in _OPENING:
                    depth += 1
                    if depth > _DEEPEST:
                        raise UnusableTable("lồng nhau quá sâu")
                elif event in _CLOSING:
                    depth -= 1
                yield event, value
        except ijson.JSONError as err:
            raise UnusableTable(_words(err)) from err


class _Marked:
    """The file without the mark at its head that Windows programs put there."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - a binary file
        self._file = file
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)

    def read(self, size: int = -1) -> bytes:
        found: bytes = self._file.read(size)
        return found


def _words(err: Exception) -> str:
    if "premature EOF" in str(err):
        return "tệp bị cắt: JSON chưa hết"
    return "không phải JSON đúng chuẩn (NaN, dấu phẩy thừa, nhiều JSON nối nhau?)"
