"""`python -m display -c hall.yaml`: the counter displays."""

import functools
import sys
from collections.abc import Sequence

from display.drivers import max7219
from display.drivers.max7219 import Max7219Faces
from display.faces import Spec
from display.ports import DISPLAY_LOST, FaceDriver
from display.service import FacesService
from display.settings import DisplayConfig, DisplaySection, FaceSection
from hall.runtime import roles, settings
from hall.runtime.attachments import spi_bus
from hall.runtime.daemon import Daemon, Ground

CLIENT = "display"


def build(config: settings.Document, ground: Ground, only: str | None = None) -> Sequence[Daemon]:
    if only not in (None, CLIENT):
        return ()
    checked = settings.check(config.part(DisplayConfig.model_fields), DisplayConfig)
    _refuse_unknown_counters(config, checked)
    specs = [Spec(f.counter, f.width, f.charset) for f in checked.display.faces]
    titles = {counter.id: counter.title for counter in checked.counters}
    desk = ground.desk(CLIENT)
    windows = any(face.driver == "window" for face in checked.display.faces)
    service = FacesService(
        desk,
        specs,
        _drivers(checked.display, titles, ground),
        needs_main_thread=windows and not ground.headless,
    )
    return [Daemon(desk, service)]


def _refuse_unknown_counters(config: settings.Document, checked: DisplayConfig) -> None:
    known, seen = {counter.id for counter in checked.counters}, set[str]()
    wrong = []
    for index, face in enumerate(checked.display.faces):
        path = ("display", "faces", index, "counter")
        if face.counter not in known:
            wrong.append(config.mistake(path, f"không có quầy '{face.counter}'"))
        if face.counter in seen:
            wrong.append(config.mistake(path, f"quầy '{face.counter}' đã có bảng số"))
        seen.add(face.counter)
    if wrong:
        raise settings.ConfigError(config.file, tuple(wrong))


def _drivers(
    section: DisplaySection, titles: dict[str, str], ground: Ground
) -> dict[str, FaceDriver]:
    drivers: dict[str, FaceDriver] = {}
    for face in section.faces:
        match face.driver:
            case "simulated":
                drivers[face.counter] = _simulated(face, ground)
            case "max7219":
                drivers[face.counter] = _max7219(face)
            case "window" | "bridge":
                pass
    return drivers | _windows(section, titles, ground)


def _simulated(face: FaceSection, ground: Ground) -> FaceDriver:
    # It draws with Pillow: nothing that a hall with real displays should carry.
    from display.drivers.simulated import SimulatedFaces  # noqa: PLC0415

    return SimulatedFaces(face.width, ground.pictures, face.counter)


def _max7219(face: FaceSection) -> Max7219Faces:
    opened = functools.partial(max7219.open_spi, *face.spi, face.width)
    device = spi_bus(DISPLAY_LOST, f"bảng số của quầy {face.counter}", *face.spi)
    return Max7219Faces(device, opened, face.width, face.intensity)


def _windows(
    section: DisplaySection, titles: dict[str, str], ground: Ground
) -> dict[str, FaceDriver]:
    """One real window for all of them; headless, a picture for each."""
    here = {f.counter: titles[f.counter] for f in section.faces if f.driver == "window"}
    if not here:
        return {}
    # pygame takes 170-280 ms and 30 MB: only where there is a window to draw.
    from display.drivers.window import open_windows  # noqa: PLC0415

    panel = (section.window.width, section.window.height, section.window.diagonal_inch)
    return open_windows(
        here,
        panel,
        ground.pictures,
        headless=ground.headless,
        fullscreen=section.window.fullscreen,
    )


if __name__ == "__main__":
    sys.exit(roles.main("display", build))
