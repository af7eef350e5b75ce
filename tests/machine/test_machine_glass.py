"""The kiosk's glass, as its display controller scans it out."""

from emulated.hall import Hall
from emulated.pictures import words
from emulated.waiting import until


def shown(hall: Hall) -> str:
    return words(hall.glass())


def test_the_kiosk_fills_the_glass_with_its_first_page(hall: Hall) -> None:
    picture = hall.glass()

    assert picture.size == (1080, 1920)
    text = words(picture)
    assert "Thử Nghiệm" in text
    assert "Lấy số" in text or "LẤY SỐ" in text


def test_a_code_before_the_keyboard_scanner_is_looked_up(hall: Hall) -> None:
    hall.monitor.type("H12.34.56-261129-0001\n")

    until(lambda: "261129" in shown(hall), 30, "the code is not on the glass")


def test_a_code_before_the_serial_scanner_is_looked_up(hall: Hall) -> None:
    hall.cables["scanner"].send(b"H12.34.56-261129-0002\r\n")

    until(lambda: "0002" in shown(hall), 30, "the code is not on the glass")
