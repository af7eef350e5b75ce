"""The chain of the journal: one value a row, so that no damaged row goes unseen.

chain[n] = BLAKE2b-128(chain[n-1] + row); chain[0] = 16 zero bytes; the row as UTF-8 JSON of
{body, day, epoch, kind, seq}, keys sorted, without blanks.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b

from hall.controller.ports import Body, Row

START = bytes(16)


def packed(body: Body) -> str:
    """The body as the chain and the file hold it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(before: bytes, row: Row) -> bytes:
    """The chain's value after `row`."""
    text = (
        f'{{"body":{packed(row.body)},"day":{row.day},"epoch":{row.epoch},'
        f'"kind":{json.dumps(row.kind)},"seq":{row.seq}}}'
    )
    return blake2b(before + text.encode(), digest_size=16).digest()


def broken_at(before: bytes, rows: Iterable[tuple[Row, bytes]]) -> int | None:
    """The first row whose value does not follow, or None. A gap in `seq` needs a new epoch."""
    previous: Row | None = None
    for row, value in rows:
        gap = previous is not None and row.seq != previous.seq + 1 and row.epoch <= previous.epoch
        before = link(before, row)
        if before != value or gap:
            return row.seq
        previous = row
    return None
