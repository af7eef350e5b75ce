"""Whatever a supplier's table or a citizen's finger brings, nothing falls over."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hall.contract.messages import Period
from hall.figures.doubts import doubts
from hall.figures.shares import Base, timeliness
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier, told
from hall.onestop.sample.live import LiveDossiers
from hall.onestop.sample.past import PastDossiers
from hall.onestop.sample.profiles import profile, sample_procedures
from hall.onestop.store import find, replace_all
from hall.onestop.tables import object_rows, read_dossiers

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
KEYS = st.sampled_from(
    [
        "MaHoSo",
        "TrangThaiHoSo",
        "TenTTHC",
        "NgayTiepNhan",
        "NgayHenTra",
        "ngayketthucxuly",
        "ChuHoSo",
    ]
)
CELLS = st.one_of(st.text(max_size=40), st.integers(), st.none(), st.datetimes().map(str))


@given(CODES)
def test_any_code_is_found_as_itself_or_not_at_all(code: str) -> None:
    assert PAST is not None
    past = PastDossiers(PAST, PROCEDURES, ZONE)
    for dossier in (LIVE.find(code, NOW.astimezone(ZONE)), past.find(code)):
        assert dossier is None or dossier.code == code


@given(st.lists(st.dictionaries(KEYS, CELLS), max_size=12))
def test_any_table_is_read_counted_and_told(rows: list[dict[str, object]]) -> None:
    read = read_dossiers(object_rows(rows), ZONE)
    dossiers = [each for each in read if isinstance(each, Dossier)]

    assert doubts(count_period(dossiers, NOW.astimezone(ZONE), "kỳ")) == ()
    for dossier in (each for each in dossiers if each.status):
        assert told(dossier).code == unicodedata.normalize("NFC", dossier.code)


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


def test_a_code_given_twice_keeps_its_last_row(tmp_path: Path) -> None:
    twice = [Dossier("A", status, "1.001193", "Khai sinh") for status in (4, 9)]

    assert replace_all(tmp_path / "d.sqlite3", twice) == 1
    found = find(tmp_path / "d.sqlite3", "A")
    assert found is not None
    assert found.status == 9
