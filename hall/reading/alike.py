"""Which service letters people cannot tell apart by ear, in any part of the country. Pure.

In the North D and G sound the same, in the South D and V; B, C, D, G, P, T, V all rhyme, and across
a noisy hall only the rhyme arrives.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from hall.reading.vietnamese import NORTH, ReadingStyle, letter_name

# Onsets, the longest first: what remains of a syllable is its rime.
_ONSETS = (
    *("ngh", "gh", "gi", "ng", "nh", "ch", "tr", "th", "ph", "kh", "qu"),
    *("đ", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x"),
)
_BY_REGION = (
    {"d": "z", "gi": "z", "r": "z", "s": "x", "tr": "ch"},
    {"d": "j", "gi": "j", "v": "j"},
)
# What seven segments can draw and nobody takes for a digit; letters that are no Vietnamese ones
# come last.
_PREFERRED = "ABCDEHLNPRTUYFJ"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two prefixes of numbers that a listener may take for one another."""

    one: str
    other: str
    how: Literal["same", "rhyme"]


def likenesses(prefixes: Iterable[str], style: ReadingStyle = NORTH) -> Iterator[Likeness]:
    """Every pair among different prefixes, in their order."""
    for one, other in combinations(dict.fromkeys(filter(None, prefixes)), 2):
        how = _how(one, other, style)
        if how is not None:
            yield Likeness(one, other, how)


def distinct_letters(style: ReadingStyle = NORTH) -> tuple[str, ...]:
    """As many letters as can stand side by side, none like another to ear or eye."""
    chosen: list[str] = []
    for letter in _PREFERRED:
        if not any(_how(letter, each, style) for each in chosen):
            chosen.append(letter)
    return tuple(chosen)


def _how(one: str, other: str, style: ReadingStyle) -> Literal["same", "rhyme"] | None:
    """Prefixes of several letters are told apart by any letter that is."""
    if len(one) != len(other):
        return None
    pairs = [(_name(a, style), _name(b, style)) for a, b in zip(one, other, strict=True)]
    if all(_same(a, b) for a, b in pairs):
        return "same"
    return "rhyme" if all(_rhyme(a, b) for a, b in pairs) else None


def _name(letter: str, style: ReadingStyle) -> tuple[tuple[str, str], ...]:
    """Onset and rime of each syllable of the letter's name."""
    return tuple(_parted(each) for each in (letter_name(letter, style) or letter).split())


def _same(one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]) -> bool:
    return any(
        [(merged.get(onset, onset), rime) for onset, rime in one]
        == [(merged.get(onset, onset), rime) for onset, rime in other]
        for merged in _BY_REGION
    )


def _rhyme(one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]) -> bool:
    return len(one) == len(other) and one[-1][1] == other[-1][1]


def _parted(syllable: str) -> tuple[str, str]:
    word = unicodedata.normalize("NFC", syllable.lower())
    onset = next((each for each in _ONSETS if word.startswith(each)), "")
    rime = word.removeprefix(onset)
    if onset == "gi" and not rime:
        rime = "i"
    return onset, rime.replace("y", "i")
