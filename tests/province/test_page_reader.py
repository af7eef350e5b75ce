"""The role of PostgreSQL for programs of others, and the board that is ready for Grafana."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from own_postgres import OwnPostgres

from hall.province.database import Database
from hall.province.page import reader_role
from hall.province.ports import StoreAway, StoreRefuses

WORD = "chi-de-doc"
PERSONAL = {"ticket", "number", "client", "source", "host", "hash", "token", "account", "cause"}
# As Grafana puts them in place of its own words.
FILLED = {
    "$__timeFilter(day)": "day BETWEEN '2026-09-01' AND '2026-11-30'",
    "${unit:sqlstring}": "'don-vi-1','don-vi-2'",
}


@pytest.fixture(scope="module")
def owner(postgres: OwnPostgres) -> Iterator[Database]:
    with Database(postgres.fresh("reader")) as database:
        with database.transaction() as cursor:
            cursor.run("INSERT INTO unit VALUES ('don-vi-1', 'Đơn vị 1')")
            cursor.run("INSERT INTO hall VALUES ('xa', 'don-vi-1', 'Xã')")
            cursor.run("INSERT INTO place (hall) VALUES ('xa')")
            cursor.run(
                "INSERT INTO day_service VALUES ('xa', '2026-11-24', 'ho-tich', 40, 40, 36, 0, 1, "
                "0, 0, 0, 40, 16000, 900, 36, 12000)"
            )
            cursor.run("INSERT INTO day_rating VALUES ('xa', '2026-11-24', '', 5, 40)")
            reader_role.create(cursor, "bang_so", WORD)
        yield database
        with database.transaction() as cursor:
            assert reader_role.remove(cursor, "bang_so")


@pytest.fixture
def reader(postgres: OwnPostgres, owner: Database) -> Iterator[Database]:
    assert owner
    dsn = postgres.dsn.replace("user=postgres dbname=postgres", "user=bang_so dbname=reader")
    with Database(f"{dsn} password={WORD}") as database:
        yield database


def tables(owner: Database, schema: str) -> list[str]:
    with owner.transaction() as cursor:
        return [
            name
            for (name,) in cursor.rows(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE nspname = %s AND relkind IN ('r', 'v', 'p') ORDER BY relname",
                (schema,),
            )
        ]


def test_it_reads_the_views_and_no_table(owner: Database, reader: Database) -> None:
    for view in tables(owner, "report"):
        with reader.transaction() as cursor:
            cursor.rows(f"SELECT * FROM report.{view}")
    hidden = tables(owner, "public")
    assert {"event", "account", "credential", "day_service"} <= set(hidden)
    for table in hidden:
        with pytest.raises(StoreRefuses), reader.transaction() as cursor:
            cursor.rows(f"SELECT * FROM public.{table}")


def test_it_writes_nothing(reader: Database) -> None:
    for sql in ("DELETE FROM report.hall", "CREATE TABLE mine (a int)", "SET ROLE postgres"):
        # A view that no row can be taken out of is an operational error to the library.
        with pytest.raises((StoreRefuses, StoreAway)), reader.transaction() as cursor:
            cursor.run(sql)


def test_no_view_has_a_column_about_a_person_or_a_machine(owner: Database) -> None:
    with owner.transaction() as cursor:
        columns = cursor.rows(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'report'"
        )

    assert columns
    assert not [each for each in columns if each[1] in PERSONAL]


def test_its_password_is_changed_by_creating_it_again(owner: Database) -> None:
    with owner.transaction() as cursor:
        reader_role.create(cursor, "bang_so", WORD)


@pytest.mark.parametrize("name", ["pg_x", "A", "a b", "a;drop", "", "x" * 40])
def test_only_a_plain_name_becomes_a_role(owner: Database, name: str) -> None:
    assert not reader_role.is_role_name(name)
    with pytest.raises(ValueError), owner.transaction() as cursor:
        reader_role.create(cursor, name, WORD)


def queries() -> list[str]:
    board: Any = json.loads(reader_role.dashboard())
    asked = [target["rawSql"] for panel in board["panels"] for target in panel["targets"]]
    return asked + [each["query"] for each in board["templating"]["list"]]


@pytest.mark.parametrize("number", range(len(queries())))
def test_each_question_of_the_board_is_answered_to_the_reader(
    reader: Database, number: int
) -> None:
    sql = queries()[number]
    for word, value in FILLED.items():
        sql = sql.replace(word, value)

    with reader.transaction() as cursor:
        assert cursor.rows(sql)


def test_the_board_names_its_source_once_for_whoever_imports_it() -> None:
    board: Any = json.loads(reader_role.dashboard())

    (source,) = board["__inputs"]
    assert source["pluginId"] == "postgres"
    assert {panel["datasource"]["uid"] for panel in board["panels"]} == {"${DS_MOTCUA}"}
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
