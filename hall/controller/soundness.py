"""Whether a journal is what it was when it was written: chain, derived tables, stored replies.

What is wrong is said in the technician's words: alerts and `motcua verify` pass it on.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Protocol

from hall.controller import chain
from hall.controller.chain import ChainedRow
from hall.controller.ports import StoredReply

COLUMNS = "seq, epoch, day, kind, body, chain"


class Rows(Protocol):
    """What a query gives."""

    def fetchone(self) -> Any: ...  # noqa: ANN401 - a row of any columns

    def __iter__(self) -> Iterator[Any]: ...


class Db(Protocol):
    """A database that can be asked."""

    def execute(self, sql: str, parameters: Sequence[str | int] = (), /) -> Rows: ...


def seal(answer: StoredReply) -> bytes:
    text = "\0".join(
        (answer.id, answer.client, answer.verb, answer.digest, answer.reply, str(answer.at))
    )
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def last_day(db: Db) -> int:
    """The first row of the last business day; 0 before the first."""
    found = db.execute("SELECT first_seq FROM day ORDER BY day DESC LIMIT 1").fetchone()
    return int(found[0]) if found else 0


def unreadable(err: Exception) -> str:
    """SQLite's or Python's complaint about a file, as part of what is wrong with it."""
    return f"không đọc được ({type(err).__name__}: {err})"


def damage(db: Db) -> str:
    """What is wrong with the last day, the derived tables and the replies; or nothing."""
    first = last_day(db)
    return chain_damage(db, first) or _derived_damage(db, first) or _answer_damage(db)


def whole_damage(db: Db) -> str:
    """What is wrong anywhere; or nothing. Reads every row."""
    return chain_damage(db, 0) or _day_damage(db) or damage(db)


def chain_damage(db: Db, first: int, last: int = 2**62) -> str:
    """Verify the rows from `first` to `last`."""
    before = _before(db, first)
    bad = chain.broken_at(before, lines(db, first, last))
    return "" if bad is None else f"chuỗi mã băm đứt ở dòng {bad}"


def lines(db: Db, first: int, last: int = 2**62) -> Iterator[ChainedRow]:
    query = f"SELECT {COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
    for found in db.execute(query, (first, last)):
        yield ChainedRow(*found)


def _before(db: Db, first: int) -> bytes:
    """The chain's value in front of row `first`."""
    query = "SELECT chain FROM event WHERE seq < ? ORDER BY seq DESC LIMIT 1"
    found = db.execute(query, (first,)).fetchone()
    if found is None:
        found = db.execute("SELECT chain FROM anchor ORDER BY seq DESC LIMIT 1").fetchone()
    return bytes(found[0]) if found else chain.START


def _derived_damage(db: Db, first: int) -> str:
    """Compare the last day's tables with its rows."""
    found = db.execute("SELECT day, date FROM day ORDER BY day DESC LIMIT 1").fetchone()
    if found is None:
        empty = db.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None
        return "" if empty else "có dòng mà không có ngày nào"
    opening = db.execute("SELECT kind, body FROM event WHERE seq = ?", (first,)).fetchone()
    if opening is None or opening[0] != "day_opened":
        return f"ngày thứ {found[0]} không bắt đầu ở dòng {first}"
    body = json.loads(opening[1])
    if (body["day"], body["date"]) != tuple(found):
        return f"ngày thứ {found[0]} khác với dòng mở ngày"
    query = "SELECT body FROM event WHERE seq >= ? AND kind = 'issued'"
    bodies = (json.loads(text) for (text,) in db.execute(query, (first,)))
    issued = {(b["service"], b["n"]) for b in bodies}
    taken = {tuple(r) for r in db.execute("SELECT service, n FROM taken WHERE day = ?", found[:1])}
    return "" if issued == taken else "bảng số đã cấp khác với các dòng"


def _day_damage(db: Db) -> str:
    query = "SELECT seq, body FROM event WHERE kind = 'day_opened' ORDER BY seq"
    opened = [(b["day"], b["date"], seq) for seq, b in _bodies(db.execute(query))]
    days = [tuple(row) for row in db.execute("SELECT day, date, first_seq FROM day ORDER BY day")]
    kept = [row for row in days if opened and row[2] >= opened[0][2]]
    return "" if opened == kept else "bảng ngày khác với các dòng"


def _bodies(found: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    for seq, text in found:
        yield seq, json.loads(text)


def _answer_damage(db: Db) -> str:
    query = "SELECT id, client, verb, digest, reply, at, seal FROM answer"
    for *columns, sealed in db.execute(query):
        if seal(StoredReply(*columns)) != sealed:
            return "một câu trả lời đã lưu bị hỏng"
    return ""
