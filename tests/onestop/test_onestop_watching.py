"""A folder as supplier: real files, taken when whole and credible, held or told otherwise."""

import json
import os
import queue
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from small_disk import small_disk

from hall.contract.onestop_requests import ImportReport
from hall.onestop.dossiers import Dossier
from hall.onestop.folder import Watched
from hall.onestop.intake.importing import ImportJob, ImportOutcome, take_in
from hall.onestop.intake.workshop import Workshop
from hall.onestop.places import OfHall, OfUnit, Place
from hall.onestop.ports import (
    Away,
    DiskTold,
    DossierAnswered,
    FiguresTold,
    FileGone,
    Imported,
    LinkDown,
    LinkUp,
    NoticeTold,
    ProceduresTold,
)
from hall.onestop.watching import FileSupplier
from hall.runtime.clock import SetClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
T = TypeVar("T")
READ_APART = Workshop.run
HEAD = "MaHoSo,TrangThaiHoSo,MaTTHC,TenTTHC,ChuHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy\n"
DOSSIERS = (
    HEAD
    + """H38.12-261101-0001,10,1.001193,Khai sinh,Giàng A Páo,2026-11-02,20261103170000,2026-11-02
h38.12-261101-0002,4,1.000894,Kết hôn,Lò Thị Mai,02/11/2026,20261110170000,
H38.12-261101-0003,11,1.000656,Khai tử,Vàng A Sùng,2026-11-02,,00010101000000
"""
)


def many(count: int) -> str:
    rows = (f"H38.12-261101-{n:04d},4,1.001193,Khai sinh,A,02/11/2026,,\n" for n in range(count))
    return HEAD + "".join(rows)


@dataclass(slots=True)
class QuickClock(SetClock):
    """A minute passes in a few milliseconds; the day stands still."""

    def monotonic(self) -> float:
        return time.monotonic() * 1000


class Hall:
    """A folder that is watched, and what the supplier told of it; `again` is its next run."""

    def __init__(self, root: Path, *, state: str = "onestop") -> None:
        self.path, self.state = root / "in", root / state
        self.clock = QuickClock(at=NOW)
        self.again()

    def again(self) -> None:
        self.told: queue.Queue[object] = queue.Queue()
        watched = Watched(self.path, every_s=0.01, source="Nhập từ tệp")
        self.supplier = FileSupplier(watched, self.state, ZONE, self.clock)
        self.prepare(self.supplier)
        self.supplier.start(self.told.put)

    def prepare(self, supplier: FileSupplier) -> None:
        """A hall's own folder holds nobody else's."""

    def put(self, name: str, content: str | bytes, *, age_s: float = 60) -> None:
        """A whole file appears, saved so long ago."""
        self.path.mkdir(exist_ok=True)
        aside = (self.path / name).with_name(f".{Path(name).name}")
        aside.write_bytes(content if isinstance(content, bytes) else content.encode())
        moment = (NOW - timedelta(seconds=age_s)).timestamp()
        os.utime(aside, (moment, moment))
        aside.replace(self.path / name)

    def hear(self, kind: type[T], right: Callable[[T], bool] = lambda _told: True) -> T:
        """The next thing told of this kind that is right; fails after 120 s."""
        deadline = time.monotonic() + 120
        while True:
            item = self.told.get(timeout=max(0.1, deadline - time.monotonic()))
            if isinstance(item, kind) and right(item):
                return item

    def report(self, name: str) -> ImportReport:
        """What the next judgement of this file comes to."""
        return self.hear(
            Imported, lambda told: told.report.file == name and told.report.state != "reading"
        ).report

    def look_up(self, code: str) -> Dossier | Away | None:
        self.supplier.look_up("r", code)
        return self.hear(DossierAnswered).outcome


