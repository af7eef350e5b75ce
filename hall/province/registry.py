"""Units and halls of a province, from a YAML or a table: every mistake at once, with its place.

halls.csv      hall,unit,name              one hall a row
units.csv      unit,name                   or both in one file: rows without a hall are units
registry.yaml  units: [{id, name}], halls: [{id, unit, name}]
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hall.contract.province import RESERVED
from hall.province.settings import HallEntry, RegistryFile, UnitEntry
from hall.runtime import settings
from hall.runtime.settings import ConfigError, Mistake

MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """`line`: where it stands in the file, from 1."""

    unit: UnitEntry
    line: int


@dataclass(frozen=True, slots=True)
class PlacedHall:
    hall: HallEntry
    line: int


@dataclass(frozen=True, slots=True)
class Registry:
    """What a file registers. Its units may also be known already."""

    file: str
    units: tuple[PlacedUnit, ...]
    halls: tuple[PlacedHall, ...]


def read(path: Path) -> Registry:
    """Raises ConfigError with every mistake, and OSError."""
    found = _table(path) if path.suffix.lower() == ".csv" else _yaml(path)
    wrong = tuple(_twice(found))
    if wrong:
        raise ConfigError(found.file, wrong)
    return found


def _yaml(path: Path) -> Registry:
    document = settings.skim(path)
    checked = settings.check(document, RegistryFile)
    units = (
        PlacedUnit(unit, document.mistake(("units", n), "").line)
        for n, unit in enumerate(checked.units)
    )
    halls = (
        PlacedHall(hall, document.mistake(("halls", n), "").line)
        for n, hall in enumerate(checked.halls)
    )
    return Registry(str(path), tuple(units), tuple(halls))


def _table(path: Path) -> Registry:
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise _wrong(path, 1, "", f"tệp dài hơn {MOST_BYTES} byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise _wrong(path, 1, "", "tệp phải là UTF-8") from err
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {str(name).strip().lower() for name in rows.fieldnames or ()}
    if not {"unit", "name"} <= columns:
        raise _wrong(path, 1, "", "dòng đầu phải có các cột unit, name, và hall của hội trường")
    units: list[PlacedUnit] = []
    halls: list[PlacedHall] = []
    mistakes: list[Mistake] = []
    for row in rows:
        line = rows.line_num
        given = {str(k).strip().lower(): (v or "").strip() for k, v in row.items() if k is not None}
        try:
            if given.get("hall"):
                entry = {"id": given["hall"], "unit": given["unit"], "name": given["name"]}
                halls.append(PlacedHall(HallEntry.model_validate(entry), line))
            else:
                unit = {"id": given["unit"], "name": given["name"]}
                units.append(PlacedUnit(UnitEntry.model_validate(unit), line))
        except ValidationError as err:
            mistakes += _mistakes(err, line)
    if mistakes:
        raise ConfigError(str(path), tuple(mistakes))
    return Registry(str(path), tuple(units), tuple(halls))


def _mistakes(err: ValidationError, line: int) -> Iterator[Mistake]:
    for each in err.errors(include_url=False):
        key = ".".join(map(str, each["loc"]))
        yield Mistake(line, 1, key, f"'{each['input']}' không đúng dạng")


def _wrong(path: Path, line: int, key: str, text: str) -> ConfigError:
    return ConfigError(str(path), (Mistake(line, 1, key, text),))


def _twice(found: Registry) -> Iterator[Mistake]:
    """One id, two entries: both are named."""
    units: dict[str, PlacedUnit] = {}
    for unit in found.units:
        first = units.setdefault(unit.unit.id, unit)
        if first is not unit:
            yield _second(unit.line, unit.unit.id, first.line, (first.unit.name, unit.unit.name))
    halls: dict[str, PlacedHall] = {}
    for hall in found.halls:
        if hall.hall.id in RESERVED:
            yield Mistake(hall.line, 1, "hall", f"mã '{hall.hall.id}' không dành cho hội trường")
        before = halls.setdefault(hall.hall.id, hall)
        if before is not hall:
            names = (before.hall.name, hall.hall.name)
            yield _second(hall.line, hall.hall.id, before.line, names)


def _second(line: int, name: str, first: int, names: Sequence[str]) -> Mistake:
    text = f"mã '{name}' đã dùng ở dòng {first}: “{names[0]}” và “{names[1]}”"
    return Mistake(line, 1, "id", text)
