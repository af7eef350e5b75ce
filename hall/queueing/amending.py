"""A frozen value with some fields changed: dataclasses.replace at a third of its price.

A press makes some ten such values and a start after a full day some twenty thousand.
"""

from collections.abc import Callable, Hashable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

T = TypeVar("T")


def amend(value: T, **changes: object) -> T:
    """Give a copy with these fields. Raises KeyError for a field that is none."""
    model: Any = type(value)
    read, places = _plan(model)
    content = list(read(value))
    for name, change in changes.items():
        content[places[name]] = change
    copy: T = model(*content)
    return copy


@cache
def _plan(model: Hashable) -> tuple[Callable[[object], tuple[object, ...]], dict[str, int]]:
    """How to read all fields of a dataclass at once, and where each stands."""
    names = [field.name for field in fields(cast("Any", model))]
    return attrgetter(*names), {name: place for place, name in enumerate(names)}
