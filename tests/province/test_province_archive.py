"""Backups of a province's machine, and the way back: a real PostgreSQL, dumped, lost, restored."""

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_postgres import OwnPostgres
from own_province import OwnProvince, until
from whole_hall import HALL, WholeHall

from hall.province import archive
from hall.province.archive import DUMP, FILES, StillInUse
from hall.province.database import Database, changed
from hall.province.ports import StoreAway
from hall.province.postgres_tools import PostgresTools, ToolFailed

pytestmark = pytest.mark.broker
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture
def province(tmp_path: Path, dsn: str) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn)
    made.folder.mkdir()
    made.make([HALL])
    yield made
    made.stop()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine's, with what a province keeps in it."""
    found = tmp_path / "root"
    for name, text in (
        ("etc/motcua/province.yaml", "version: 1"),
        ("etc/motcua/credentials/province-broker", "bí mật"),
        ("etc/motcua/ca/ca.key", "khoá"),
        ("etc/mosquitto/motcua-province.acl", "user province"),
        ("etc/mosquitto/mosquitto.conf", "của Debian"),
    ):
        file = found / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (found / "etc/motcua/ca").chmod(0o700)
    return found


def test_what_was_dropped_comes_back_and_the_halls_send_the_rest(
    province: OwnProvince, root: Path, tmp_path: Path
) -> None:
    folder, kept = tmp_path / "hall", tmp_path / "backups"
    folder.mkdir()
    province.start_consumer()
    with WholeHall(folder, province) as hall:
        hall.press(5)
        assert until(hall.is_level), hall.end()
        done = province.motcua("backup", "--out", str(kept), "--root", str(root))
        assert done.returncode == 0, done.stderr
        hall.press(5)
        assert until(hall.is_level), hall.end()
        (backup,) = kept.iterdir()

        used = province.motcua("restore", str(backup), "--root", str(root))
        assert used.returncode == 1
        assert "motcua-province" in used.stderr
        province.kill_consumer()
        tools = PostgresTools(province.dsn)
        assert until(lambda: not _connected(tools))
        tools.administer(f'DROP DATABASE "{tools.name}"')
        done = province.motcua("restore", str(backup), "--root", str(root))
        assert done.returncode == 0, done.stderr
        assert "Broker đã đọc lại" in done.stdout
        assert 0 < len(province.places(HALL)) < hall.end()

        province.start_consumer()
        assert until(hall.is_level, 240.0), (hall.end(), province.places(HALL)[-1:])


def _connected(tools: PostgresTools) -> str:
    asked = f"SELECT pid FROM pg_stat_activity WHERE datname = '{tools.name}'"
    return tools.administer(asked).strip()


def test_the_database_that_was_there_stays_under_another_name(
    dsn: str, root: Path, tmp_path: Path
) -> None:
    tools = PostgresTools(dsn)
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    _run(dsn, "INSERT INTO unit VALUES ('sau', 'Sau bản sao')")

    done = archive.restore(tools, root, backup, NOW)

    assert _units(dsn) == []
    assert _units(changed(dsn, dbname=done.before)) == ["sau"]


