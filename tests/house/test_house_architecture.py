"""docs/architecture.md and .importlinter speak of what is there, and of nothing that is not."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
# What has an arrow of its own in the table of packages; everyone may have the ground.
SHARED = (
    *("hall.queueing", "hall.figures", "hall.sheets"),
    *("hall.screen", "hall.fonts", "hall.scanning", "hall.package", "hall.reading"),
    "hall.doctor",
)
LISTS = ("layers", "source_modules", "forbidden_modules", "protected_modules", "allowed_importers")
ROW = re.compile(r"^\| (`.*?) \| (.*?) \| (.*?)\|$", re.MULTILINE)
PATH = re.compile(r"`((?:\.?[A-Za-z_]+/)+[\w.*-]*)`")
WALKS = re.findall(r"^\*\*(A [^*]+)\.\*\* ((?:.+\n)+)", PAGE, re.MULTILINE)


def module_exists(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").is_file()


@pytest.mark.parametrize("document", ["architecture.md", "adding.md"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    named = PATH.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))
    ours = [path for path in named if path.split("/")[0] in {*PACKAGES, "tests", "docs", "systemd"}]

    assert ours
    assert not [path for path in ours if "NAME" not in path and not (ROOT / path).exists()]


def modules_of_the_linter() -> Iterator[str]:
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    for section in read.values():
        for key in (
            "layers",
            "source_modules",
            "forbidden_modules",
            "protected_modules",
            "allowed_importers",
        ):
            for line in section.get(key, "").splitlines():
                yield from (word.strip() for word in line.split("|") if word.strip())


def test_every_module_of_the_import_rules_is_there() -> None:
    plain = {name.removesuffix(".**") for name in modules_of_the_linter()}
    ours = {name for name in plain if name.split(".")[0] in PACKAGES and "*" not in name}

    assert ours
    assert not {name for name in ours if not module_exists(name)}


def imported(folder: str) -> set[str]:
    """Which of the shared packages this one imports."""
    found: set[str] = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.ImportFrom(module=str(module)):
                    found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
                case ast.Import():
                    found |= {alias.name for alias in node.names}
    own = folder.replace("/", ".")
    return {
        shared
        for shared in SHARED
        if shared != own and any(f"{name}.".startswith(f"{shared}.") for name in found)
    }


def rows() -> Iterator[tuple[tuple[str, ...], set[str]]]:
    table = PAGE.split("## The house")[1].split("Daemons never")[0]
    for packages, what, arrows in ROW.findall(table):
        if "command `motcua`" not in what:
            shared = set(re.findall(r"`(hall\.\w+)`", arrows)) & set(SHARED)
            yield tuple(re.findall(r"`([^`]+)`", packages)), shared


@pytest.mark.parametrize(("packages", "arrows"), [*rows()])
def test_a_package_imports_what_its_row_says(packages: tuple[str, ...], arrows: set[str]) -> None:
    assert imported(packages[0]) == arrows
    for part in packages[1:]:
        assert imported(part) <= arrows


def test_there_are_walks_of_a_press_a_call_and_a_figure() -> None:
    assert [name.split()[1] for name, _ in WALKS] == ["press", "call", "figure"]


@pytest.mark.parametrize("walk", [text for _, text in WALKS], ids=[name for name, _ in WALKS])
def test_a_walk_never_turns_back_inside_one_daemon(walk: str) -> None:
    """Between two messages on the bus no file stands twice."""
    for stretch in re.split(r"\*[^*]+\*", walk):
        files = PATH.findall(stretch)
        assert len(files) == len(set(files))


@pytest.mark.parametrize("walk", [text for _, text in WALKS], ids=[name for name, _ in WALKS])
def test_a_walk_crosses_to_another_daemon_by_a_message_alone(walk: str) -> None:
    for stretch in re.split(r"\*[^*]+\*", walk):
        daemons = {
            "/".join(Path(file).parts[:2]) if file.startswith("hall/") else Path(file).parts[0]
            for file in PATH.findall(stretch)
        }
        assert len(daemons - {"hall/queueing", "hall/figures"}) <= 1
