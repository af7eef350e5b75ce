"""The hall board beside Chromium in kiosk mode showing an equivalent page.

`python bench/display_board.py`: needs Xvfb, mosquitto, mosquitto_pub, ImageMagick and Chromium.
Both run full screen on an X server of their own without a GPU, 1920x1080. Measured for the whole
tree of processes: CPU per second at rest (ticker on) and during a call, PSS, time to first frame.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
REST_S = 10.0
CALL_S = 6.0
TICK = os.sysconf("SC_CLK_TCK")
YAML = """version: 1
hall: {id: bench, name: Trung tâm Phục vụ hành chính công xã Mù Cang Chải, hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: Hộ tịch – Chứng thực, prefix: A}]
counters:
COUNTERS
display:
  board:
    notices: [Hồ sơ khai sinh được giải quyết trong ngày, Mời ông bà góp ý tại máy đánh giá]
    ticker: TICKER
"""
PAGE = """<!doctype html><meta charset=utf-8><title>board</title><style>
body{margin:0;background:#EDF2F8;font:500 30px sans-serif;color:#0F2440;overflow:hidden}
header{background:linear-gradient(#0B4A91,#083364);color:#fff;height:113px;padding:0 40px;
display:flex;justify-content:space-between;align-items:center;font-size:50px}
main{display:grid;grid-template-columns:39fr 61fr;gap:17px;padding:17px;height:846px;
box-sizing:border-box}
#call{background:#083364;color:#fff;border:6px solid #FFCD00;border-radius:17px;text-align:center}
#call.on{background:#FFCD00;color:#083364} #call b{display:block;font-size:240px}
#grid{display:grid;grid-template-columns:1fr 1fr;gap:12px;grid-auto-rows:110px}
#grid div{background:#fff;border:2px solid #C9D5E3;border-radius:14px;padding:0 22px;display:flex;
justify-content:space-between;align-items:center}#grid b{font-size:90px;color:#0B5CAD}
footer{position:fixed;bottom:0;left:0;right:0;height:86px;background:#083364;color:#fff;
font-size:39px;overflow:hidden;white-space:nowrap}
footer p{margin:18px 0;position:absolute;ANIMATION}
@keyframes run{from{transform:translateX(1920px)}to{transform:translateX(-1900px)}}
</style><header><span>Trung tâm Phục vụ hành chính công xã Mù Cang Chải</span>
<b id=clock></b></header>
<main><div id=call><p>MỜI SỐ</p><b>A024</b><p>đến</p><p style="font-size:100px">QUẦY 1</p></div>
<div id=grid></div></main><footer><p>Hồ sơ khai sinh được giải quyết trong ngày • Mời ông bà góp ý
tại máy đánh giá</p></footer><script>
for(let i=1;i<9;i++)grid.innerHTML+=`<div><span>Quầy ${i}</span><b>A02${i}</b></div>`
function tell(){clock.textContent=new Date().toTimeString().slice(0,5)}tell();setInterval(tell,1000)
function flash(){let n=0;let t=setInterval(()=>{call.className=n++%2?"":"on";
if(n>12)clearInterval(t)},500)}
if(location.hash=="#call")setTimeout(flash,FLASH_AT)
</script>"""


@dataclass(frozen=True)
class Figures:
    name: str
    first_frame_s: float
    rest_cpu: float
    call_cpu: float
    pss_mb: float

    def line(self) -> str:
        return (
            f"{self.name:<28}{self.first_frame_s:>12.2f} s{self.rest_cpu:>12.1f} %"
            f"{self.call_cpu:>12.1f} %{self.pss_mb:>10.0f} MB"
        )


def main() -> int:
    needed = ("Xvfb", "mosquitto_pub", "import", "chromium")
    if missing := [tool for tool in needed if not shutil.which(tool)]:
        print("missing:", ", ".join(missing))
        return 2
    print(f"{'':<28}{'first frame':>14}{'rest':>14}{'call':>14}{'PSS':>13}")
    for ticker in (True, False):
        with server() as display, tempfile.TemporaryDirectory() as folder:
            print(board(display, Path(folder), ticker=ticker).line(), flush=True)
        with server() as display, tempfile.TemporaryDirectory() as folder:
            print(chromium(display, Path(folder), ticker=ticker).line(), flush=True)
    return 0


def board(display: str, folder: Path, *, ticker: bool) -> Figures:
    counters = "\n".join(f'  - {{id: "{n}", serves: [ho-tich]}}' for n in range(1, 9))
    config = folder / "hall.yaml"
    told = YAML.replace("COUNTERS", counters).replace("TICKER", str(ticker).lower())
    config.write_text(told, encoding="utf-8")
    state = folder / "state"
    command = [sys.executable, "-m", "display.board", "-c", str(config), "--state", str(state)]
    with running(command, display) as process:
        first = first_frame(display, process[1])
        say = publisher(state)
        say("state/hall", {"epoch": 1, "ver": 1, "day": "2026-11-23", "open": True,
                           "clock": "trusted", "board_ver": 1, "evt_seq": 1, "waiting": 0,
                           "served_today": 0})  # fmt: skip
        time.sleep(2)
        rest = cpu(process[0], REST_S, only="python")
        say("evt/call", {"call": "c1", "number": "A024", "counter": "1",
                         "counter_name": "Quầy 1", "service": "ho-tich"})  # fmt: skip
        calling = cpu(process[0], CALL_S, only="python")
        return Figures(
            f"board{' (ticker)' if ticker else ''}", first, rest, calling,
            pss_mb(process[0], only="python"),
        )  # fmt: skip


def chromium(display: str, folder: Path, *, ticker: bool) -> Figures:
    page = folder / "board.html"
    flash_at = 6000 + REST_S * 1000
    animation = "animation:run 76s linear infinite" if ticker else ""
    told = PAGE.replace("ANIMATION", animation).replace("FLASH_AT", str(int(flash_at)))
    page.write_text(told, encoding="utf-8")
    command = [
        "chromium", "--kiosk", "--no-sandbox", "--no-first-run", "--window-size=1920,1080",
        f"--user-data-dir={folder / 'profile'}", f"file://{page}#call",
    ]  # fmt: skip
    with running(command, display) as process:
        first = first_frame(display, process[1])
        loaded = time.monotonic()
        time.sleep(4)
        rest = cpu(process[0], REST_S)
        time.sleep(max(0.0, loaded + flash_at / 1000 - time.monotonic()))
        calling = cpu(process[0], CALL_S)
        return Figures(
            f"chromium{' (ticker)' if ticker else ''}", first, rest, calling, pss_mb(process[0])
        )


@contextmanager
def server() -> Iterator[str]:
    ready, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(ready) as told:
        display = f":{told.readline().strip()}"
    try:
        yield display
    finally:
        process.terminate()
        process.wait()


@contextmanager
def running(command: list[str], display: str) -> Iterator[tuple[int, float]]:
    """The process's id and the moment of its start; the whole tree ends with the block."""
    environ = os.environ | {
        "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "SDL_FRAMEBUFFER_ACCELERATION": "0",
    }  # fmt: skip
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process.pid, started
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def first_frame(display: str, started: float) -> float:
    """When the header is on the glass; Chromium without a window manager stands 10 px off."""
    command = ["import", "-display", display, "-window", "root", "-crop", "1x1+20+60",
               "-depth", "8", "txt:-"]  # fmt: skip
    while time.monotonic() < started + 60:
        seen = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if any(f"#0{first}" in seen for first in "89AB"):
            return time.monotonic() - started
    raise SystemExit("no first frame within a minute")


def publisher(state: Path) -> Callable[[str, dict[str, object]], None]:
    """Speaks as the controller on the board's private broker."""
    place = json.loads((state / "broker" / "place.json").read_text(encoding="utf-8"))
    word = (state / "credentials" / "controller").read_text(encoding="utf-8").strip()

    def say(topic: str, content: dict[str, object]) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        envelope = {"schema": 1, "hall": "bench", "src": "controller", "ts": stamp}
        subprocess.run(
            ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(place["port"]), "-q", "1",
             "-i", "controller", "-u", "controller", "-P", word,
             "-t", f"motcua/1/bench/{topic}", "-m", json.dumps(envelope | content)],
            check=True,
        )  # fmt: skip

    return say


def tree(pid: int, only: str = "") -> list[int]:
    """The process and all below it; `only`: those whose program has this in its name."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += parents.get(found[-1], [])
    return [each for each in found if only in program(each)]


def program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8")
    except OSError:
        return ""


def used_s(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def cpu(pid: int, seconds: float, only: str = "") -> float:
    """Percent of one core over so many seconds."""
    before, at = used_s(tree(pid, only)), time.monotonic()
    time.sleep(seconds)
    return 100 * (used_s(tree(pid, only)) - before) / (time.monotonic() - at)


def pss_mb(pid: int, only: str = "") -> float:
    total = 0
    for each in tree(pid, only):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


if __name__ == "__main__":
    sys.exit(main())
