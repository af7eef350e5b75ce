"""Which GPIO pin each device of the file takes, and which pin two of them want."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from firmware_bridge.keypads.gpio import GpioKeypad
from hall.cli.checking import entries, faces
from hall.runtime.gpio import header
from hall.runtime.settings import Document

Path = tuple[str | int, ...]
# Chip, None for a Pi's header, and the line on it.
Pin = tuple[str | None, int]
# What else uses a pin of a Pi's header, as Raspberry Pi OS sets it up (pinout.xyz).
_RESERVED = {
    2: "SDA của I2C, nơi đồng hồ RTC cắm vào",
    3: "SCL của I2C, nơi đồng hồ RTC cắm vào",
    14: "TX của cổng nối tiếp, bàn điều khiển của Linux",
    15: "RX của cổng nối tiếp, bàn điều khiển của Linux",
}
# Chip select lines by their number, then MISO, MOSI and the clock of the header's SPI buses.
_SPI = {0: ((8, 7), (9, 10, 11)), 1: ((18, 17, 16), (19, 20, 21))}


def mistakes(document: Document) -> Iterator[tuple[Path, str]]:
    """Where a pin stands that cannot be wired so; the device's section says it of itself alone."""
    for pins in _wired(document).values():
        taken: set[Pin] = set()
        for (chip, pin), path in pins:
            times = 2 if (chip, pin) in taken else 1
            taken.add((chip, pin))
            if (wrong := header.mistake([pin] * times, chip)) is not None:
                yield path, wrong


def shared(document: Document) -> Iterator[tuple[Path, str]]:
    """Right where the two stand on two machines, and one of them lost where it is the same."""
    taken: dict[Pin, str] = {}
    for owner, pins in _owners(document):
        for (chip, pin), path in pins:
            if (first := taken.setdefault((chip, pin), owner)) != owner:
                yield path, f"chân {pin} cũng là của {first}: hai thiết bị phải ở hai máy khác nhau"


def reserved(document: Document) -> Iterator[tuple[Path, str]]:
    """Pins of the header that the machine itself may use."""
    for _, pins in _owners(document):
        for (chip, pin), path in pins:
            if chip is None and pin in _RESERVED:
                yield path, f"chân {pin} là {_RESERVED[pin]}; chỉ dùng được khi đã tắt chức năng ấy"


def _owners(document: Document) -> Iterator[tuple[str, list[tuple[Pin, Path]]]]:
    yield from _wired(document).items()
    yield "bảng số MAX7219 (SPI)", list(dict(_matrices(document)).items())


def _wired(document: Document) -> dict[str, list[tuple[Pin, Path]]]:
    """By the device that opens them."""
    found: dict[str, list[tuple[Pin, Path]]] = {}
    for index, printer in entries.of(document, "printers"):
        found[str(printer.get("id"))] = list(_buttons(printer, ("printers", index)))
    for index, bridge in entries.of(document, "bridges"):
        found[str(bridge.get("id"))] = list(_keypads(bridge, ("bridges", index)))
    return found


def _buttons(printer: entries.Entry, path: Path) -> Iterator[tuple[Pin, Path]]:
    for place, button in entries.within(printer, "buttons"):
        for key in ("gpio", "lamp"):
            yield from _pins(printer, [button.get(key)], (*path, "buttons", place, key))


def _keypads(bridge: entries.Entry, path: Path) -> Iterator[tuple[Pin, Path]]:
    for place, pad in entries.within(bridge, "keypads"):
        if pad.get("driver", "gpio") != "gpio":
            continue
        for key in ("rows", "columns"):
            usual = GpioKeypad.model_fields[key].default
            where = key if key in pad else "counter"
            yield from _pins(pad, pad.get(key, usual), (*path, "keypads", place, where))


def _matrices(document: Document) -> Iterator[tuple[Pin, Path]]:
    """Chip select and the lines that all faces of one SPI bus share."""
    for path, bus, select in faces.spi_faces(document):
        selects, lines = _SPI.get(bus, ((), ()))
        yield from (((None, pin), path) for pin in (*selects[select : select + 1], *lines))


def _pins(on: Mapping[str, Any], pins: Iterable[Any], path: Path) -> Iterator[tuple[Pin, Path]]:
    chip = on.get("gpiochip")
    for pin in pins if isinstance(pins, list | tuple) else ():
        if isinstance(pin, int) and (chip is None or isinstance(chip, str)):
            yield (chip, pin), path
