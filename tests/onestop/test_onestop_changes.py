"""A list that comes again: only what is new in it is written, and the counts come out the same."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onestop_tables import NOW, ZONE, job, taken_in

from hall.onestop import changes, store, tallies
from hall.onestop.changes import IsSame
from hall.onestop.dossiers import Dossier, Listed
from hall.onestop.intake.importing import ImportOutcome
from hall.onestop.shelf import ImportShelf
from hall.onestop.store import Compared, DossierStoreError

HEAD = "MaHoSo,TrangThaiHoSo,TenLinhVuc,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy\n"
RECEIVED = datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
DUE, DONE = datetime(2026, 11, 5, 17, 0, tzinfo=ZONE), datetime(2026, 11, 4, 9, 0, tzinfo=ZONE)


def line(
    code: int, status: int = 4, *, field: str = "Đất đai", more: str = "20261102080000,,"
) -> str:
    return f"H38.12-261102-{code:04d},{status},{field},{more}\n"


# A row of a list, by what tells it from another: a code, a state (0: unclear), a field.
ROWS = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from([0, 4, 5, 7, 10]), st.sampled_from("xy")),
    max_size=8,
)
Rows = list[tuple[str, int, str]]


def listed(rows: Rows, is_same: IsSame = lambda _digest: False) -> Iterator[Listed]:
    """As the intake reads them: a row whose cells are known is not read."""
    for code, status, field in rows:
        digest = int.from_bytes(f"{code}{status}{field}".encode())
        if status and is_same(digest):
            continue
        dated = {"received": RECEIVED, "due": DUE, "done": DONE if status == 10 else None}
        dossier = Dossier(code, status, "1", "P", field=field, **(dated if status else {}))
        yield Listed(dossier, digest if status else None)


def content(path: Path) -> tuple[list[tuple[object, ...]], ...]:
    """Every row and every count, without what numbers them."""
    kinds = " JOIN kind ON kind.id = kind"
    queries = (
        f"SELECT code, status, field, due, done, class, clash FROM dossier{kinds} ORDER BY 1",
        f"SELECT day, field, sum(count) FROM received_on{kinds} GROUP BY 1, 2",
        f"SELECT day, field, standing, sum(count) FROM resolved_on{kinds} GROUP BY 1, 2, 3",
        "SELECT * FROM total",
    )
    with closing(store.reader(path)) as connection:
        return tuple(connection.execute(query).fetchall() for query in queries)


@settings(max_examples=25)
@given(ROWS, ROWS, ROWS)
def test_changes_put_in_leave_what_the_whole_list_would(
    tmp_path_factory: pytest.TempPathFactory, first: Rows, second: Rows, third: Rows
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    used, changed, whole = (folder / name for name in ("used", "changed", "whole"))
    store.write(used, listed(first), "r")
    for rows in (second, third):
        written = store.write(whole, listed(rows), "r")
        told = changes.write(changed, used, lambda is_same, rows=rows: listed(rows, is_same))
        assert told.compared == store.compare(used, whole)
        assert (told.written.rows, told.written.count) == (written.rows, written.count)
        assert told.written.clashes == written.clashes
        assert tallies.periods_with(changed, used, NOW) == tallies.periods(whole, NOW)

        changes.put_in(changed, used)
        assert content(used) == content(whole)


def imported(path: Path, text: str, shelf: ImportShelf) -> ImportOutcome:
    """A list is read beside the one in use; nothing is put in its place yet."""
    path.write_text(text, "utf-8")
    shelf.drop(shelf.work)
    return taken_in(job(path, shelf.work, store=shelf.dossiers))


@pytest.fixture
def shelf(tmp_path: Path) -> ImportShelf:
    return ImportShelf(tmp_path / "onestop")


def codes(shelf: ImportShelf) -> set[str]:
    return {each.code[-4:] for each in store.everything(shelf.dossiers, ZONE)}


def test_a_list_that_comes_again_is_written_only_where_it_changed(
    tmp_path: Path, shelf: ImportShelf
) -> None:
    rows = [line(n) for n in range(200)]
    shelf.take_import(imported(tmp_path / "d.csv", HEAD + "".join(rows), shelf), shelf.work)
    rows[17], rows[18] = line(17, 9), line(900)
    outcome = imported(tmp_path / "d.csv", HEAD + "".join(rows), shelf)

    assert not (shelf.work / "dossiers.sqlite3").exists()
    with closing(sqlite3.connect(shelf.work / "changes.sqlite3")) as written:
        assert written.execute("SELECT count(*) FROM dossier").fetchone() == (2,)
    assert outcome.report.remarks[-1] == (
        "so với lần nhập trước: 1 hồ sơ mới, 1 thay đổi, 1 không còn"
    )
    assert (outcome.report.rows, outcome.report.taken) == (200, 200)
    assert "0900" not in codes(shelf)
    shelf.take_import(outcome, shelf.work)
    assert {"0017", "0900"} <= codes(shelf)
    assert "0018" not in codes(shelf)


def test_other_columns_make_no_row_a_changed_one(tmp_path: Path, shelf: ImportShelf) -> None:
    rows = [line(n) for n in range(20)]
    shelf.take_import(imported(tmp_path / "d.csv", HEAD + "".join(rows), shelf), shelf.work)
    wider = "STT," + HEAD + "".join(f"{20 - n},{row}" for n, row in enumerate(reversed(rows)))

    outcome = imported(tmp_path / "d.csv", wider, shelf)
    assert outcome.report.remarks[-1] == (
        "so với lần nhập trước: 0 hồ sơ mới, 0 thay đổi, 0 không còn"
    )
    assert (shelf.work / "changes.sqlite3").exists()


def test_dates_in_another_order_are_read_anew(tmp_path: Path, shelf: ImportShelf) -> None:
    days = ("02/11/2026", "25/11/2026"), ("11/02/2026", "11/25/2026"), ("02/11/2026", "11/25/2026")
    lists = [HEAD + "".join(line(n, more=f"{day},,") for n, day in enumerate(two)) for two in days]

    shelf.take_import(imported(tmp_path / "d.csv", lists[0], shelf), shelf.work)
    assert imported(tmp_path / "d.csv", lists[1], shelf).report.remarks[-1] == (
        "so với lần nhập trước: 0 hồ sơ mới, 0 thay đổi, 0 không còn"
    )
    # Both orders in one column: the cell that was clear before is not any more.
    mixed = imported(tmp_path / "d.csv", lists[2], shelf).report
    assert (mixed.state, mixed.taken, len(mixed.refused)) == ("taken", 1, 1)


def test_a_cell_that_was_unclear_is_told_at_every_import(
    tmp_path: Path, shelf: ImportShelf
) -> None:
    text = HEAD + "".join(line(n) for n in range(20)) + line(99, more="32/11/2026,,")
    for _ in range(2):
        outcome = imported(tmp_path / "d.csv", text, shelf)
        assert [each.count for each in outcome.report.refused] == [1]
        shelf.take_import(outcome, shelf.work)


def test_what_a_list_changed_waits_as_a_whole_list(tmp_path: Path, shelf: ImportShelf) -> None:
    """Another list may be in use when a person agrees at last."""
    rows = [line(n) for n in range(100)]
    shelf.take_import(imported(tmp_path / "d.csv", HEAD + "".join(rows), shelf), shelf.work)
    fewer = imported(tmp_path / "d.csv", HEAD + "".join(rows[:50]), shelf)
    assert fewer.report.state == "held"
    shelf.hold("dossiers", shelf.work)
    again = imported(tmp_path / "e.csv", HEAD + "".join(rows) + line(500), shelf)
    shelf.take_import(again, shelf.work)

    shelf.take_import(fewer, shelf.folder / "held" / "dossiers")
    assert codes(shelf) == {f"{n:04d}" for n in range(50)}


def test_a_power_cut_amid_the_changes_leaves_the_list_that_was_there(
    tmp_path: Path, shelf: ImportShelf
) -> None:
    rows = [line(n) for n in range(100)]
    shelf.take_import(imported(tmp_path / "d.csv", HEAD + "".join(rows), shelf), shelf.work)
    outcome = imported(tmp_path / "d.csv", HEAD + "".join(rows[1:]) + line(500), shelf)
    with closing(sqlite3.connect(shelf.work / "changes.sqlite3")) as damaged:
        damaged.execute("DROP TABLE total")

    with pytest.raises(DossierStoreError):
        shelf.take_import(outcome, shelf.work)
    assert codes(shelf) == {f"{n:04d}" for n in range(100)}


def test_a_whole_list_after_changes_meets_nothing_of_them(
    tmp_path: Path, shelf: ImportShelf
) -> None:
    """A write-ahead log left beside the old store would be read into the new one."""
    rows = [line(n) for n in range(100)]
    for text in (HEAD + "".join(rows), HEAD + "".join(rows) + line(500)):
        shelf.take_import(imported(tmp_path / "d.csv", text, shelf), shelf.work)
    with closing(sqlite3.connect(shelf.dossiers)) as left:
        left.execute("PRAGMA wal_autocheckpoint = 0")
        left.execute("DELETE FROM dossier")
        left.commit()
        whole = tmp_path / "whole"
        whole.mkdir()
        store.write(whole / "dossiers.sqlite3", _few())
        report = imported(tmp_path / "d.csv", HEAD + line(1), shelf)
        shelf.take_import(report, whole)

    assert codes(shelf) == {"0001", "0002"}


def _few() -> Iterable[Listed]:
    return [Listed(Dossier(f"H38.12-261102-000{n}", 4, "1", "P")) for n in (1, 2)]


def test_nothing_is_compared_where_nothing_is_in_use(tmp_path: Path, shelf: ImportShelf) -> None:
    outcome = imported(tmp_path / "d.csv", HEAD + line(1), shelf)

    assert not any("so với" in remark for remark in outcome.report.remarks)
    assert store.compare(shelf.work / "dossiers.sqlite3", shelf.work / "dossiers.sqlite3") == (
        Compared(known=1)
    )
