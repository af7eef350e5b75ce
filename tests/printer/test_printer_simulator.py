"""The simulated printer held to what was measured on an independent one."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printer import commands
from printer.line.session import PrinterSession
from printer.models import MODELS
from printer.paper.dots import raster
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder, Recipe
from printer.paper.layout import Content, Dress, lay_out
from printer.simulator.machine import Machine, Make
from printer.simulator.paper import CutPaper

STATES: dict[str, dict[str, bool]] = {
    "healthy": {},
    "near-end": {"paper_low": True},
    "paper out": {"paper_out": True},
    "cover open": {"cover_open": True},
    "offline": {"offline": True},
}
REAL_TIME = {
    "healthy": "16121212",
    "near-end": "1612121E",
    "paper out": "1E32127E",
    "cover open": "1E161212",
    "offline": "1E121212",
}
ASB = {
    "healthy": "14000000",
    "near-end": "14000300",
    "paper out": "1C000F00",
    "cover open": "3C000000",
    "offline": "1C000000",
}
IN_ORDER = {"healthy": "00", "near-end": "03", "paper out": "", "cover open": "", "offline": ""}


def machine(**make: Any) -> tuple[Machine, list[CutPaper]]:
    sheets: list[CutPaper] = []
    return Machine(Make(**make), sheets.append), sheets


def tell(printer: Machine, data: bytes, now: float = 0.0) -> bytes:
    printer.receive(data, now)
    return printer.answers()


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_answers_as_measured(state: str) -> None:
    printer, _ = machine()
    assert tell(printer, commands.ASB_ON) == b"\x14\x00\x00\x00"
    printer.change(0.0, **STATES[state])
    pushed = printer.answers()
    asked = b"".join(tell(printer, commands.real_time(n)) for n in range(1, 5))

    assert asked == bytes.fromhex(REAL_TIME[state])
    assert pushed == (b"" if state == "healthy" else bytes.fromhex(ASB[state]))
    assert tell(printer, commands.IN_ORDER) == bytes.fromhex(IN_ORDER[state])


def test_init_turns_automatic_status_off() -> None:
    printer, _ = machine()
    tell(printer, commands.ASB_ON + commands.INIT)

    printer.change(0.0, cover_open=True)

    assert printer.answers() == b""


def band(rows: int = 24) -> bytes:
    return raster(Image.new("1", (576, rows), 0), trim=False).data


def test_a_held_ticket_and_its_naive_repetition_both_come_out() -> None:
    """Why a held job is never sent again."""
    printer, sheets = machine()
    printer.change(0.0, paper_out=True)
    for _ in range(2):
        tell(printer, commands.INIT + band() + commands.FULL_CUT + commands.IN_ORDER)
    assert sheets == []

    printer.new_roll(1.0)

    assert len(sheets) == 2
    assert printer.answers() == b"\x00\x00"


@pytest.mark.parametrize("cut_at", [1, 5, 8, 9, 100, 1000, 1735])
def test_what_a_cut_off_band_swallows_is_refilled_with_blanks(cut_at: int) -> None:
    printer, sheets = machine()
    tell(printer, band()[:cut_at])

    answer = tell(printer, commands.NUL * 2048 + commands.INIT + commands.IN_ORDER)

    assert answer == b"\x00"
    tell(printer, band() + commands.FULL_CUT)
    last = (
        sheets[0]
        .image.convert("L")
        .crop((0, sheets[0].image.height - 24, 576, sheets[0].image.height))
    )
    assert last.getextrema() == (0, 0)


def test_without_the_blanks_the_next_ticket_is_swallowed() -> None:
    printer, sheets = machine()
    tell(printer, band()[:20])

    tell(printer, commands.INIT + commands.FULL_CUT + commands.IN_ORDER)

    assert sheets == []


STUDIO = Studio()
# It cannot be told to drop what it holds.
CLONE = MODELS["XP-80"]
TICKET = Content(
    "A017", "Hộ tịch – Chứng thực", 3, ("Quầy 1",), code="https://dvc.example.gov.vn/q/1"
)


def job(recipe: Recipe) -> bytes:
    rows = lay_out(TICKET, Dress("Trung tâm Phục vụ hành chính công"), 576, STUDIO)
    return Encoder(CLONE, STUDIO, recipe).encode(rows, b"1234").data


def fresh_start() -> bytes:
    """What is sent to a printer in whose throat half a ticket may stick."""
    session = PrinterSession(CLONE)
    session.after_break()
    session.opened(0.0)
    return session.outgoing


JOBS = {
    "dots": job(Recipe()),
    "type and code": job(Recipe(native_number=True, native_qr=True)),
}


@cache
def unbroken(data: bytes) -> bytes:
    printer, sheets = machine(buffer=1 << 20)
    tell(printer, data)
    return sheets[0].image.tobytes()


@pytest.mark.parametrize("design", sorted(JOBS))
@given(broken=st.floats(0, 1))
@settings(max_examples=12, deadline=None)
def test_wherever_a_ticket_breaks_off_the_next_one_comes_out_whole(
    design: str, broken: float
) -> None:
    printer, sheets = machine(buffer=1 << 20)
    whole = JOBS[design]
    tell(printer, whole[: int(broken * len(whole))])

    tell(printer, fresh_start() + whole)

    assert sheets[-1].image.tobytes() == unbroken(whole)


def test_paper_is_used_up_and_its_end_is_seen() -> None:
    printer, sheets = machine(roll_mm=120, near_end_mm=60)
    tell(printer, commands.ASB_ON)
    heard = b"".join(tell(printer, band(240) + commands.FULL_CUT) for _ in range(4))

    assert b"\x14\x00\x03\x00" in heard
    assert b"\x1c\x00\x0f\x00" in heard
    assert 1 <= len(sheets) < 4


def test_printing_takes_the_time_of_the_paper() -> None:
    printer, sheets = machine(speed=100.0, buffer=1 << 16)
    tell(printer, band(800) + commands.FULL_CUT + commands.process_id(b"abcd"))
    assert sheets == []

    printer.advance(0.9)
    assert sheets == []
    printer.advance(1.2)

    assert len(sheets) == 1
    printer.advance(1.3)
    assert printer.answers() == b"\x37\x22abcd\x00"


def test_a_full_buffer_takes_no_more() -> None:
    printer, _ = machine()
    printer.change(0.0, cover_open=True)
    tell(printer, bytes(5000)[:4096])

    assert printer.room == 0


def test_power_takes_the_buffer_and_the_settings_and_leaves_the_memory() -> None:
    printer, _ = machine()
    define = commands.nv_define("A0", 576, 8, bytes(72 * 8))
    tell(printer, commands.ASB_ON + define + band()[:500])
    printer.change(0.0, power=False)
    assert tell(printer, b"\x10\x04\x01") == b""

    printer.change(0.0, power=True)

    assert tell(printer, commands.NV_LIST) == b"\x37\x72\x40A0\x00"
    printer.change(0.0, cover_open=True)
    assert printer.answers() == b""


def test_a_real_time_command_inside_image_data_is_obeyed_as_many_printers_do() -> None:
    printer, _ = machine()

    assert tell(printer, commands.raster_header(72, 1) + b"\x10\x04\x01") == b"\x16"


def test_a_held_ticket_can_be_cleared() -> None:
    printer, sheets = machine()
    printer.change(0.0, paper_out=True)
    tell(printer, band() + commands.FULL_CUT)

    tell(printer, commands.CLEAR)
    printer.new_roll(1.0)

    assert sheets == []


def test_a_printer_says_who_it_is() -> None:
    assert tell(machine()[0], commands.MODEL_NAME) == b"\x5fTM-T20III\x00"


def test_its_own_type_and_code_are_drawn() -> None:
    printer, sheets = machine()
    line = commands.CENTRE + commands.BIG + b"A017\n" + commands.NORMAL + b"07:42\n"
    shape = b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1"
    code = shape + b"\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0"

    tell(printer, line + code + b"\n" + commands.FULL_CUT)

    assert sheets[0].image.height > 192 + 34 + 21 * 5
    assert sheets[0].image.convert("L").getextrema() == (0, 255)
