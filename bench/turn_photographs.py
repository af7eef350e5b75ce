"""What a citizen's phone shows of a turn, every state on one sheet: docs/pictures/turn-page.png.

python bench/turn_photographs.py [FILE]        needs Debian's chromium
"""

import shutil
import subprocess
import sys
import tempfile
from html import escape
from importlib.resources import files
from pathlib import Path

from hall.contract.following import FollowedTicket, Standing
from hall.counter.turns import rendering, sheets
from hall.counter.turns.sheets import HallWords, Lang, TurnSheet

HALL = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
WORDS = HallWords({"a": "Hộ tịch – Chứng thực"}, {"1": "Quầy 1", "3": "Quầy 3"})
WIDE, HIGH, COLUMNS, GAP = 360, 560, 5, 12


def turn(status: Standing, lang: Lang = "vi", ahead: int | None = None) -> tuple[TurnSheet, Lang]:
    wait = None if ahead is None else (3 * ahead, 5 * ahead + 1)
    ticket = FollowedTicket(
        token="1-412-57-ABCDEFGHIJKLM",
        number="A012",
        service="a",
        status=status,
        ahead=ahead,
        wait_min=wait,
        counters=("1", "3"),
        counter="3",
    )
    return sheets.sheet(ticket, lang, WORDS), lang


SHOWN: tuple[tuple[TurnSheet, Lang], ...] = (
    turn("waiting", ahead=7),
    turn("waiting", ahead=1),
    turn("called"),
    turn("serving"),
    turn("no_show"),
    turn("parked"),
    turn("finished"),
    (sheets.unknown("vi"), "vi"),
    turn("waiting", "en", 7),
    turn("called", "en"),
)


def frame(sheet: TurnSheet, lang: Lang) -> str:
    style = (files("hall.counter.turns") / "page" / "turn.css").read_text("utf-8")
    link = '<link rel="stylesheet" href="/turn.css">'
    page = rendering.page(sheet, lang, HALL).replace(link, f"<style>{style}</style>")
    return f'<iframe srcdoc="{escape(page)}" width={WIDE} height={HIGH} frameborder=0></iframe>'


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures/turn-page.png").resolve()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("needs chromium")
    gap = f"gap:{GAP}px;padding:{GAP}px"
    body = f'<body style="margin:0;display:flex;flex-wrap:wrap;background:#667;{gap}">'
    rows = -(-len(SHOWN) // COLUMNS)
    size = (COLUMNS * (WIDE + GAP) + GAP, rows * (HIGH + GAP) + GAP)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "sheet.html"
        sheet.write_text(body + "".join(frame(*each) for each in SHOWN), "utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
             f"--screenshot={target}", f"--window-size={size[0]},{size[1]}", sheet.as_uri()],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip


if __name__ == "__main__":
    main()
