"""What a file or folder may be called, how big it may grow, and what every text is written in."""

import ast
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hall.contract.roles import PROGRAMS

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
DAEMONS = tuple(program.package.replace(".", "/") for program in PROGRAMS.values())
TEXTS = {".py", ".md", ".yaml", ".toml", ".sql", ".html", ".css", ".js", ".json", ".csv", ".txt"}
SAYING_NOTHING = {"util", "utils", "helper", "helpers", "manager", "common", "misc", "base", "info"}
# Beside an entry script these would hide the library of that name from every import.
SHADOWING = {
    "queue",
    "serial",
    "escpos",
    "logging",
    "calendar",
    "platform",
    "signal",
    "select",
    "types",
}
MODULE_LINES = 400
# Alone these mean something else in each class: what is told, shown or taken stands in the name.
WITHOUT_OBJECT = {
    "heard",
    "hear",
    "hears",
    "take",
    "took",
    "told",
    "tell",
    "tells",
    "show",
    "shows",
    "say",
    "says",
    "said",
    "obey",
    "learn",
    "want",
    "do",
    "give",
    "asked",
}
# Of all classes, those whose name another class bears too.
SHARED_CLASS_NAMES = 0.05


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if "firmware" not in file.relative_to(ROOT).parts:
                yield file.relative_to(ROOT)


def texts() -> Iterator[Path]:
    folders = (*PACKAGES, "config", "systemd", "docs", "bench")
    for place in folders:
        for file in sorted((ROOT / place).rglob("*")):
            if file.suffix in TEXTS and file.is_file():
                yield file
    # tests/data holds what other systems send, wrong forms included.
    yield from sorted((ROOT / "tests").rglob("*.py"))
    for file in sorted(ROOT.iterdir()):
        if file.suffix in TEXTS or file.name in {"motcua", ".importlinter"}:
            yield file


@pytest.mark.parametrize("daemon", DAEMONS)
def test_every_daemon_has_its_four_files(daemon: str) -> None:
    four = {"settings.py", "ports.py", "service.py", "__main__.py"}

    assert four <= {file.name for file in (ROOT / daemon).iterdir()}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_ships_its_types(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("folder", ["config", "systemd", "tests", "bench", "docs"])
def test_data_and_tests_are_never_packages(folder: str) -> None:
    assert not [*(ROOT / folder).rglob("__init__.py")]


def test_no_module_hides_a_library_from_an_entry_script() -> None:
    beside_entries = {
        file for file in modules() if (ROOT / file).parent.joinpath("__main__.py").exists()
    }
    at_the_root = {Path(file.name) for file in ROOT.iterdir()}

    assert not [
        file for file in beside_entries | at_the_root if file.stem in SHADOWING - {"config"}
    ]


def test_every_module_says_what_it_is() -> None:
    assert not [file for file in modules() if file.stem in SAYING_NOTHING]


def test_no_module_outgrows_a_reader() -> None:
    grown = {
        str(file): lines
        for file in modules()
        if (lines := len((ROOT / file).read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }

    assert not grown


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@cache
def nodes(module: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parsed(module)))


def class_places() -> dict[str, list[str]]:
    """The modules that define a class of each name."""
    places: dict[str, list[str]] = {}
    for module in modules():
        for node in parsed(module).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module.as_posix())
    return places


def test_a_class_name_means_one_thing() -> None:
    """One act bears one name: as it is requested on the wire, as it is commanded in the core."""
    one_act = ["hall/contract/requests.py", "hall/queueing/commands.py"]

    assert not [
        f"{name}: {', '.join(places)}"
        for name, places in class_places().items()
        if len(places) > 1 and sorted(places) != one_act
    ]


def functions(module: Path) -> Iterator[str]:
    for node in nodes(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name.strip("_")


def test_a_verb_has_its_object() -> None:
    assert not [
        f"{module}: {name}"
        for module in modules()
        for name in functions(module)
        if name in WITHOUT_OBJECT
    ]


def test_few_class_names_stand_twice() -> None:
    places = class_places()
    twice = sum(len(where) for where in places.values() if len(where) > 1)

    assert twice / sum(map(len, places.values())) <= SHARED_CLASS_NAMES


def test_every_text_is_composed_unicode_without_a_byte_order_mark() -> None:
    wrong = []
    for file in texts():
        text = file.read_bytes().decode("utf-8")
        if not unicodedata.is_normalized("NFC", text) or "\r" in text or text.startswith("\ufeff"):
            wrong.append(str(file.relative_to(ROOT)))

    assert not wrong


@cache
def calls(module: Path) -> tuple[str, ...]:
    """Dotted names of everything the module calls."""
    return tuple(ast.unparse(node.func) for node in nodes(module) if isinstance(node, ast.Call))


def callers_of(*names: str) -> set[str]:
    return {str(file) for file in modules() if set(names) & set(calls(file))}


def test_nobody_sleeps() -> None:
    assert not callers_of("time.sleep", "sleep")


def test_locks_stay_in_the_ground_every_daemon_stands_on() -> None:
    locking = callers_of("threading.Lock", "threading.RLock", "threading.Condition", "Lock")

    assert not {file for file in locking if not file.startswith("hall/runtime/")}


def test_one_module_reads_the_clock() -> None:
    readers = callers_of(
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "datetime.now",
        "datetime.datetime.now",
        "datetime.utcnow",
        "date.today",
    )

    # A simulated machine is a thing of its own and lives in its own time.
    ours = {file for file in readers if "/simulator/" not in file}
    assert ours <= {"hall/runtime/clock.py"}


def test_no_message_field_hides_a_method_of_its_model() -> None:
    hiding = {"register", "copy", "json", "dict", "schema", "validate", "construct"}
    found = []
    for module in modules():
        for node in nodes(module):
            if isinstance(node, ast.ClassDef) and any(
                "BaseModel" in ast.unparse(base) or "Section" in ast.unparse(base)
                for base in node.bases
            ):
                found += [
                    f"{module}: {line.target.id}"
                    for line in node.body
                    if isinstance(line, ast.AnnAssign)
                    and isinstance(line.target, ast.Name)
                    and line.target.id in hiding
                ]

    assert not found
