"""Importing is free: nothing is opened or started, and no heavy library comes uninvited."""

import json
import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from hall.contract.roles import PROGRAMS

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")

# What a library does while it is imported is its own affair: the walk outwards from the event
# stops at the first frame that is neither the standard library's nor ours.
WATCH = """
import importlib, json, sys, threading
from pathlib import Path

root, names = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, root)
ours = tuple(f"{root}/{name.partition('.')[0]}/" for name in names)
# It reads the names of a package's modules to import them.
by_the_way = f"{root}/hall/runtime/driver_folder.py"
standard = (sys.prefix + "/lib", sys.base_prefix + "/lib", "<frozen")
watched = {"open", "socket.connect", "socket.bind", "subprocess.Popen", "sqlite3.connect",
           "os.mkdir", "os.remove", "os.rename", "os.listdir", "os.scandir", "os.system"}
found = []

def culprit():
    frame = sys._getframe(2)
    while frame:
        file = frame.f_code.co_filename
        if "importlib._bootstrap" in file or "site-packages" in file or file == by_the_way:
            return None
        if file.startswith(ours):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back

def hook(event, args):
    if event in watched and (place := culprit()):
        found.append(f"{place} {event} {args[0]!r}")

sys.addaudithook(hook)
for name in names:
    importlib.import_module(name)
left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
print(json.dumps({"found": found, "threads": left}))
"""


def module_names() -> list[str]:
    names = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if "firmware" not in parts:
                names.append(".".join(part for part in parts if part != "__init__"))
    return names


def watch(names: list[str], root: Path = ROOT) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(root), json.dumps(names)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_importing_everything_opens_and_starts_nothing() -> None:
    assert watch(module_names()) == {"found": [], "threads": []}


def test_a_file_read_while_importing_is_found(tmp_path: Path) -> None:
    package = tmp_path / "planted"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from pathlib import Path\nTEXT = Path(__file__).read_text()\n", encoding="utf-8"
    )

    (found,) = watch(["planted"], tmp_path)["found"]

    assert "planted/__init__.py:2 open" in found


# Megabytes and hundreds of milliseconds on a Pi: each role brings only what it works with, and
# what only one of its drivers needs is imported when that driver is made.
HOMES = ConfigParser()
HOMES.read(ROOT / ".importlinter", encoding="utf-8")
# Every library with a home of its own, but for the two that every daemon works with.
HEAVY = {
    library
    for name in HOMES.sections()
    if name.startswith("importlinter:contract:home-of-")
    for library in HOMES[name]["protected_modules"].split()
} - {"paho", "yaml"} | {"PIL", "asyncio", "numpy", "pydantic_settings", "segno"}
# What it works with from its first turn on; a role that is not here brings none of them.
BRINGS = {
    "hall.controller": {"sqlite3"},
    "hall.counter": {"argon2", "asyncio", "sqlite3", "starlette", "uvicorn"},
    "printer": {"PIL", "segno", "sqlite3"},
    "kiosk": {"pygame", "segno"},
    "display.board": {"pygame"},
}


ROLES = sorted({each.package for each in PROGRAMS.values()})
# What every role begins with, then each role by itself.
BRING = f"""
import hall.runtime.roles, importlib, os, sys

def tell(name):
    print(name, *{{*{HEAVY!r}}} & {{*sys.modules}}, flush=True)

tell("everyone")
if os.fork() == 0:
    import hall.cli.run
    tell("run")
    print("sections of", *{{*{ROLES!r}}} & {{*sys.modules}})
    os._exit(0)
os.wait()
for role in {ROLES!r}:
    if os.fork() == 0:
        importlib.import_module(f"{{role}}.__main__")
        tell(role)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def brought() -> dict[str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", BRING],
        cwd=ROOT,
        env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    lines = map(str.split, done.stdout.splitlines())
    return {name: set(libraries) for name, *libraries in lines}


@pytest.mark.parametrize("role", ["everyone", *ROLES])
def test_a_role_brings_only_what_it_works_with(brought: dict[str, set[str]], role: str) -> None:
    assert brought[role] <= BRINGS.get(role, set())


def test_the_command_that_runs_roles_brings_nothing_of_roles_that_it_does_not_run(
    brought: dict[str, set[str]],
) -> None:
    assert brought["run"] <= brought["everyone"]
    assert brought["sections"] == {"of"}


def test_only_roles_and_heavy_libraries_are_granted() -> None:
    assert BRINGS.keys() <= {*ROLES}
    assert set[str]().union(*BRINGS.values()) <= HEAVY


def test_every_benchmark_finds_what_it_imports() -> None:
    """They are run by hand, long after what they measure was moved or renamed."""
    names = sorted(path.stem for path in (ROOT / "bench").glob("*.py"))
    program = (
        "import importlib, sys\n"
        "sys.argv = ['bench', '1']\n"
        f"sys.path[:0] = [{str(ROOT / 'bench')!r}, {str(ROOT / 'tests/kit')!r}]\n"
        f"for name in {names}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert names
    assert done.returncode == 0, done.stderr
