"""Rows that were written before acts could be taken back give the state that they gave then.

`journal_of_before.json`: a morning with calls, absences, transfers, an open counter with its
clerk's mark, as the controller of that time wrote it and as it then stood.
"""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

from hall.controller import records
from hall.controller.books import fold
from hall.controller.ports import JournalRow, OpenedJournal
from hall.queueing import commands as cmd
from hall.queueing import views
from hall.queueing.decide import decide
from hall.queueing.rules import Band, Counter, Now, Rules, Service
from hall.queueing.state import Hall

FILE = Path(__file__).parents[1] / "data" / "journal_of_before.json"
BEFORE: Any = json.loads(FILE.read_text(encoding="utf-8"))
ROWS = tuple(JournalRow(*row) for row in BEFORE["rows"])
RULES = Rules(
    {"a": Service("a", (Band(1, 499),), "A"), "b": Service("b", (Band(1, 499),), "B")},
    {"1": Counter("1", ("a",)), "2": Counter("2", ("b",), ("a",)), "3": Counter("3", ("a", "b"))},
)


def folded() -> Hall:
    return fold(OpenedJournal(1, ROWS[-1].seq, ROWS), RULES)


def numbers(hall: Hall, service: str) -> list[str]:
    return list(views.next_numbers(hall, service, 5))


def test_an_old_journal_replays_to_the_state_of_then() -> None:
    hall, then = folded(), BEFORE["state"]

    assert {t.number: t.state.value for t in hall.tickets} == then["states"]
    assert [numbers(hall, s) for s in "ab"] == then["next"]
    assert {s: views.waiting(hall, s) for s in "ab"} == then["waiting"]
    for counter, (status, number) in then["counters"].items():
        held = hall.held(counter)
        assert (hall.counters[counter].status.value, held and held.number) == (status, number)
    assert [call.number for call in hall.recent] == then["recent"]
    assert {c: desk.ver for c, desk in hall.counters.items()} == then["versions"]
    assert {s: list(times) for s, times in hall.pace.items()} == then["pace"]
    assert [list(each) for each in hall.timed] == then["timed"]
    assert (hall.served, hall.seq, dict(hall.top)) == (then["served"], then["seq"], then["top"])


def test_every_old_row_can_still_be_sent_again() -> None:
    assert [records.message(row, UTC).seq for row in ROWS] == list(range(1, len(ROWS) + 1))


def test_the_clerks_of_old_rows_are_in_no_message() -> None:
    assert any("staff" in row.body for row in ROWS)

    assert not any("S1" in records.message(row, UTC).model_dump_json() for row in ROWS)


def test_the_day_goes_on_from_there() -> None:
    hall = folded()
    at = max(int(row.body["at"]) for row in ROWS) + 1
    now = Now(at, int(ROWS[-1].body["wall"]) + 1, True, hall.date)  # noqa: FBT003

    decision = decide(RULES, hall, cmd.CallNext("c", "3"), now)

    assert decision.serial is not None
