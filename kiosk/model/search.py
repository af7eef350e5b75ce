"""Finds procedures as citizens type: no tones needed, every word a part of the title. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from hall.wording.folding import fold

_CODE = re.compile(r"\d\.?\d{0,6}[\d.]*")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One title, made ready for searching."""

    place: int
    code: str
    exact: str
    folded: str
    initials: str


@dataclass(frozen=True, slots=True)
class Index:
    entries: tuple[IndexEntry, ...] = ()

    def find(self, query: str) -> tuple[int, ...]:
        """Places of what matches, the best first; a query without letters or digits finds all."""
        words = fold(query).split()
        if not words:
            return tuple(entry.place for entry in self.entries)
        exact = " ".join(unicodedata.normalize("NFC", query).casefold().split())
        ranked = (
            (rank, entry.place)
            for entry in self.entries
            if (rank := _rank(entry, words, exact)) is not None
        )
        return tuple(place for _, place in sorted(ranked))


def index(titles: Sequence[tuple[str, str]]) -> Index:
    """Make (code, title) pairs ready for searching."""
    return Index(tuple(_entry(place, code, title) for place, (code, title) in enumerate(titles)))


def _entry(place: int, code: str, title: str) -> IndexEntry:
    folded = fold(title)
    initials = "".join(word[0] for word in folded.split())
    exact = " ".join(unicodedata.normalize("NFC", title).casefold().split())
    return IndexEntry(place, code.casefold(), exact, folded, initials)


def _rank(entry: IndexEntry, words: list[str], exact: str) -> int | None:
    """0 = as typed with its tones … 5 = initials; None = no match."""
    joined = " ".join(words)
    if all(word in entry.folded for word in words):
        if exact != joined and exact in entry.exact:
            return 0
        if entry.folded.startswith(joined):
            return 1
        return 2 if _at_word_starts(entry.folded, words) else 3
    if len(words) > 1:
        return None
    if _CODE.fullmatch(joined) and entry.code.startswith(joined):
        return 4
    return 5 if len(joined) > 1 and joined in entry.initials else None


def _at_word_starts(folded: str, words: list[str]) -> bool:
    padded = f" {folded}"
    return all(f" {word}" in padded for word in words)
