"""Every role of the hall, and the whole YAML as one model."""

import importlib
from collections.abc import Iterator, Sequence

from hall.cli.checking import entries
from hall.contract.roles import PROGRAMS
from hall.runtime import roles
from hall.runtime.members import at
from hall.runtime.settings import ConfigError, Document, Mistake


class UnknownRole(ValueError):
    """No such role."""


def named(text: str) -> tuple[str, ...]:
    """Read `controller,printer-2,display`: each once, and no device beside all of its kind.

    Raises UnknownRole.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = ", ".join(PROGRAMS)
    if not names:
        raise UnknownRole(f"cần một vai trò: {known}")
    for name in names:
        if _role(name) not in PROGRAMS:
            raise UnknownRole(f"không có vai trò '{name}'; các vai trò: {known}")
    return tuple(name for name in names if name in PROGRAMS or _role(name) not in names)


def wanted(names: Sequence[str]) -> list[roles.WantedRole]:
    """What to build; a device's client id runs that device alone."""
    return [
        roles.WantedRole(_build(_role(name)), None if name in PROGRAMS else name, name)
        for name in names
    ]


def runnable(document: Document) -> tuple[str, ...]:
    """Every role whose section the file holds."""
    return tuple(role for role in PROGRAMS if not tuple(_missing(document, [role])))


def require(document: Document, names: Sequence[str]) -> None:
    """Raises ConfigError with everything that these roles need and the file does not hold."""
    lacking = tuple(_missing(document, names))
    if lacking:
        raise ConfigError(document.file, lacking)


def _missing(document: Document, names: Sequence[str]) -> Iterator[Mistake]:
    for name in names:
        program = PROGRAMS[_role(name)]
        if program.optional or not program.section:
            continue
        if at(document.values, program.section) in (None, []):
            yield document.mistake(program.section, f"thiếu khoá này, vai trò {name} cần nó")
        elif name not in PROGRAMS and name not in (
            known := entries.names(document, program.section[0])
        ):
            there = ", ".join(sorted(known))
            yield document.mistake(program.section, f"không có thiết bị '{name}'; có: {there}")


def _role(name: str) -> str:
    """Of a role or of a device that has an entry of its own."""
    kind = name.split("-", 1)[0]
    program = PROGRAMS.get(kind)
    return kind if program is not None and program.several and "-" in name else name


def _build(role: str) -> roles.Build:
    # Loaded only when asked for: a printer's process must not import a kiosk's drawing kit.
    build: roles.Build = importlib.import_module(f"{PROGRAMS[role].package}.__main__").build
    return build
