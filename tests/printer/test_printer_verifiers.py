"""Tickets and printer as strangers see them: programs that nobody of this project wrote."""

import base64
import difflib
import io
import json
import os
import shutil
import socket
import subprocess
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps

from printer.line.session import PrinterSession
from printer.models import MODELS
from printer.paper.assets import Book, changes
from printer.paper.compact import lay_out_compact
from printer.paper.drawing import Studio
from printer.paper.encoder import Encoder, Recipe
from printer.paper.layout import Content, Dress, dress_alone, lay_out
from printer.paper.rows import Digits, TicketRow
from printer.provision import strips_by_digest
from printer.simulator.machine import Machine, Make
from printer.simulator.paper import CutPaper

ROOT = Path(__file__).resolve().parents[2]
URL = "http://10.100.200.1:8081/12-1412-1357-ABCDEFGHIJKLM"
STUDIO = Studio()
DRESS = Dress("Trung tâm Phục vụ hành chính công xã Mù Cang Chải")
TICKET = Content(
    "A017",
    "Hộ tịch – Chứng thực",
    ahead=12,
    counters=("Quầy 3", "Quầy 4"),
    wait_min=(15, 25),
    issued_at=datetime(2026, 11, 23, 7, 42),  # noqa: DTZ001 - as printed
    priority=True,
    code=URL,
    picture="people",
)
NATIVE = Recipe(native_number=True, native_qr=True)
USUAL = lay_out(TICKET, DRESS, 576, STUDIO)
DRESSED = dress_alone(USUAL)
COMPACT = lay_out_compact(TICKET, DRESS, 576, STUDIO)


def remembered(recipe: Recipe, rows: tuple[TicketRow, ...]) -> Recipe:
    """For a printer that holds every row that never changes."""
    strips = strips_by_digest([STUDIO.draw(row, 576) for row in rows if row.asset])
    return replace(recipe, assets=changes(Book(), strips, "").book.keys)


DESIGNS = {
    "raster": ("default", Recipe(), USUAL),
    "native": ("TM-T20III", NATIVE, USUAL),
    "dress": ("TM-T20III", remembered(NATIVE, DRESSED), DRESSED),
    "memory": ("TM-T20III", remembered(replace(NATIVE, native_text=True), COMPACT), COMPACT),
}


@cache
def job(design: str) -> bytes:
    model, recipe, rows = DESIGNS[design]
    return Encoder(MODELS[model], STUDIO, recipe).encode(rows, b"1234").data


def simulated(data: bytes) -> Image.Image:
    """The paper of our own simulated printer."""
    sheets: list[CutPaper] = []
    Machine(Make(buffer=1 << 20), sheets.append).receive(data, 0.0)
    return sheets[0].image.convert("L")


def emupos(data: bytes) -> Image.Image:
    """The last paper of emupos 0.4, an independent interpreter of ESC/POS."""
    return papers_of_emupos(data)[-1]


def papers_of_emupos(data: bytes) -> list[Image.Image]:
    papers = (io.BytesIO(base64.b64decode(png)) for png in told_by_emupos(data)["papers"])
    return [Image.open(paper).convert("L") for paper in papers]


@cache
def told_by_emupos(data: bytes) -> Any:
    python = os.environ.get("EMUPOS_PYTHON") or str(ROOT / ".venvs/emupos/bin/python")
    if not Path(python).exists():
        pytest.skip(why_absent("emupos"))
    drawn = subprocess.run(
        [python, str(Path(__file__).with_name("emupos_draws.py"))],
        input=data,
        capture_output=True,
        check=True,
        timeout=300,
    )
    return json.loads(drawn.stdout)


def why_absent(name: str) -> str:
    """What fetch-verifiers left behind when it could not have this judge."""
    excuse = ROOT / f".venvs/{name}.absent"
    found = excuse.read_text(encoding="utf-8").strip() if excuse.exists() else ""
    return f"{name}: {found or 'not fetched, run tests/printer/fetch-verifiers'}"


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def seen(paper: Image.Image, path: Path) -> Path:
    """As a camera would see it: white around, twice as large."""
    wide = ImageOps.expand(paper, 40, 255)
    wide.resize((wide.width * 2, wide.height * 2)).save(path)
    return path


