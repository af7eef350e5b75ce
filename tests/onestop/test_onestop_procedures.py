"""A hall's own table of procedures: what is right is taken, what is wrong is named."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from onestop_tables import sheet_of

from hall.contract.catalogue import CatalogueProcedure
from hall.onestop.intake import procedures
from hall.onestop.intake.cells import Cell, UnusableTable
from hall.onestop.intake.layout import whole_table
from hall.onestop.intake.notes import Notes
from hall.onestop.sample.profiles import sample_procedures
from hall.onestop.workdays import limit_days

HEADER = ("code", "name", "field", "time_limit", "fee_vnd", "fee_note", "documents")


def read(*rows: Sequence[Cell]) -> tuple[tuple[CatalogueProcedure, ...], list[str]]:
    """The procedures, and what was refused."""
    sheet, notes = sheet_of(HEADER, *rows), Notes()
    found = procedures.read(sheet, whole_table(sheet), notes)
    return found, [f"{kind}: {seen.places[0]}" for kind, seen in notes.refused.items()]


def test_a_row_becomes_a_procedure() -> None:
    (birth,), _ = read(
        ("1.001193", "Đăng ký khai sinh", "Hộ tịch", "Ngay", "8.000", "miễn: con", "Tờ khai; CCCD")
    )

    assert (birth.code, birth.fee_vnd, birth.documents) == ("1.001193", 8000, ("Tờ khai", "CCCD"))
    assert not birth.sample


@pytest.mark.parametrize(
    ("cell", "fee"),
    [("", None), (8000, 8000), ("8.000 đồng", 8000), ("miễn phí", 0), ("Không thu", 0), (0, 0)],
)
def test_a_fee_is_a_number_or_none_at_all_and_a_blank_is_not_zero(
    cell: Cell, fee: int | None
) -> None:
    (birth,), _ = read(("1.001193", "Khai sinh", "Hộ tịch", "", cell))

    assert birth.fee_vnd == fee


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("1.001194", "A", "B", "", "tuỳ xã"), "lệ phí không rõ: không phải là số đếm: dòng 3"),
        (("1.001194", "A", "B", "", "-5"), "lệ phí không rõ: số âm: dòng 3"),
        (("1.001194", "A"), "thiếu lĩnh vực: dòng 3"),
        (("1.001194", "", "B"), "thiếu tên thủ tục: dòng 3"),
        (("", "A", "B"), "thiếu mã thủ tục: dòng 3"),
    ],
)
def test_one_that_is_wrong_in_a_field_is_left_out_alone_and_named(
    row: tuple[str, ...], why: str
) -> None:
    found, refused = read(("1.001193", "Khai sinh", "Hộ tịch"), row)

    assert [each.code for each in found] == ["1.001193"]
    assert refused == [why]


@pytest.mark.parametrize(("cell", "code"), [(1.00119, "1.001190"), ("1.00119", "1.001190")])
def test_a_code_that_a_program_took_for_a_number_has_its_zeros_back(cell: Cell, code: str) -> None:
    (birth,), _ = read((cell, "Khai sinh", "Hộ tịch"))

    assert birth.code == code


def test_a_table_without_its_columns_says_which() -> None:
    with pytest.raises(UnusableTable, match=r"dòng 1: bảng thủ tục thiếu cột lĩnh vực \(field\)"):
        whole_table(sheet_of(("code", "name"), ("1.001193", "Khai sinh")))


def test_the_packages_own_table_is_read_whole() -> None:
    assert len(sample_procedures()) == 99
    assert all(each.sample for each in sample_procedures())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Ngay trong ngày; nhận sau 15 giờ thì trả ngày làm việc tiếp theo", 0),
        ("03 ngày làm việc; xác minh không quá 08 ngày làm việc", 3),
        ("Không quá 02 ngày làm việc", 2),
        ("theo kế hoạch tuyển sinh", 5),
    ],
)
def test_a_time_limit_is_understood_in_days(text: str, days: int) -> None:
    assert limit_days(text) == days


@pytest.mark.parametrize(
    ("cell", "papers"),
    [
        ("Tờ khai; CCCD", ("Tờ khai", "CCCD")),
        ("1. Tờ khai\n2) Giấy chứng sinh; không có thì cam đoan\n",
         ("Tờ khai", "Giấy chứng sinh; không có thì cam đoan")),
        ("- Đơn\n• 02 ảnh 3x4", ("Đơn", "02 ảnh 3x4")),
        ("2 ảnh 3x4; 1.5 m giấy", ("2 ảnh 3x4", "1.5 m giấy")),
    ],
)  # fmt: skip
def test_papers_come_in_lines_or_between_semicolons_without_their_own_marks(
    cell: str, papers: tuple[str, ...]
) -> None:
    (birth,), _ = read(("1.001193", "Khai sinh", "Hộ tịch", "", "", "", cell))

    assert birth.documents == papers


def test_a_file_of_procedures_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("code,name,field\n1.001193,Khai sinh,Hộ tịch\n", "utf-8")

    assert [each.name for each in procedures.read_whole(tmp_path / "p.csv")] == ["Khai sinh"]
