"""What the YAML says of one kiosk, as the values the pure parts work with."""

from collections.abc import Mapping
from pathlib import Path

from hall.runtime.settings import ConfigError, Document
from hall.screen.geometry import Panel
from kiosk import wording
from kiosk.model.setup import CounterLabel, KioskSetup, PriorityChoice, ServiceChoice
from kiosk.settings import KioskFile, KioskSection
from kiosk.wording import Wording


def panel(section: KioskSection) -> Panel:
    return Panel(section.screen.width, section.screen.height, section.screen.diagonal_inch)


def setup(config: KioskFile, section: KioskSection, pin: str = "") -> KioskSetup:
    """The hall and this kiosk."""
    names = {service.id: service.name for service in config.services}
    return KioskSetup(
        client=section.id,
        hall_name=config.hall.name,
        services=tuple(ServiceChoice(s.id, s.name, s.icon) for s in config.services),
        counters=tuple(
            CounterLabel(c.id, c.title, tuple(names.get(each, each) for each in c.serves))
            for c in config.counters
        ),
        priorities=tuple(PriorityChoice(p.id, p.name) for p in config.priorities),
        languages=section.languages,
        printer=section.printer,
        paperless=section.paperless == "offer",
        idle_s=section.idle_s,
        personal_idle_s=section.personal_idle_s,
        attract_s=section.attract_s,
        first_letters=section.first_letters,
        pin=pin,
        public_url=section.public_url or "",
        speaks=section.speech.driver != "none",
        scans=bool(section.scanners),
        booked=any(s.appointments is not None for s in config.services),
    )


def wordings(document: Document, config: KioskFile, section: KioskSection) -> Mapping[str, Wording]:
    """By language. Raises ConfigError for a language file that is missing or unusable."""
    folder = Path(document.file).parent / section.texts if section.texts else None
    try:
        return {lang: wording.load(lang, folder) for lang in section.languages}
    except wording.UnusableTexts as err:
        path = ("kiosks", config.kiosks.index(section), "languages")
        raise ConfigError(document.file, (document.mistake(path, str(err)),)) from err


def languages(found: Mapping[str, Wording]) -> tuple[tuple[str, str], ...]:
    """Each with its name written in itself."""
    return tuple((tag, words("language.name")) for tag, words in found.items())
