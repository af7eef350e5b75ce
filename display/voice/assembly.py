"""From the YAML to what the voice works with: languages, folders, clips, the list of clips."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from display.settings import DisplayConfig
from display.voice import making
from display.voice.clips import Clips
from display.voice.loudness import Loudness
from display.voice.making import Espeak
from display.voice.phrases import (
    Templates,
    Tongue,
    clip_list,
    template,
)
from display.voice.script import Language
from display.voice.service import Manner
from display.voice.settings import (
    EN_PHRASES,
    VI_PHRASES,
    LanguageSection,
    VoiceSection,
)
from hall.reading.clip_names import clip_name
from hall.reading.readers import reader
from hall.reading.recording import lacking, recording_sheet


@dataclass(frozen=True, slots=True)
class ClipSet:
    """All clips of one language: where they lie, which they are, who makes them."""

    lang: str
    folder: Path
    texts: tuple[str, ...]
    engine: Espeak

    def missing(self) -> tuple[str, ...]:
        """What is to be said and does not lie in the folder."""
        return lacking(self.clips, self.folder)

    @property
    def clips(self) -> dict[str, str]:
        """What is said in each, by its name."""
        return {clip_name(text): text for text in self.texts}


def manner(config: DisplayConfig, section: VoiceSection) -> Manner:
    languages = tuple(
        Language(tongue(each, section), always=each.when == "always") for each in section.languages
    )
    steps = tuple((time.fromisoformat(step.at), step.volume) for step in section.volumes)
    return Manner(
        languages,
        Loudness(section.volume, steps),
        ZoneInfo(config.hall.timezone),
        chime=section.chime,
        repeat=section.repeat,
        gap_s=section.gap_ms / 1000,
    )


def clip_sets(config: DisplayConfig, section: VoiceSection, state: Path) -> tuple[ClipSet, ...]:
    """Per language; `state`: where clips lie whose folder the YAML does not name."""
    prefixes = [service.prefix for service in config.services]
    counters = [counter.id for counter in config.counters]
    return tuple(
        ClipSet(
            each.lang,
            Path(each.folder) if each.folder else state / "voice" / each.lang,
            clip_list(tongue(each, section), prefixes, counters),
            Espeak(each.espeak or each.lang),
        )
        for each in section.languages
    )


def make_missing(sets: Iterable[ClipSet]) -> tuple[Path, ...]:
    """`motcua voice make`. Raises SynthesisError."""
    return tuple(
        path for each in sets for path in making.make(each.texts, each.folder, each.engine)
    )


def recording_lists(sets: Iterable[ClipSet]) -> dict[str, str]:
    """`motcua voice list`: language → CSV for the recording session."""
    return {each.lang: recording_sheet(each.clips) for each in sets}


def load(sets: Iterable[ClipSet]) -> Clips:
    clips = Clips()
    for each in sets:
        clips.load(each.lang, each.folder)
    return clips


def tongue(each: LanguageSection, section: VoiceSection) -> Tongue:
    forms = _templates(each)
    return Tongue(reader(each.lang, section.style), forms, each.counters)


def _templates(each: LanguageSection) -> Templates:
    said = each.phrases or (EN_PHRASES if each.lang == "en" else VI_PHRASES)
    return Templates(
        template(said.call), template(said.short or said.call), template(said.recall or said.call)
    )


def phrases_missing(languages: Iterable[LanguageSection]) -> tuple[int, ...]:
    """Places of languages for which there are no phrases: neither in the YAML nor built in."""
    return tuple(
        index
        for index, each in enumerate(languages)
        if each.phrases is None and each.lang not in ("vi", "en")
    )
