"""What no single section can see: names that point nowhere, numbers that clash or do not fit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hall.runtime.sections import ServiceSection, Shared
from hall.runtime.settings import Document, Mistake

Path = tuple[str | int, ...]
MOST_CHARACTERS = 6
_DIGITS_ONLY = "digits"


def mistakes(document: Document, shared: Shared) -> list[Mistake]:
    """Every dangling reference, clash and misfit, in the order of the file."""
    found = [
        document.mistake(path, text)
        for check in (_doubles, _counters, _services, _bands, _devices, _faces, _units)
        for path, text in check(document, shared)
    ]
    return sorted(found, key=lambda m: (m.line, m.column))


def _doubles(document: Document, _shared: Shared) -> Iterator[tuple[Path, str]]:
    for section in ("services", "counters", "priorities", "printers", "kiosks", "bridges"):
        seen: set[str] = set()
        for index, entry in enumerate(_entries(document, section)):
            name = str(entry.get("id", ""))
            if name in seen:
                yield (section, index, "id"), f"'{name}' đã dùng ở trên"
            seen.add(name)


def _counters(document: Document, shared: Shared) -> Iterator[tuple[Path, str]]:
    services = {s.id for s in shared.services}
    clients = {"counters", "onestop", "tech"} | {
        str(e.get("id")) for s in ("bridges", "kiosks") for e in _entries(document, s)
    }
    for index, counter in enumerate(shared.counters):
        for key, names in (("serves", counter.serves), ("helps", counter.helps)):
            for place, name in enumerate(names):
                if name not in services:
                    yield ("counters", index, key, place), _no("dịch vụ", name, services)
        for place, name in enumerate(counter.clients or ()):
            if name not in clients:
                yield ("counters", index, "clients", place), _no("máy", name, clients)


def _services(_document: Document, shared: Shared) -> Iterator[tuple[Path, str]]:
    served = {name for counter in shared.counters for name in counter.serves}
    for index, service in enumerate(shared.services):
        if service.id not in served:
            yield ("services", index, "id"), f"không quầy nào phục vụ '{service.id}'"


def _bands(_document: Document, shared: Shared) -> Iterator[tuple[Path, str]]:
    taken: list[tuple[str, int, int, str]] = []
    for index, service in enumerate(shared.services):
        for key, first, last in _spans(service):
            path: Path = ("services", index, key)
            if first > last:
                yield path, f"dải số {first}–{last} trống"
            longest = len(service.prefix) + max(service.digits, len(str(last)))
            if longest > MOST_CHARACTERS or len(str(last)) > service.digits:
                number = f"{service.prefix}{last:0{service.digits}d}"
                yield path, f"số {number} dài quá: nhiều nhất {service.digits} chữ số, 6 ký tự"
            for prefix, low, high, other in taken:
                if prefix == service.prefix and first <= high and low <= last:
                    yield path, f"dải số trùng với dịch vụ '{other}' ({prefix}{low}–{high})"
            taken.append((service.prefix, first, last, service.id))


def _spans(service: ServiceSection) -> Iterator[tuple[str, int, int]]:
    yield "last", service.first, service.last
    if service.reserve is not None:
        yield "reserve", *service.reserve


def _devices(document: Document, shared: Shared) -> Iterator[tuple[Path, str]]:
    services = {s.id for s in shared.services}
    printers = {str(e.get("id")) for e in _entries(document, "printers")}
    pins: dict[int, str] = {}
    for index, printer in enumerate(_entries(document, "printers")):
        for place, button in enumerate(printer.get("buttons") or ()):
            path: Path = ("printers", index, "buttons", place)
            if button.get("service") not in services:
                yield (*path, "service"), _no("dịch vụ", str(button.get("service")), services)
            for key in ("gpio", "lamp"):
                yield from _pin(pins, button, key, (*path, key), str(printer.get("id")))
    for index, kiosk in enumerate(_entries(document, "kiosks")):
        name = kiosk.get("printer")
        if name is not None and name not in printers:
            yield ("kiosks", index, "printer"), _no("máy in", str(name), printers)


def _pin(
    pins: dict[int, str], button: Mapping[str, Any], key: str, path: Path, owner: str
) -> Iterator[tuple[Path, str]]:
    pin = button.get(key)
    if pin is None:
        return
    if pins.get(pin) == owner:
        yield path, f"chân {pin} đã dùng cho nút khác"
    pins[pin] = owner


def _faces(document: Document, shared: Shared) -> Iterator[tuple[Path, str]]:
    counters = {c.id: c for c in shared.counters}
    labels = {s.id: s for s in shared.services}
    on_bus = {str(u.get("counter")) for _, u in _all_units(document)}
    seen: set[str] = set()
    for index, face in enumerate((document.values.get("display") or {}).get("faces") or ()):
        path: Path = ("display", "faces", index, "counter")
        name = str(face.get("counter"))
        if name not in counters:
            yield path, _no("quầy", name, counters)
            continue
        if name in seen:
            yield path, f"quầy {name} đã có bảng số ở trên"
        seen.add(name)
        if face.get("driver", "bridge") == "bridge" and name not in on_bus:
            yield path, f"không có bảng LED nào của quầy {name} trong mục bridges"
        width, charset = int(face.get("width", 4)), str(face.get("charset", "alnum"))
        for service in {*counters[name].serves, *counters[name].helps} & set(labels):
            yield from _fits(labels[service], width, charset, path)


def _fits(
    service: ServiceSection, width: int, charset: str, path: Path
) -> Iterator[tuple[Path, str]]:
    number = f"{service.prefix}{service.last:0{service.digits}d}"
    shown = number.removeprefix(service.prefix) if charset == _DIGITS_ONLY else number
    if len(shown) > width:
        yield path, f"bảng {width} ký tự không hiện được số {number} ({service.id})"
    elif charset == _DIGITS_ONLY and service.prefix:
        yield path, f"bảng chỉ có chữ số, không hiện được chữ '{service.prefix}' của {service.id}"


def _units(document: Document, _shared: Shared) -> Iterator[tuple[Path, str]]:
    addresses: set[tuple[Path, Any]] = set()
    for path, unit in _all_units(document):
        address = (path[:-1], unit.get("address"))
        if address in addresses:
            yield (*path, "address"), f"địa chỉ {unit.get('address')} đã dùng trên bus này"
        addresses.add(address)


def _all_units(document: Document) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for index, bridge in enumerate(_entries(document, "bridges")):
        for number, bus in enumerate(bridge.get("buses") or ()):
            for place, unit in enumerate(bus.get("units") or ()):
                yield ("bridges", index, "buses", number, "units", place), unit


def _entries(document: Document, section: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = document.values.get(section) or ()
    return found


def _no(what: str, name: str, known: Any) -> str:  # noqa: ANN401
    return f"không có {what} '{name}'; có: {', '.join(sorted(map(str, known))) or '(chưa có)'}"
