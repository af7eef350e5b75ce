"""A second machine for the province: PostgreSQL replicates to it, the first one dies at a blow.

Replication is asynchronous: what the standby had not received is lost there, though the hall has
it acknowledged. The hall's journal sends it again.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_postgres import OwnPostgres
from own_province import OwnProvince, until
from whole_hall import HALL, WholeHall

from hall.province.database import Database, changed
from hall.province.postgres_tools import PostgresTools

pytestmark = pytest.mark.broker


@pytest.fixture
def pair(servers_folder: Path) -> Iterator[tuple[OwnPostgres, OwnPostgres]]:
    """Primary and standby."""
    primary, standby = (OwnPostgres(servers_folder / name) for name in ("primary", "standby"))
    try:
        primary.make()
        primary.start()
        standby.make_standby_of(primary)
        standby.start()
        yield primary, standby
    finally:
        standby.stop()
        primary.stop()


def told(dsn: str, sql: str) -> str:
    """The first word of the answer."""
    with Database(dsn) as database, database.transaction() as cursor:
        return str(cursor.rows(sql)[0][0])


def cut_off(standby: OwnPostgres) -> None:
    """It receives nothing more, as on a line that has fallen behind."""
    tools = PostgresTools(standby.dsn)
    tools.administer("ALTER SYSTEM SET primary_conninfo = ''")
    tools.administer("SELECT pg_reload_conf()")
    assert until(lambda: told(standby.dsn, "SELECT count(*) FROM pg_stat_wal_receiver") == "0")


def test_the_standby_takes_over_and_the_hall_sends_what_it_had_not_received(
    pair: tuple[OwnPostgres, OwnPostgres], tmp_path: Path
) -> None:
    primary, standby = pair
    name = primary.fresh("tinh")
    dsn = changed(
        name, host="127.0.0.1,127.0.0.1", port=f"{primary.port},{standby.port}",
        target_session_attrs="read-write",
    )  # fmt: skip
    first, second, folder = (tmp_path / each for each in ("first", "second", "hall"))
    for each in (first, second, folder):
        each.mkdir()
    there = changed(standby.dsn, dbname="tinh")
    province = OwnProvince(first, dsn)
    # The address is one, and goes over to the second machine.
    heir = OwnProvince(second, dsn, port=province.port, words=province.words)
    try:
        province.make([HALL])
        province.start_consumer()
        with WholeHall(folder, province) as hall:
            hall.press(5)
            assert until(hall.is_level), hall.end()
            level = str(hall.end())
            assert until(lambda: told(there, "SELECT count(*) FROM event") == level)
            cut_off(standby)
            hall.press(10)
            assert until(hall.is_level), hall.end()
            acknowledged = hall.end()

            primary.kill()
            province.kill_broker()
            province.kill_consumer()
            hall.press(5)
            standby.promote()
            assert int(told(there, "SELECT count(*) FROM event")) == int(level) < acknowledged
            heir.stand_up()
            heir.start_consumer()

            assert until(hall.is_level, 240.0), (hall.end(), heir.places(HALL)[-1:])
    finally:
        heir.stop()
        province.stop()
