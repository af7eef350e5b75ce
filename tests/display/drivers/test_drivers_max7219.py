"""A MAX7219 gets exactly the bytes of its data sheet, blinks, dims, and survives a lost wire."""

from pathlib import Path
from typing import Any

import pytest
from luma.core.virtual import sevensegment
from luma.emulator.device import capture
from luma.led_matrix.device import max7219
from PIL import Image, ImageChops

from display.blinking import BlinkingFace
from display.drivers.max7219 import SET_UP_EVERY_S, Max7219Faces, open_spi, written
from hall.contract.messages import Face
from hall.runtime.attachments import spi_bus
from hall.runtime.causes import Why, cause_of

# luma.core 2.6 reads pictures in a way that Pillow 14 (2027) will not have any more.
pytestmark = pytest.mark.filterwarnings("ignore:.*getdata is deprecated:DeprecationWarning")
GOLDEN = Path(__file__).parents[1] / "golden"
BUS = spi_bus("display_lost", "bảng số của quầy 1", 0, 0)
STEADY = Face(text="A105", style="steady")


class Wire:
    """In the place of luma's SPI: keeps the bytes, and can be cut."""

    def __init__(self) -> None:
        self.sent: list[list[int]] = []
        self.cut = False

    def data(self, data: Any) -> None:
        if self.cut:
            raise OSError(5, "Input/output error")
        self.sent.append(list(data))

    def command(self, *data: int) -> None:
        self.data(data)

    def cleanup(self) -> None:
        self.sent.append([])


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def led(wire: Wire) -> Max7219Faces:
    def open_chain() -> Any:
        chip = max7219(wire, cascaded=1)
        return chip, sevensegment(chip)

    return Max7219Faces(BUS, open_chain, width=4, intensity=8)


# Digit registers 1 to 8 with the segments DP A B C D E F G (MAX7219 data sheet, tables 2 and 6).
SEGMENTS = {" ": 0x00, "A": 0x77, "1": 0x30, "0": 0x7E, "5": 0x5B}


def test_the_segments_are_those_of_the_data_sheet(led: Max7219Faces, wire: Wire) -> None:
    led.show_face("1", STEADY, 0.0)

    rows = [sent for sent in wire.sent if sent and 1 <= sent[0] <= 8][-8:]
    by_register = {row[0]: row[1] for row in rows}
    shown = [by_register[register] for register in range(8, 0, -1)]
    assert shown == [SEGMENTS[c] for c in "    A105"]


def test_nothing_is_sent_twice(led: Max7219Faces, wire: Wire) -> None:
    led.show_face("1", STEADY, 0.0)
    led.tick(0.5)
    before = len(wire.sent)

    led.show_face("1", STEADY, 1.0)
    led.tick(2.0)

    assert len(wire.sent) == before


def test_a_live_call_blinks_and_then_stands(led: Max7219Faces) -> None:
    led.show_face("1", Face(text="A105", style="steady", call="c1"), 0.0)

    assert led.tick(0.1) == 0.5
    assert led.tick(0.5) == 1.0
    assert led.tick(30.0) == 30.0 + SET_UP_EVERY_S


def test_a_chip_that_lost_its_registers_is_set_up_anew(led: Max7219Faces, wire: Wire) -> None:
    """A dip of its supply: shut down, testing, decoding, and nothing is called meanwhile."""
    led.show_face("1", STEADY, 0.0)
    led.tick(0.5)
    del wire.sent[:]
    due = led.tick(1.0)
    quiet = list(wire.sent)
    assert due <= 6.0
    led.tick(due)
    registers = {register: value for sent in wire.sent for register, value in pairs(sent)}

    assert not quiet
    # Decode off, intensity, all digits scanned, on, no test (data sheet, table 2).
    assert [registers[r] for r in (0x09, 0x0A, 0x0B, 0x0C, 0x0F)] == [0, 8, 7, 1, 0]
    assert [registers[r] for r in (4, 3, 2, 1)] == [SEGMENTS[c] for c in "A105"]


def pairs(sent: list[int]) -> list[tuple[int, int]]:
    return list(zip(sent[::2], sent[1::2], strict=True))


def test_a_stale_number_stays_and_is_dimmed(led: Max7219Faces, wire: Wire) -> None:
    led.show_face("1", STEADY, 0.0)
    led.show_face("1", Face(text="A105", style="stale"), 1.0)

    # Register 0x0A is the intensity, 0 its lowest step (data sheet, table 7).
    assert wire.sent[-1] == [0x0A, 0]


def test_a_cut_wire_is_told_of_and_written_again(led: Max7219Faces, wire: Wire) -> None:
    led.show_face("1", STEADY, 0.0)
    wire.cut = True
    with pytest.raises(OSError, match="Input/output"):
        led.show_face("1", Face(text="A106", style="steady"), 1.0)

    wire.cut = False
    before = len(wire.sent)
    led.tick(2.0)

    assert len(wire.sent) > before


def test_closing_twice_is_once(led: Max7219Faces, wire: Wire) -> None:
    led.show_face("1", STEADY, 0.0)
    led.close()
    led.close()

    assert wire.sent.count([]) == 1


def test_a_machine_without_spi_says_so() -> None:
    with pytest.raises(Exception, match=r"SPI|spidev") as told:
        open_spi(9, 9, 4)

    assert cause_of(told.value).why in (Why.ABSENT, Why.NO_LIBRARY)


@pytest.mark.parametrize(
    ("text", "style", "glass"),
    [
        ("105", "steady", "     105"),
        ("B007", "steady", "    B007"),
        ("NGHỈ", "message", "    NGH-"),
        ("", "off", "        "),
        ("X12", "steady", "     -12"),
    ],
)
def test_what_segments_cannot_say_is_a_dash_and_never_another_letter(
    text: str, style: Any, glass: str
) -> None:
    assert written(BlinkingFace(Face(text=text, style=style)), 4, 0.0) == glass


def test_the_glass_looks_as_it_did(tmp_path: Path) -> None:
    pictures = str(tmp_path / "led_{0:02}.png")
    glass = capture(width=8, height=8, mode="1", transform="seven_segment", file_template=pictures)
    faces = Max7219Faces(BUS, lambda: (glass, sevensegment(glass)), width=4, intensity=8)

    faces.show_face("1", STEADY, 0.0)

    shown_last = max(tmp_path.glob("led_*.png"))
    with Image.open(shown_last) as shown, Image.open(GOLDEN / "max7219.png") as golden:
        assert ImageChops.difference(shown.convert("L"), golden.convert("L")).getbbox() is None
