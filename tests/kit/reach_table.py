"""systemd/reach.toml and the units beside it, read into values that can be compared."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SYSTEMD = Path(__file__).parents[2] / "systemd"


@dataclass(frozen=True, slots=True)
class Class:
    """A kind of device node."""

    allow: str
    node: str
    group: str
    rule: str
    minor: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What one driver reaches; see the table's own head."""

    unit: str
    yaml: str
    value: str | None = None
    common: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    syscalls: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    runtime: str = ""
    credentials: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    memory: str = ""
    packages: tuple[str, ...] = ()

    @property
    def driver(self) -> tuple[str, str | None]:
        return self.yaml, self.value


@dataclass(frozen=True, slots=True)
class Table:
    classes: dict[str, Class]
    rows: tuple[Row, ...]

    def of(self, unit: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.unit == unit)

    def opened(self, unit: str) -> dict[str, str]:
        """Class → the access that the drivers of a unit open its nodes with."""
        wanted = (device.split() for row in self.of(unit) for device in row.devices)
        found: dict[str, str] = {}
        for name, access in wanted:
            found[name] = max(found.get(name, ""), access)
        return found

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.unit for row in self.rows))


def table() -> Table:
    read = tomllib.loads((SYSTEMD / "reach.toml").read_text(encoding="utf-8"))
    classes = {name: Class(**values) for name, values in read["class"].items()}
    rows = (Row(**_joined(values, read["common"])) for values in read["reach"])
    return Table(classes, tuple(rows))


def _joined(values: dict[str, Any], shared: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The row with what it has in common with others."""
    joined: dict[str, Any] = {}
    for each in (*(shared[name] for name in values.get("common", ())), values):
        for key, value in each.items():
            joined[key] = (*joined.get(key, ()), *value) if isinstance(value, list) else value
    return joined


@dataclass(frozen=True, slots=True)
class Granted:
    """What a unit's own file lets its role reach."""

    devices: frozenset[str]
    groups: frozenset[str]
    families: frozenset[str]
    syscalls: frozenset[str]
    environment: frozenset[str]
    runtime: frozenset[str]
    credentials: frozenset[str]
    networks: frozenset[str]
    memory: frozenset[str]


def asked(rows: Table, unit: str) -> Granted:
    """What the table wants the unit to grant."""
    mine, opened = rows.of(unit), rows.opened(unit)
    return Granted(
        devices=frozenset(f"{rows.classes[name].allow} {way}" for name, way in opened.items()),
        groups=_all(row.groups for row in mine) | {rows.classes[name].group for name in opened},
        families=_all(row.families for row in mine),
        syscalls=_all(row.syscalls for row in mine),
        environment=_all(row.environment for row in mine),
        runtime=frozenset(row.runtime for row in mine if row.runtime),
        credentials=_all(row.credentials for row in mine),
        networks=_all(row.networks for row in mine),
        memory=frozenset(row.memory for row in mine if row.memory),
    )


def granted(text: str) -> Granted:
    """What a unit's file says, beyond what every unit has."""
    loaded = {word.partition(":")[0] for word in values(text, "LoadCredential")}
    executable = values(text, "MemoryDenyWriteExecute") == ["no"]
    return Granted(
        devices=frozenset(values(text, "DeviceAllow")),
        groups=_words(text, "SupplementaryGroups"),
        families=_words(text, "RestrictAddressFamilies"),
        syscalls=_words(text, "SystemCallFilter"),
        environment=frozenset(values(text, "Environment")),
        runtime=frozenset(values(text, "RuntimeDirectory")),
        credentials=frozenset(loaded - {"mqtt-password"}),
        networks=frozenset(values(text, "IPAddressAllow")),
        memory=frozenset({"executable"} if executable else ()),
    )


def differences(wanted: Granted, given: Granted) -> list[str]:
    """One line for each thing too little or too much."""
    found = []
    for each in fields(Granted):
        asks, has = getattr(wanted, each.name), getattr(given, each.name)
        found += [f"{each.name}: '{lacking}' is missing" for lacking in sorted(asks - has)]
        found += [f"{each.name}: '{more}' is asked for by no driver" for more in sorted(has - asks)]
    return found


def values(text: str, key: str) -> list[str]:
    """All values of a key in a unit's file."""
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def _words(text: str, key: str) -> frozenset[str]:
    return _all(line.split() for line in values(text, key))


def _all(lists: Iterable[Sequence[str]]) -> frozenset[str]:
    return frozenset(word for words in lists for word in words)
