"""Roles that share a process on a machine that runs them all: fewer copies of what they load.

What Python and the libraries take, each program takes anew, some 24 MB. A group is one trust
boundary: its devices, or what the hall's network and the one-stop side reach. Controller, kiosk and
board stay what they are: the queue for itself, one compositor a screen, counter displays in a
window too.

A group's unit grants what the units of its roles grant, and is made from them.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hall.cli.checking import parts
from hall.cli.checking.faces import in_window
from hall.contract.roles import PROGRAMS, ROLES
from hall.runtime.members import expected
from hall.runtime.settings import ConfigError, Document, Mistake

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"devices": ("printer", "bridge", "display", "voice"), "desk": ("counter", "onestop")}
)
# The unit of a role's group.
NAMES: Mapping[str, str] = MappingProxyType(
    {role: f"motcua-{group}" for group, roles in GROUPS.items() for role in roles}
)
# What one role needs, its group has.
_ANY = (
    *("SupplementaryGroups", "DeviceAllow", "RestrictAddressFamilies", "SystemCallFilter"),
    *("Environment", "IPAddressAllow", "SetCredential", "OOMPolicy"),
)
# What one role must be without, its group is without.
_EACH = ("PrivateDevices", "PrivateUsers", "MemoryDenyWriteExecute")
_PROGRAM = "/opt/motcua/.venv/bin/python -P -m hall.cli"
_PASSWORD = "mqtt-password"  # noqa: S105 - the name of a credential
_FOLDER = "/etc/motcua/credentials"


@dataclass(frozen=True, slots=True)
class GroupedUnit:
    """`alone`: the units that it takes the place of."""

    name: str
    text: str
    alone: tuple[str, ...]


def units(document: Document) -> Iterator[GroupedUnit]:
    """One for each group of which this hall has two roles or more. Raises ConfigError."""
    runnable = {*parts.runnable(document)} - ({"display"} if in_window(document) else set())
    for group, roles in GROUPS.items():
        here = [role for role in roles if role in runnable]
        if len(here) > 1:
            yield _unit(group, here, document)


def _unit(group: str, roles: Sequence[str], document: Document) -> GroupedUnit:
    # Pages run without a section of their own too.
    optional = [r.kind for r in ROLES.values() if r.program and r.program.optional]
    clients = {
        client: role.program
        for client in (*expected(document.values), *optional)
        for role in ROLES.values()
        if role.program and role.program.role in roles and _is_of(client, role.kind, role.listed)
    }
    alone = tuple(dict.fromkeys(f"{p.unit_of(c)}.service" for c, p in clients.items()))
    found = [_service(PROGRAMS[role].unit) for role in roles]
    lines = [
        "[Unit]",
        f"Description=motcua {group}: {', '.join(roles)} in one process",
        f"Conflicts={' '.join(alone)}",
        "",
        "[Service]",
        f"ExecStart={_PROGRAM} run {','.join(roles)} -c /etc/motcua/hall.yaml",
        "ExecReload=/bin/kill -HUP $MAINPID",
        f"User=motcua-{group}",
        f"StateDirectory=motcua/{group}",
        *(f"LoadCredential={_PASSWORD}-{c}:{_FOLDER}/{c}" for c in clients),
        *_credentials(found),
        *(f"{key}={value}" for key in _ANY for value in _all(found, key)),
        *(f"{key}=yes" for key in _EACH if all(each.get(key) == ["yes"] for each in found)),
        f"MemoryMax={sum(int(each['MemoryMax'][0].removesuffix('M')) for each in found)}M",
        "",
        "[Install]",
        "WantedBy=motcua.target",
    ]
    return GroupedUnit(f"motcua-{group}.service", "\n".join(lines) + "\n", alone)


def _is_of(client: str, kind: str, listed: str) -> bool:
    return client.startswith(f"{kind}-") if listed else client == kind


def _all(found: Sequence[Mapping[str, list[str]]], key: str) -> tuple[str, ...]:
    """Each value once, in the order of the units; a password of another name is not optional."""
    values = dict.fromkeys(value for each in found for value in each.get(key, ()))
    return tuple(value for value in values if not value.startswith(_PASSWORD))


def _credentials(found: Sequence[Mapping[str, list[str]]]) -> Iterator[str]:
    for value in _all(found, "LoadCredential"):
        yield f"LoadCredential={value}"


def _service(unit: str) -> dict[str, list[str]]:
    """The keys of a role's unit, as it lies beside the program."""
    keys: dict[str, list[str]] = {}
    for line in _read(f"{unit}.service").splitlines():
        key, given, value = line.partition("=")
        if given and not line.startswith(("#", " ")):
            keys.setdefault(key, []).append(value)
    return keys


def _read(name: str) -> str:
    for folder in (Path(__file__).parents[2], Path(sys.prefix, "share/motcua-hall")):
        file = folder / "systemd" / name
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise ConfigError("systemd", (Mistake(1, 1, "", f"không thấy tệp {name}"),))
