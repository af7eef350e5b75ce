"""The chain of the journal: one value a row, so that no damaged row goes unseen.

chain[n] = BLAKE2b-128(chain[n-1] + row); chain[0] = 16 zero bytes; the row as UTF-8 JSON of
{body, day, epoch, kind, seq}, keys sorted, without blanks.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from hall.controller.ports import Body, JournalRow

START = bytes(16)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """A row as it lies in the file, its body still text, with its chain value."""

    seq: int
    epoch: int
    day: int
    kind: str
    body: str
    chain: bytes


def packed(body: Body) -> str:
    """The body as the chain and the file hold it."""
    return _ENCODER.encode(body)


def line(before: bytes, row: JournalRow) -> ChainedRow:
    """The row with its body as text and its chain value."""
    columns = row.seq, row.epoch, row.day, row.kind, packed(row.body)
    return ChainedRow(*columns, _value(before, *columns))


def value(before: bytes, found: ChainedRow) -> bytes:
    """The chain's value after a line."""
    return _value(before, found.seq, found.epoch, found.day, found.kind, found.body)


def _value(  # noqa: PLR0913, PLR0917 - the columns of a row
    before: bytes, seq: int, epoch: int, day: int, kind: str, body: str
) -> bytes:
    """The kinds are plain words, so they need no escaping."""
    text = f'{{"body":{body},"day":{day},"epoch":{epoch},"kind":"{kind}","seq":{seq}}}'
    return blake2b(before + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def broken_at(
    before: bytes, lines: Iterable[ChainedRow], last_seq: int | None = None
) -> int | None:
    """The first line that does not follow, or None. A gap in `seq` needs a new epoch.

    `last_seq`: of the line before the first, where there is one.
    """
    epoch = 0
    for found in lines:
        gap = last_seq is not None and found.seq != last_seq + 1 and found.epoch <= epoch
        before = value(before, found)
        if before != found.chain or (gap and epoch > 0):
            return found.seq
        last_seq, epoch = found.seq, found.epoch
    return None
