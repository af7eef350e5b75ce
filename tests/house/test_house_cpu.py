"""A folder of tests that takes more of a processor than it may fails the run that measured it."""

import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1] / "kit"
CONFTEST = """
import folder_cpu
import pytest

folder_cpu.LIMIT_S = {budget}


def pytest_configure(config):
    config.pluginmanager.register(folder_cpu.FolderCpu(limited={limited}), "folder-cpu")
"""
BUSY = """
import subprocess, sys, time

SPIN = "import time\\nwhile time.process_time() < 0.4: pass"


def test_it_works_itself():
    {own}


def test_it_lets_a_child_work():
    {child}
"""
SPINS = "end = time.process_time() + 0.4\n    while time.process_time() < end: pass"
CHILD_SPINS = "subprocess.run([sys.executable, '-S', '-c', SPIN], check=True)"


def ended(
    folder: Path, work: dict[str, str], *, limited: bool, budget: float = 0.1
) -> tuple[int, str]:
    """A run of one folder's tests, which takes 0.4 s of CPU."""
    tests = folder / "tests"
    (tests / "busy").mkdir(parents=True)
    (tests / "conftest.py").write_text(
        CONFTEST.format(limited=limited, budget=budget), encoding="utf-8"
    )
    (tests / "busy" / "test_busy.py").write_text(BUSY.format(**work), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={
            "PYTHONPATH": str(KIT),
            "PATH": "/usr/bin:/bin",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "work", [{"own": SPINS, "child": "pass"}, {"own": "pass", "child": CHILD_SPINS}]
)
def test_a_folder_that_works_too_long_fails_the_run(tmp_path: Path, work: dict[str, str]) -> None:
    status, said = ended(tmp_path, work, limited=True)

    assert status == 1, said
    assert "tests/busy: " in said


def test_a_folder_above_its_budget_is_named_and_does_not_fail_on_a_slow_processor(
    tmp_path: Path,
) -> None:
    work = {"own": SPINS, "child": "pass"}

    status, said = ended(tmp_path, work, limited=True, budget=0.35)

    assert status == 0, said
    assert "tests/busy: " in said


def test_a_proof_at_length_may_take_longer(tmp_path: Path) -> None:
    status, said = ended(tmp_path, {"own": SPINS, "child": "pass"}, limited=False)

    assert status == 0, said
