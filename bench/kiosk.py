"""The kiosk beside Chromium in kiosk mode with an equivalent page, and what a touch costs.

`python bench/kiosk.py`: needs Xvfb, mosquitto, ImageMagick and Chromium. Both run full screen,
1080x1920, on an X server of their own without a GPU. Page change and keystroke are measured inside
one process without a window, as CPU time from the act to the last painted pixel, caches warm.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from display_board import cpu, pss_mb, running

from hall.runtime.picture import Presence

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hall.contract.catalogue import CatalogueProcedure  # noqa: E402
from hall.screen.geometry import Panel  # noqa: E402
from hall.screen.window import Window  # noqa: E402
from kiosk import wording  # noqa: E402
from kiosk.glass.rehearsal import Rehearsal  # noqa: E402
from kiosk.glass.view import KioskView  # noqa: E402
from kiosk.model import samples  # noqa: E402
from kiosk.model.actions import Acted, EndVisit, Open, PressKey, Toggle  # noqa: E402
from kiosk.model.pages import (  # noqa: E402
    Dashboard,
    Fields,
    Lookup,
    Page,
    PickService,
    Procedures,
    Rating,
)
from kiosk.model.procedure_catalogue import shelve  # noqa: E402
from kiosk.model.setup import CounterLabel, KioskSetup, PriorityChoice, ServiceChoice  # noqa: E402
from kiosk.model.state import KioskModel  # noqa: E402
from kiosk.model.step import step  # noqa: E402

REST_S = 10.0
NAME = "Trung tâm Phục vụ hành chính công xã Mù Cang Chải"
FIELDS = ("Hộ tịch", "Đất đai", "Bảo trợ", "Cư trú", "Hộ kinh doanh", "Giáo dục")
YAML = f"""version: 1
hall: {{id: bench, name: "{NAME}", hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}}
services: [{{id: ho-tich, name: Hộ tịch – Chứng thực, prefix: A}}]
counters: [{", ".join(f'{{id: "{n}", serves: [ho-tich]}}' for n in range(1, 7))}]
printers: [{{id: printer-1, driver: simulated}}]
kiosks: [{{id: kiosk-1, printer: printer-1}}]
"""
PAGE = f"""<!doctype html><meta charset=utf-8><style>
body{{margin:0;background:#EDF2F8;font:500 30px sans-serif;color:#0F2440;overflow:hidden}}
header{{background:linear-gradient(#0B4A91,#083364);color:#fff;height:145px;display:flex;
justify-content:space-between;align-items:center;padding:0 32px;font-size:44px}}
.g{{display:grid;gap:22px;padding:22px 32px}} .c3{{grid-template-columns:1fr 1fr 1fr}}
.c2{{grid-template-columns:1fr 1fr}} .c3 div{{background:#fff;border-radius:15px;padding:20px;
box-shadow:0 2px 12px #0002}} .c3 b{{display:block;font-size:70px;color:#0B5CAD}}
.c2 div{{color:#fff;border-radius:20px;height:300px;padding:24px;font-size:50px}}</style>
<header><span>{NAME}</span><b id=t></b></header>
<div class="g c3" id=k></div><div class="g c2" id=m></div><script>
for(let i=1;i<7;i++)k.innerHTML+=`<div>Quầy ${{i}}<b>A02${{i}}</b></div>`
for(let c of ["#0B5CAD","#117A65","#6C3FA0","#B9570A"])m.innerHTML+=`<div style="background:${{c}}">
Lấy số thứ tự</div>`
function tell(){{t.textContent=new Date().toTimeString().slice(0,5)}}tell();setInterval(tell,1000)
</script>"""


@contextmanager
def server() -> Iterator[str]:
    ready, write = os.pipe()
    args = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]
    process = subprocess.Popen(args, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(ready) as told:
        display = f":{told.readline().strip()}"
    try:
        yield display
    finally:
        process.terminate()
        process.wait()


def first_frame(display: str, started: float) -> float:
    """When the head's blue is on the glass."""
    command = ["import", "-display", display, "-window", "root", "-crop", "1x1+760+30",
               "-depth", "8", "txt:-"]  # fmt: skip
    while time.monotonic() < started + 60:
        seen = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if any(f"#0{first}" in seen for first in "89AB"):
            return time.monotonic() - started
    raise SystemExit("no first frame within a minute")


def beside_chromium() -> None:
    print(f"{'':<14}{'first frame':>14}{'idle CPU':>12}{'PSS':>12}")
    with server() as display, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "hall.yaml"
        config.write_text(YAML, encoding="utf-8")
        command = [sys.executable, "-m", "kiosk", "-c", str(config), "--state", f"{folder}/s"]
        row("kiosk", command, display, only="python")
    with server() as display, tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        command = ["chromium", "--kiosk", "--no-sandbox", "--no-first-run",
                                      "--window-position=0,0",
                   "--window-size=1080,1920", f"--user-data-dir={folder}/p",
                   f"file://{page}"]  # fmt: skip
        row("chromium", command, display)


def row(name: str, command: list[str], display: str, only: str = "") -> None:
    with running(command, display) as (pid, started):
        first = first_frame(display, started)
        time.sleep(35 if only else 5)  # after 30 s without a touch the kiosk polls less often
        idle = cpu(pid, REST_S, only=only)
        print(f"{name:<14}{first:>12.2f} s{idle:>10.1f} %{pss_mb(pid, only=only):>9.0f} MB")


def costs() -> None:
    """What a touch costs at 1080x1920 with 5,000 procedures."""
    stage, model = ready()
    rehearsed(stage, model)
    opened = {"services": PickService(), "lookup": Lookup(), "fields": Fields(),
              "dashboard": Dashboard(), "rating": Rating()}  # fmt: skip
    print("CPU from touch to painted page, ms (first, then median of 20)")
    for name, page in opened.items():
        spent = [opening(stage, model, page) for _ in range(21)]
        print(f"  {name:<12}{spent[0]:>8.1f}{median(spent[1:]):>8.1f}")
    large, _ = step(model, Acted(Toggle("large"), "t"))
    print(f"  {'Chữ to':<12}{timed(lambda: stage.show_model(large)):>8.1f}")
    typing, _ = step(model, Acted(Open(Procedures(keyboard=True)), "o"))
    stage.show_model(typing)
    print("CPU of a keystroke in a search of 5,000, ms")
    for letter in "DANG KY DAT":
        before = typing
        spent = timed(lambda before=before, letter=letter: typed(stage, before, letter))
        typing, _ = step(before, Acted(PressKey(letter), "p"))
        print(f"  {typing.page.query:<12}{spent:>8.1f}")


def rehearsed(stage: KioskView, model: KioskModel) -> None:
    """The first frame, then what the kiosk does in the idle turns that follow its start."""
    begun = time.process_time()
    stage.show_model(model)
    print(f"\nfirst frame {1000 * (time.process_time() - begun):.0f} ms CPU", end="; ")
    rehearsal, begun = Rehearsal(stage), time.process_time()
    while not rehearsal.done:
        rehearsal.turn(replace(model, now=model.touched + 60))
    print(f"rehearsal {1000 * (time.process_time() - begun):.0f} ms CPU")


def opening(stage: KioskView, model: KioskModel, page: Page) -> float:
    home, _ = step(model, Acted(EndVisit(), "f"))
    stage.show_model(home)
    return timed(lambda: stage.show_model(step(home, Acted(Open(page), "o"))[0]))


def typed(stage: KioskView, model: KioskModel, letter: str) -> None:
    stage.show_model(step(model, Acted(PressKey(letter), "p"))[0])


def timed(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return 1000 * (time.process_time() - begun)


def ready() -> tuple[KioskView, KioskModel]:
    chance = random.Random(1)
    words = ("đăng", "ký", "khai", "sinh", "quyền", "sử", "dụng", "đất", "cấp", "lại", "giấy")
    procedures = [
        CatalogueProcedure(code=f"1.{n:06d}", name=" ".join(chance.choices(words, k=14)),
                           field=chance.choice(FIELDS))
        for n in range(5000)
    ]  # fmt: skip
    setup = KioskSetup(
        "kiosk-1", NAME, tuple(ServiceChoice(f"s{n}", name) for n, name in enumerate(FIELDS)),
        tuple(CounterLabel(str(n), f"Quầy {n}", (FIELDS[n % 6],)) for n in range(1, 7)),
        (PriorityChoice("uu-tien", "Ưu tiên"),), printer="printer-1",
    )  # fmt: skip
    model = KioskModel(setup, now=1000.0, wall=datetime.now(UTC), touched=1000.0)
    world = replace(samples.model(setup, "A888").world, shelf=shelve("1", procedures))
    model = replace(model, world=replace(world, presence=Presence(linked=True, heard_at=model.now)))
    window = Window(Panel(1080, 1920, 32), "bench", headless=True)
    window.open()
    texts = {lang: wording.load(lang) for lang in ("vi", "en")}
    return KioskView(window, texts, (("vi", "Tiếng Việt"), ("en", "English"))), model


if __name__ == "__main__":
    costs()
    beside_chromium()
