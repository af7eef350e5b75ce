"""Wiring of the kiosk: settings, glass, scanners, speech, service."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.settings import Document
from hall.screen.window import Window
from kiosk import pictures, plan
from kiosk.glass.view import KioskView
from kiosk.model.state import KioskModel
from kiosk.service import Extras, KioskService
from kiosk.settings import KioskFile, KioskSection
from kiosk.sounds import clips
from kiosk.wording import Wording


def build(document: Document, ground: Ground, only: str | None) -> list[Daemon]:
    """The kiosks of the file. Raises ConfigError."""
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    return [
        _kiosk(document, config, section, ground)
        for section in config.kiosks
        if only in (None, section.id)
    ]


def _kiosk(document: Document, config: KioskFile, section: KioskSection, ground: Ground) -> Daemon:
    screen = section.screen
    window = Window(
        plan.panel(section), section.id, ground.headless, screen.fullscreen, screen.rotate
    )
    languages = plan.load_languages(document, config, section)
    wordings = languages.wordings
    view = KioskView(
        window,
        wordings,
        plan.languages(wordings),
        screen.distance_mm,
        tells=plan.speaks(section),
    )
    steered = ground.headless or screen.touch == "simulated"
    clock = ground.clock.monotonic
    extras = Extras(
        zone=ZoneInfo(config.hall.timezone),
        speaker=section.speech.connect(partial(_recorded, document, section, wordings)),
        lexicons=plan.lexicons(document, config, wordings),
        scanners=tuple(each.connect(clock) for each in section.scanners),
        pictures=ground.pictures,
        steered=steered,
        samples=_has_samples(document),
    )
    context = ground.context_of(section.id)
    cache = ground.state / f"{section.id}-catalogue"
    shown = pictures.found(document, config, section)
    setup = replace(
        plan.setup(config, section, tuple(wordings), _pin(section)),
        calendar=plan.calendar(document, config),
        logo=shown.logo,
        photographs=shown.photographs,
    )
    model = KioskModel(setup)
    service = KioskService(context, model, view, extras, cache)
    printer = model.setup.printer
    return Daemon(
        context,
        service,
        chosen={"printer": (printer,) if printer else ()},
        unusable=(
            *languages.unusable,
            *plan.clips_missing(document, config, section),
            *shown.unusable,
        ),
        disk=ground.state,
    )


def _has_samples(document: Document) -> bool:
    """Whether the one-stop side is simulated: then no dossier is anybody's."""
    onestop = document.values.get("onestop")
    return isinstance(onestop, dict) and onestop.get("driver") == "simulated"


def _recorded(
    document: Document, section: KioskSection, wordings: Mapping[str, Wording]
) -> Mapping[tuple[str, str], Path]:
    folder = plan.clips_folder(document, section)
    return clips.recorded(folder, wordings) if folder else {}


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
