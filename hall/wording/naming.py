"""Long names of counters made short without losing what tells one from another. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

_GAP = "…"
# Fewer names share an opening by chance.
_MANY = 3
# Where fewer begin so, the words tell one kind from another: communes beside wards.
_MOST = 0.9
# Words that belong to the number behind them.
_BEFORE_NUMBER = ("số", "quầy", "counter", "no.")


def shorter(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """What may stand in place of `name` where it has no room, the longest first.

    "Quầy tiếp nhận hồ sơ số 1" beside "… số 2" becomes "Quầy tiếp nhận … số 1", at last "Quầy
    số 1"; a name that is told by its beginning loses words at its end. Empty: there is nothing
    to leave out.
    """
    words = name.split()
    shared = max((_shared(words, other.split()) for other in others if other != name), default=0)
    kept = _end(words, shared)
    made = dict.fromkeys((*_without_middle(words, kept), *_without_end(words, shared)))
    return tuple(text for text in made if len(text) < len(name))


def all_shorter(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each name what stands for it and for no other."""
    made = {name: shorter(name, names) for name in names}
    times = Counter(text for name, shorts in made.items() for text in {name, *shorts})
    return {
        name: tuple(text for text in shorts if times[text] == 1) for name, shorts in made.items()
    }


def without_opening(names: Collection[str]) -> dict[str, str]:
    """Each name without the words that nearly all of them begin with.

    Among communes and wards "Trung tâm Phục vụ hành chính công xã Sa Pa" is "Xã Sa Pa".
    """
    told = {name: tuple(name.split()) for name in names}
    times = Counter(words[:count] for words in told.values() for count in range(2, len(words)))
    enough = max(_MANY, _MOST * len(told))
    shared = [words for words, count in times.items() if count >= enough]
    opening = max(shared, key=len, default=())
    return {
        name: _capital(" ".join(words[len(opening) :]))
        if opening and words[: len(opening)] == opening and len(words) > len(opening)
        else name
        for name, words in told.items()
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def together(names: Iterable[str], others: Collection[str], letters: int) -> tuple[str, ...]:
    """Names that stand in one text of about so many letters, each as long as its share allows."""
    told = tuple(names)
    room = letters // max(1, len(told))
    shorts = all_shorter({*others, *told})
    return tuple(_within(name, shorts[name], room) for name in told)


def _within(name: str, shorts: tuple[str, ...], letters: int) -> str:
    return next((each for each in (name, *shorts) if len(each) <= letters), (name, *shorts)[-1])


def _shared(words: list[str], others: list[str]) -> int:
    """How many words at the beginning are the same."""
    for count, (one, other) in enumerate(zip(words, others, strict=False)):
        if one != other:
            return count
    return min(len(words), len(others))


def _end(words: list[str], shared: int) -> int:
    """From which word on nothing may be left out: where others differ, or the last number."""
    start = min(shared, len(words) - 1)
    if words[-1][0].isdigit() and not shared:
        start = len(words) - 1
    if start and words[start][0].isdigit() and words[start - 1].lower() in _BEFORE_NUMBER:
        start -= 1
    return start


def _without_middle(words: list[str], end: int) -> Iterator[str]:
    tail = " ".join(words[end:])
    for count in range(end - 1, 0, -1):
        yield f"{' '.join(words[:count])} {_GAP} {tail}"
    if end > 1 and words[end].lower() in _BEFORE_NUMBER:
        yield f"{words[0]} {tail}"


def _without_end(words: list[str], shared: int) -> Iterator[str]:
    """As long as a word is left that no other name has there; no number is cut off."""
    if words[-1][0].isdigit():
        return
    for count in range(len(words) - 1, max(shared, 1), -1):
        yield f"{' '.join(words[:count])} {_GAP}"
