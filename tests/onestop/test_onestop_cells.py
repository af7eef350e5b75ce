"""Cells read in the style of their whole column: what is not certain is refused, never guessed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.onestop.intake import counts, statuses
from hall.onestop.intake.cells import BROKEN, Cell, CellPlace, Unclear, letters, plain, text_of
from hall.onestop.intake.dates import DateEvidence, read_moment
from hall.onestop.intake.headings import figure_of
from hall.onestop.intake.periods import span_of
from hall.onestop.intake.statuses import StatusStyle

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def counted(*column: Cell) -> list[int | str | None]:
    """Every cell of a column: its count, or why it has none."""
    style = counts.judge(column)

    def one(cell: Cell) -> int | str | None:
        try:
            return counts.read_count(cell, style)
        except Unclear as err:
            return str(err)

    return [one(cell) for cell in column]


def dated(*column: Cell, hints: Sequence[date | None] = ()) -> list[str]:
    """Every cell of a column: its moment, or why it has none."""
    evidence = DateEvidence()
    for at, cell in enumerate(column):
        evidence.see(cell, hints[at] if hints else None)
    style = evidence.style()

    def one(cell: Cell) -> str:
        try:
            moment = read_moment(cell, style, ZONE)
        except Unclear as err:
            return str(err)
        return "none" if moment is None else f"{moment:%Y-%m-%d %H:%M}"

    return [one(cell) for cell in column]


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        (("349247", "1.075"), [349247, 1075]),
        (("1,075", "12,345,678"), [1075, 12345678]),
        (("1.075,00", "884,0"), [1075, 884]),
        (("1,075.00",), [1075]),
        (("884.00", "98"), [884, 98]),
        (("1 075", "1\u202f884", "1\u00a0000 000"), [1075, 1884, 1000000]),
        ((1075, 1075.0), [1075, 1075]),
        (("", "-", "…", "null"), [None, None, None, None]),
        (("0", "00", "007"), [0, 0, 7]),
        (('="1075"', "'884"), [1075, 884]),
    ],
)
def test_counts_are_read_as_they_are_meant(column: Sequence[Cell], meant: list[int | None]) -> None:
    assert counted(*column) == meant


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1.07", "số lẻ"),
        ("98.9", "số lẻ"),
        (1.07, "số lẻ"),
        ("98,9%", "là tỷ lệ"),
        ("-5", "số âm"),
        (-5, "số âm"),
        ("(5)", "số âm"),
        ("NaN", "không phải là số đếm"),
        (float("nan"), "không phải là số đếm"),
        (float("inf"), "không phải là số đếm"),
        ("1e3", "không phải là số đếm"),
        ("١٢", "không phải là số đếm"),
        ("12a", "không phải là số đếm"),
        ("9" * 30, "số quá lớn"),
        (10**15, "số quá lớn"),
        (datetime(2026, 1, 1, tzinfo=UTC), "là ngày"),
        (BROKEN, "ô báo lỗi"),
    ],
)
def test_what_is_no_count_is_refused(cell: Cell, why: str) -> None:
    (told,) = counted(cell)

    assert str(told).startswith(why)


@pytest.mark.parametrize(
    "column",
    [
        ("1.075", "884.0"),
        ("1.075", "1,884"),
        ("1.075", "0.884"),
        ("1.000", "884.000", "4.000"),
    ],
)
def test_a_thousand_is_refused_where_the_column_speaks_against_it(column: Sequence[Cell]) -> None:
    assert str(counted(*column)[0]).startswith("không rõ dấu")


@given(st.integers(0, counts.GREATEST), st.sampled_from([".", ",", " ", "\u00a0"]))
def test_any_grouped_count_is_itself(number: int, mark: str) -> None:
    written = f"{number:,}".replace(",", mark)

    assert counted(written) == [number]


@given(st.text(max_size=20))
def test_any_text_is_a_count_none_or_refused(text: str) -> None:
    (told,) = counted(text)

    assert told is None or isinstance(told, str) or 0 <= told <= counts.GREATEST


MOMENT = "2026-11-02 08:00"


@pytest.mark.parametrize(
    "cell",
    [
        "20261102080000",
        "202611020800",
        "2026-11-02 08:00:00",
        "2026-11-02 08:00:00.0",
        "2026-11-02T08:00",
        "2026-11-02T08:00:00+07:00",
        "2026-11-02T01:00:00Z",
        "2026-11-02t01:00:00.123z",
        "2026/11/02 8:00",
        "02/11/2026 08:00:00",
        "2/11/2026 8:00",
        "02-11-2026 08:00",
        "02.11.2026 08:00",
        "08:00 02/11/2026",
        "08:00, ngày 02/11/2026",
        "8 giờ 00 phút ngày 02 tháng 11 năm 2026",
        "02/11/2026 8:00:00 SA",
        "02/11/2026 08:00 AM",
        "/Date(1793581200000)/",
        "46328.3333333333",
        46328.333333333336,
        1793581200000,
        1793581200,
        "'02/11/2026 08:00",
        datetime(2026, 11, 2, 8, 0),  # noqa: DTZ001 - as a workbook holds it
    ],
)
def test_a_moment_is_read_in_every_form_met(cell: Cell) -> None:
    assert dated(cell) == [MOMENT]


@pytest.mark.parametrize(
    "cell", ["2026-11-02", "20261102", "02112026", "02/11/2026", "46328", 46328]
)
def test_a_day_alone_is_its_midnight(cell: Cell) -> None:
    assert dated(cell) == ["2026-11-02 00:00"]


@pytest.mark.parametrize(
    "cell",
    [
        *("", "-", "NULL", "N/A", "0", 0, "NaT"),
        *("00010101000000", "0001-01-01T00:00:00", "01/01/0001", "1900-01-01", "1970-01-01"),
        datetime(1899, 12, 31),  # noqa: DTZ001 - as a workbook holds it
    ],
)
def test_what_programs_write_for_no_date_is_none(cell: Cell) -> None:
    assert dated(cell) == ["none"]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/02/2026", "ngày không có thật"),
        ("2026-13-02", "ngày không có thật"),
        ("02/11/2026 25:00", "giờ không có thật"),
        ("02/11/3026", "năm 3026 không thể là của hồ sơ"),
        ("02/11/1926", "năm 1926 không thể là của hồ sơ"),
        ("hôm qua", "không phải là ngày"),
        ("T", "không phải là ngày"),
        ("02/11", "không phải là ngày"),
        (12345, "không phải là ngày"),
        ("1e9", "không phải là ngày"),
        (BROKEN, "ô báo lỗi, hoặc công thức chưa được tính"),
    ],
)
def test_what_is_no_date_is_refused(cell: Cell, why: str) -> None:
    assert dated(cell) == [why]


def test_the_whole_column_tells_which_number_is_the_day() -> None:
    assert dated("02/11/2026", "11/25/2026") == ["2026-02-11 00:00", "2026-11-25 00:00"]
    assert dated("02/11/2026", "25/11/2026") == ["2026-11-02 00:00", "2026-11-25 00:00"]


def test_a_column_in_two_orders_gives_only_what_can_be_read_one_way() -> None:
    assert dated("02/11/2026", "25/11/2026", "11/26/2026", "03/03/2026") == [
        "cột lẫn lộn ngày/tháng và tháng/ngày",
        "2026-11-25 00:00",
        "2026-11-26 00:00",
        "2026-03-03 00:00",
    ]


def test_the_dossiers_own_code_is_a_witness() -> None:
    hints = [date(2026, 11, 2), date(2026, 11, 3)]

    assert dated("11/02/2026", "11/03/2026", hints=hints) == [
        "2026-11-02 00:00",
        "2026-11-03 00:00",
    ]


def test_a_year_in_two_digits_is_taken_where_all_are_so() -> None:
    assert dated("02/11/26", "12/11/26") == ["2026-11-02 00:00", "2026-11-12 00:00"]
    assert dated("02/11/2026", "05/11/20")[1].startswith("năm chỉ có hai chữ số")
    assert dated("26-11-20")[0].startswith("năm chỉ có hai chữ số")


def test_dates_that_excel_turned_round_are_not_believed() -> None:
    typed = datetime(2026, 2, 11)  # noqa: DTZ001 - as a workbook holds it

    assert dated(typed, "25/11/2026") == ["Excel có thể đã đảo ngày và tháng", "2026-11-25 00:00"]
    assert dated(typed) == ["2026-02-11 00:00"]


@given(st.text(max_size=30))
def test_any_text_is_a_date_none_or_refused(text: str) -> None:
    assert dated(text)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)))  # noqa: DTZ001 - as written
def test_every_moment_comes_back_from_its_forms(moment: datetime) -> None:
    for form in ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S"):
        assert dated(moment.strftime(form), "31/12/2026") == [
            f"{moment:%Y-%m-%d %H:%M}",
            "2026-12-31 00:00",
        ]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("3", 3),
        (3, 3),
        (3.0, 3),
        ("03", 3),
        ("3.0", 3),
        ("11", 11),
        ("Đang xử lý", 4),
        ("ĐÃ TRẢ KẾT QUẢ", 10),
        ("đa\u0303 tra\u0309 kê\u0301t qua\u0309", 10),
        ("Đã trả kết quả đúng hạn", 10),
        ("Đã trả kết quả (trước hạn)", 10),
        ("Đang xử lý - quá hạn", 4),
        ("10 - Đã trả kết quả", 10),
        ("[4] Đang xử lý", 4),
        ("releasing", 9),
    ],
)
def test_a_state_is_a_number_or_a_known_wording(cell: Cell, status: int) -> None:
    assert statuses.read_status(cell, StatusStyle()) == status


@pytest.mark.parametrize(
    "cell", ["", "?", "Hoàn thành", "4 - Đã trả kết quả", "99999", BROKEN, 4.5]
)
def test_a_state_that_may_mean_anything_is_refused(cell: Cell) -> None:
    with pytest.raises(Unclear):
        statuses.read_status(cell, StatusStyle())


def test_numbers_of_a_makers_own_are_none_of_the_portals() -> None:
    style = statuses.judge([3, 6, 9, 12, 15])

    with pytest.raises(Unclear, match="mã trạng thái riêng"):
        statuses.read_status(3, style)
    assert statuses.read_status(4, statuses.judge([*range(1, 11), 11])) == 4


@pytest.mark.parametrize(
    ("path", "figure"),
    [
        (("Tổng tiếp nhận",), "received.total"),
        (("tongTiepNhan",), "received.total"),
        (("received.total",), "received.total"),
        (("Số lượng hồ sơ tiếp nhận", "Tổng số"), "received.total"),
        (("Số lượng hồ sơ tiếp nhận", "Trong kỳ", "Trực tuyến"), "received.online"),
        (("Tiếp nhận", "Trực tiếp, dịch vụ bưu chính"), "received.direct_or_postal"),
        (("Tiếp nhận", "Từ kỳ trước"), "received.carried_over"),
        (("Số lượng hồ sơ đã giải quyết", "Trước hạn"), "resolved.early"),
        (("Đã giải quyết", "Trước hạn và đúng hạn"), "resolved.early_or_on_time"),
        (("Số lượng hồ sơ đang giải quyết", "Quá hạn"), "pending.overdue"),
        (("Đang giải quyết", "Trong hạn"), "pending.in_time"),
        (("Tạm dừng", "Tổng số"), "paused.total"),
        (("Tỷ lệ giải quyết đúng hạn",), "stated.on_time"),
        (("Tổng số phải giải quyết",), "to_resolve"),
        (("Ngày tiếp nhận",), None),
        (("Người tiếp nhận",), None),
        (("Ghi chú",), None),
    ],
)
def test_a_figure_is_known_by_all_the_headings_above_it(
    path: tuple[str, ...], figure: str | None
) -> None:
    assert figure_of(path) == figure


@pytest.mark.parametrize(
    ("title", "name", "first", "last"),
    [
        ("Tháng 11 năm 2026", "Tháng 11/2026", date(2026, 11, 1), date(2026, 11, 30)),
        ("KỲ BÁO CÁO: QUÝ III/2026", "Quý III/2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Quý 4 năm 2026", "Quý IV/2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("Năm 2019", "Năm 2019", date(2019, 1, 1), date(2019, 12, 31)),
        (
            "Từ ngày 15/12/2025 đến ngày 14/06/2026",
            "15/12/2025 – 14/06/2026",
            date(2025, 12, 15),
            date(2026, 6, 14),
        ),
    ],
)
def test_a_period_is_read_from_a_reports_titles(
    title: str, name: str, first: date, last: date
) -> None:
    span = span_of(["UBND XÃ", title])

    assert span is not None
    assert (span.name, span.first, span.last) == (name, first, last)


def test_titles_without_a_time_tell_none() -> None:
    assert span_of(["BÁO CÁO", "Tháng 13 năm 2026"]) is None


def test_a_place_is_told_as_a_person_finds_it() -> None:
    assert [letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert str(CellPlace("Hộ tịch", 12, 6, "Ngày hẹn trả")) == (
        "trang “Hộ tịch”, dòng 12, cột G (Ngày hẹn trả)"
    )
    assert plain("Mã  Hồ-Sơ (*)") == plain("MaHoSo") == "mahoso"
    assert text_of("a\u0301") == "á"
