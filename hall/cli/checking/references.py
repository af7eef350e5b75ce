"""What no single section can see: names that point nowhere, numbers that clash or do not fit."""

import re
from collections.abc import Iterable, Iterator, Mapping

from firmware_bridge.bus_section import own_address
from firmware_bridge.protocols.profile import OWN_UNIT
from hall.cli.checking import entries, pins, places
from hall.contract.rights import kind_of
from hall.contract.roles import ROLES
from hall.contract.verbs import COUNTER_CALLERS
from hall.runtime.province_line import line_in
from hall.runtime.sections import ServiceSection
from hall.runtime.settings import Document, Mistake

# What has an entry a device.
_LISTS = tuple(role.listed for role in ROLES.values() if role.listed)
Path = tuple[str | int, ...]
MOST_CHARACTERS = 6
_LAST_PORT = 65535
_DIGITS_ONLY = "digits"


def mistakes(document: Document) -> list[Mistake]:
    """Every dangling reference, clash and misfit; of a broken file, those that can be seen."""
    return [document.mistake(path, text) for check in _CHECKS for path, text in check(document)]


def advice(document: Document) -> Iterator[Mistake]:
    """What is right only where something stands elsewhere that the file does not tell."""
    for check in (pins.shared, pins.reserved, places.advice):
        yield from (document.mistake(path, text) for path, text in check(document))
    on_bus = {str(u.get("counter")) for _, u in _all_units(document)}
    for index, face in entries.of(document, "display", "faces"):
        name = str(face.get("counter"))
        if face.get("driver", "bridge") == "bridge" and name not in on_bus:
            text = f"không có bảng LED nào của quầy {name} trong mục bridges"
            yield document.mistake(("display", "faces", index, "counter"), text)
    for index, counter in entries.of(document, "counters"):
        for place, name in enumerate(entries.texts(counter, "clients")):
            if name not in _clients(document):
                text = f"'{name}' không có trong tệp này"
                yield document.mistake(("counters", index, "clients", place), text)


def _clients(document: Document) -> set[str]:
    """Who may stand among the clients of a counter."""
    rows = [ROLES[kind] for kind in COUNTER_CALLERS]
    listed = (name for row in rows for name in entries.names(document, row.listed))
    return {*listed, *(row.kind for row in rows if not row.listed)}


def _ports(document: Document) -> Iterator[tuple[Path, str]]:
    broker = document.values.get("broker")
    if isinstance(broker, Mapping):
        yield from _port(("broker", "url"), broker.get("url"))
    for index, bridge in entries.of(document, "bridges"):
        for number, bus in entries.within(bridge, "buses"):
            yield from _port(("bridges", index, "buses", number, "port"), bus.get("port"))


def _port(path: Path, url: object) -> Iterator[tuple[Path, str]]:
    found = re.search(r"://.*:([0-9]+)$", url) if isinstance(url, str) else None
    if found and not 1 <= int(found[1]) <= _LAST_PORT:
        yield path, f"cổng {found[1]} không có; phải từ 1 đến {_LAST_PORT}"


def _doubles(document: Document) -> Iterator[tuple[Path, str]]:
    for section in ("services", "counters", "priorities", *_LISTS):
        seen: set[str] = set()
        for index, entry in entries.of(document, section):
            name = str(entry.get("id", ""))
            if name and name in seen:
                yield (section, index, "id"), f"'{name}' đã dùng ở trên"
            seen.add(name)


def _counters(document: Document) -> Iterator[tuple[Path, str]]:
    services = entries.names(document, "services")
    clients = _clients(document)
    for index, counter in entries.of(document, "counters"):
        for key in ("serves", "helps"):
            for place, name in enumerate(entries.texts(counter, key)):
                if name not in services:
                    yield ("counters", index, key, place), _no("dịch vụ", name, services)
        for place, name in enumerate(entries.texts(counter, "clients")):
            path: Path = ("counters", index, "clients", place)
            if kind_of(name) in ROLES.keys() - COUNTER_CALLERS:
                yield path, f"'{name}' không gọi số thay quầy được, bỏ ra khỏi clients"
            elif name not in clients and not entries.is_foreign(document, name):
                yield path, _no("máy", name, clients)


def _services(document: Document) -> Iterator[tuple[Path, str]]:
    """A service that every counter passes by: its numbers would never be called."""
    counters = [counter for _, counter in entries.of(document, "counters")]
    if not all(entries.texts(counter, "serves") for counter in counters):
        return
    called = {n for c in counters for key in ("serves", "helps") for n in entries.texts(c, key)}
    for index, service in entries.of(document, "services"):
        name = str(service.get("id", ""))
        if name and name not in called:
            yield ("services", index, "id"), f"không quầy nào phục vụ '{name}'"


