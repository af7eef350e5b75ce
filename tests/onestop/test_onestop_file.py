"""A folder as supplier: real files, read in its own thread, taken whole or not at all."""

import json
import os
import queue
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from hall.figures.doubts import doubts
from hall.onestop.dossiers import Dossier
from hall.onestop.drivers.file import FileSupplier
from hall.onestop.figure_tables import read_figures
from hall.onestop.ports import (
    Answered,
    Away,
    FiguresTold,
    Flawed,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
)
from hall.onestop.procedures import UnusableTable
from hall.onestop.settings import FileSection
from hall.onestop.store import StoreError, everything, find, replace_all
from hall.onestop.tables import BadRow, read_dossiers, read_moment, read_status, table_rows
from hall.runtime.clock import SetClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
T = TypeVar("T")
DOSSIERS = """MaHoSo,TrangThaiHoSo,MaTTHC,TenTTHC,ChuHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy
H38.12-261101-0001,10,1.001193,Khai sinh,Giàng A Páo,20261102080000,20261103170000,20261102100000
h38.12-261101-0002,4,1.000894,Kết hôn,Lò Thị Mai,02/11/2026,20261110170000,
H38.12-261101-0003,11,1.000656,Khai tử,Vàng A Sùng,2026-11-02,,00010101000000
"""


class Folder:
    """A folder that is watched, and what the supplier told."""

    def __init__(self, root: Path) -> None:
        self.path = root / "in"
        self.store = root / "onestop.sqlite3"
        self.told: queue.Queue[object] = queue.Queue()
        section = FileSection(driver="file", folder=str(self.path), every_s=0.01)
        self.supplier = FileSupplier(section, self.store, ZONE, SetClock(at=NOW))

    def put(self, name: str, text: str, *, age_s: float = 60) -> None:
        """A whole file appears, written so long ago."""
        self.path.mkdir(exist_ok=True)
        aside = self.path / f".{name}"
        aside.write_text(text, "utf-8")
        moment = (NOW - timedelta(seconds=age_s)).timestamp()
        os.utime(aside, (moment, moment))
        aside.replace(self.path / name)

    def hear(self, kind: type[T]) -> T:
        """The next thing told of this kind; fails after 10 s."""
        while True:
            item = self.told.get(timeout=120)
            if isinstance(item, kind):
                return item

    def look_up(self, code: str) -> Dossier | Away | None:
        self.supplier.look_up("r", code)
        return self.hear(Answered).outcome


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    watched = Folder(tmp_path)
    watched.supplier.start(watched.told.put)
    yield watched
    watched.supplier.stop()


def test_dossiers_are_found_by_their_code_and_no_name_is_kept(folder: Folder) -> None:
    folder.put("dossiers.csv", DOSSIERS)
    folder.hear(FiguresTold)

    done = folder.look_up("H38.12-261101-0001")
    assert isinstance(done, Dossier)
    assert (done.status, done.procedure_code) == (10, "1.001193")
    assert done.due == datetime(2026, 11, 3, 17, 0, tzinfo=ZONE)
    assert folder.look_up("H38.12-261101-9999") is None
    stored = folder.store.read_bytes()
    for name in ("Giàng", "Lò Thị", "Vàng"):
        assert name.encode() not in stored


def test_figures_are_counted_from_the_dossiers_where_no_figures_are_given(folder: Folder) -> None:
    folder.put("dossiers.csv", DOSSIERS)
    figures = folder.hear(FiguresTold).figures
    (period,) = figures.periods

    assert period.resolved is not None
    assert period.pending is not None
    assert (period.resolved.early, period.pending.overdue) == (1, 1)
    assert figures.as_of == NOW - timedelta(seconds=60)
    assert doubts(period) == ()


def test_a_newer_table_replaces_the_older_one_as_a_whole(folder: Folder) -> None:
    folder.put("dossiers.csv", DOSSIERS)
    folder.hear(FiguresTold)
    folder.put("dossiers.csv", "code,status\nH38.12-261102-0001,2\n", age_s=30)
    folder.hear(FiguresTold)

    assert folder.look_up("H38.12-261101-0001") is None
    assert isinstance(folder.look_up("H38.12-261102-0001"), Dossier)


