"""Figures that a person keeps in a table: one count a row, named as reports name it. Pure."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from hall.contract.messages import Figures
from hall.onestop.procedures import UnusableTable
from hall.runtime.settings_words import first_mistake

# The names of the provincial report beside the contract's own.
_REPORT = {
    "tongtiepnhan": "received.total",
    "tiepnhankytruoc": "received.carried_over",
    "tiepnhanquamang": "received.online",
    "tiepnhantructiep": "received.direct",
    "tiepnhanbcci": "received.postal",
    "tongdaxuly": "resolved.total",
    "daxulytruochan": "resolved.early",
    "daxulydunghan": "resolved.on_time",
    "daxulyquahan": "resolved.overdue",
    "tongdangxuly": "pending.total",
    "dangxulytronghan": "pending.in_time",
    "dangxulyquahan": "pending.overdue",
    "tongtamdungxuly": "paused.total",
    "tamdungxulytronghan": "paused.in_time",
    "tamdungxulyquahan": "paused.overdue",
}
_KNOWN = frozenset(_REPORT.values()) | {
    "to_resolve",
    "resolved.early_or_on_time",
    "postal.received",
    "postal.returned",
    "digitised.done",
    "digitised.total",
    "from",
    "to",
}
_TEXTS = frozenset({"from", "to"})


def read_figures(lines: Iterable[str], as_of: datetime, source: str) -> Figures:
    """CSV: `period,figure,count`; an empty count is not known. Raises UnusableTable."""
    reader = csv.DictReader(lines)
    if not {"period", "figure", "count"} <= set(reader.fieldnames or ()):
        raise UnusableTable("dòng 1: cần có ba cột period,figure,count")
    periods: dict[str, dict[str, Any]] = {}
    for row in reader:
        _put(periods, row, reader.line_num)
    try:
        return Figures.model_validate(
            {"as_of": as_of, "source": source, "periods": tuple(periods.values())}
        )
    except ValidationError as err:
        raise UnusableTable(first_mistake(err)) from err


def _put(periods: dict[str, dict[str, Any]], row: Mapping[str, str | None], line: int) -> None:
    name, figure, count = ((row.get(key) or "").strip() for key in ("period", "figure", "count"))
    path = _path(figure)
    if path is None:
        raise UnusableTable(f"dòng {line}: không có chỉ tiêu '{figure}'")
    period = periods.setdefault(name, {"id": name})
    if not count:
        return
    group, _, part = path.partition(".")
    value = count if path in _TEXTS else _count(count, line)
    if part:
        period.setdefault(group, {})[part] = value
    else:
        period[group] = value


def _path(figure: str) -> str | None:
    plain = unicodedata.normalize("NFC", figure).casefold()
    path = _REPORT.get(plain, plain)
    return path if path in _KNOWN else None


def _count(text: str, line: int) -> int:
    """349247 and 349.247 are the same count."""
    digits = text.replace(".", "")
    if not (digits.isascii() and digits.isdigit()):
        raise UnusableTable(f"dòng {line}: '{text}' không phải là số đếm")
    return int(digits)
