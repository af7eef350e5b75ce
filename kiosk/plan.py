"""What the YAML says of one kiosk, as the values the pure parts work with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hall.reading.readers import reader
from hall.reading.section import style_of
from hall.runtime import opening
from hall.runtime.sections import ServiceSection
from hall.runtime.service_signs import service_signs
from hall.runtime.settings import ConfigError, Document, Mistake
from hall.runtime.translations import names_in
from hall.screen.geometry import Panel
from hall.signs.assigning import ServiceSign, of_priority
from kiosk import wording
from kiosk.model.setup import (
    CounterLabel,
    KioskSetup,
    PriorityChoice,
    RatingOption,
    ServiceChoice,
)
from kiosk.settings import KioskFile, KioskSection
from kiosk.sounds.lexicon import Lexicon
from kiosk.wording import Wording


def panel(section: KioskSection) -> Panel:
    return Panel(section.screen.width, section.screen.height, section.screen.diagonal_inch)


@dataclass(frozen=True, slots=True)
class LoadedLanguages:
    """The languages that can be shown, and what is wrong with the files of the others."""

    wordings: Mapping[str, Wording]
    unusable: tuple[Mistake, ...] = ()


def setup(
    config: KioskFile, section: KioskSection, languages: Sequence[str], pin: str = ""
) -> KioskSetup:
    """The hall and this kiosk."""
    names = {service.id: service.name for service in config.services}
    turns = config.turn_page
    told = service_signs(config)
    return KioskSetup(
        client=section.id,
        hall_name=config.hall.name,
        services=tuple(_service(each, told[each.id]) for each in config.services),
        counters=tuple(
            CounterLabel(c.id, c.title, tuple(names.get(each, each) for each in c.serves))
            for c in config.counters
        ),
        priorities=tuple(
            PriorityChoice(p.id, p.name, of_priority(p.name)) for p in config.priorities
        ),
        languages=tuple(languages),
        printer=section.printer,
        paperless=section.paperless == "offer",
        idle_s=section.idle_s,
        personal_idle_s=section.personal_idle_s,
        attract_s=section.attract_s,
        first_letters=section.first_letters,
        pin=pin,
        public_url=section.public_url or "",
        speaks=speaks(section),
        scans=bool(section.scanners),
        calendar=config.hall.calendar,
        questions=tuple(RatingOption(q.id, q.name) for q in config.ratings.questions),
        reasons=tuple(RatingOption(r.id, r.name) for r in config.ratings.reasons),
        code_prefix=section.code_prefix,
        booked=any(s.appointments is not None for s in config.services),
        turn_url="" if turns is None else turns.url,
        turn_wifi="" if turns is None else turns.wifi,
    )


def _service(service: ServiceSection, sign: ServiceSign) -> ServiceChoice:
    until = service.intake_until
    return ServiceChoice(
        id=service.id,
        name=service.name,
        sign=sign,
        elsewhere=service.elsewhere.name if service.elsewhere else "",
        intake_until=None if until is None else opening.minute(until),
        last_ticket_min=service.last_ticket_min,
    )


def calendar(document: Document, config: KioskFile) -> opening.Calendar:
    """With the hour at which the controller begins a day; the kiosk reads no more of its part."""
    queue = document.values.get("queue")
    begins = queue.get("day_start") if isinstance(queue, dict) else None
    found = config.hall.calendar
    return replace(found, day_start_min=opening.minute(str(begins))) if begins else found


def speaks(section: KioskSection) -> bool:
    return section.speech.driver != "none"


def lexicons(
    document: Document, config: KioskFile, found: Mapping[str, Wording]
) -> Mapping[str, Lexicon]:
    """How each language is said in this hall."""
    style = style_of(document)
    names = {
        "hall.name": config.hall.name,
        **{f"service.{each.id}": each.name for each in config.services},
        **{f"counter.{each.id}": each.title for each in config.counters},
        **{f"priority.{each.id}": each.name for each in config.priorities},
        **{f"question.{each.id}": each.name for each in config.ratings.questions},
        **{f"reason.{each.id}": each.name for each in config.ratings.reasons},
    }
    return {
        lang: Lexicon(
            words,
            reader(lang, style),
            {clip: words.name(name) for clip, name in names.items()},
        )
        for lang, words in found.items()
    }


def wordings(document: Document, config: KioskFile, section: KioskSection) -> Mapping[str, Wording]:
    """By language. Raises ConfigError for a language file that is missing or unusable."""
    found = load_languages(document, config, section)
    if found.unusable:
        raise ConfigError(document.file, found.unusable)
    return found.wordings


def load_languages(document: Document, config: KioskFile, section: KioskSection) -> LoadedLanguages:
    """Of a language whose own file is missing or unusable, the words that come with motcua.

    Without such words it is left out; the kiosk goes on in the others, in the worst case in
    Vietnamese alone.
    """
    folder = Path(document.file).parent / section.texts if section.texts else None
    path = ("kiosks", config.kiosks.index(section), "languages")
    found: dict[str, Wording] = {}
    unusable: list[Mistake] = []
    for lang in section.languages:
        try:
            words = wording.load(lang, folder)
            found[lang] = replace(words, names=names_in(config, lang))
        except wording.UnusableTexts as err:
            unusable.append(document.mistake(path, str(err)))
            found |= wording.built_in(lang)
    return LoadedLanguages(found or wording.built_in(wording.FIRST), tuple(unusable))


def clips_folder(document: Document, section: KioskSection) -> Path | None:
    """Where the recorded speech lies; None: nothing is recorded."""
    return Path(document.file).parent / section.clips if section.clips else None


def clips_missing(
    document: Document, config: KioskFile, section: KioskSection
) -> tuple[Mistake, ...]:
    """What is wrong with that folder: without it the machine's voice speaks."""
    folder = clips_folder(document, section)
    if folder is None or folder.is_dir():
        return ()
    path = ("kiosks", config.kiosks.index(section), "clips")
    return (document.mistake(path, f"không có thư mục tiếng thu {folder}"),)


def languages(found: Mapping[str, Wording]) -> tuple[tuple[str, str], ...]:
    """Each with its name written in itself."""
    return tuple((tag, words("language.name")) for tag, words in found.items())
