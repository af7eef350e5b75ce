"""Tickets as people read them: what stands where, how large, and that nothing is clipped."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.fonts import Weight
from printer.paper.blocks import TextBlock, fit, typeset
from printer.paper.drawing import Studio
from printer.paper.layout import Content, Dress, counters_line, lay_out, ticket_blocks
from printer.paper.phrases import ENGLISH
from printer.paper.rows import Digits, Font, TextRun, TicketRow

WIDTHS = (576, 384)
DRESS = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải", footer=("Giờ làm việc: 7:30",))
TICKET = Content(
    "A017",
    "Hộ tịch – Chứng thực",
    ahead=12,
    counters=("Quầy 1", "Quầy 3"),
    wait_min=(15, 25),
    issued_at=datetime(2026, 11, 23, 7, 42),  # noqa: DTZ001 - as printed
)
STUDIO = Studio()


def lines(content: Content, dress: Dress = DRESS, width: int = 576) -> list[str]:
    return [
        " | ".join(ink.text for ink in row.inks if isinstance(ink, TextRun | Digits))
        for row in lay_out(content, dress, width, STUDIO)
        if row.inks
    ]


def test_a_ticket_tells_the_number_first_and_the_hall_last() -> None:
    assert [line for line in lines(TICKET) if line] == [
        "SỐ THỨ TỰ",
        "A017",
        "Hộ tịch – Chứng thực",
        "Chờ gọi đến | Quầy 1, 3",
        "Trước ông/bà | 12 người",
        "Chờ khoảng | 15–25 phút",
        "07:42 · Thứ Hai, 23/11/2026",
        "Trung tâm Phục vụ hành chính công",
        "xã Mù Cang Chải",
        "Giờ làm việc: 7:30",
        "Phiếu này không thay Giấy tiếp nhận hồ sơ",
    ]


def test_a_code_to_follow_the_turn_by_says_what_it_is_for_and_where_it_opens() -> None:
    followed = replace(TICKET, code="http://10.0.1.1:8081/1-1-1-ABCDEFGHIJKLM", wifi="MotCua")

    assert "Quét mã để xem còn mấy người" in lines(followed)
    assert "(nối Wi-Fi MotCua trước)" in lines(followed)
    assert "Scan to follow your turn" in lines(replace(followed, lang="en", wifi=""))
    assert not [line for line in lines(replace(followed, wifi=None)) if "Quét" in line]


def test_a_hall_may_have_its_name_on_top() -> None:
    top = replace(DRESS, masthead="top", header=("UBND XÃ MÙ CANG CHẢI",))

    assert lines(TICKET, top)[0] == "UBND XÃ MÙ CANG CHẢI"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_number_is_the_largest_thing(width: int) -> None:
    inks = [ink for row in lay_out(TICKET, DRESS, width, STUDIO) for ink in row.inks]
    number = next(ink for ink in inks if isinstance(ink, Digits))
    others = [ink.font.size for ink in inks if isinstance(ink, TextRun)]

    assert number.font.size > 3 * max(others)


def test_an_unknown_wait_is_left_out() -> None:
    assert not any("Chờ khoảng" in line for line in lines(replace(TICKET, wait_min=None)))


def test_an_unsure_clock_prints_no_time() -> None:
    shown = lines(replace(TICKET, issued_at=None))

    assert "giờ chưa xác định" in shown
    assert not any("2026" in line for line in shown)


def test_priority_is_marked_and_its_reason_is_not() -> None:
    assert "ƯU TIÊN" in lines(replace(TICKET, priority=True))
    assert "ƯU TIÊN" not in lines(TICKET)


def test_a_reprint_says_so_before_anything_else() -> None:
    assert lines(replace(TICKET, reprint=True))[0] == "IN LẠI"


def test_a_ticket_speaks_the_citizen_s_language() -> None:
    shown = lines(replace(TICKET, lang="en"))

    assert "You will be called to | Counter 1, 3" in shown
    assert "This ticket does not replace the application receipt" in shown


def test_a_language_without_words_of_its_own_is_vietnamese() -> None:
    assert lines(replace(TICKET, lang="jra")) == lines(TICKET)


def test_nobody_ahead_is_said_in_words() -> None:
    assert "Trước ông/bà | không có ai" in lines(replace(TICKET, ahead=0))


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (("Quầy 03", "Quầy 04", "Quầy 5A"), "Quầy 03, 04, 5A"),
        (("Quầy 1",), "Quầy 1"),
        (("Quầy 1", "Bàn trả kết quả"), "Quầy 1, Bàn trả kết quả"),
        (("Quầy", "Quầy 2"), "Quầy, Quầy 2"),
    ],
)
def test_counters_are_named_once(names: tuple[str, ...], line: str) -> None:
    assert counters_line(names) == line


def test_counters_of_other_names_stay_as_they_are_in_english() -> None:
    assert counters_line(("Quầy 1", "Quầy 2"), ENGLISH) == "Counter 1, 2"


def test_a_line_breaks_before_the_place_and_not_inside_its_name() -> None:
    font = Font(Weight.BOLD, 28)

    _, broken = fit(DRESS.hall, font, 548, 3, STUDIO)

    assert broken == ("Trung tâm Phục vụ hành chính công", "xã Mù Cang Chải")


def test_a_line_slightly_too_long_is_shrunk_rather_than_broken() -> None:
    font = Font(Weight.BOLD, 46)
    width = STUDIO.width("Hộ tịch – Chứng thực", font) - 8

    shrunk, broken = fit("Hộ tịch – Chứng thực", font, width, 3, STUDIO)

    assert len(broken) == 1
    assert shrunk.size < 46


def test_a_text_without_end_is_cut_and_says_so() -> None:
    _, broken = fit("thủ tục " * 80, Font(Weight.BOLD, 46), 548, 2, STUDIO)

    assert len(broken) == 2
    assert broken[-1].endswith("…")


def test_rows_that_never_change_are_named_for_the_printer_s_memory() -> None:
    rows = lay_out(TICKET, DRESS, 576, STUDIO)
    changing = [r for r in rows if r.asset is None and any(isinstance(i, TextRun) for i in r.inks)]

    assert len([r for r in rows if r.asset]) >= 6
    assert len(changing) == 4


def ink_free(row: TicketRow, width: int, margin: int) -> bool:
    image = STUDIO.draw(row, width).convert("L")
    edges = (
        image.crop((0, 0, margin, row.height)),
        image.crop((width - margin, 0, width, row.height)),
    )
    return all(edge.getextrema() == (255, 255) for edge in edges)


HARD_TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("ẪỖỀẤẬỢỰgyjpq WMÂ-–", min_size=1, max_size=200),
    st.sampled_from(
        (
            "Hộ tịch\x1b@\x1dV\x00",
            "A\x10\x14\x01\x00\x05B",
            "\u009b2J\u0085",
            "a\u202eb\u200bc\ufeffd",
            "e\u0302\u0301",
            "中文",
            "T" * 5000,
            "dòng1\r\ndòng2\tcột",
            "😀 hồ sơ",
            "",
        )
    ),
)


@given(service=HARD_TEXTS, counter=HARD_TEXTS, width=st.sampled_from(WIDTHS))
@settings(max_examples=40, deadline=None)
def test_no_text_ever_reaches_the_edge_of_the_paper(service: str, counter: str, width: int) -> None:
    content = replace(TICKET, service=service, counters=(counter, "Quầy 2"), priority=True)

    rows = lay_out(content, DRESS, width, STUDIO)

    assert all(ink_free(row, width, 8) for row in rows)


def uncut(image_row: TicketRow, width: int) -> bool:
    """Whether a taller row would have held no more ink: nothing is lost above or below."""
    shifted = replace(
        image_row,
        height=image_row.height + 40,
        inks=tuple(
            replace(i, baseline=i.baseline + 20) for i in image_row.inks if isinstance(i, TextRun)
        ),
    )
    roomy = STUDIO.draw(shifted, width).convert("L").point(lambda v: 255 - v)
    box = roomy.getbbox()
    return box is None or (box[1] >= 20 and box[3] <= image_row.height + 20)


@given(text=st.text("ẪỖỀẤẬỢỰÂĂgyjpqự ", min_size=1, max_size=12), size=st.integers(19, 60))
@settings(max_examples=40, deadline=None)
def test_no_accent_or_tail_is_cut_off(text: str, size: int) -> None:
    for row in typeset((TextBlock(text, Font(Weight.BOLD, size)),), 576, STUDIO):
        assert uncut(row, 576)


def test_every_letter_of_vietnamese_has_a_glyph() -> None:
    from hall import fonts  # noqa: PLC0415

    letters = (
        "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    )
    assert fonts.covers(letters + letters.upper())


def test_the_blocks_of_a_ticket_are_the_same_for_the_same_content() -> None:
    assert ticket_blocks(TICKET, DRESS, 576) == ticket_blocks(TICKET, DRESS, 576)


def test_on_narrow_paper_a_long_value_stands_below_its_label() -> None:
    many = replace(TICKET, counters=tuple(f"Quầy 0{n}" for n in range(1, 10)))

    shown = lines(many, width=384)

    assert "Chờ gọi đến" in shown
    assert any(line.startswith("Quầy 01, 02") for line in shown)


def test_a_hall_s_logo_stands_above_its_name() -> None:
    from PIL import Image  # noqa: PLC0415

    studio = Studio({"logo": Image.new("1", (160, 64), 0)})
    rows = lay_out(TICKET, replace(DRESS, logo=True), 576, studio)

    logo = next(row for row in rows if row.asset == "logo")

    assert logo.height == 64
    assert studio.draw(logo, 576).crop((208, 0, 368, 64)).convert("L").getextrema() == (0, 0)


def test_a_hall_without_its_picture_leaves_it_out() -> None:
    assert not [
        r for r in lay_out(TICKET, replace(DRESS, logo=True), 576, STUDIO) if r.asset == "logo"
    ]


def test_one_person_is_one_person_in_english() -> None:
    assert "Before you | 1 person" in lines(replace(TICKET, lang="en", ahead=1))
    assert "Before you | nobody" in lines(replace(TICKET, lang="en", ahead=0))


def test_a_wait_of_one_value_is_not_a_range() -> None:
    assert "Chờ khoảng | 5 phút" in lines(replace(TICKET, wait_min=(5, 5)))
    assert "Wait about | 5 min" in lines(replace(TICKET, wait_min=(5, 5), lang="en"))


def test_words_of_other_scripts_of_the_hall_are_drawn() -> None:
    """Jarai and Bahnar letters that the hall's face lacks come from another."""
    (row,) = typeset((TextBlock("Ƀơ̆ng Gia Rai ƀ", Font(Weight.BOLD, 40)),), 576, STUDIO)

    assert STUDIO.draw(row, 576).convert("L").getextrema() == (0, 255)
