"""Whatever a supplier's table or a citizen's finger brings, nothing falls over."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from onestop_tables import sheet_of

from hall.contract.onestop_messages import Period
from hall.figures.doubts import doubts
from hall.figures.shares import Base, timeliness
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier, Listed, dossier_data
from hall.onestop.intake import dossiers
from hall.onestop.intake.layout import whole_table
from hall.onestop.intake.mapping import BUILT_IN
from hall.onestop.intake.notes import Notes
from hall.onestop.sample.live import LiveDossiers
from hall.onestop.sample.past import PastDossiers
from hall.onestop.sample.profiles import profile, sample_procedures
from hall.onestop.store import find, write

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PROCEDURES = sample_procedures()
LIVE = LiveDossiers("H38.12", PROCEDURES)
PAST = profile("phu-tien").past
DIGITS = st.text("0123456789", min_size=1, max_size=13)
CODES = st.one_of(
    st.text(max_size=80),
    st.builds("012.15.03.H55-{}-{}".format, DIGITS, DIGITS),
    st.builds("H38.12-{}-{}".format, DIGITS, DIGITS),
)
COLUMNS = ("MaHoSo", "TrangThaiHoSo", "TenTTHC", "NgayTiepNhan", "NgayHenTra", "ngayketthucxuly")
CELLS = st.one_of(
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.datetimes(),
    st.datetimes().map(str),
    st.sampled_from(["4", "10", "Đang xử lý", "02/11/2026", "11/25/2026"]),
)
ROWS = st.lists(st.tuples(CODES, *(CELLS for _ in COLUMNS[1:])), max_size=12)


@given(CODES)
def test_any_code_is_found_as_itself_or_not_at_all(code: str) -> None:
    assert PAST is not None
    past = PastDossiers(PAST, PROCEDURES, ZONE)
    for dossier in (LIVE.find(code, NOW.astimezone(ZONE)), past.find(code)):
        assert dossier is None or dossier.code == code


@given(ROWS)
def test_any_table_is_read_counted_and_told(rows: list[tuple[str, ...]]) -> None:
    sheet, notes = sheet_of(COLUMNS, *rows), Notes()
    table = whole_table(sheet)
    judged = dossiers.Table(sheet, table, dossiers.judge(sheet, table, BUILT_IN), ZONE)
    read = [listed.dossier for listed in dossiers.read_all((judged,), notes)]

    count_period(read, NOW.astimezone(ZONE), "kỳ")
    assert notes.taken + notes.refusals >= notes.rows >= notes.taken
    for dossier in (each for each in read if each.status):
        assert dossier_data(dossier).code == unicodedata.normalize("NFC", dossier.code)


COUNTS = st.none() | st.integers(0, 10**9)


@given(st.dictionaries(st.sampled_from(["total", "early", "on_time", "overdue"]), COUNTS), COUNTS)
def test_any_counts_make_percentages_between_nothing_and_all(
    resolved: dict[str, int | None], to_resolve: int | None
) -> None:
    period = Period.model_validate(
        {"id": "kỳ", "resolved": resolved, "to_resolve": to_resolve, "received": {"total": 3}}
    )
    for base in Base:
        timely = timeliness(period, base)
        for share in (timely.early, timely.on_time, timely.early_or_on_time, timely.overdue):
            assert share.percent is None or 0 <= share.percent <= 100
    doubts(period)


def test_a_code_given_twice_with_two_contents_says_nothing(tmp_path: Path) -> None:
    twice = [Listed(Dossier("A", status, "1.001193", "Khai sinh")) for status in (4, 9)]

    written = write(tmp_path / "d.sqlite3", twice)
    assert (written.rows, written.count, written.clashing) == (2, 1, ("A",))
    found = find(tmp_path / "d.sqlite3", "A", ZONE)
    assert found is not None
    assert found.status == 0


def test_a_code_given_twice_with_one_content_is_itself(tmp_path: Path) -> None:
    twice = [Listed(Dossier("A", 4, "1.001193", "Khai sinh"))] * 2

    assert write(tmp_path / "d.sqlite3", twice).clashes == 0
    found = find(tmp_path / "d.sqlite3", "A", ZONE)
    assert found == twice[0].dossier
