"""The whole YAML: the sections that all daemons together read."""

import copy
import importlib
from typing import Any

from pydantic import create_model
from pydantic.fields import FieldInfo

from hall.runtime.sections import Shared

# Loaded one by one: a role's settings import no driver.
_MODELS = (
    ("hall.controller.settings", "ControllerFile"),
    ("printer.settings", "PrinterFile"),
    ("kiosk.settings", "KioskFile"),
    ("display.settings", "DisplayConfig"),
    ("firmware_bridge.settings", "BridgeFile"),
    ("hall.counter.settings", "CounterPagesConfig"),
    ("hall.onestop.settings", "OnestopConfig"),
)


def models() -> tuple[type[Shared], ...]:
    """What each daemon reads."""
    return tuple(getattr(importlib.import_module(module), name) for module, name in _MODELS)


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
