"""Whom and what a hall's YAML names: its clients, counters, services and faces. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hall.contract.rights import kind_of
from hall.contract.roles import ROLES, Role


@dataclass(frozen=True, slots=True)
class Members:
    """`silent_on`: kinds of client of which the YAML says nothing at all."""

    clients: frozenset[str]
    counters: frozenset[str]
    services: frozenset[str]
    faces: frozenset[str]
    silent_on: frozenset[str]

    def may_be_foreign(self, client: str) -> bool:
        """Whether it may be another maker's, in a hall that has none of ours."""
        return kind_of(client) in self.silent_on


def members(values: Mapping[str, Any]) -> Members:
    """Read them from a YAML that the daemons accept."""
    sections = {role.kind: _section(values, role) for role in ROLES.values()}
    return Members(
        frozenset((*expected(values), *_free())),
        frozenset(_each(values.get("counters"), "id")),
        frozenset(_each(values.get("services"), "id")),
        frozenset(_each(at(values, ("display", "faces")), "counter")),
        frozenset(kind for kind, found in sections.items() if found in (None, [])),
    )


def expected(values: Mapping[str, Any]) -> Iterator[str]:
    """Every client of ours that the YAML speaks of."""
    vendor = at(values, ("onestop", "driver")) == "mqtt"
    for role in ROLES.values():
        if role.program is None or (role.kind == "gateway" and not vendor):
            continue
        found = _section(values, role)
        if role.listed:
            yield from _each(found, "id")
        elif not role.program.section or found not in (None, []):
            yield role.kind


def at(values: Mapping[str, Any], path: Sequence[str]) -> Any:  # noqa: ANN401 - whatever is there
    """What stands at this place; None where nothing does."""
    here: Any = values
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def _free() -> Iterator[str]:
    """Who may be there whatever the YAML says: technicians, the uplink, pages without a section."""
    for role in ROLES.values():
        if role.program is None or role.program.optional:
            yield from role.ids or (role.kind,)


def _section(values: Mapping[str, Any], role: Role) -> Any:  # noqa: ANN401 - whatever is there
    return at(values, role.program.section) if role.program and role.program.section else values


def _each(entries: Any, key: str) -> Iterator[str]:  # noqa: ANN401 - whatever is there
    listed = entries if isinstance(entries, list | tuple) else ()
    there = (entry for entry in listed if isinstance(entry, Mapping))
    yield from (str(entry[key]) for entry in there if key in entry)
