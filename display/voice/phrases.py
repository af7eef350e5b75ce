"""What is said for a call, as clips in order; which clips a hall needs. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hall.reading.readers import Reader

Role = Literal["text", "number", "counter"]

_SLOT = re.compile(r"\{([^{}]*)\}")


class TemplateError(ValueError):
    """A phrase template that cannot be spoken; the message is Vietnamese, for a technician."""


@dataclass(frozen=True, slots=True)
class PhrasePart:
    """A stretch of a phrase: the words that are said, and what they stand for."""

    role: Role
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: its language's folder and the words in it."""

    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase with its slots; literal text is one clip a stretch."""

    slots: tuple[tuple[Role, str], ...]

    @property
    def literals(self) -> tuple[str, ...]:
        return tuple(text for role, text in self.slots if role == "text")


@dataclass(frozen=True, slots=True)
class Templates:
    """`short` is said when the hall is behind, `recall` when a number is called again."""

    call: Template
    short: Template
    recall: Template


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the announcer.

    `counters`: how counters are said whose id says nothing ("tiep-nhan": "tiếp nhận").
    """

    reader: Reader
    templates: Templates
    counters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def lang(self) -> str:
        return self.reader.lang


def template(text: str) -> Template:
    """Read "Mời số {number} đến quầy số {counter}". Raises TemplateError."""
    slots: list[tuple[Role, str]] = []
    for index, piece in enumerate(_SLOT.split(unicodedata.normalize("NFC", text))):
        if index % 2:
            slots.append((_slot(piece), ""))
        elif words := piece.strip(" ,.;:!"):
            slots.append(("text", words))
    if ("number", "") not in slots:
        raise TemplateError("câu mẫu phải có {number}")
    return Template(tuple(slots))


def parts(form: Template, tongue: Tongue, number: str, counter: str) -> tuple[PhrasePart, ...]:
    """What is said, stretch by stretch."""
    said = [
        PhrasePart(role, _spoken_words(role, text, tongue, (number, counter)))
        for role, text in form.slots
    ]
    return tuple(part for part in said if part.words)


def sentence(said: Iterable[PhrasePart]) -> str:
    """As one line to read: for logs, the simulated player and engines that speak sentences."""
    return " ".join(word for part in said for word in part.words)


def resolve(
    said: Sequence[PhrasePart], lang: str, has: Callable[[Clip], bool]
) -> tuple[tuple[Clip, ...], tuple[Clip, ...]]:
    """Clips to play and clips that are missing: the longest recording first, then word by word."""
    play: list[Clip] = []
    missing: list[Clip] = []
    for part in said:
        found, lost = _cover(part.words, lang, has)
        play += found
        missing += lost
    return tuple(play), tuple(missing)


def resolve_with_fallback(
    said: Sequence[PhrasePart],
    lang: str,
    instead: Sequence[PhrasePart],
    home: str,
    has: Callable[[Clip], bool],
) -> tuple[tuple[Clip, ...], tuple[Clip, ...]]:
    """As `resolve`; a stretch that `lang` lacks is said with the home language's same stretch."""
    play: list[Clip] = []
    missing: list[Clip] = []
    for part, other in _pairs(said, instead):
        found, lost = _cover(part.words, lang, has)
        if lost and other is not None:
            found, lost = _cover(other.words, home, has)
        play += found
        missing += lost
    return tuple(play), tuple(missing)


def clip_list(tongue: Tongue, prefixes: Iterable[str], counters: Iterable[str]) -> tuple[str, ...]:
    """Every clip that this hall can need, once each, in the order in which one records them."""
    forms = (tongue.templates.call, tongue.templates.short, tongue.templates.recall)
    wanted = [text for form in forms for text in form.literals]
    wanted += tongue.reader.vocabulary
    wanted += [word for prefix in prefixes for c in prefix for word in tongue.reader.letter(c)]
    wanted += [word for counter in counters for word in _counter_words(counter, tongue)]
    return tuple(dict.fromkeys(wanted))


def _slot(name: str) -> Role:
    if name == "number":
        return "number"
    if name == "counter":
        return "counter"
    raise TemplateError(f"{{{name}}} không dùng được: chỉ có {{number}} và {{counter}}")


def _spoken_words(
    role: Role, text: str, tongue: Tongue, called: tuple[str, str]
) -> tuple[str, ...]:
    if role == "text":
        return (text,)
    if role == "number":
        return tongue.reader.number(called[0])
    return _counter_words(called[1], tongue)


def _counter_words(counter: str, tongue: Tongue) -> tuple[str, ...]:
    said = tongue.counters.get(counter)
    return (said,) if said else tongue.reader.counter(counter)


def _cover(
    words: tuple[str, ...], lang: str, has: Callable[[Clip], bool]
) -> tuple[list[Clip], list[Clip]]:
    found: list[Clip] = []
    missing: list[Clip] = []
    start = 0
    while start < len(words):
        clip = _longest(words[start:], lang, has)
        if clip is None:
            missing.append(Clip(lang, words[start]))
            start += 1
            continue
        found.append(clip[0])
        start += clip[1]
    return found, missing


def _longest(
    words: tuple[str, ...], lang: str, has: Callable[[Clip], bool]
) -> tuple[Clip, int] | None:
    for length in range(len(words), 0, -1):
        clip = Clip(lang, " ".join(words[:length]))
        if has(clip):
            return clip, length
    return None


def _pairs(
    said: Sequence[PhrasePart], instead: Sequence[PhrasePart]
) -> Iterable[tuple[PhrasePart, PhrasePart | None]]:
    """The n-th stretch of a role beside the other language's n-th of that role."""
    left = {role: [p for p in instead if p.role == role] for role in ("text", "number", "counter")}
    for part in said:
        same = left[part.role]
        yield part, same.pop(0) if same else None
