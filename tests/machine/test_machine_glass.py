"""The kiosk's glass, as its display controller scans it out."""

from collections.abc import Callable

import pytest
from emulated.hall import Hall
from emulated.pictures import words
from emulated.waiting import until


def shown(hall: Hall) -> str:
    return words(hall.glass())


def test_the_kiosk_fills_the_glass_with_its_first_page(hall: Hall) -> None:
    until(lambda: "Xin mời" in shown(hall), 120, "whoever was there before has not left")
    picture = hall.glass()

    assert picture.size == (1080, 1920)
    text = words(picture)
    assert "Thử Nghiệm" in text
    assert "Lấy số" in text or "LẤY SỐ" in text


def by_the_keyboard_scanner(hall: Hall) -> None:
    hall.monitor.type("H12.34.56-261129-0001\n")


def by_the_serial_scanner(hall: Hall) -> None:
    hall.cables["scanner"].send(b"H12.34.56-261129-0002\r\n")


@pytest.mark.parametrize("scan", [by_the_keyboard_scanner, by_the_serial_scanner])
def test_a_code_before_a_scanner_is_looked_up(hall: Hall, scan: Callable[[Hall], None]) -> None:
    """No vendor is there who could find it: the kiosk asked, says so, and is left alone."""
    scan(hall)

    until(lambda: "chưa tra cứu được" in shown(hall), 60, "nothing is looked up")
    until(lambda: "Xin mời" in shown(hall), 120, "the first page does not come back")
