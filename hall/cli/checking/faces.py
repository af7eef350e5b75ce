"""The counter displays of a file: which are drawn in a window, which hang on the SPI pins."""

from collections.abc import Iterator

from display.drivers.max7219 import Max7219Face
from display.settings import FACES
from hall.cli.checking import entries
from hall.runtime.settings import Document


def in_window(document: Document) -> bool:
    """Whether counter displays are drawn in a window of this machine's screen."""
    drivers = (
        str(face.get("driver", FACES.usual)) for _, face in entries.of(document, "display", "faces")
    )
    known = (FACES.sections[driver] for driver in drivers if driver in FACES.sections)
    return any(section.needs_main_thread for section in known)


def spi_faces(document: Document) -> Iterator[tuple[tuple[str | int, ...], int, int]]:
    """Where each MAX7219 display over a counter stands, its SPI bus and chip select."""
    for index, face in entries.of(document, "display", "faces"):
        if face.get("driver") != "max7219":
            continue
        path = ("display", "faces", index, "spi" if "spi" in face else "counter")
        match face.get("spi", Max7219Face.model_fields["spi"].default):
            case [int(bus), int(select)] | (int(bus), int(select)):
                yield path, bus, select
            case _:
                continue