def _bands(document: Document) -> Iterator[tuple[Path, str]]:
    taken: list[tuple[str, int, int, str]] = []
    for index, service in entries.services(document):
        for key, first, last in _spans(service):
            path: Path = ("services", index, key)
            if first > last:
                yield path, f"dải số {first}–{last} trống"
            yield from ((path, text) for text in _too_long(service, last))
            for prefix, low, high, other in taken:
                if prefix == service.prefix and first <= high and low <= last:
                    yield path, f"dải số trùng với dịch vụ '{other}' ({prefix}{low}–{high})"
            taken.append((service.prefix, first, last, service.id))


def _too_long(service: ServiceSection, last: int) -> Iterator[str]:
    """`digits` that somebody wrote is meant; where nobody did, a longer number is simply longer."""
    number = f"{service.prefix}{last:0{service.digits}d}"
    if "digits" in service.model_fields_set and len(str(last)) > service.digits:
        yield f"số {number} dài quá: nhiều nhất {service.digits} chữ số"
    elif len(number) > MOST_CHARACTERS:
        yield f"số {number} dài quá: nhiều nhất {MOST_CHARACTERS} ký tự"


def _spans(service: ServiceSection) -> Iterator[tuple[str, int, int]]:
    yield "last", service.first, service.last
    if service.reserve is not None:
        yield "reserve", *service.reserve


def _devices(document: Document) -> Iterator[tuple[Path, str]]:
    services, printers = entries.names(document, "services"), entries.names(document, "printers")
    for index, printer in entries.of(document, "printers"):
        for place, button in entries.within(printer, "buttons"):
            path: Path = ("printers", index, "buttons", place)
            name = str(button.get("service", ""))
            if name and name not in services:
                yield (*path, "service"), _no("dịch vụ", name, services)
    for index, kiosk in entries.of(document, "kiosks"):
        wanted = kiosk.get("printer")
        if wanted is not None and wanted not in printers:
            yield ("kiosks", index, "printer"), _no("máy in", str(wanted), printers)


def _faces(document: Document) -> Iterator[tuple[Path, str]]:
    counters = {str(c.get("id")): c for _, c in entries.of(document, "counters")}
    labels = {service.id: service for _, service in entries.services(document)}
    seen: set[str] = set()
    for index, face in entries.of(document, "display", "faces"):
        path: Path = ("display", "faces", index, "counter")
        name = str(face.get("counter"))
        if name not in counters:
            yield path, _no("quầy", name, counters)
            continue
        if name in seen:
            yield path, f"quầy {name} đã có bảng số ở trên"
        seen.add(name)
        mine = {n for key in ("serves", "helps") for n in entries.texts(counters[name], key)}
        for service in sorted(mine & set(labels)):
            yield from _fits(labels[service], face, path)


def _fits(service: ServiceSection, face: entries.Entry, path: Path) -> Iterator[tuple[Path, str]]:
    width, charset = face.get("width", 4), face.get("charset", "alnum")
    if not isinstance(width, int):
        return
    longest = max(last for _, _, last in _spans(service))
    number = f"{service.prefix}{longest:0{service.digits}d}"
    shown = number.removeprefix(service.prefix) if charset == _DIGITS_ONLY else number
    if len(shown) > width:
        yield path, f"bảng {width} ký tự không hiện được số {number} ({service.id})"
    elif charset == _DIGITS_ONLY and service.prefix:
        yield path, f"bảng chỉ có chữ số, không hiện được chữ '{service.prefix}' của {service.id}"


def _units(document: Document) -> Iterator[tuple[Path, str]]:
    addresses: set[tuple[Path, str]] = set()
    for path, unit in _all_units(document):
        address = (path[:-1], str(unit.get("address")))
        if address in addresses:
            yield (*path, "address"), f"địa chỉ dùng hai lần trên một bus: {unit.get('address')}"
        addresses.add(address)
        if unit.get("kind", OWN_UNIT) == OWN_UNIT and isinstance(unit.get("address"), int):
            yield from (((*path, "address"), text) for text in own_address(unit["address"]))


def _all_units(document: Document) -> Iterator[tuple[Path, entries.Entry]]:
    for index, bridge in entries.of(document, "bridges"):
        for number, bus in entries.within(bridge, "buses"):
            for place, unit in entries.within(bus, "units"):
                yield ("bridges", index, "buses", number, "units", place), unit


def _no(what: str, name: str, known: Iterable[str]) -> str:
    return f"không có {what} '{name}'; có: {', '.join(sorted(known)) or '(chưa có)'}"


def _onestop(document: Document) -> Iterator[tuple[Path, str]]:
    """The province's gateway is reached over the line of the uplink."""
    section = document.values.get("onestop")
    if not isinstance(section, Mapping) or section.get("driver") != "province":
        return
    if line_in(document.values.get("uplink")) is None:
        text = "driver province cần mục uplink có url của broker tỉnh (mqtts://…)"
        yield ("onestop", "driver"), text


_CHECKS = (
    _ports,
    _doubles,
    _counters,
    _services,
    _bands,
    _devices,
    _faces,
    _units,
    _onestop,
    pins.mistakes,
    places.mistakes,
)
