"""Frozen collections whose next value costs the same at 20,000 entries as at 20.

A change copies one small chunk and the short list of chunks, never the whole.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")

_CHUNK = 64
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PersistentMap(Generic[V]):
    """Values by a small whole number, which need not be dense.

    Boxes of 32 in cases of 32: a change copies one box, one case and the row of cases.
    """

    cases: Mapping[int, Mapping[int, Mapping[int, V]]] = field(default_factory=dict)
    count: int = 0

    def get(self, index: int) -> V | None:
        case = self.cases.get(index >> 10)
        box = None if case is None else case.get(index >> 5)
        return None if box is None else box.get(index)

    def put(self, index: int, value: V) -> "PersistentMap[V]":
        case = self.cases.get(index >> 10, {})
        box = case.get(index >> 5, {})
        added = 0 if index in box else 1
        filled = {**case, index >> 5: {**box, index: value}}
        return PersistentMap({**self.cases, index >> 10: filled}, self.count + added)

    def __iter__(self) -> Iterator[V]:
        for case in self.cases.values():
            for box in case.values():
                yield from box.values()

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class RankQueue:
    """Keys (rank, serial) in order: a queue that can be joined and left anywhere."""

    chunks: tuple[tuple[Key, ...], ...] = ()
    count: int = 0

    def add(self, key: Key) -> "RankQueue":
        if not self.chunks:
            return RankQueue(((key,),), 1)
        at = self._chunk_for(key)
        grown = list(self.chunks[at])
        insort(grown, key)
        half = len(grown) // 2
        new = (
            (tuple(grown),) if len(grown) <= _CHUNK else (tuple(grown[:half]), tuple(grown[half:]))
        )
        return RankQueue((*self.chunks[:at], *new, *self.chunks[at + 1 :]), self.count + 1)

    def remove(self, key: Key) -> "RankQueue":
        """Take one key out; a key that is not there changes nothing."""
        if not self.chunks:
            return self
        at = self._chunk_for(key)
        kept = tuple(k for k in self.chunks[at] if k != key)
        if len(kept) == len(self.chunks[at]):
            return self
        new = (kept,) if kept else ()
        return RankQueue((*self.chunks[:at], *new, *self.chunks[at + 1 :]), self.count - 1)

    def first(self) -> Key | None:
        return self.chunks[0][0] if self.chunks else None

    def last(self) -> Key | None:
        return self.chunks[-1][-1] if self.chunks else None

    def before(self, key: Key) -> int:
        """How many stand in front of `key`."""
        if not self.chunks:
            return 0
        at = self._chunk_for(key)
        return sum(map(len, self.chunks[:at])) + bisect_left(self.chunks[at], key)

    def __iter__(self) -> Iterator[Key]:
        for chunk in self.chunks:
            yield from chunk

    def __len__(self) -> int:
        return self.count

    def _chunk_for(self, key: Key) -> int:
        """The last chunk that begins at or before `key`."""
        low, high = 0, len(self.chunks) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.chunks[middle][0] <= key:
                low = middle
            else:
                high = middle - 1
        return low
