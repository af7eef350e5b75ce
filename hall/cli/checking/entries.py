"""The entries of a section as far as they can be read: one mistake must not hide the next."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from hall.contract.roles import ROLES
from hall.runtime.members import at
from hall.runtime.sections import HallSection, ServiceSection
from hall.runtime.settings import Document

Entry = Mapping[str, Any]
_STUB = {"id": "none", "name": "none"}


def of(document: Document, *path: str) -> Iterator[tuple[int, Entry]]:
    """Every entry that is a mapping, with its place in the list."""
    yield from within({"": at(document.values, path)}, "")


def within(entry: Entry, key: str) -> Iterator[tuple[int, Entry]]:
    """The same for a list inside an entry."""
    found = entry.get(key)
    for index, inner in enumerate(found if isinstance(found, list) else ()):
        if isinstance(inner, Mapping):
            yield index, inner


def names(document: Document, section: str) -> set[str]:
    return {str(entry["id"]) for _, entry in of(document, section) if "id" in entry}


def texts(entry: Entry, key: str) -> tuple[str, ...]:
    """A list of names; none where something else stands."""
    found = entry.get(key)
    return tuple(map(str, found)) if isinstance(found, list) else ()


def is_foreign(document: Document, client: str) -> bool:
    """A device of a kind that the file does not speak of at all is somebody else's."""
    kind, _, rest = client.partition("-")
    listed = ROLES[kind].listed if kind in ROLES else ""
    return bool(rest and listed) and not document.values.get(listed)


def hall(document: Document) -> HallSection | None:
    """The hall, where nothing is wrong with it in itself."""
    try:
        return HallSection.model_validate_json(to_json(document.values.get("hall")), strict=True)
    except ValidationError:
        return None


def services(document: Document) -> Iterator[tuple[int, ServiceSection]]:
    """The services that are right in themselves."""
    for index, entry in of(document, "services"):
        try:
            yield index, ServiceSection.model_validate_json(to_json(entry), strict=True)
        except ValidationError:
            continue


def bridges_alone(document: Document) -> Document:
    """The bridges among what is right of the services and counters, with no other mistake."""
    counters = [
        _STUB | {"id": str(entry["id"]), "serves": [*_callable(entry)] or ["none"]}
        for _, entry in of(document, "counters")
        if "id" in entry
    ]
    values = {
        "version": 1,
        "hall": _STUB,
        "services": [service.model_dump() for _, service in services(document)] or [_STUB],
        "counters": counters or [_STUB | {"serves": ["none"]}],
        "bridges": document.values.get("bridges", []),
        "display": document.values.get("display"),
    }
    return replace(document, values=values, mistakes=())


def _callable(counter: Entry) -> Iterator[str]:
    yield from texts(counter, "serves")
    yield from texts(counter, "helps")
