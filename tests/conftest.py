"""No verdict of any test depends on how busy the machine is; proofs come in two sizes."""

import os
from pathlib import Path

import pytest
from folder_cpu import FolderCpu, budget, folder_of
from hypothesis import HealthCheck, settings

MACHINE = Path(__file__).parent / "machine"
SOAK = Path(__file__).parent / "soak"

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mutants",
        action="store_true",
        help="plant every mutant of tests/mutants, not a few (takes half an hour)",
    )
    parser.addoption(
        "--faults",
        choices=("quick", "full"),
        default=os.environ.get("MOTCUA_FAULTS", "quick"),
        help="size of the proofs in tests/faults (full takes half an hour)",
    )
    parser.addoption(
        "--machine",
        nargs="?",
        choices=("trixie", "bookworm", "full"),
        const="trixie",
        help="tests/machine: the emulated hall, on Debian 13 or 12 (full: 13, 20 cuts, package)",
    )
    parser.addoption(
        "--soak",
        type=float,
        metavar="MINUTES",
        help="tests/soak: a whole hall of separate processes, killed at random for so long",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test of browsers or devices mostly waits for them."""
    return (os.cpu_count() or 1) + 1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The emulated hall takes ten minutes and a machine's whole attention: only when asked for."""
    if collection_path == SOAK and config.getoption("--soak") is None:
        return True
    return True if _left_out(config) and collection_path == MACHINE else None


def pytest_report_header(config: pytest.Config) -> list[str]:
    machine = ["tests/machine: left out, it runs with --machine"] if _left_out(config) else []
    idle = config.getoption("--soak") is None
    return [*machine, *(["tests/soak: left out, it runs with --soak MINUTES"] if idle else [])]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Dear folders first where processes share the files: one that begins last idles the others."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: -budget(folder_of(item.nodeid)))


def _left_out(config: pytest.Config) -> bool:
    return config.getoption("--machine") is None


def pytest_configure(config: pytest.Config) -> None:
    """The size is read where the tests are collected, and by the processes they start."""
    os.environ["MOTCUA_FAULTS"] = str(config.getoption("--faults"))
    # Threads of tesseract wait for one another in a loop: on a busy machine that takes all of it.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    quick = config.getoption("--faults") == "quick" and not config.getoption("--mutants")
    config.pluginmanager.register(
        FolderCpu(limited=quick and _left_out(config) and config.getoption("--soak") is None),
        "folder-cpu",
    )