class Province(Hall):
    """The same at a province, whose folder also holds those of units and halls."""

    def again(self) -> None:
        self.placed: queue.Queue[tuple[Place, object]] = queue.Queue()
        super().again()

    def prepare(self, supplier: FileSupplier) -> None:
        supplier.spread(lambda place, told: self.placed.put((place, told)))

    def put_placed(self, place: str, name: str, content: str) -> None:
        (self.path / place).mkdir(parents=True, exist_ok=True)
        self.put(f"{place}/{name}", content)

    def hear_placed(self, kind: type[T]) -> tuple[Place, T]:
        """The next thing of this kind that is told of a unit or hall."""
        while True:
            place, told = self.placed.get(timeout=120)
            if isinstance(told, kind):
                return place, told


@pytest.fixture(autouse=True)
def read_in_the_thread_that_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own costs a second of CPU a file; test_onestop_bounds has it."""

    def run(_workshop: Workshop, job: ImportJob, progress: Callable[[int], None]) -> ImportOutcome:
        shutil.rmtree(job.folder, ignore_errors=True)
        job.folder.mkdir(parents=True)
        return ImportOutcome.model_validate_json(take_in(job, progress).model_dump_json())

    monkeypatch.setattr(Workshop, "run", run)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    watched = Hall(tmp_path)
    yield watched
    watched.supplier.stop()


def test_one_folder_tells_what_is_of_units_and_halls(tmp_path: Path) -> None:
    province = Province(tmp_path)
    try:
        province.put_placed("units/xa-a", "dossiers.csv", DOSSIERS)
        place, figures = province.hear_placed(FiguresTold)
        assert (place, len(figures.figures.periods) > 0) == (OfUnit("xa-a"), True)
        province.put_placed("halls/so-2", "notice.txt", "Nghỉ chiều thứ sáu")
        place, notice = province.hear_placed(NoticeTold)
        assert place == OfHall("so-2")
        assert notice.lines in ((), ("Nghỉ chiều thứ sáu",))
        found = province.look_up("H38.12-261101-0001")
        assert isinstance(found, Dossier), "a dossier is found in whichever folder it lies"
        assert province.look_up("H38.12-261101-9999") is None

        province.supplier.stop()
        shutil.rmtree(province.path / "units/xa-a")
        province.again()
        (province.path / "units/Xã Á").mkdir(parents=True)
        province.put_placed("units/xa-b", "dossiers.csv", DOSSIERS)
        assert province.hear_placed(FiguresTold)[0] == OfUnit("xa-b")
    finally:
        province.supplier.stop()


def test_dossiers_are_found_by_their_code_and_no_name_is_kept(hall: Hall) -> None:
    hall.put("dossiers.csv", DOSSIERS)
    hall.report("dossiers.csv")

    done = hall.look_up("H38.12-261101-0001")
    assert isinstance(done, Dossier)
    assert (done.status, done.procedure_code) == (10, "1.001193")
    assert done.due == datetime(2026, 11, 3, 17, 0, tzinfo=ZONE)
    assert hall.look_up("H38.12-261101-9999") is None
    for file in hall.state.rglob("*.*"):
        for name in ("Giàng", "Lò Thị", "Vàng"):
            assert name.encode() not in file.read_bytes()


def test_what_is_being_read_is_told_in_the_halls_own_time(hall: Hall) -> None:
    hall.put("dossiers.csv", DOSSIERS)

    told = hall.hear(Imported, lambda told: told.report.state == "reading").report

    assert told.at.utcoffset() == timedelta(hours=7)


def test_figures_are_counted_from_the_dossiers_where_no_figures_are_given(hall: Hall) -> None:
    hall.put("dossiers.csv", DOSSIERS)
    figures = hall.hear(FiguresTold).figures

    assert [period.kind for period in figures.periods] == ["year", "quarter", "month", "day"]
    year, *_, day = figures.periods
    assert year.resolved is not None
    assert year.pending is not None
    assert (year.resolved.early, year.pending.overdue, year.unclear) == (1, 1, 1)
    assert day.received is not None
    assert (day.received.total, day.received.carried_over) == (1, 1)
    assert figures.as_of == NOW - timedelta(seconds=60)


@pytest.mark.parametrize(
    "name", ["Dossiers.csv", "dossiers (1).csv", "ho-so.CSV", "dossiers.csv.txt"]
)
def test_a_file_is_known_by_what_it_holds_whatever_its_name(hall: Hall, name: str) -> None:
    hall.put(name, DOSSIERS)

    assert (hall.report(name).what, hall.report is not None) == ("dossiers", True)


def test_what_is_no_table_is_told_and_forgotten_with_the_file(hall: Hall) -> None:
    hall.put("ảnh.jpg", b"\xff\xd8\xff\xe0JFIF")
    told = hall.report("ảnh.jpg")
    assert (told.state, told.reasons) == ("refused", ("đây là ảnh, không phải bảng",))
    (hall.path / "ảnh.jpg").unlink()

    assert hall.hear(FileGone).name == "ảnh.jpg"


def test_a_table_that_cannot_be_read_changes_nothing_and_says_why_beside_itself(hall: Hall) -> None:
    hall.put("dossiers.csv", DOSSIERS)
    hall.report("dossiers.csv")
    hall.put("dossiers.csv", "tên,địa chỉ\nA,B\n", age_s=30)

    assert hall.report("dossiers.csv").state == "refused"
    assert isinstance(hall.look_up("H38.12-261101-0001"), Dossier)
    beside = (hall.path / "dossiers.csv.bao-cao.txt").read_text("utf-8-sig")
    assert "KHÔNG NHẬN" in beside
    assert "không nhận ra cột nào" in beside


def test_rows_without_a_code_are_left_out_and_told_by_their_place(hall: Hall) -> None:
    hall.put("dossiers.csv", DOSSIERS + ",4,,,,,,\n")

    told = hall.report("dossiers.csv")
    assert [(each.kind, each.places) for each in told.refused] == [
        ("mã hồ sơ để trống", ("dòng 5, cột A (MaHoSo)",))
    ]
    assert isinstance(hall.look_up("H38.12-261101-0001"), Dossier)


@pytest.mark.parametrize("left", [0, 500, 890])
def test_a_file_that_lost_dossiers_waits_until_a_person_agrees(hall: Hall, left: int) -> None:
    hall.put("dossiers.csv", many(1000))
    hall.report("dossiers.csv")
    hall.put("dossiers.csv", many(left), age_s=30)
    held = hall.report("dossiers.csv")

    assert held.state == "held"
    assert f"thiếu {1000 - left} trong 1000 hồ sơ của lần nhập trước" in held.reasons
    assert isinstance(hall.look_up("H38.12-261101-0999"), Dossier)
    assert hall.supplier.accept(held.mark, "chị Mai")
    taken = hall.report("dossiers.csv")
    assert taken.state == "taken"
    assert taken.remarks[-1].startswith("chị Mai đồng ý nhận lúc 12:00 ngày 23/11/2026")
    assert hall.look_up("H38.12-261101-0999") is None


def test_nobody_agrees_to_what_is_not_held(hall: Hall) -> None:
    assert not hall.supplier.accept("0123abcd", "tech")


def test_what_is_held_still_waits_after_a_restart_and_goes_with_its_file(hall: Hall) -> None:
    hall.put("dossiers.csv", many(100))
    hall.report("dossiers.csv")
    hall.put("dossiers.csv", many(10), age_s=30)
    mark = hall.report("dossiers.csv").mark
    hall.supplier.stop()

    hall.again()
    assert hall.report("dossiers.csv").state == "held"
    (hall.path / "dossiers.csv").unlink()
    hall.hear(FileGone)
    assert not hall.supplier.accept(mark, "tech")


def test_a_file_is_not_read_again_after_a_restart_and_what_it_brought_is_told(hall: Hall) -> None:
    for name, content in (
        ("dossiers.csv", DOSSIERS),
        ("procedures.csv", "code,name,field\n1.001193,Khai sinh,Hộ tịch\n"),
        ("figures.csv", "period,figure,count\nTháng 11,tongDaXuLy,884\n"),
    ):
        hall.put(name, content)
        hall.report(name)
    hall.supplier.stop()
    stamp = (hall.state / "dossiers.sqlite3").stat().st_mtime_ns

    hall.again()
    assert len(hall.hear(ProceduresTold).procedures) == 1
    assert hall.hear(FiguresTold).figures.periods[0].id == "Tháng 11"
    hall.hear(LinkUp)
    hall.put("another.csv", "code,name,field\n1.001193,Khai sinh,Hộ tịch\n", age_s=10)
    hall.report("another.csv")
    assert (hall.state / "dossiers.sqlite3").stat().st_mtime_ns == stamp


def test_figures_that_fall_are_held_and_the_old_ones_stay(hall: Hall) -> None:
    table = "period,figure,count\nTháng 11,tongTiepNhan,1.075\n"
    hall.put("figures.csv", table)
    hall.report("figures.csv")
    hall.put("figures.csv", table.replace("1.075", "107"), age_s=30)

    held = hall.report("figures.csv")
    assert held.reasons == ("Tháng 11: số tiếp nhận giảm từ 1075 xuống 107",)


def test_a_file_older_than_the_one_in_use_is_held(hall: Hall) -> None:
    hall.put("figures.csv", "period,figure,count\nTháng 11,tongTiepNhan,1.075\n")
    hall.report("figures.csv")
    hall.put("cũ.csv", "period,figure,count\nTháng 10,tongTiepNhan,900\n", age_s=86400)

    held = hall.report("cũ.csv")
    assert held.state == "held"
    assert "được lưu trước tệp đang dùng (figures.csv)" in held.reasons


def test_a_computer_whose_clock_is_ahead_makes_nobody_wait(hall: Hall) -> None:
    hall.put("figures.csv", "period,figure,count\nTháng 11,tongTiepNhan,1.075\n", age_s=-3600)

    assert hall.hear(FiguresTold).figures.as_of == NOW


def test_a_notice_is_told_and_taken_back_when_its_file_is_gone(hall: Hall) -> None:
    hall.put("Notice.txt", "Sáng thứ bảy có nhận hồ sơ\n\n")
    assert hall.hear(NoticeTold, lambda told: bool(told.lines)).lines == (
        "Sáng thứ bảy có nhận hồ sơ",
    )
    (hall.path / "Notice.txt").unlink()

    assert hall.hear(NoticeTold).lines == ()


def test_a_notice_that_went_while_nobody_looked_is_taken_back_too(hall: Hall) -> None:
    hall.put("notice.txt", "Nghỉ lễ")
    hall.hear(NoticeTold, lambda told: bool(told.lines))
    hall.supplier.stop()
    (hall.path / "notice.txt").unlink()

    hall.again()
    assert hall.hear(NoticeTold).lines == ()


def test_the_halls_own_words_for_columns_and_states_go_before_ours(hall: Hall) -> None:
    table = "Số BN,Tiến độ,Hẹn\nH38.12-261101-0001,Hoàn thành,05/11/2026\n"
    hall.put("ho-so.csv", table)
    assert hall.report("ho-so.csv").state == "refused"
    words = {
        "dossiers": {
            "columns": {"code": "Số BN", "status": "Tiến độ", "due": "Hẹn"},
            "statuses": {"Hoàn thành": 10},
        }
    }
    hall.put("map.yaml", json.dumps(words, ensure_ascii=False))

    assert hall.report("ho-so.csv").state == "taken"
    found = hall.look_up("H38.12-261101-0001")
    assert isinstance(found, Dossier)
    assert (found.status, found.due) == (10, datetime(2026, 11, 5, tzinfo=ZONE))


def test_a_mapping_that_is_wrong_is_told_with_its_line(hall: Hall) -> None:
    hall.put("map.yaml", "dossiers:\n  columns: {codes: Số BN}\n")
    hall.put("dossiers.csv", DOSSIERS)

    assert "map.yaml:2" in hall.report("dossiers.csv").reasons[0]


def test_a_folder_that_may_not_be_looked_into_is_a_lost_link(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.hear(LinkDown)
    tried: queue.Queue[Path] = queue.Queue()

    def refuse(path: Path) -> bool:
        tried.put(path)
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr(Path, "is_dir", refuse)
        for _ in range(2):
            tried.get(timeout=120)
    hall.path.mkdir()

    assert hall.hear(LinkUp)


def test_a_missing_folder_is_a_lost_link_until_it_is_there(hall: Hall) -> None:
    assert "không có thư mục" in hall.hear(LinkDown).why
    hall.path.mkdir()

    hall.hear(LinkUp)


def test_before_any_import_a_look_up_has_no_answer(hall: Hall) -> None:
    assert isinstance(hall.look_up("H38.12-261101-0001"), Away)


def test_look_ups_go_on_and_the_end_comes_at_once_while_a_large_file_is_read(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workshop, "run", READ_APART)
    hall.put("dossiers.csv", DOSSIERS)
    hall.report("dossiers.csv")
    hall.put("dossiers.csv", many(300_000), age_s=30)
    hall.hear(Imported, lambda told: told.report.rows > 0)

    assert isinstance(hall.look_up("H38.12-261101-0001"), Dossier)
    hall.supplier.stop()
    assert not list((hall.state / "work").glob("outcome.json"))


def test_a_file_that_is_replaced_while_it_is_read_is_read_anew(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Workshop.run

    def overtaken(
        workshop: Workshop, job: ImportJob, progress: Callable[[int], None]
    ) -> ImportOutcome | None:
        outcome = read(workshop, job, progress)
        monkeypatch.setattr(Workshop, "run", read)
        hall.put("dossiers.csv", many(5), age_s=30)
        return outcome

    monkeypatch.setattr(Workshop, "run", overtaken)
    hall.put("dossiers.csv", DOSSIERS)

    told = hall.report("dossiers.csv")
    assert (told.state, told.taken) == ("taken", 5)


@pytest.mark.parametrize("breaks", ["write", "swap"])
def test_a_store_that_cannot_be_written_is_told_and_the_old_one_stays(
    hall: Hall, breaks: str
) -> None:
    hall.put("dossiers.csv", DOSSIERS)
    hall.report("dossiers.csv")
    store = hall.state / "dossiers.sqlite3"
    if breaks == "swap":
        store.unlink()
        store.mkdir()
    else:
        store.write_bytes(b"no database" * 100)
    hall.put("dossiers.csv", many(5), age_s=30)

    assert hall.report("dossiers.csv").state == "refused"
    assert isinstance(hall.look_up("H38.12-261101-0001"), Away)


def test_two_halls_of_one_unit_take_the_same_figures_from_one_folder(tmp_path: Path) -> None:
    """Neither is disturbed by what the other writes beside the file."""
    table = "period,figure,count\nTháng 11,tongTiepNhan,1.075\n"
    halls = [Hall(tmp_path), Hall(tmp_path, state="another")]
    try:
        halls[0].put("figures.csv", table)
        told = [hall.hear(FiguresTold).figures for hall in halls]
        assert told[0] == told[1]
        assert [hall.report("figures.csv").state for hall in halls] == ["taken", "taken"]
    finally:
        for hall in halls:
            hall.supplier.stop()


def test_a_full_disk_is_told_and_the_file_is_taken_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        disk.hurt("full")
        hall = Hall(tmp_path, state="disk/onestop")
        hall.put("dossiers.csv", DOSSIERS)
        told = hall.hear(DiskTold).why
        disk.heal()
        healed, taken = hall.hear(DiskTold).why, hall.report("dossiers.csv")
        hall.supplier.stop()

    assert "không ghi được" in told or "No space" in told
    assert healed == ""
    assert (taken.state, taken.rows) == ("taken", 3)