def text_on(picture: Path, *options: str) -> list[str]:
    """What tesseract reads; letter O and zero look alike in this type."""
    command = [tool("tesseract"), str(picture), "-", "-l", "vie", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def read(line: str, among: list[str]) -> bool:
    """Whether a line was read, bar a letter or two."""
    fold = str.maketrans({"O": "0", "o": "a", "–": "-"})
    wanted = line.translate(fold)
    return any(
        difflib.SequenceMatcher(None, wanted, found.translate(fold)).ratio() > 0.85
        for found in among
    )


PAPERS = pytest.mark.parametrize(("design", "printer"), [("raster", emupos), ("native", simulated)])


@PAPERS
def test_a_stranger_reads_names_counters_and_date_off_the_paper(
    design: str, printer: Any, tmp_path: Path
) -> None:
    found = text_on(seen(printer(job(design)), tmp_path / "t.png"), "--psm", "6")

    for line in (
        "Hộ tịch – Chứng thực",
        "ƯU TIÊN",
        "Chờ gọi đến Quầy 3, 4",
        "Trước ông/bà 12 người",
        "Chờ khoảng 15–25 phút",
        "07:42 · Thứ Hai, 23/11/2026",
        "Trung tâm Phục vụ hành chính công",
        "xã Mù Cang Chải",
        "Phiếu này không thay Giấy tiếp nhận hồ sơ",
    ):
        assert read(line, found), f"{line!r} not in {found}"


@pytest.mark.parametrize("printer", [simulated, emupos])
def test_a_stranger_reads_the_number_off_the_paper(printer: Any, tmp_path: Path) -> None:
    paper = printer(job("raster"))
    # tesseract knows type of a newspaper's size, not of a hand's breadth.
    number = paper.crop((0, 36, 576, 230)).resize((115, 38), Image.Resampling.LANCZOS)

    found = text_on(seen(number, tmp_path / "n.png"), "--psm", "7")

    assert [line.replace("O", "0").replace(" ", "") for line in found] == ["A017"]


@pytest.mark.parametrize(
    ("design", "printer"), [("raster", emupos), ("native", emupos), ("native", simulated)]
)
def test_a_phone_reads_the_code_off_the_paper(design: str, printer: Any, tmp_path: Path) -> None:
    picture = seen(printer(job(design)), tmp_path / "q.png")

    done = subprocess.run(
        [tool("zbarimg"), "-q", "--raw", str(picture)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert done.stdout.strip() == URL


def test_an_independent_printer_puts_every_dot_where_we_meant_it() -> None:
    theirs, ours = emupos(job("raster")), simulated(job("raster"))

    assert abs(theirs.height - ours.height) <= 1
    assert same_dots(theirs, ours, 0, min(theirs.height, ours.height))


def same_dots(theirs: Image.Image, ours: Image.Image, top: int, bottom: int) -> bool:
    box = (0, top, 576, bottom)
    return ImageChops.difference(theirs.crop(box), ours.crop(box)).getbbox() is None


def test_type_and_code_of_the_printer_leave_every_other_dot_in_its_place() -> None:
    theirs, ours = emupos(job("native")), simulated(job("native"))
    number = next(n for n, row in enumerate(USUAL) if big(row))
    top = sum(row.height for row in USUAL[:number])

    assert same_dots(theirs, ours, 0, top)
    assert same_dots(theirs, ours, top + 8 * 24, min(theirs.height, ours.height))


def big(row: TicketRow) -> bool:
    return any(isinstance(ink, Digits) for ink in row.inks)


@pytest.mark.parametrize(
    ("design", "strangers"), [("raster", 0), ("native", 1), ("dress", 5), ("memory", 13)]
)
def test_an_independent_printer_knows_every_command_but_memory_and_process_id(
    design: str, strangers: int
) -> None:
    """emupos has neither GS ( L 69 nor GS ( H; both announce their length and are passed over."""
    unknown = [bytes.fromhex(event["bytes"]) for event in told_by_emupos(job(design))["unknown"]]

    assert {data[:7] for data in unknown} <= {
        b"\x1d(L\x06\x000E",
        b"\x1d(H\x06\x0000",
    }
    assert len(unknown) == strangers


def test_after_a_broken_ticket_an_independent_printer_draws_the_next_one_whole() -> None:
    whole = job("raster")
    session = PrinterSession(MODELS["default"])
    session.after_break()
    session.opened(0.0)
    breaks = (40, 1000, 1733, 1741, 9000, 20_000)

    papers = papers_of_emupos(
        b"".join(whole[:broken] + session.outgoing + whole for broken in breaks)
    )

    clean = emupos(whole).tobytes()
    assert [paper.tobytes() for paper in papers].count(clean) == len(breaks)


# --- a foreign host at our simulated printer ------------------------------------------------------


@pytest.fixture
def printer_on_9100(hall: Any) -> Any:
    """receiptio knows port 9100 alone."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 9100))
        except OSError:
            pytest.skip("port 9100 is taken on this machine")
    hall.with_printer()
    hall.bench.listen(port=9100)
    hall.bench.start()
    return hall


def receiptio(folder: Path) -> str:
    home = ROOT / ".venvs/receiptio"
    program = [str(home / "node"), str(home / "node_modules/receiptio/bin/cli.js")]
    if not all(map(os.path.exists, program)):
        pytest.skip(why_absent("receiptio"))
    paper = folder / "r.txt"
    paper.write_text("^^^HELLO\n\nA|B|C\n", encoding="utf-8")
    command = [*program, "-d", "127.0.0.1", "-c", "48", str(paper)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("condition", "verdict", "papers"),
    [
        ({}, "success", 1),
        ({"paper_low": True}, "success", 1),
        ({"paper_out": True}, "paperempty", 0),
        ({"cover_open": True}, "coveropen", 0),
    ],
)
def test_a_foreign_program_understands_our_simulated_printer(
    printer_on_9100: Any, tmp_path: Path, condition: Any, verdict: str, papers: int
) -> None:
    printer_on_9100.bench.change(**condition)

    assert receiptio(tmp_path) == verdict
    assert len(printer_on_9100.sheets) == papers
