"""Batches into a real PostgreSQL: once each, whoever sends them again, or sends wrongly."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hall.contract.messages import PublicTicket, TicketEvent
from hall.contract.province import JournalPlace, UpEvents
from hall.province import keeper, migrating, registrar
from hall.province.database import Database, copied
from hall.province.event_store import PostgresEvents
from hall.province.migrating import Migration, TooNew, migrate
from hall.province.ports import ReceivedBatch, StoreAway, Taken
from hall.province.registry import PlacedHall, PlacedUnit, Registry
from hall.province.settings import HallEntry, UnitEntry
from hall.runtime.settings import ConfigError
from hall.uplink.batching import Sender, batch_of

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
HERE = datetime.fromisoformat("2026-11-30T10:00:00+07:00")
TICKET = PublicTicket(
    id="1-7-42", number="A042", service="ho-tich", day="2026-11-30", issued_at=HERE,
    channel="kiosk",
)  # fmt: skip


def event(seq: int, kind: str = "counter_opened", epoch: int = 1, **more: Any) -> TicketEvent:
    return TicketEvent.model_validate(
        {"epoch": epoch, "seq": seq, "type": kind, "by": "tech", "at": HERE, "counter": "1", **more}
    )


def batch(
    events: list[TicketEvent], after: tuple[int, int], source: str = "m", host: str = "pi"
) -> UpEvents:
    place = JournalPlace(epoch=after[0], seq=after[1])
    made = batch_of(events, place, Sender(source, host), 40_000)
    assert made is not None
    return made


def opened(first: int, last: int, after: tuple[int, int], epoch: int = 1) -> UpEvents:
    return batch([event(seq, epoch=epoch) for seq in range(first, last + 1)], after)


class Province:
    def __init__(self, dsn: str) -> None:
        self.database = Database(dsn)
        self.store = PostgresEvents(self.database)
        units = (PlacedUnit(UnitEntry(id="xa", name="Xã"), 1),)
        halls = (PlacedHall(HallEntry(id=h, unit="xa", name=f"Xã {h}"), 1) for h in ("a", "b"))
        registrar.register(self.database, Registry("x", units, tuple(halls)))

    def take(self, *batches: UpEvents, hall: str = "a", late_s: float = 0.0) -> Taken:
        sent = NOW - timedelta(seconds=late_s)
        return self.store.take_batches([ReceivedBatch(hall, each, sent, NOW) for each in batches])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.transaction() as cursor:
            return cursor.rows(sql)

    def places(self) -> list[tuple[int, int]]:
        return [(e, s) for e, s in self.rows("SELECT epoch, seq FROM event ORDER BY epoch, seq")]

    def kinds(self) -> set[tuple[str, str]]:
        found = registrar.status(self.database, NOW)
        return {(note.hall, note.kind) for note in found.notes if note.kind != "credential"}


@pytest.fixture
def province(dsn: str) -> Any:
    made = Province(dsn)
    yield made
    made.store.close()


def held(taken: Taken) -> tuple[int, int]:
    (answer,) = taken.answers
    return answer.held.order


def test_a_batch_is_stored_and_answered(province: Province) -> None:
    taken = province.take(opened(1, 5, (0, 0)))

    assert held(taken) == (1, 5)
    assert taken.stored == 5
    assert province.places() == [(1, seq) for seq in range(1, 6)]


def test_a_batch_that_comes_again_is_stored_once(province: Province) -> None:
    province.take(opened(1, 5, (0, 0)))
    again = province.take(opened(1, 5, (0, 0)), opened(1, 8, (0, 0)))

    assert again.stored == 3
    assert held(again) == (1, 8)
    assert province.places() == [(1, seq) for seq in range(1, 9)]


def test_a_gap_is_asked_for_again_and_nothing_is_stored(province: Province) -> None:
    province.take(opened(1, 5, (0, 0)))
    taken = province.take(opened(9, 12, (1, 8)))

    assert held(taken) == (1, 5)
    assert taken.gaps == ("a",)
    assert len(province.places()) == 5


def test_a_restored_journal_goes_on_in_its_new_epoch(province: Province) -> None:
    province.take(opened(1, 9, (0, 0)))
    taken = province.take(opened(6, 8, (1, 9), epoch=2))

    assert held(taken) == (2, 8)
    assert len(province.places()) == 12


def test_two_batches_of_one_hall_in_one_transaction_follow_each_other(province: Province) -> None:
    taken = province.take(opened(1, 5, (0, 0)), opened(6, 7, (1, 5)))

    assert held(taken) == (1, 7)
    assert taken.stored == 7


def test_an_unknown_hall_is_refused_and_named(province: Province) -> None:
    taken = province.take(opened(1, 5, (0, 0)), hall="la")
    (answer,) = taken.answers

    assert answer.refused is not None
    assert answer.refused.code == "unknown_hall"
    assert ("la", "unknown") in province.kinds()
    assert province.places() == []


def test_a_second_machine_under_one_id_is_refused_and_both_are_named(province: Province) -> None:
    province.take(batch([event(1)], (0, 0), "m1", "pi-mot (10.0.0.5)"))
    taken = province.take(batch([event(2)], (1, 1), "m2", "pi-hai (10.0.0.6)"))
    (answer,) = taken.answers

    assert answer.refused is not None
    assert answer.refused.code == "twin"
    assert "pi-mot (10.0.0.5)" in answer.refused.text
    assert "pi-hai (10.0.0.6)" in answer.refused.text
    assert province.places() == [(1, 1)]
    assert ("a", "refused") in province.kinds()
    (told, _) = province.store.answers()
    assert told.refused is not None


def test_a_machine_that_was_replaced_is_adopted(province: Province) -> None:
    province.take(batch([event(1)], (0, 0), "m1", "cu"))
    province.take(batch([event(2)], (1, 1), "m2", "moi"))

    assert registrar.adopt(province.database, "a") == ("cu", "moi")
    assert held(province.take(batch([event(2)], (1, 1), "m2", "moi"))) == (1, 2)
    assert registrar.adopt(province.database, "a") is None


def test_the_same_places_with_another_content_are_another_hall(province: Province) -> None:
    """A copied card has the mark of the first, and its own day behind it."""
    province.take(opened(1, 5, (0, 0)))
    other = [event(seq, "counter_closed") for seq in range(1, 7)]
    (answer,) = province.take(batch(other, (0, 0))).answers

    assert answer.refused is not None
    assert answer.held.order == (1, 5)


def test_a_clock_that_is_wrong_is_named(province: Province) -> None:
    province.take(opened(1, 2, (0, 0)), late_s=100.0)
    assert ("a", "clock") not in province.kinds()
    province.take(opened(3, 4, (1, 2)), late_s=-4000.0)

    assert ("a", "clock") in province.kinds()


def test_halls_do_not_mix(province: Province) -> None:
    province.store.take_batches(
        [
            ReceivedBatch("b", opened(1, 3, (0, 0)), NOW, NOW),
            ReceivedBatch("a", opened(1, 2, (0, 0)), NOW, NOW),
        ]
    )
    found = province.rows("SELECT hall, count(*) FROM event GROUP BY hall ORDER BY hall")

    assert found == [("a", 2), ("b", 3)]


def test_every_field_of_an_event_arrives(province: Province) -> None:
    told = event(
        1, "finished", ticket=TICKET.model_copy(update={"priority": "x"}), wait_s=60, serve_s=30,
        cause="next", how="served",
    )  # fmt: skip
    province.take(batch([told], (0, 0)))
    row = province.rows("SELECT to_jsonb(event) FROM event")[0][0]
    found = row if isinstance(row, dict) else json.loads(row)

    assert found == {
        "hall": "a", "epoch": 1, "seq": 1, "day": "2026-11-30", "type": "finished",
        "at": "2026-11-30T03:00:00+00:00", "client": "tech", "ticket": "1-7-42",
        "number": "A042", "service": "ho-tich", "channel": "kiosk", "preferred": True,
        "counter": "1", "wait_s": 60, "serve_s": 30, "cause": "next", "how": "served",
        "of_seq": None, "score": None, "question": None, "reason": None,
    }  # fmt: skip


def test_what_copy_takes_for_its_own_is_written_apart() -> None:
    assert copied(["a\tb\\n", None, True, 3]) == "a\\tb\\\\n\t\\N\tt\t3\n"


# --- days ---------------------------------------------------------------------------------------


def work_out(province: Province, today: date = date(2026, 11, 30)) -> None:
    with province.database.transaction() as cursor:
        keeper.work_out_days(cursor, keeper.first_of_month(today, -36))


def test_a_day_in_figures_counts_what_was_not_taken_back(province: Province) -> None:
    day = [
        event(1, "issued", ticket=TICKET),
        event(2, "called", ticket=TICKET, wait_s=120),
        event(3, "no_show", ticket=TICKET),
        event(4, "undone", ticket=TICKET, cause="no_show", of=3),
        event(5, "finished", ticket=TICKET, how="served", serve_s=300),
        event(6, "rated", ticket=TICKET, score=2, cause="2"),
        event(7, "rated", ticket=TICKET, score=5, cause="5", of=6),
    ]
    province.take(batch(day, (0, 0)))
    work_out(province)

    found = province.rows(
        "SELECT issued, called, served, no_show, waits, wait_sum_s, wait_max_s, serve_sum_s "
        "FROM day_service"
    )
    assert found == [(1, 1, 1, 0, 1, 120, 120, 300)]
    assert province.rows("SELECT score, ratings FROM day_rating") == [(5, 1)]
    assert province.rows("SELECT * FROM stale_day") == []


def test_late_events_work_the_day_out_anew(province: Province) -> None:
    province.take(batch([event(1, "issued", ticket=TICKET)], (0, 0)))
    work_out(province)
    province.take(batch([event(2, "issued", ticket=TICKET)], (1, 1)))
    work_out(province)

    assert province.rows("SELECT issued FROM day_service") == [(2,)]


def test_months_are_made_and_old_ones_go_while_their_figures_stay(province: Province) -> None:
    with province.database.transaction() as cursor:
        keeper.make_months(cursor, date(2026, 11, 30), 2)
    province.take(batch([event(1, "issued", ticket=TICKET)], (0, 0)))
    work_out(province)
    assert province.rows("SELECT tableoid::regclass::text FROM event") == [("event_2026_11",)]
    with province.database.transaction() as cursor:
        keeper.make_months(cursor, date(2027, 3, 1), 2)
        gone = keeper.drop_months(cursor, date(2027, 3, 1), 2)

    assert gone == ["event_2026_09", "event_2026_10", "event_2026_11", "event_2026_12"]
    assert province.places() == []
    assert province.rows("SELECT issued FROM day_service") == [(1,)]


def test_a_wrong_calendar_lies_apart(province: Province) -> None:
    with province.database.transaction() as cursor:
        keeper.make_months(cursor, date(2026, 11, 30), 2)
    old = TICKET.model_copy(update={"day": "1970-01-01"})
    province.take(batch([event(1, "issued", ticket=old)], (0, 0)))

    assert province.rows("SELECT tableoid::regclass::text FROM event") == [("event_stray",)]
    with province.database.transaction() as cursor:
        keeper.make_months(cursor, date(1970, 2, 1), 2)


# --- registry, migrations, connection -----------------------------------------------------------


def test_an_id_of_another_unit_is_refused_and_both_are_named(province: Province) -> None:
    placed = (PlacedHall(HallEntry(id="a", unit="phuong", name="Phường Mới"), 7),)
    units = (PlacedUnit(UnitEntry(id="phuong", name="Phường"), 1),)
    with pytest.raises(ConfigError) as refused:
        registrar.register(province.database, Registry("halls.csv", units, placed))

    assert "halls.csv:7:1" in str(refused.value)
    assert "Xã a" in str(refused.value)
    assert "Phường Mới" in str(refused.value)
    assert province.rows("SELECT count(*) FROM unit") == [(1,)]


def test_a_credential_is_issued_and_revoked(province: Province) -> None:
    registrar.issue(province.database, "a", "$7$x", NOW)
    assert registrar.credentials(province.database) == {"a": ("xa", "$7$x")}
    assert registrar.revoke(province.database, "a")
    assert not registrar.revoke(province.database, "a")
    with pytest.raises(registrar.NoSuchHall):
        registrar.issue(province.database, "la", "$7$x", NOW)


def test_migrations_run_once_each(dsn: str) -> None:
    with Database(dsn) as database:
        assert migrate(database) == []
        more = (*migrating.migrations(), Migration(9, "more", "CREATE TABLE more (id int)"))
        assert migrate(database, more) == [9]
        with pytest.raises(TooNew):
            migrate(database)


def test_each_migration_goes_on_from_the_one_before(dsn: str) -> None:
    with Database(dsn) as database, database.transaction() as cursor:
        cursor.run("DROP SCHEMA report, public CASCADE; CREATE SCHEMA public")
    wanted = migrating.migrations()
    assert [each.number for each in wanted] == list(range(1, len(wanted) + 1))
    with Database(dsn) as database:
        for count, each in enumerate(wanted, 1):
            assert migrate(database, wanted[:count]) == [each.number]


def test_a_database_that_is_away_is_told_as_that() -> None:
    with Database("host=127.0.0.1 port=1 dbname=x") as database, pytest.raises(StoreAway):
        migrate(database)
