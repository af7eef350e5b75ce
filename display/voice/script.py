"""One announcement in every language it is due, as clips. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from display.voice.announcer import Announcement, SpokenCall
from display.voice.phrases import (
    Clip,
    PhrasePart,
    Template,
    Tongue,
    parts,
    resolve,
    resolve_with_fallback,
    sentence,
)

Has = Callable[[Clip], bool]


@dataclass(frozen=True, slots=True)
class Language:
    """`always`: said for every ticket, not only for those that asked for it."""

    tongue: Tongue
    always: bool


@dataclass(frozen=True, slots=True)
class Script:
    """`sentences` are runs of clips with a pause between; `text` is the same to read."""

    sentences: tuple[tuple[Clip, ...], ...]
    missing: tuple[Clip, ...]
    text: str


def script(announcement: Announcement, languages: Sequence[Language], has: Has) -> Script:
    """The first language says it always; each further one says its own lines after it."""
    calls = [line.item for line in announcement.lines if isinstance(line.item, SpokenCall)]
    sentences: list[tuple[Clip, ...]] = []
    missing: list[Clip] = []
    texts: list[str] = []
    for language in languages:
        home = language is languages[0]
        for call in calls:
            if not (home or language.always or call.lang.split("-")[0] == language.tongue.lang):
                continue
            said, at_home = _both(call, language.tongue, languages[0].tongue, announcement)
            play, lost = _clips(said, at_home, language.tongue.lang, languages[0].tongue.lang, has)
            sentences.append(play)
            missing += lost
            texts.append(sentence(said))
    return Script(tuple(s for s in sentences if s), tuple(missing), ". ".join(texts))


def _both(
    call: SpokenCall, tongue: Tongue, home: Tongue, announcement: Announcement
) -> tuple[tuple[PhrasePart, ...], tuple[PhrasePart, ...]]:
    said = parts(_form(tongue, call, announcement), tongue, call.number, call.counter)
    return said, parts(_form(home, call, announcement), home, call.number, call.counter)


def _form(tongue: Tongue, call: SpokenCall, announcement: Announcement) -> Template:
    if announcement.merged:
        return tongue.templates.short
    return tongue.templates.recall if call.recall else tongue.templates.call


def _clips(
    said: Sequence[PhrasePart], at_home: Sequence[PhrasePart], lang: str, home: str, has: Has
) -> tuple[tuple[Clip, ...], tuple[Clip, ...]]:
    if lang == home:
        return resolve(said, lang, has)
    return resolve_with_fallback(said, lang, at_home, home, has)
