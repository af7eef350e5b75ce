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
class Shelf(Generic[V]):
    """Values by a small whole number, which need not be dense."""

    chunks: Mapping[int, Mapping[int, V]] = field(default_factory=dict)
    count: int = 0

    def get(self, index: int) -> V | None:
        chunk = self.chunks.get(index // _CHUNK)
        return None if chunk is None else chunk.get(index)

    def put(self, index: int, value: V) -> "Shelf[V]":
        chunk = self.chunks.get(index // _CHUNK, {})
        added = 0 if index in chunk else 1
        changed = {**chunk, index: value}
        return Shelf({**self.chunks, index // _CHUNK: changed}, self.count + added)

    def __iter__(self) -> Iterator[V]:
        for chunk in self.chunks.values():
            yield from chunk.values()

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class Line:
    """Keys (rank, serial) in order: a queue that can be joined and left anywhere."""

    chunks: tuple[tuple[Key, ...], ...] = ()
    count: int = 0

    def add(self, key: Key) -> "Line":
        if not self.chunks:
            return Line(((key,),), 1)
        at = self._chunk_for(key)
        grown = list(self.chunks[at])
        insort(grown, key)
        half = len(grown) // 2
        new = (
            (tuple(grown),) if len(grown) <= _CHUNK else (tuple(grown[:half]), tuple(grown[half:]))
        )
        return Line((*self.chunks[:at], *new, *self.chunks[at + 1 :]), self.count + 1)

    def remove(self, key: Key) -> "Line":
        """Take one key out; a key that is not there changes nothing."""
        if not self.chunks:
            return self
        at = self._chunk_for(key)
        kept = tuple(k for k in self.chunks[at] if k != key)
        if len(kept) == len(self.chunks[at]):
            return self
        new = (kept,) if kept else ()
        return Line((*self.chunks[:at], *new, *self.chunks[at + 1 :]), self.count - 1)

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
