"""Memory (PSS) of a whole hall beside one Chromium in kiosk mode: programs, apart, groups, one.

`python bench/hall_memory.py`: needs Xvfb, mosquitto, ImageMagick and Chromium. Every role of
config/demo.yaml with kiosk and board in real windows, measured after a short morning of tickets and
calls; mosquitto is not counted. Chromium shows the page of bench/kiosk.py.
"""

import json
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from display_board import pss_mb, running

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
KIOSK = runpy.run_path(str(ROOT / "bench" / "kiosk.py"), run_name="bench")

from hall.contract.roles import PROGRAMS  # noqa: E402
from hall.runtime import settings  # noqa: E402
from hall.runtime.broker import PrivateBroker, hall_ids  # noqa: E402

ROLES = tuple(PROGRAMS)
# One user a trust boundary, as the units of groups have it.
GROUPS = ("controller", "printer,bridge,display,voice", "kiosk,board", "counter,onestop")
SETTLED_S = 12.0
MOTCUA = [sys.executable, "-m", "hall.cli"]


def main() -> int:
    chromium = chromium_mb()
    print(f"{'Chromium --kiosk, one page':<34}{chromium:>7.0f} MB")
    ways = {
        "a program a role": [[role] for role in ROLES],
        "a process a role (--apart)": [[",".join(ROLES), "--apart"]],
        "four groups": [[group] for group in GROUPS],
        "one process": [[",".join(ROLES)]],
    }
    for name, runs in ways.items():
        used = hall_mb(runs)
        print(f"{name:<34}{used:>7.0f} MB{used / chromium:>8.0%} of Chromium", flush=True)
    return 0


def chromium_mb() -> float:
    with KIOSK["server"]() as display, tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(KIOSK["PAGE"], encoding="utf-8")
        command = ["chromium", "--kiosk", "--no-sandbox", "--no-first-run",
                   "--window-position=0,0", "--window-size=1080,1920",
                   f"--user-data-dir={folder}/p", f"file://{page}"]  # fmt: skip
        with running(command, display) as (pid, started):
            KIOSK["first_frame"](display, started)
            time.sleep(SETTLED_S)
            return pss_mb(pid)


def hall_mb(runs: list[list[str]]) -> float:
    with ExitStack() as stack:
        display = stack.enter_context(KIOSK["server"]())
        state, config, url = stack.enter_context(broker())
        place = ["-c", str(config), "--state", str(state), "--broker", url]
        pids = [
            stack.enter_context(running([*MOTCUA, "run", *words, *place], display))[0]
            for words in runs
        ]
        time.sleep(SETTLED_S)
        _morning(place)
        return sum(pss_mb(pid, only="python") for pid in pids)


@contextmanager
def broker() -> Iterator[tuple[Path, Path, str]]:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        values = dict(settings.read(ROOT / "config" / "demo.yaml").values)
        values["counter"] = {**values["counter"], "port": 0}
        config = state / "hall.yaml"
        config.write_text(json.dumps(values), encoding="utf-8")
        shutil.copytree(ROOT / "config" / "pictures", state / "pictures")
        private = PrivateBroker(state, hall_ids(values))
        where = private.start()
        try:
            yield state, config, f"mqtt://127.0.0.1:{where.port}"
        finally:
            private.close()


def _morning(place: list[str]) -> None:
    for service in ("ho-tich", "dat-dai", "cu-tru") * 3:
        _motcua("issue", service, *place)
    for counter in ("1", "2", "3") * 2:
        _motcua("call", counter, *place)
    time.sleep(SETTLED_S)


def _motcua(*words: str) -> None:
    subprocess.run([*MOTCUA, *words], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
