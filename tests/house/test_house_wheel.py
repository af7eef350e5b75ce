"""The wheel carries the five packages with their data, and nothing that is not ours."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PACKAGES = ("kiosk", "display", "printer", "firmware_bridge", "hall")
DATA = {".ttf", ".html", ".css", ".js", ".sql", ".yaml", ".toml", ".csv", ".json", ".typed"}
OWNERS = """
import importlib.metadata, json
owners = importlib.metadata.packages_distributions()
print(json.dumps({name: owners.get(name) for name in %r}))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and laid out as an installer would."""
    place = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(place), versions=["standard"])
    zipfile.ZipFile(built).extractall(place / "site")
    return place / "site"


def test_each_package_is_owned_by_this_project_alone(unpacked: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.append({str(unpacked)!r})" + OWNERS % (PACKAGES,),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.count('["motcua-hall"]') == len(PACKAGES)


def test_nothing_lands_beside_the_five_packages(unpacked: Path) -> None:
    landed = {entry.name for entry in unpacked.iterdir()}

    assert {name for name in landed if ".d" not in name} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_data_travels_with_the_package_that_reads_it(unpacked: Path, package: str) -> None:
    ours = {file.relative_to(ROOT) for file in (ROOT / package).rglob("*") if file.suffix in DATA}
    theirs = {
        file.relative_to(unpacked)
        for file in (unpacked / package).rglob("*")
        if file.suffix in DATA
    }

    assert ours <= theirs
    assert Path(package, "py.typed") in theirs


def test_configuration_and_units_are_shared_data(unpacked: Path) -> None:
    share = next(unpacked.glob("*.data")) / "data" / "share" / "motcua-hall"

    assert (share / "config" / "hall.yaml").is_file()
    assert [*(share / "systemd").rglob("motcua-controller.service")]


def pinned(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line}


def asked_for(*, at_a_province: bool, with_tests: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"]]
    if at_a_province:
        asked += project["project"]["optional-dependencies"]["province"]
    if with_tests:
        asked += project["dependency-groups"]["dev"]
    return {canonicalize_name(Requirement(line).name) for line in asked}


@pytest.mark.parametrize(
    ("lock", "at_a_province", "with_tests"),
    [
        ("requirements.lock", False, False),
        ("requirements-province.lock", True, False),
        ("requirements-dev.lock", True, True),
    ],
)
def test_every_dependency_is_pinned(lock: str, *, at_a_province: bool, with_tests: bool) -> None:
    assert asked_for(at_a_province=at_a_province, with_tests=with_tests) <= pinned(lock)


def test_no_hall_has_what_a_province_needs() -> None:
    assert "psycopg" not in pinned("requirements.lock")
