"""Takes batches of many halls into PostgreSQL, each event once, all of them in one transaction.

    lock the halls' places, in order ─▶ judge each batch ─▶ COPY what is new into `incoming`
      ─▶ INSERT … ORDER BY … ON CONFLICT DO NOTHING ─▶ places, stale days ─▶ COMMIT ─▶ answers

Rows are locked and inserted in one order by everybody: two consumers never wait for each other in a
circle. A hall's place is locked while its batch is judged, so two consumers cannot both take it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hall.contract.province import JournalPlace, UpRefusal
from hall.contract.upward import UpEvent
from hall.province.acceptance import EventGap, NewEvents, judge
from hall.province.database import Cursor, Database
from hall.province.event_rows import COLUMNS, line
from hall.province.ports import HallAnswer, ReceivedBatch, Taken

_INCOMING = "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE event) ON COMMIT DELETE ROWS"
_COPY = f"COPY incoming ({', '.join(COLUMNS)}) FROM STDIN"
_PLACES = """\
SELECT place.hall, epoch, seq, source, host, hall.name, refused
FROM place JOIN hall ON hall.id = place.hall
WHERE place.hall = ANY(%s) ORDER BY place.hall FOR UPDATE OF place
"""
_INSERT = """\
INSERT INTO event SELECT * FROM incoming ORDER BY hall, epoch, seq ON CONFLICT DO NOTHING
"""
_STALE = """\
INSERT INTO stale_day SELECT hall, day FROM incoming GROUP BY hall, day ORDER BY hall, day
ON CONFLICT (hall, day) DO UPDATE SET rev = stale_day.rev + 1
"""
_ADVANCE = """\
UPDATE place SET epoch = told.epoch, seq = told.seq, source = told.source, host = told.host,
    heard_at = told.heard_at, skew_s = told.skew_s,
    refused = NULL, refused_source = NULL, refused_host = NULL, refused_at = NULL
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[],
    %s::double precision[]) AS told (hall, epoch, seq, source, host, heard_at, skew_s)
WHERE place.hall = told.hall
"""
_REFUSE = """\
UPDATE place SET refused = %s, refused_source = %s, refused_host = %s, refused_at = %s
WHERE hall = %s RETURNING epoch, seq
"""
_STRANGER = """\
INSERT INTO stranger VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (hall) DO UPDATE SET host = excluded.host, last_at = excluded.last_at,
    batches = stranger.batches + 1
"""
_HELD = """\
SELECT seq, type, at, coalesce(ticket, '') FROM event
WHERE hall = %s AND epoch = %s AND seq BETWEEN %s AND %s
"""
_UNKNOWN = UpRefusal(
    code="unknown_hall",
    text="Tỉnh chưa có hội trường này trong danh sách; người vận hành ở tỉnh: "
    "motcua province register.",
)


@dataclass(slots=True)
class _HallStanding:
    """A hall within one transaction."""

    hall: str
    held: JournalPlace
    source: str | None
    host: str
    name: str
    skew_s: float | None = None
    heard_at: datetime | None = None
    refused: UpRefusal | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def answer(self) -> HallAnswer:
        return HallAnswer(self.hall, self.held, self.refused)


class PostgresEvents:
    """As EventStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_batches(self, batches: Sequence[ReceivedBatch]) -> Taken:
        with self._database.transaction() as cursor:
            cursor.run(_INCOMING)
            known = _lock(cursor, {each.hall for each in batches})
            gaps = [each.hall for each in batches if _take_one(cursor, known, each)]
            stored = _store(cursor, known)
        strangers = {b.hall for b in batches} - known.keys()
        answers = [standing.answer for standing in known.values()]
        answers += [HallAnswer(hall, JournalPlace(), _UNKNOWN) for hall in sorted(strangers)]
        return Taken(tuple(answers), stored, tuple(gaps))

    def refuse(self, hall: str, refusal: UpRefusal, at: datetime) -> HallAnswer | None:
        with self._database.transaction() as cursor:
            found = cursor.rows(_REFUSE, (refusal.text, None, None, at, hall))
        if not found:
            return None
        epoch, seq = found[0]
        return HallAnswer(hall, JournalPlace(epoch=epoch, seq=seq), refusal)

    def answers(self) -> tuple[HallAnswer, ...]:
        with self._database.transaction() as cursor:
            found = cursor.rows(
                "SELECT hall, epoch, seq, refused, refused_source FROM place ORDER BY hall"
            )
        return tuple(
            HallAnswer(hall, JournalPlace(epoch=epoch, seq=seq), _standing(refused, source))
            for hall, epoch, seq, refused, source in found
        )

    def close(self) -> None:
        self._database.close()


