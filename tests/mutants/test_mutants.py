"""Every mutant of mutants.toml is noticed by the tests closest to it.

All of them with `./motcua test --mutants`. Without it a few, chosen by what the mutated files hold:
the same few on every machine, others after every change to one of them.
"""

import hashlib
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from private_tree import ROOT, copied

LIST = Path(__file__).with_name("mutants.toml")
FEW = 3
# What pytest says when a test has failed; all else is a mutant that was never judged.
FAILED = 1
NOT_NOW = pytest.param((), marks=pytest.mark.skip(reason="only with --mutants: as long as they"))
RUN = ("-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Mutant:
    path: str
    before: str
    after: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        shown = " ".join(f"{self.before} => {self.after}".split())
        return f"{self.path}: {shown}"


def listed() -> list[Mutant]:
    content = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [
        Mutant(each["path"], before, after, tuple(each["tests"]))
        for each in content["file"]
        for before, after in each["mutants"]
    ]


MUTANTS = listed()


def few() -> list[Mutant]:
    """Some mutants, by a digest over the files they are made of."""
    digest = hashlib.sha256()
    for path in sorted({mutant.path for mutant in MUTANTS}):
        digest.update((ROOT / path).read_bytes())
    return random.Random(digest.digest()).sample(MUTANTS, FEW)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    whole = metafunc.config.getoption("--mutants")
    if "mutant" in metafunc.fixturenames:
        metafunc.parametrize("mutant", MUTANTS if whole else few(), ids=str)
    if "closest" in metafunc.fixturenames:
        closest = dict.fromkeys(mutant.tests for mutant in MUTANTS) if whole else (NOT_NOW,)
        metafunc.parametrize("closest", closest, ids=" ".join)


@pytest.mark.parametrize("listed_mutant", MUTANTS, ids=str)
def test_a_mutant_of_the_list_is_still_one(listed_mutant: Mutant) -> None:
    text = (ROOT / listed_mutant.path).read_text(encoding="utf-8")
    found = text.count(listed_mutant.before)
    missing = [test for test in listed_mutant.tests if not (ROOT / test).exists()]

    assert found == 1, f"stands {found} times in {listed_mutant.path}: move or drop the mutant"
    assert not missing
    compile(text.replace(listed_mutant.before, listed_mutant.after), listed_mutant.path, "exec")


def test_the_list_reaches_every_core_place() -> None:
    places = {
        "hall/queueing/",
        "hall/controller/",
        "hall/contract/codec.py",
        "hall/figures/",
        "hall/onestop/counting.py",
        "printer/line/session.py",
        "printer/jobs/printing.py",
        "printer/jobs/dispensing.py",
        "firmware_bridge/protocols/rtu.py",
        "firmware_bridge/master.py",
        "hall/scanning/",
    }
    paths = [mutant.path for mutant in MUTANTS]

    assert len(MUTANTS) >= 80
    assert len(set(MUTANTS)) == len(MUTANTS)
    assert not [place for place in places if not any(path.startswith(place) for path in paths)]


@pytest.mark.timeout(900)
def test_the_closest_tests_pass_where_nothing_was_changed(
    closest: tuple[str, ...], tmp_path: Path
) -> None:
    found = copied(tmp_path / "tree").run(*RUN, *closest, timeout_s=800)

    assert found.returncode == 0, found.stdout


@pytest.mark.timeout(900)
def test_a_mutant_is_noticed(mutant: Mutant, tmp_path: Path) -> None:
    judge(mutant, tmp_path)


@pytest.mark.timeout(900)
def test_a_mutant_that_survives_is_named(tmp_path: Path) -> None:
    words = Mutant("hall/figures/shares.py", "Round half up", "Round up", ("tests/figures",))

    with pytest.raises(AssertionError, match=r"SURVIVED hall/figures/shares.py: Round half up =>"):
        judge(words, tmp_path)


def test_a_mutant_whose_place_is_gone_is_not_planted(tmp_path: Path) -> None:
    gone = Mutant("hall/figures/shares.py", "no such text", "", ("tests/figures",))

    with pytest.raises(ValueError, match=r"hall/figures/shares.py: found 0 times"):
        judge(gone, tmp_path)


def judge(mutant: Mutant, place: Path) -> None:
    """Plant it in a copy of the tree; the closest tests must fail."""
    tree = copied(place / "tree")
    tree.replace(mutant.path, mutant.before, mutant.after)

    found = tree.run(*RUN, *mutant.tests, timeout_s=800)

    assert found.returncode != 0, f"SURVIVED {mutant}\nby {' '.join(mutant.tests)}"
    assert found.returncode == FAILED, found.stdout + found.stderr
