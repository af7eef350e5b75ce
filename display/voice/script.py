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
    """`sentences` are runs of clips with a pause between; `text` is the same to read.

    `calls`: for each sentence, which of the announcement's calls it says.
    """

    sentences: tuple[tuple[Clip, ...], ...]
    calls: tuple[int, ...]
    missing: tuple[Clip, ...]
    text: str


def script(announcement: Announcement, languages: Sequence[Language], has: Has) -> Script:
    """The first language says it always; each further one says its own lines after it."""
    calls = [line.item for line in announcement.lines if isinstance(line.item, SpokenCall)]
    sentences: list[tuple[int, tuple[Clip, ...]]] = []
    missing: list[Clip] = []
    texts: list[str] = []
    for language in languages:
        home = language is languages[0]
        for place, call in enumerate(calls):
            if not (home or language.always or call.lang.split("-")[0] == language.tongue.lang):
                continue
            said, at_home = _both(call, language.tongue, languages[0].tongue, announcement)
            play, lost = _clips(said, at_home, language.tongue.lang, languages[0].tongue.lang, has)
            if play:
                sentences.append((place, play))
            missing += lost
            texts.append(sentence(said))
    spoken = tuple(play for _, play in sentences)
    places = tuple(place for place, _ in sentences)
    return Script(spoken, places, tuple(missing), ". ".join(texts))


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