def _standing(text: str | None, source: str | None) -> UpRefusal | None:
    if text is None:
        return None
    return UpRefusal(code="bad_batch" if source is None else "twin", text=text)


def _lock(cursor: Cursor, halls: set[str]) -> dict[str, _HallStanding]:
    rows = cursor.rows(_PLACES, (sorted(halls),))
    return {
        hall: _HallStanding(hall, JournalPlace(epoch=epoch, seq=seq), source, host, name)
        for hall, epoch, seq, source, host, name, _ in rows
    }


def _take_one(cursor: Cursor, known: dict[str, _HallStanding], received: ReceivedBatch) -> bool:
    """Whether there is a gap before it."""
    standing, batch = known.get(received.hall), received.batch
    if standing is None:
        cursor.run(_STRANGER, (received.hall, batch.host, received.at, received.at))
        return False
    if standing.source not in (None, batch.source):
        _turn_away(cursor, standing, received)
        return False
    found = judge(standing.held, batch)
    match found:
        case EventGap():
            return True
        case NewEvents(known=again) if again and not _is_same(cursor, received, again):
            _turn_away(cursor, standing, received)
            return False
        case NewEvents(events):
            _note(standing, received)
            standing.lines += (line(received.hall, batch.epoch, each) for each in events)
            standing.held = batch.last if events else standing.held
            return False


def _note(standing: _HallStanding, received: ReceivedBatch) -> None:
    standing.source, standing.host = received.batch.source, received.batch.host
    standing.heard_at, standing.refused = received.at, None
    if received.sent_at is not None:
        standing.skew_s = (received.at - received.sent_at).total_seconds()


def _turn_away(cursor: Cursor, standing: _HallStanding, received: ReceivedBatch) -> None:
    """Two machines under one id: which of them is right, a person must say."""
    first, second = standing.host or "?", received.batch.host or "?"
    text = (
        f"mã {standing.hall} ({standing.name}) đã là của máy {first}; máy {second} cũng gửi bằng "
        f"mã ấy. Máy thay thế: tỉnh chạy motcua province adopt {standing.hall}; "
        "hội trường khác: phải có mã khác."
    )
    standing.refused = UpRefusal(code="twin", text=text)
    values = (text, received.batch.source, second, received.at, standing.hall)
    cursor.run(_REFUSE, values)


def _is_same(cursor: Cursor, received: ReceivedBatch, again: Sequence[UpEvent]) -> bool:
    """Whether what is held under these places is what comes again; old months may be gone."""
    first, last = again[0].seq, again[-1].seq
    rows = cursor.rows(_HELD, (received.hall, received.batch.epoch, first, last))
    held = {seq: rest for seq, *rest in rows}
    return all(
        held[each.seq] == [each.type, each.at, "" if each.ticket is None else each.ticket.id]
        for each in again
        if each.seq in held
    )


def _store(cursor: Cursor, known: dict[str, _HallStanding]) -> int:
    heard = [each for each in known.values() if each.heard_at is not None]
    lines = [text for each in heard for text in each.lines]
    stored = 0
    if lines:
        cursor.copy(_COPY, lines)
        stored = cursor.run(_INSERT)
        cursor.run(_STALE)
    if heard:
        columns = zip(*(_advanced(each) for each in heard), strict=True)
        cursor.run(_ADVANCE, [list(column) for column in columns])
    return stored


def _advanced(each: _HallStanding) -> tuple[object, ...]:
    return (
        *(each.hall, each.held.epoch, each.held.seq, each.source, each.host),
        *(each.heard_at, each.skew_s),
    )