def test_a_table_that_cannot_be_read_is_told_with_its_line_and_changes_nothing(
    folder: Folder,
) -> None:
    folder.put("dossiers.csv", DOSSIERS)
    folder.hear(Flawed)
    folder.put("dossiers.csv", "tên,địa chỉ\nA,B\n", age_s=30)

    flaw = folder.hear(Flawed)
    assert flaw.what == "dossiers"
    assert "dòng 1" in str(flaw.why)
    assert isinstance(folder.look_up("H38.12-261101-0001"), Dossier)


def test_rows_without_a_code_are_left_out_and_told(folder: Folder) -> None:
    folder.put("dossiers.csv", DOSSIERS + ",4\n")

    assert "1 dòng bị bỏ qua, dòng 5" in str(folder.hear(Flawed).why)
    assert isinstance(folder.look_up("H38.12-261101-0001"), Dossier)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("code,name,field\n1.001193,Khai sinh,Hộ tịch\n1.0", "dòng 3: thiếu name"),
        ("code,name,field\n1,A\rB,C\n", "dòng 2: thiếu field"),
        (f'code,name,field\n1,"{"A" * 200_000}",C\n', "không phải CSV"),
    ],
)
def test_a_table_that_is_cut_off_or_no_table_does_not_end_the_importing(
    folder: Folder, text: str, why: str
) -> None:
    folder.put("procedures.csv", text)
    assert why in str(folder.hear(Flawed).why)

    folder.put("procedures.csv", "code,name,field\n1.001193,Khai sinh,Hộ tịch\n", age_s=30)

    assert len(folder.hear(ProceduresTold).procedures) == 1


def test_what_is_wrong_with_figures_is_told_in_vietnamese(folder: Folder) -> None:
    folder.put(
        "figures.json", '{"as_of": "2026-11-22T10:32:00+07:00", "source": "xã", "periods": [{}]}'
    )

    assert folder.hear(Flawed).why == "figures.json: periods.0.id: thiếu khoá này"


def test_a_file_that_may_still_be_growing_is_left_alone(folder: Folder) -> None:
    folder.put("notice.txt", "đang chép", age_s=0.5)
    folder.put("procedures.csv", "code,name,field\n1.001193,Khai sinh,Hộ tịch\n")
    folder.hear(ProceduresTold)
    folder.put("notice.txt", "Sáng thứ bảy có nhận hồ sơ\n\n", age_s=5)

    assert folder.hear(NoticeTold).lines == ("Sáng thứ bảy có nhận hồ sơ",)


def test_dossiers_may_come_as_json(folder: Folder) -> None:
    rows = [{"MaHoSo": "H38.12-261101-0007", "TrangThaiHoSo": 5, "ChuHoSo": "Giàng A Páo"}]
    folder.put("dossiers.json", json.dumps(rows))
    folder.hear(FiguresTold)

    found = folder.look_up("H38.12-261101-0007")
    assert isinstance(found, Dossier)
    assert found.status == 5


