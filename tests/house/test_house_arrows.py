"""`.importlinter` holds who may import whom: red on each planted breach. CI runs it on the tree."""

import configparser
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# The file to write into, what it is made to import, what the linter must name as imported.
BREACHES = [
    ("kiosk/planted.py", "display.faces", "display.faces"),
    ("hall/onestop/planted.py", "hall.controller.service", "hall.controller"),
    ("hall/runtime/planted.py", "printer.paper.layout", "printer.paper.layout"),
    ("hall/contract/planted.py", "hall.runtime.clock", "hall.runtime.clock"),
    ("printer/planted.py", "hall.cli", "hall.cli"),
    ("hall/queueing/planted.py", "time", "time"),
    ("hall/queueing/planted.py", "pydantic", "pydantic"),
    ("hall/counter/planted.py", "hall.queueing", "hall.queueing"),
    ("hall/figures/planted.py", "hall.runtime.clock", "hall.runtime.clock"),
    ("hall/figures/planted.py", "time", "time"),
    ("printer/planted.py", "hall.figures.shares", "hall.figures.shares"),
    ("kiosk/planted.py", "hall.demo.morning", "hall.demo.morning"),
    ("hall/demo/planted.py", "printer.paper.layout", "printer.paper.layout"),
    ("hall/demo/planted.py", "hall.cli", "hall.cli"),
    ("hall/screen/planted.py", "hall.contract.topics", "hall.contract.topics"),
    ("display/planted.py", "hall.screen", "hall.screen"),
    ("printer/service.py", "printer.drivers.network", "printer.drivers"),
    ("kiosk/model/planted.py", "kiosk.drawing.theme", "kiosk.drawing.theme"),
    ("kiosk/screens/planted.py", "kiosk.glass.view", "kiosk.glass.view"),
    ("printer/line/planted.py", "printer.jobs.attempts", "printer.jobs.attempts"),
    ("printer/paper/planted.py", "printer.line.status", "printer.line.status"),
    ("hall/counter/door/planted.py", "hall.counter.site", "hall.counter.site"),
    ("hall/counter/head/planted.py", "hall.counter.door.access", "hall.counter.door.access"),
    ("hall/counter/turns/planted.py", "hall.counter.routes.calls", "hall.counter.routes.calls"),
    ("display/voice/service.py", "display.voice.players", "display.voice.players"),
    (
        "hall/controller/service.py",
        "hall.controller.journal_sqlite",
        "hall.controller.journal_sqlite",
    ),
    ("kiosk/planted.py", "unittest.mock", "unittest"),
    ("kiosk/planted.py", "paho.mqtt.client", "paho"),
    ("display/planted.py", "yaml", "yaml"),
    ("kiosk/planted.py", "sqlite3", "sqlite3"),
    ("printer/planted.py", "pygame", "pygame"),
    ("printer/planted.py", "escpos.printer", "escpos"),
    ("display/planted.py", "gpiozero", "gpiozero"),
    ("printer/planted.py", "gpiod", "gpiod"),
    ("display/planted.py", "serial", "serial"),
    ("hall/runtime/planted.py", "uvicorn", "uvicorn"),
]


def named_modules() -> set[str]:
    """Every module of ours that a rule names, wildcards left out."""
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    words = {word for rule in rules.values() for text in rule.values() for word in text.split()}
    return {word for word in words if word.split(".")[0] in PACKAGES and "*" not in word}


def lint(tree: Path) -> tuple[int, str]:
    """The linter's own answer, wrapped lines joined again."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=tree,
        env={"COLUMNS": "400", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def copy_of_the_house(place: Path) -> Path:
    shutil.copy(ROOT / ".importlinter", place)
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            copy = place / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    return place


@pytest.fixture(scope="module")
def answer_on_the_breached_house(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One run over one tree that holds every breach: each must be named on its own."""
    tree = copy_of_the_house(tmp_path_factory.mktemp("breached"))
    for file, imported, _ in BREACHES:
        with (tree / file).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    status, answer = lint(tree)
    assert status == 1, answer
    return answer


def test_every_module_that_a_rule_names_stands_in_the_house() -> None:
    places = {name: ROOT.joinpath(*name.split(".")) for name in named_modules()}
    missing = [
        name
        for name, place in places.items()
        if not (place.is_dir() or place.with_suffix(".py").is_file())
    ]

    assert places
    assert not missing


def test_no_two_modules_import_each_other_round_a_circle() -> None:
    house = grimp.build_graph(*PACKAGES, cache_dir=None)
    imported = {module: house.find_modules_directly_imported_by(module) for module in house.modules}

    assert any(imported.values())
    # Raises CycleError, which names the circle.
    TopologicalSorter(imported).prepare()


@pytest.mark.parametrize(("file", "imported", "named"), BREACHES)
def test_a_breach_is_named(
    answer_on_the_breached_house: str, file: str, imported: str, named: str
) -> None:
    importer = file.removesuffix(".py").replace("/", ".")
    arrow = f"{importer} -> {named}"
    assert arrow in answer_on_the_breached_house, f"{file} may import {imported} unnoticed"
