"""Counts under their dotted names, as a person types or a service tells them, to a period. Pure."""

from collections.abc import Mapping
from typing import Any

from hall.contract.onestop_messages import Period
from hall.onestop.intake import counts, headings
from hall.onestop.intake.cells import Cell, Unclear

_DAYS = ("from", "to")


def is_name(path: str) -> bool:
    """Whether a count has this name, as received.total or resolved.early has."""
    return headings.is_figure(path) and path not in _DAYS


def period(head: Mapping[str, object], cells: Mapping[str, Cell]) -> Period:
    """`head`: id, kind, from, to; numbers are read as in any table.

    Raises Unclear, ValidationError.
    """
    style = counts.judge(cells.values())
    values: dict[str, Any] = dict(head)
    for path, cell in cells.items():
        if not is_name(path):
            raise Unclear(f"không có chỉ tiêu “{path}”")
        try:
            count = counts.read_count(cell, style)
        except Unclear as err:
            raise Unclear(f"{path}: {err}") from err
        _put(values, path, count)
    return Period.model_validate(values)


def _put(values: dict[str, Any], path: str, count: int | None) -> None:
    group, _, part = path.partition(".")
    if count is None:
        return
    if part:
        values.setdefault(group, {})[part] = count
    else:
        values[group] = count
