"""What stood of a ticket before each of the last events, for when one of them is taken back."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

# More events than any hall has within the time in which one can be taken back.
_MOST = 200
T = TypeVar("T")


@dataclass(slots=True)
class Undoable(Generic[T]):
    """By the sequence of an event; None: there was nothing."""

    _before: dict[int, T | None] = field(default_factory=dict)

    def note(self, seq: int, was: T | None) -> None:
        self._before[seq] = was
        if len(self._before) > _MOST:
            del self._before[next(iter(self._before))]

    def before(self, seq: int | None) -> T | None:
        return self._before.get(seq or 0)
