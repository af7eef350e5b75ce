"""The whole YAML: the sections that all daemons together read."""

import importlib
from typing import Any, Optional

from pydantic import Field, create_model

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
            given: Any = info.annotation
            if info.is_required():
                given = Optional[given]  # noqa: UP045 - built at run time
            default = None if info.is_required() else info.default
            found[name] = (given, Field(default=default, description=info.description))
    return create_model("HallFile", __base__=Shared, **found)
