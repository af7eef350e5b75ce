"""What the controller needs of a disk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Body = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line of the journal. `body`: integers and strings only; `day`: counts business days."""

    seq: int
    epoch: int
    day: int
    kind: str
    body: Body


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A reply as it was given, so that the same request gets the same again.

    `digest` is over the request's body; `at`: ms since 1970.
    """

    id: str
    client: str
    verb: str
    digest: str
    reply: str
    at: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What one act brings to the journal: its rows, and the reply that was given to it."""

    rows: tuple[JournalRow, ...]
    answer: StoredReply | None = None


@dataclass(frozen=True, slots=True)
class HighWaterMark:
    """What is known beside the journal of how far things had gone: the marker, retained states.

    `date`: the business day of `tops`; `tops`: last number issued by service.
    """

    epoch: int
    seq: int
    date: str = ""
    tops: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedJournal:
    """What a journal holds at start.

    `put_aside`: where a bad file was moved, and `why`; `restored`: what stands in its place;
    `marks`: what could still be read in the bad file.
    `ordered`: a person has told this controller to take over from another one.
    """

    epoch: int
    seq: int
    today: tuple[JournalRow, ...]
    put_aside: str = ""
    why: str = ""
    restored: str = ""
    marks: tuple[HighWaterMark, ...] = ()
    ordered: bool = False


class StoreFull(OSError):
    """Nothing was written; the store is intact and may have room again later."""


class StoreBroken(OSError):
    """What was written is not known; this process must not use the store again."""


class Journal(Protocol):
    """Append-only. One transaction and one sync an append."""

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Make rows and answers durable, those of all entries or none.

        Raises StoreFull or StoreBroken.
        """

    def answer(self, request_id: str) -> StoredReply | None:
        """The stored reply to a request. Raises StoreBroken when it is damaged."""

    def rows(self, first: int, limit: int) -> Iterator[JournalRow]:
        """Rows by sequence number, from `first` on."""

    def tend(self, before: int) -> None:
        """Off the press path: checkpoint, forget answers older than `before` (ms since 1970).

        Raises StoreBroken.
        """

    def is_swollen(self) -> bool:
        """Whether so much waits in the WAL that it must be written back though people press."""

    def inspect(self, rows: int) -> str:
        """Verify the next so many rows of the history; what is wrong, or nothing."""

    @property
    def inspected(self) -> int:
        """The last row that `inspect` has verified; 0 before it begins and after it has ended."""

    def forget(self, date: str, rows: int) -> bool:
        """Drop up to so many rows of days before `date`, never of the last; True: some were.

        Raises StoreFull or StoreBroken.
        """

    def back_up(self, keep: int) -> str:
        """Write a checked copy beside the others and drop the oldest; its name.

        Raises StoreFull.
        """

    def size(self) -> int:
        """Bytes of the file, without what waits in the WAL."""

    def close(self) -> None:
        """Give the file free."""


class Marker(Protocol):
    """A small second witness beside the journal; it may lag."""

    def read(self) -> HighWaterMark | None: ...

    def write(self, mark: HighWaterMark) -> None:
        """Raises OSError."""
