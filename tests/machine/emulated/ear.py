"""Whether words were said, in order: each is looked for in what was heard. Pure.

A word is first looked for among samples thinned out, then its likeliest places are compared sample
by sample: thinned samples fall differently in the two, and alone tell too little apart.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

# One of so many is enough for the pitch of a voice.
_THIN = 16
_PLACES = 4
_ALIKE = 0.85
# In samples of 22,050 a second: a word is compared piece by piece, since a card that was served
# late leaves a gap; the pause is that between two words, and before the first behind its chime.
_PIECE = 4400
_PAUSE = 60_000
# Between two places where a reading may begin: each lies within a pause before its first word.
STEP = _PAUSE // 2
# Of a word's pieces; a short word has but one or two.
_ENOUGH = 0.5


def missing(words: Sequence[Sequence[int]], heard: Sequence[int]) -> Iterator[str]:
    """Number and share of each word that does not come behind the word before it."""
    at = 0
    for number, word in enumerate(words):
        pieces = [word[start : start + _PIECE] for start in range(0, len(word), _PIECE)]
        # The rest behind the last whole piece may be all silence.
        pieces = [piece for piece in pieces if len(piece) > _PIECE // 2] or pieces
        ends = []
        for piece in pieces:
            place = _first_place(piece, heard[at : at + len(piece) + _PAUSE])
            if place is not None:
                at += place + len(piece)
                ends.append(at)
        if len(ends) < _ENOUGH * len(pieces):
            yield f"{number} ({len(ends)} of {len(pieces)})"


def _first_place(word: Sequence[int], heard: Sequence[int]) -> int | None:
    """A number may end in the counter's own word: the same samples come again a second later."""
    for pause in (_PAUSE // 8, _PAUSE // 4, _PAUSE):
        likeness, place = likeliest(word, heard[: len(word) + pause])
        if likeness >= _ALIKE:
            return place
    return None


def is_said(words: Sequence[Sequence[int]], heard: Sequence[int]) -> bool:
    """Whether all words come from the beginning on; ends with the first that does not."""
    return next(missing(words, heard), None) is None


def likeliest(word: Sequence[int], heard: Sequence[int]) -> tuple[float, int]:
    """How alike the likeliest place is (1: the same but for its loudness), and where it is."""
    likely = heapq.nlargest(_PLACES, _compared(word[::_THIN], heard[::_THIN]))
    near = sorted(
        {place for _, at in likely for place in range((at - 1) * _THIN, (at + 1) * _THIN)}
    )
    return max(_compared(word, heard, near), default=(0.0, 0))


def _compared(
    word: Sequence[int], heard: Sequence[int], places: Iterable[int] | None = None
) -> Iterator[tuple[float, int]]:
    """Each place, all of them unless told which, with how alike it is."""
    size, own = len(word), sum(map(int.__mul__, word, word))
    energy = list(accumulate(map(int.__mul__, heard, heard), initial=0))
    last = len(heard) - size
    for at in range(last + 1) if places is None else places:
        if 0 <= at <= last and (there := energy[at + size] - energy[at]):
            alike = sum(map(int.__mul__, word, heard[at : at + size]))
            yield alike / math.sqrt(own * there or 1), at