@pytest.mark.parametrize("text", ["{", "[1]", "{}", "\udcff", "[" * 100_000])
def test_json_that_is_no_list_of_dossiers_is_a_flaw(folder: Folder, text: str) -> None:
    folder.path.mkdir()
    (folder.path / "dossiers.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    old = (NOW - timedelta(seconds=60)).timestamp()
    os.utime(folder.path / "dossiers.json", (old, old))

    assert folder.hear(Flawed).why


def test_figures_given_in_the_contracts_form_are_passed_on(folder: Folder) -> None:
    given: dict[str, Any] = {
        "as_of": "2026-11-22T10:32:00+07:00",
        "source": "xã",
        "periods": [{"id": "month", "resolved": {"total": 884, "overdue": 4}}],
    }
    folder.put("figures.json", json.dumps(given))

    figures = folder.hear(FiguresTold).figures
    assert figures.periods[0].resolved is not None
    assert figures.periods[0].resolved.overdue == 4


def test_a_folder_that_may_not_be_looked_into_is_a_lost_link(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.hear(LinkDown)
    tried: queue.Queue[Path] = queue.Queue()

    def refuse(path: Path) -> bool:
        tried.put(path)
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr(Path, "is_dir", refuse)
        for _ in range(2):
            tried.get(timeout=120)
    folder.path.mkdir()

    assert folder.hear(LinkUp)


def test_a_missing_folder_is_a_lost_link_until_it_is_there(folder: Folder) -> None:
    assert "không có thư mục" in folder.hear(LinkDown).why
    folder.path.mkdir()

    folder.hear(LinkUp)


def test_before_any_import_a_look_up_has_no_answer(folder: Folder) -> None:
    assert isinstance(folder.look_up("H38.12-261101-0001"), Away)


def test_figures_kept_by_hand_take_the_names_of_the_provincial_report() -> None:
    lines = [
        "period,figure,count",
        "2026-11,from,2026-11-01",
        "2026-11,tongDaXuLy,1.884",
        "2026-11,daXuLyTruocHan,1500",
        "2026-11,resolved.overdue,4",
        "2026-11,tongTiepNhan,",
    ]
    (period,) = read_figures(lines, NOW, "xã").periods

    assert period.resolved is not None
    assert (period.resolved.total, period.resolved.early, period.resolved.overdue) == (
        1884,
        1500,
        4,
    )
    assert period.received is None
    assert period.from_ == "2026-11-01"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["a,b"], "dòng 1"),
        (["period,figure,count", "m,tyLe,5"], "dòng 2: không có chỉ tiêu 'tyLe'"),
        (["period,figure,count", "m,tongDaXuLy,99%"], "dòng 2: '99%' không phải là số đếm"),
        (["period,figure,count", "m,from,hôm nay"], "không đúng dạng"),
    ],
)
def test_a_hand_kept_table_says_which_row_is_wrong(lines: list[str], told: str) -> None:
    with pytest.raises(UnusableTable, match=told):
        read_figures(lines, NOW, "xã")


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("20261102080000", datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)),
        ("2026-11-02 08:00:00", datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)),
        ("2026-11-02T08:00:00+07:00", datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)),
        ("2026-11-02T01:00:00Z", datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)),
        ("02/11/2026", datetime(2026, 11, 2, tzinfo=ZONE)),
        ("", None),
        ("00010101000000", None),
        ("2026-13-02", None),
        ("T", None),
    ],
)
def test_dates_of_every_export_are_read_and_none_is_invented(
    cell: str, moment: datetime | None
) -> None:
    assert read_moment(cell, ZONE) == moment


@pytest.mark.parametrize(
    ("cell", "status"),
    [("3", 3), ("03", 3), ("11", 11), ("Đang xử lý", 4), ("đã trả kết quả", 10), ("?", 0), ("", 0)],
)
def test_a_status_is_a_number_or_a_name_and_never_an_error(cell: str, status: int) -> None:
    assert read_status(cell) == status


def test_a_table_with_semicolons_names_in_decomposed_letters_and_a_mark_at_its_head() -> None:
    header = "\ufeffMa\u0303 ho\u0302\u0300 so\u031b;Tra\u0323ng tha\u0301i"
    (read,) = read_dossiers(table_rows([header, "G09.20-20260609-0092637;Mới đăng ký"]), ZONE)

    assert isinstance(read, Dossier)
    assert (read.code, read.status) == ("G09.20-20260609-0092637", 1)


def test_a_code_too_long_to_look_up_is_a_bad_row() -> None:
    (read,) = read_dossiers(table_rows(["code,status", "X" * 65 + ",1"]), ZONE)

    assert isinstance(read, BadRow)


def test_a_store_that_cannot_be_written_is_a_flaw_and_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.sqlite3"
    replace_all(path, [Dossier("A", 4, "1.001193", "Khai sinh")])
    path.with_suffix(".new").mkdir()

    with pytest.raises(StoreError, match="không ghi được"):
        replace_all(path, [])
    assert find(path, "A")
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError):
        find(path, "A")
    with pytest.raises(StoreError):
        list(everything(path))