def test_a_broken_dump_changes_nothing(dsn: str, root: Path, tmp_path: Path) -> None:
    tools = PostgresTools(dsn)
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    whole = (backup / DUMP).read_bytes()
    (backup / DUMP).write_bytes(whole[: len(whole) // 2])
    _run(dsn, "INSERT INTO unit VALUES ('sau', 'Sau bản sao')")

    with pytest.raises(ToolFailed, match="pg_restore"):
        archive.restore(tools, root, backup, NOW)

    assert _units(dsn) == ["sau"]


def test_rights_come_back_for_the_readers_that_the_server_still_has(
    dsn: str, root: Path, tmp_path: Path
) -> None:
    tools = PostgresTools(dsn)
    for name in ("reads_still", "reads_no_more"):
        tools.administer(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN")
        _run(dsn, f"GRANT SELECT ON unit TO {name}")
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    _run(dsn, "REVOKE ALL ON unit FROM reads_no_more")
    tools.administer("DROP ROLE reads_no_more")

    done = archive.restore(tools, root, backup, NOW)

    assert "reads_no_more" in done.rights
    assert _units(changed(dsn, user="reads_still")) == []
    assert archive.restore(tools, root, archive.back_up(
        tools, root, tmp_path / "kept", NOW + timedelta(days=1)), NOW + timedelta(days=1)
    ).rights == ""  # fmt: skip


def test_whoever_is_connected_is_named(dsn: str, root: Path, tmp_path: Path) -> None:
    tools = PostgresTools(dsn)
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    with Database(dsn) as database:
        with database.transaction() as cursor:
            cursor.rows("SELECT 1")

        with pytest.raises(StillInUse, match="motcua-province"):
            archive.restore(tools, root, backup, NOW)


def test_files_that_are_missing_come_back_and_those_that_are_there_stay(
    dsn: str, root: Path, tmp_path: Path
) -> None:
    tools = PostgresTools(dsn)
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    new = tmp_path / "new"
    (new / "etc/motcua").mkdir(parents=True)
    (new / "etc/motcua/province.yaml").write_text("mới")

    done = archive.restore(tools, new, backup, NOW)

    assert set(done.files) == {
        "etc/motcua/credentials/province-broker",
        "etc/motcua/ca/ca.key",
        "etc/mosquitto/motcua-province.acl",
    }
    assert (new / "etc/motcua/province.yaml").read_text() == "mới"
    assert (new / "etc/motcua/ca").stat().st_mode & 0o777 == 0o700
    assert not (new / "etc/mosquitto/mosquitto.conf").exists()


def test_a_backup_leads_nowhere_outside_the_root(dsn: str, root: Path, tmp_path: Path) -> None:
    tools = PostgresTools(dsn)
    backup = archive.back_up(tools, root, tmp_path / "kept", NOW)
    with tarfile.open(backup / FILES, "w") as tar:
        tar.add(root / "etc/motcua/province.yaml", "etc/motcua/credentials/../../../../out")

    put = archive.restore(tools, tmp_path / "a" / "b", backup, NOW).files

    assert put == ()
    assert not (tmp_path / "out").exists()


def test_the_newest_stay_and_what_was_left_half_made_goes(
    dsn: str, root: Path, tmp_path: Path
) -> None:
    kept, tools = tmp_path / "kept", PostgresTools(dsn)
    made = [archive.back_up(tools, root, kept, NOW + timedelta(days=n)) for n in range(3)]
    (kept / "2026-11-29T020000.part").mkdir()
    (kept / "của-người-khác").mkdir()

    assert archive.rotate(kept, 2) == (made[0],)

    assert {each.name for each in kept.iterdir()} == {
        made[1].name, made[2].name, "của-người-khác"
    }  # fmt: skip
    assert archive.backups(kept) == (made[1], made[2])
    assert archive.made_at(made[1], NOW) == NOW + timedelta(days=1)
    assert made[1].stat().st_mode & 0o077 == 0


def test_a_server_that_is_away_leaves_no_backup_that_looks_whole(
    postgres: OwnPostgres, root: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with pytest.raises(ToolFailed, match="pg_dump"):
        archive.back_up(PostgresTools(f"{postgres.dsn} port=1"), root, kept, NOW)

    assert archive.backups(kept) == ()


def _run(dsn: str, sql: str) -> None:
    with Database(dsn) as database, database.transaction() as cursor:
        cursor.run(sql)


def _units(dsn: str) -> list[str]:
    try:
        with Database(dsn) as database, database.transaction() as cursor:
            return [unit for (unit,) in cursor.rows("SELECT id FROM unit")]
    except StoreAway:
        return ["away"]
