"""What `motcua check` asks of the bridges: kinds and counters that exist, numbers that fit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge import timing
from firmware_bridge.bus_section import BusSection, UnitSection
from firmware_bridge.protocols import encodings
from firmware_bridge.protocols.profile import OWN_UNIT, DisplayProfile, known_kinds, load_profile
from firmware_bridge.settings import BridgeFile, BridgeSection
from hall.contract.messages import Face
from hall.runtime.sections import ServiceSection
from hall.runtime.settings import ConfigError, Document, Mistake

# Seven segments: letters that would be read as a digit or not at all are not for numbers.
OWN_CHARSET = "0-9A-FHJLNPRTUY -"
_SPELLABLE = "0-9A-Z _-"
# The unit flashes a press back as not taken after 1.5 s.
_SLOWEST_S = 1.4
_FTDI_S = 0.016
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DisplayKind:
    """A kind of display; no profile: the project's own unit."""

    profile: DisplayProfile | None
    width: int

    def can_show(self, text: str) -> bool:
        if self.profile is not None:
            return encodings.can_show(self.profile, text)
        return len(text) <= self.width and bool(re.fullmatch(f"[{OWN_CHARSET}]*", text))

    def fits(self, face: Face) -> bool:
        """Numbers must not be mistaken; a word may be spelt as well as seven segments can."""
        text = face.text.strip()
        if self.profile is not None or face.style != "message":
            return self.can_show(text)
        return len(text) <= self.width and bool(re.fullmatch(f"[{_SPELLABLE}]*", text))

    @property
    def unfit(self) -> str:
        """Stands in for what cannot be shown."""
        dashes = "-" * (self.profile.width if self.profile else self.width)
        return dashes if self.can_show(dashes) else ""


def kind_of(unit: UnitSection, section: BridgeSection) -> DisplayKind:
    """Raises ConfigError for a broken profile, KeyError for an unknown kind."""
    if unit.kind == OWN_UNIT:
        return DisplayKind(None, unit.width)
    profile = load_profile(unit.kind, *_folders(section))
    return DisplayKind(profile, profile.width)


def mistakes_of(document: Document, config: BridgeFile) -> list[Mistake]:
    """Everything that would be wrong when the bridge runs."""
    found: list[Mistake] = []
    for path, unit, section in _units(config):
        found += _unit_mistakes(document, config, path, unit, section)
    for at, section in enumerate(config.bridges):
        for index, pad in enumerate(section.keypads):
            path = ("bridges", at, "keypads", index, "counter")
            found += _counter_mistakes(document, config, path, pad.counter)
    return found


def warnings_of(document: Document, config: BridgeFile) -> list[Mistake]:
    """What works, but not as well as the hall may expect."""
    found: list[Mistake] = []
    for at, section in enumerate(config.bridges):
        for index, bus in enumerate(section.buses):
            path: Path_ = ("bridges", at, "buses", index)
            found += [document.mistake((*path, "baud"), text) for text in _slow(bus)]
    for path, unit, section in _units(config):
        if (
            unit.kind == OWN_UNIT
            and unit.keypad
            and not _may_call(config, unit.counter, section.id)
        ):
            text = (
                f"bàn phím quầy {unit.counter} không gọi số được: "
                f"thêm {section.id} vào counters.clients của quầy đó"
            )
            found.append(document.mistake((*path, "counter"), text))
    return found


def _units(config: BridgeFile) -> Iterator[tuple[Path_, UnitSection, BridgeSection]]:
    for at, section in enumerate(config.bridges):
        for index, bus in enumerate(section.buses):
            for place, unit in enumerate(bus.units):
                yield ("bridges", at, "buses", index, "units", place), unit, section


def _unit_mistakes(
    document: Document, config: BridgeFile, path: Path_, unit: UnitSection, section: BridgeSection
) -> list[Mistake]:
    found = _counter_mistakes(document, config, (*path, "counter"), unit.counter)
    try:
        kind = kind_of(unit, section)
    except KeyError:
        known = ", ".join(known_kinds(*_folders(section)))
        wrong = f"không có loại '{unit.kind}'; có: {known}"
        return [*found, document.mistake((*path, "kind"), wrong)]
    except ConfigError as err:
        return [*found, document.mistake((*path, "kind"), f"tệp mô tả hỏng: {err}")]
    unfit = [text for text in _numbers(document, config, unit.counter) if not kind.can_show(text)]
    if unfit:
        shown = ", ".join(unfit[:3])
        text = f"bảng '{unit.kind}' ở quầy {unit.counter} không hiện được số {shown}"
        found.append(document.mistake((*path, "kind"), text))
    return found


def _counter_mistakes(
    document: Document, config: BridgeFile, path: Path_, counter: str
) -> list[Mistake]:
    if any(c.id == counter for c in config.counters):
        return []
    known = ", ".join(c.id for c in config.counters)
    return [document.mistake(path, f"không có quầy '{counter}'; có: {known}")]


def _numbers(document: Document, config: BridgeFile, counter: str) -> Iterator[str]:
    """The first and last number of every service that can be called at a counter, as shown."""
    mine = next((c for c in config.counters if c.id == counter), None)
    if mine is None:
        return
    for service in config.services:
        if service.id in (*mine.serves, *mine.helps):
            prefix = "" if _digits_only(document, counter) else service.prefix
            yield from (f"{prefix}{n:0{service.digits}d}" for n in _ends(service))


def _digits_only(document: Document, counter: str) -> bool:
    """Whether the display's own section leaves the letters out at this counter."""
    display = document.values.get("display")
    faces = display.get("faces") if isinstance(display, dict) else None
    for face in faces if isinstance(faces, list) else ():
        if isinstance(face, dict) and str(face.get("counter")) == counter:
            return face.get("charset") == "digits"
    return False


def _ends(service: ServiceSection) -> Sequence[int]:
    return (service.first, service.last, *(service.reserve or ()))


def _slow(bus: BusSection) -> Iterator[str]:
    own = [unit for unit in bus.units if unit.kind == OWN_UNIT]
    worst = timing.worst_s(len(own), bus.baud)
    untuned = timing.worst_s(len(own), bus.baud, host_s=_FTDI_S)
    if own and untuned >= _SLOWEST_S:
        yield (
            f"{len(own)} bộ ở {bus.baud} baud: chậm nhất {worst * 1000:.0f} ms, với bộ chuyển chưa "
            f"chỉnh độ trễ {untuned * 1000:.0f} ms, sát giới hạn 1500 ms; dùng 115200 hoặc hai bus"
        )


def _may_call(config: BridgeFile, counter: str, client: str) -> bool:
    return any(c.id == counter and c.may_act(client) for c in config.counters)


def _folders(section: BridgeSection) -> tuple[Path, ...]:
    return (Path(section.profiles),) if section.profiles else ()
