"""What may reach paper, and what a text that is too long looks like."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.paper.compact import lay_out_compact
from printer.paper.drawing import Studio
from printer.paper.layout import LIMIT, Content, Dress, clean, lay_out
from printer.paper.phrases import LANGUAGES
from printer.paper.rows import Qr, TextRun, TicketRow

STUDIO = Studio()
DRESS = Dress("Trung tâm Phục vụ hành chính công")
LAYOUTS: dict[str, Any] = {"usual": lay_out, "compact": lay_out_compact}


def said(rows: tuple[TicketRow, ...]) -> list[str]:
    return [ink.text for row in rows for ink in row.inks if isinstance(ink, TextRun)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hộ tịch\x1b@\x1dV\x00", "Hộ tịch@V"),
        ("A\x10\x14\x01\x00\x05B", "AB"),
        ("e\u0302\u0301", "ế"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("dòng1\r\ndòng2\tcột", "dòng1 dòng2 cột"),
        ("😀 hồ sơ 👩\u200d👩\u200d👧🏽", "hồ sơ"),
        ("hồ sơ © ½ № 5", "hồ sơ © ½ № 5"),
        ("中文", "中文"),
    ],
)
def test_a_text_is_one_line_of_what_can_be_drawn(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text("aĐẫ –", min_size=100, max_size=300))
def test_a_text_that_is_cut_off_says_so(text: str) -> None:
    whole, cut = clean(text, 10_000), clean(text)

    assert cut == whole if len(whole) <= LIMIT else cut.endswith("…")
    assert len(cut) <= LIMIT


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_an_address_in_a_code_is_never_cut_off(layout: str) -> None:
    address = "https://dichvucong.example.gov.vn/" + "tra-cuu/" * 30
    content = Content("A1", "Hộ tịch", code=address)

    rows = LAYOUTS[layout](content, DRESS, 576, STUDIO)

    assert [ink.text for row in rows for ink in row.inks if isinstance(ink, Qr)] == [address]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_ticket_speaks_one_language(layout: str, lang: str) -> None:
    at = datetime(2026, 11, 23, 7, 42)  # noqa: DTZ001 - as printed
    content = Content("A1", "Land", 3, ("Quầy 3",), (5, 10), at, priority=True, lang=lang)

    words = "".join(said(LAYOUTS[layout](content, Dress("Hall"), 576, STUDIO)))

    foreign = [letter for letter in words if letter.isalpha() and not letter.isascii()]
    assert bool(foreign) is (lang == "vi")
