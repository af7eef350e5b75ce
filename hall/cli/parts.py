"""Every role of the hall, and the whole YAML as one model."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

from hall.runtime import roles

# Loaded only when asked for: a printer's process must not import a kiosk's drawing kit.
MODULES: Mapping[str, str] = MappingProxyType(
    {
        "controller": "hall.controller.__main__",
        "printer": "printer.__main__",
        "kiosk": "kiosk.__main__",
        "display": "display.__main__",
        "board": "display.board.__main__",
        "voice": "display.voice.__main__",
        "bridge": "firmware_bridge.__main__",
        "counter": "hall.counter.__main__",
        "onestop": "hall.onestop.__main__",
    }
)


class UnknownRole(ValueError):
    """No such role."""


def wanted(names: str) -> list[roles.Wanted]:
    """Read `controller,printer-2,display`; a device's client id runs that device alone.

    Raises UnknownRole.
    """
    return [_one(name.strip()) for name in names.split(",") if name.strip()]


def _one(name: str) -> roles.Wanted:
    if name in MODULES:
        return roles.Wanted(_build(name))
    kind = name.split("-", 1)[0]
    if kind in ("printer", "kiosk", "bridge") and "-" in name:
        return roles.Wanted(_build(kind), name)
    known = ", ".join(MODULES)
    raise UnknownRole(f"không có vai trò '{name}'; các vai trò: {known}")


def _build(role: str) -> roles.Build:
    build: roles.Build = importlib.import_module(MODULES[role]).build
    return build
