"""What a ticket costs: layout, drawing and encoding cold and warm; bytes, wire and paper a design.

`python bench/printer_tickets.py`: needs nothing but the project. Bytes are exact counts; times of
the processor are medians on this machine; wire times are computed at ten bits a byte, USB full
speed at 0.8 MB/s and the paper's speed are the makers' figures, unverified on a bench.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from printer.models import MODELS, PrinterModel  # noqa: E402
from printer.paper.compact import lay_out_compact  # noqa: E402
from printer.paper.dots import digest  # noqa: E402
from printer.paper.drawing import Studio  # noqa: E402
from printer.paper.encoder import Encoder, Recipe  # noqa: E402
from printer.paper.layout import Content, Dress, dress_alone, lay_out  # noqa: E402
from printer.paper.rows import TicketRow  # noqa: E402

BAUDS = (9600, 19200, 38400, 115200)
USB_FULL_SPEED = 800_000
PRESSES = 200
DRESS = Dress(
    "Trung tâm Phục vụ hành chính công xã Mù Cang Chải",
    footer=("Giờ làm việc: 7:30–11:30, 13:30–17:00",),
)
AT = datetime(2026, 11, 23, 7, 42, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TICKET = Content(
    "A017",
    "Hộ tịch – Chứng thực",
    ahead=12,
    counters=("Quầy 3", "Quầy 4", "Quầy 5"),
    wait_min=(15, 25),
    issued_at=AT,
    code="https://dvc.example.gov.vn/q/7f3a91c2",
    picture="people",
)
MODEL = MODELS["TM-T20III"]


@dataclass(frozen=True)
class Design:
    name: str
    recipe: Recipe
    rows: tuple[TicketRow, ...]


def designs(studio: Studio) -> list[Design]:
    """From all dots to hardly any, as the documents name them."""
    usual = lay_out(TICKET, DRESS, MODEL.width, studio)
    slow = lay_out_compact(TICKET, DRESS, MODEL.width, studio)
    dressed = dress_alone(usual)
    native = Recipe(native_number=True, native_qr=True)
    return [
        Design("B all dots", Recipe(trim=False), usual),
        Design("C trimmed dots", Recipe(), usual),
        Design("D + printer's number and QR", native, usual),
        Design("E + head, foot and picture kept", provisioned(native, dressed, studio), dressed),
        Design(
            "F + all that never changes",
            provisioned(replace(native, native_text=True), slow, studio),
            slow,
        ),
    ]


def provisioned(recipe: Recipe, rows: tuple[TicketRow, ...], studio: Studio) -> Recipe:
    """For a printer that holds every row that never changes."""
    fixed = [studio.draw(row, MODEL.width) for row in rows if row.asset]
    keys = {digest(image): f"{chr(65 + n // 10)}{n % 10}" for n, image in enumerate(fixed)}
    return replace(recipe, assets=keys)


def table(studio: Studio) -> None:
    heads = (*(f"{baud}" for baud in BAUDS), "USB FS", "paper")
    print(f"{'design':31}{'bytes':>8}" + "".join(f"{head:>9}" for head in heads))
    for design in designs(studio):
        encoded = Encoder(MODEL, studio, design.recipe).encode(design.rows, b"1234")
        size = len(encoded.data)
        wires = [size * 10 / baud for baud in BAUDS] + [size / USB_FULL_SPEED]
        shown = "".join(f"{seconds:8.2f}s" for seconds in (*wires, MODEL.paper_s(encoded.rows)))
        print(f"{design.name:31}{size:8}{shown}")


def press(studio: Studio, encoder: Encoder, n: int, model: PrinterModel) -> None:
    content = replace(
        TICKET, number=f"A{n:03}", ahead=n % 40, issued_at=AT + timedelta(minutes=n), code=None
    )
    encoder.encode(lay_out(content, DRESS, model.width, studio), b"1234")


def cpu_ms(act: Callable[[], None]) -> float:
    before = time.process_time()
    act()
    return (time.process_time() - before) * 1e3


def presses() -> None:
    for name in ("default", "default-58"):
        model, studio = MODELS[name], Studio()
        encoder = Encoder(model, studio)
        cold = cpu_ms(lambda e=encoder, s=studio, m=model: press(s, e, 0, m))
        warm = [
            cpu_ms(lambda n=n, e=encoder, s=studio, m=model: press(s, e, n, m))
            for n in range(1, PRESSES)
        ]
        middle, worst = statistics.median(warm), sorted(warm)[int(len(warm) * 0.99)]
        print(
            f"press to bytes, {model.width} dots: cold {cold:.1f} ms CPU, "
            f"warm {middle:.1f} ms (p99 {worst:.1f}); budget 15 ms"
        )


def start() -> None:
    """What the printer's process loads before it is ready."""
    code = "import time, printer.paper.encoder; print(time.process_time())"
    bare = "import time; print(time.process_time())"
    spent = min(_cpu_s(code) for _ in range(3)) - min(_cpu_s(bare) for _ in range(3))
    print(f"loading the encoder: {spent * 1e3:.0f} ms CPU")


def _cpu_s(code: str) -> float:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    table(Studio())
    presses()
    start()
