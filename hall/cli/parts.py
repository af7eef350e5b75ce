"""Every role of the hall, and the whole YAML as one model."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hall.cli.entries import names as names_in
from hall.runtime import roles
from hall.runtime.settings import ConfigError, Document, Mistake

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


# What a role cannot do without; the others live on what every hall has.
_SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "printer": ("printers",),
        "kiosk": ("kiosks",),
        "display": ("display",),
        "board": ("display", "board"),
        "voice": ("display", "voice"),
        "bridge": ("bridges",),
        "onestop": ("onestop",),
    }
)
_INSTANCES = ("printer", "kiosk", "bridge")


class UnknownRole(ValueError):
    """No such role."""


def named(text: str) -> tuple[str, ...]:
    """Read `controller,printer-2,display`: each once, and no device beside all of its kind.

    Raises UnknownRole.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = ", ".join(MODULES)
    if not names:
        raise UnknownRole(f"cần một vai trò: {known}")
    for name in names:
        if _role(name) not in MODULES:
            raise UnknownRole(f"không có vai trò '{name}'; các vai trò: {known}")
    return tuple(name for name in names if name in MODULES or _role(name) not in names)


def wanted(names: Sequence[str]) -> list[roles.Wanted]:
    """What to build; a device's client id runs that device alone."""
    return [roles.Wanted(_build(_role(name)), None if name in MODULES else name) for name in names]


def runnable(document: Document) -> tuple[str, ...]:
    """Every role whose section the file holds."""
    return tuple(role for role in MODULES if not tuple(_missing(document, [role])))


def require(document: Document, names: Sequence[str]) -> None:
    """Raises ConfigError with everything that these roles need and the file does not hold."""
    lacking = tuple(_missing(document, names))
    if lacking:
        raise ConfigError(document.file, lacking)


def _missing(document: Document, names: Sequence[str]) -> Iterator[Mistake]:
    for name in names:
        role = _role(name)
        path = _SECTIONS.get(role, ())
        found: Any = document.values
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found in (None, []):
            yield document.mistake(path, f"thiếu khoá này, vai trò {name} cần nó")
        elif name not in MODULES and name not in (known := names_in(document, path[0])):
            there = ", ".join(sorted(known))
            yield document.mistake(path, f"không có thiết bị '{name}'; có: {there}")


def _role(name: str) -> str:
    kind = name.split("-", 1)[0]
    return kind if kind in _INSTANCES and "-" in name else name


def _build(role: str) -> roles.Build:
    build: roles.Build = importlib.import_module(MODULES[role]).build
    return build
