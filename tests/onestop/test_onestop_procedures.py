"""A hall's own table of procedures is read whole, or refused with its line."""

import pytest

from hall.onestop.procedures import UnusableTable, limit_days, read_procedures

HEADER = "code,name,field,time_limit,fee_vnd,fee_note,documents"


def test_a_row_becomes_a_procedure() -> None:
    (birth,) = read_procedures(
        [HEADER, "1.001193,Đăng ký khai sinh,Hộ tịch,Ngay trong ngày,8.000,miễn: con,Tờ khai; CCCD"]
    )

    assert (birth.code, birth.fee_vnd, birth.documents) == ("1.001193", 8000, ("Tờ khai", "CCCD"))
    assert not birth.sample


def test_a_fee_left_out_is_not_zero() -> None:
    (birth,) = read_procedures([HEADER, "1.001193,Đăng ký khai sinh,Hộ tịch"])

    assert birth.fee_vnd is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["code,name", "1,2"], "dòng 1: thiếu cột field"),
        ([HEADER, "1.001193,A,B,,miễn phí"], "dòng 2: lệ phí không phải là số"),
        ([HEADER, "1.001193,A,B,,-5"], "dòng 2: fee_vnd"),
        ([], "dòng 1: thiếu cột"),
        ([HEADER, "1.001193,A,B", "1.001194"], "dòng 3: thiếu name"),
        ([HEADER, " ,A,B"], "dòng 2: thiếu code"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(lines: list[str], told: str) -> None:
    with pytest.raises(UnusableTable, match=told):
        read_procedures(lines)


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
        ('"1. Tờ khai\n2) Giấy chứng sinh; không có thì cam đoan\n"',
         ("Tờ khai", "Giấy chứng sinh; không có thì cam đoan")),
        ('"- Đơn\n• 02 ảnh 3x4"', ("Đơn", "02 ảnh 3x4")),
        ("2 ảnh 3x4; 1.5 m giấy", ("2 ảnh 3x4", "1.5 m giấy")),
    ],
)  # fmt: skip
def test_papers_come_in_lines_or_between_semicolons_without_their_own_marks(
    cell: str, papers: tuple[str, ...]
) -> None:
    lines = f"{HEADER}\n1.001193,Khai sinh,Hộ tịch,,,,{cell}\n".splitlines(keepends=True)
    (birth,) = read_procedures(lines)

    assert birth.documents == papers
