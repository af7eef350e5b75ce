"""The whole YAML: the sections that all daemons together read."""

import copy
import importlib
from typing import Any

from pydantic import create_model
from pydantic.fields import FieldInfo

from hall.contract.roles import PROGRAMS
from hall.runtime.sections import Shared


def models() -> tuple[type[Shared], ...]:
    """What each daemon reads: its own in the `settings` of its package, or its neighbour's."""
    modules = (importlib.import_module(f"{p.package}.settings") for p in PROGRAMS.values())
    return tuple(
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Shared) and found is not Shared
        if found.__module__ == module.__name__
    )


def hall_file() -> type[Shared]:
    """One model of all; a section is required only where its role runs, so here none is."""
    found: dict[str, Any] = {}
    for model in models():
        for name, info in model.model_fields.items():
            if name in Shared.model_fields:
                continue
            found[name] = _optional(info) if info.is_required() else (info.annotation, info)
    return create_model("HallFile", __base__=Shared, **found)


def _optional(info: FieldInfo) -> tuple[Any, FieldInfo]:
    """The same field, discriminator and limits kept, but it may be left out."""
    given: Any = info.annotation
    field = copy.copy(info)
    field.annotation = given | None
    field.default = None
    return field.annotation, field
