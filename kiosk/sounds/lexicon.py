"""How a text of the screen is said: recorded clips where one can be, numbers as words. Pure.

A text of the language files is one clip, named by its key; what stands around the places of a
template is a clip a stretch ("ticket.ahead_n-1"); numbers, times, dates and codes are words, each
a clip named as the announcer's are. The rest (names of procedures, texts of dossiers) is free text
that only a machine's voice can say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hall.reading.clip_names import clip_name
from hall.reading.readers import Reader
from kiosk.wording import Wording

_PLACE = re.compile(r"\{(\w+)\}")
_LETTER = re.compile(r"[^\W\d_]")
# What a place of a template holds, where it is no name.
_FORMS: Mapping[str, str] = {
    **dict.fromkeys(("n", "lo", "hi", "total", "count", "month", "year", "quarter"), r"[\d.]+"),
    **dict.fromkeys(("amount", "percent"), r"[\d.,]+%?"),
    **dict.fromkeys(("hour", "minute", "whole", "part"), r"\d+"),
    "time": r"\d\d?:\d\d",
    "date": r"[\d/]+",
    "number": r"[A-Z]{0,3}\d+",
    "code": r"[0-9A-Z][0-9A-Z.-]*",
}
_SPELT = re.compile(r"[A-Z0-9](?: [A-Z0-9])+", re.ASCII)
_TICKET = re.compile(r"[A-Z]{1,3}\d{2,6}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}|\d{1,3}(?:\.\d{3})+", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{3})*|\d+),(\d+)", re.ASCII)
_TIME = re.compile(r"(\d\d?):(\d\d)", re.ASCII)
_DATE = re.compile(r"(\d\d?)/(\d\d?)(?:/(\d{4}))?", re.ASCII)
_CODE = re.compile(r"(?=.*\d)[0-9A-Z]+(?:[.-][0-9A-Z]+)+", re.ASCII)
_BETWEEN = re.compile(r" · | – |: |, |\. |\.$| \(|\n")
_LETTER_ALONE = re.compile(r"[A-Z]")
_MARKS: Mapping[str, str] = {".": "said.dot", "-": "said.dash"}
_AROUND = " |–·,.;:…*()"


@dataclass(frozen=True, slots=True)
class SaidPart:
    """`clip`: the name of its recording; empty: nobody can have recorded it. `text`: the same."""

    text: str = field(repr=False)
    clip: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`names`: of this hall, by the clip that says each: services, counters, priorities."""

    words: Wording
    reader: Reader
    names: Mapping[str, str] = field(default_factory=dict)
    _whole: Mapping[str, str] = field(init=False, repr=False)
    _templates: tuple[tuple[str, re.Pattern[str]], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_templates", tuple(self._patterns()))
        keys = reversed(list(self.words.fallback))
        plain = {text.strip(_AROUND): key for key in keys if "{" not in (text := self.words(key))}
        named = {name.strip(_AROUND): clip for clip, name in self._own_names().items()}
        object.__setattr__(self, "_whole", plain | named)

    def pieces(self, text: str) -> tuple[SaidPart, ...]:
        """In the order in which they are said; nothing for a text without a letter, digit or mark.

        A mark of a code is said where it stands alone, as on its key.
        """
        if text in _MARKS:
            return (self._own(_MARKS[text]),)
        return tuple(self._read(text.replace("\u00a0", " ").strip(_AROUND)))

    def clips(self) -> dict[str, str]:
        """Every clip that a recorded language needs, and what is said in it."""
        found: dict[str, str] = {}
        for key in self.words.fallback:
            if not key.startswith(("language.", "tech.")):
                found |= {piece.clip: piece.text for piece in self._stretches(key)}
        words = (*self.reader.vocabulary, *self.reader.digits("0123456789"))
        letters = (w for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for w in self.reader.letter(c))
        found |= {clip_name(word): word for word in (*words, *self.reader.count(10**6), *letters)}
        return found | self._own_names()

    def _own_names(self) -> dict[str, str]:
        """Those that no template says: "Quầy 1" is a word and a number."""
        return {
            clip: name
            for clip, name in self.names.items()
            if not any(form.fullmatch(name.strip(_AROUND)) for _, form in self._templates)
        }

    def _patterns(self) -> Iterator[tuple[str, re.Pattern[str]]]:
        """Templates, those that say most of themselves first."""
        found = []
        for key in self.words.fallback:
            literal, *rest = _PLACE.split(self.words(key).strip(_AROUND))
            own = len("".join((literal, *rest[1::2])))
            if rest and _LETTER.search("".join((literal, *rest[1::2]))):
                steps = zip(rest[::2], rest[1::2], strict=True)
                inner = "".join(f"({_FORMS.get(p, '.+?')}){re.escape(t)}" for p, t in steps)
                found.append((own, key, re.compile(re.escape(literal) + inner)))
        yield from ((key, form) for _, key, form in sorted(found, key=lambda each: -each[0]))

    def _read(self, text: str) -> Iterator[SaidPart]:
        if not any(c.isalnum() for c in text):
            return
        if text in self._whole:
            yield SaidPart(text, self._whole[text])
        elif words := self._figures(text):
            yield from words
        elif (found := self._template(text)) is not None:
            yield from found
        else:
            yield from self._parts(text)

    def _parts(self, text: str) -> Iterator[SaidPart]:
        """Stretches between marks, each by itself; free text is left whole where none is known."""
        for mark in reversed(list(_BETWEEN.finditer(text))):
            head = text[: mark.start()].strip(_AROUND)
            if head in self._whole:
                yield SaidPart(head, self._whole[head])
                yield from self._read(text[mark.end() :].strip(_AROUND))
                return
        parts = [part.strip(_AROUND) for part in _BETWEEN.split(text)]
        if len(parts) > 1:
            for part in parts:
                yield from self._read(part)
        else:
            yield SaidPart(re.sub(r"\d+", self._counted, text))

    def _counted(self, digits: re.Match[str]) -> str:
        return " ".join(self.reader.count(int(digits[0][:12])))

    def _template(self, text: str) -> tuple[SaidPart, ...] | None:
        for key, form in self._templates:
            if match := form.fullmatch(text):
                return tuple(self._filled(key, match.groups()))
        return None

    def _filled(self, key: str, values: tuple[str, ...]) -> Iterator[SaidPart]:
        stretches = {piece.clip: piece for piece in self._stretches(key)}
        literal, *rest = _PLACE.split(self.words(key).strip(_AROUND))
        yield from self._stretch(key, 0, literal, stretches)
        for n, (place, text, value) in enumerate(
            zip(rest[::2], rest[1::2], values, strict=True), 1
        ):
            yield from self._value(place, value)
            yield from self._stretch(key, n, text, stretches)

    def _value(self, place: str, value: str) -> Iterator[SaidPart]:
        if place == "number":
            yield from self._words(self.reader.number(value))
        else:
            yield from self._read(value)

    def _stretch(
        self, key: str, place: int, text: str, known: Mapping[str, SaidPart]
    ) -> Iterator[SaidPart]:
        if f"{key}-{place}" in known:
            yield known[f"{key}-{place}"]
        elif text.strip() == "–":
            yield self._own("said.to")

    def _stretches(self, key: str) -> Iterator[SaidPart]:
        """The clips of one text of the language."""
        text = self.words(key)
        if "{" not in text:
            if spoken := text.strip(_AROUND):
                yield SaidPart(spoken, key)
            return
        for place, literal in enumerate(_PLACE.split(text)[::2]):
            if _LETTER.search(literal):
                yield SaidPart(literal.strip(_AROUND), f"{key}-{place}")

    def _own(self, key: str) -> SaidPart:
        return SaidPart(self.words(key), key)

    def _words(self, words: tuple[str, ...]) -> Iterator[SaidPart]:
        return (SaidPart(word, clip_name(word)) for word in words)

    def _figures(self, text: str) -> tuple[SaidPart, ...]:
        """A text that is a figure and nothing else; empty: it is not."""
        bare = text.removesuffix("%")
        if bare != text:
            return tuple(self._filled("said.percent", (bare,)))
        if _SPELT.fullmatch(text) or _TICKET.fullmatch(text):
            return tuple(self._words(self.reader.number(text.replace(" ", ""))))
        if _LETTER_ALONE.fullmatch(text):
            return tuple(self._words(self.reader.letter(text)))
        if _COUNT.fullmatch(text):
            return tuple(self._words(self.reader.count(int(text.replace(".", "")))))
        if match := _DECIMAL.fullmatch(text):
            whole, part = self._figures(match[1]), self._words(self.reader.digits(match[2]))
            return (*whole, self._own("said.comma"), *part)
        return self._moments(text) or tuple(self._signs(text))

    def _moments(self, text: str) -> tuple[SaidPart, ...]:
        if match := _TIME.fullmatch(text):
            hour, minute = match.groups()
            key = "said.time" if int(minute) else "said.hour"
            return tuple(self._filled(key, (hour, minute) if int(minute) else (hour,)))
        if match := _DATE.fullmatch(text):
            given = tuple(part for part in match.groups() if part)
            return tuple(self._filled("said.date" if match[3] else "said.day", given))
        return ()

    def _signs(self, text: str) -> Iterator[SaidPart]:
        """A code, sign by sign."""
        if not _CODE.fullmatch(text):
            return
        for sign in text:
            if sign in _MARKS:
                yield self._own(_MARKS[sign])
            elif sign.isdigit():
                yield from self._words(self.reader.digits(sign))
            else:
                yield from self._words(self.reader.letter(sign))
