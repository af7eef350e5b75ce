"""Wiring of the kiosk: settings, glass, scanners, speech, service."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.settings import ConfigError, Document
from hall.screen.geometry import Panel
from hall.screen.window import Window
from kiosk import wording
from kiosk.model import Model
from kiosk.ports import Scanner, Speaker
from kiosk.scanners.simulated import SimulatedScanner
from kiosk.service import Extras, KioskService
from kiosk.settings import EvdevScanner, KioskFile, KioskSection, ScannerSection, SerialScanner
from kiosk.setup import Counter, Priority, Service, Setup
from kiosk.speakers.espeak import EspeakSpeaker
from kiosk.speakers.simulated import Silence, SimulatedSpeaker
from kiosk.stage import Stage
from kiosk.wording import Wording


def build(document: Document, ground: Ground, only: str | None) -> list[Daemon]:
    """The kiosks of the file. Raises ConfigError, also for an unusable language file."""
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    return [
        _kiosk(document, config, section, ground)
        for section in config.kiosks
        if only in (None, section.id)
    ]


def _kiosk(document: Document, config: KioskFile, section: KioskSection, ground: Ground) -> Daemon:
    screen = section.screen
    panel = Panel(screen.width, screen.height, screen.diagonal_inch)
    window = Window(panel, section.id, ground.headless, screen.fullscreen)
    wordings = _wordings(document, config, section)
    languages = tuple((tag, words("language.name")) for tag, words in wordings.items())
    stage = Stage(window, wordings, languages, screen.distance_mm)
    steered = ground.headless or screen.touch == "simulated"
    extras = Extras(
        zone=ZoneInfo(config.hall.timezone),
        speaker=_speaker(section),
        scanners=tuple(_scanner(each) for each in section.scanners),
        pictures=ground.pictures,
        steered=steered,
        samples=_has_samples(document),
    )
    desk = ground.desk(section.id)
    cache = ground.state / f"{section.id}-catalogue"
    model = Model(setup(config, section, _pin(section)))
    return Daemon(desk, KioskService(desk, model, stage, extras, cache))


def _has_samples(document: Document) -> bool:
    """Whether the one-stop side is simulated: then no dossier is anybody's."""
    onestop = document.values.get("onestop")
    return isinstance(onestop, dict) and onestop.get("driver") == "simulated"


def setup(config: KioskFile, section: KioskSection, pin: str = "") -> Setup:
    """The hall and this kiosk as the pure parts know them."""
    names = {service.id: service.name for service in config.services}
    return Setup(
        client=section.id,
        hall_name=config.hall.name,
        services=tuple(Service(s.id, s.name, s.icon) for s in config.services),
        counters=tuple(
            Counter(c.id, c.title, tuple(names.get(each, each) for each in c.serves))
            for c in config.counters
        ),
        priorities=tuple(Priority(p.id, p.name) for p in config.priorities),
        languages=section.languages,
        hours=config.hall.hours,
        printer=section.printer,
        paperless=section.paperless == "offer",
        idle_s=section.idle_s,
        personal_idle_s=section.personal_idle_s,
        attract_s=section.attract_s,
        first_letters=section.first_letters,
        pin=pin,
        public_url=section.public_url or "",
        speaks=section.speech != "none",
    )


def _wordings(document: Document, config: KioskFile, section: KioskSection) -> dict[str, Wording]:
    folder = Path(document.file).parent / section.texts if section.texts else None
    try:
        return {lang: wording.load(lang, folder) for lang in section.languages}
    except wording.UnusableTexts as err:
        path = ("kiosks", config.kiosks.index(section), "languages")
        raise ConfigError(document.file, (document.mistake(path, str(err)),)) from err


def _scanner(section: ScannerSection) -> Scanner:
    """Drivers load only when they are wanted: pyserial and its kin cost memory."""
    match section:
        case SerialScanner(device=device, baud=baud):
            from kiosk.scanners import serial  # noqa: PLC0415

            return serial.SerialScanner(device, baud)
        case EvdevScanner(device=device):
            from kiosk.scanners import evdev  # noqa: PLC0415

            return evdev.EvdevScanner(device)
        case _:
            return SimulatedScanner()


def _speaker(section: KioskSection) -> Speaker:
    match section.speech:
        case "espeak":
            return EspeakSpeaker()
        case "simulated":
            return SimulatedSpeaker()
        case "none":
            return Silence()


def _pin(section: KioskSection) -> str:
    """The technician's PIN from the credential systemd hands over; none: no hidden menu."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not section.pin_credential or folder is None:
        return ""
    place = Path(folder) / section.pin_credential
    pin = place.read_text(encoding="ascii").strip() if place.is_file() else ""
    return pin if pin.isdigit() else ""


def main(argv: Sequence[str] | None = None) -> int:
    return roles.main("kiosk", build, argv)


if __name__ == "__main__":
    sys.exit(main())
