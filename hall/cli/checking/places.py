"""Which port, cable or address each device of the file takes, and which one two of them want."""

import os.path
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hall.cli.checking import entries, faces
from hall.contract.roles import ROLES
from hall.runtime.settings import Document
from printer.drivers.network import NetworkPrinter

Path = tuple[str | int, ...]
_KEYS = ("device", "port")
_IN_NETWORK = "://"
_USUAL_PORT = NetworkPrinter.model_fields["port"].default


@dataclass(frozen=True, slots=True)
class _TakenPlace:
    """`owner`: the client whose program opens it."""

    name: str
    owner: str
    path: Path

    @property
    def in_network(self) -> bool:
        """The same one from every machine; /dev/… is another one on each."""
        return not self.name.startswith("/")


def mistakes(document: Document) -> Iterator[tuple[Path, str]]:
    """One place that two devices can never share."""
    for first, again in _doubles(document):
        if again.in_network or first.owner == again.owner:
            yield again.path, f"{again.name} đã dùng cho {first.owner} ở trên"


def advice(document: Document) -> Iterator[tuple[Path, str]]:
    """Right where the two stand on two machines, and one of them lost where it is the same."""
    for first, again in _doubles(document):
        if not again.in_network and first.owner != again.owner:
            text = f"{again.name} cũng là của {first.owner}: hai thiết bị phải ở hai máy khác nhau"
            yield again.path, text


def _doubles(document: Document) -> Iterator[tuple[_TakenPlace, _TakenPlace]]:
    """What takes a place after another one, which comes first."""
    taken: dict[str, _TakenPlace] = {}
    for place in _places(document):
        first = taken.setdefault(place.name, place)
        if first is not place:
            yield first, place


def _places(document: Document) -> Iterator[_TakenPlace]:
    for role in ROLES.values():
        for index, entry in entries.of(document, role.listed) if role.listed else ():
            owner = str(entry.get("id", ""))
            host = entry.get("host")
            if isinstance(host, str):
                name = f"{host}:{entry.get('port', _USUAL_PORT)}"
                yield _TakenPlace(name, owner, (role.listed, index, "host"))
            for path, name in _named(entry, (role.listed, index)):
                yield _TakenPlace(name, owner, path)
    for path, bus, select in faces.spi_faces(document):
        yield _TakenPlace(f"/dev/spidev{bus}.{select}", "display", path)


def _named(value: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - any YAML
    """Every device file and network address below this value."""
    match value:
        case Mapping():
            for key, inner in value.items():
                if key in _KEYS and isinstance(inner, str):
                    if inner.startswith("/"):
                        yield (*path, key), os.path.normpath(inner)
                    elif _IN_NETWORK in inner:
                        yield (*path, key), inner
                else:
                    yield from _named(inner, (*path, key))
        case list():
            for number, inner in enumerate(value):
                yield from _named(inner, (*path, number))
        case _:
            return
