"""One emulated hall for all these tests: installed once, then lived in, in the order of a day."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import image, manual, units
from emulated.computer import ADAPTERS, USB, Computer, Start, free_port, running
from emulated.figures import Figures
from emulated.hall import Hall
from emulated.installation import open_hall, unpack
from emulated.network import BROKER_PORT, PAGE_PORT, Network

HALL = "hoi-truong-thu"
# A start costs more than a minute: every test takes the machine as the one before it left it.
DAY = (
    "installation",
    "tickets",
    "calls",
    "pages",
    "glass",
    "cables",
    "paper",
    "power",
    "television",
    "watchdog",
    "package",
)
_SHOWN_LINES = 80
# The first test waits for the whole installation, others for a start of all units.
_TEST_S = 1800


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The package's life takes a machine of its own for as long as all others together."""
    named = any("test_machine_package" in word for word in config.args)
    wanted = named or config.getoption("--machine") == "full"
    return True if collection_path.stem == "test_machine_package" and not wanted else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever order they were drawn in."""
    machine = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    others = [item for item in items if item not in machine]
    for item in machine:
        item.add_marker(pytest.mark.timeout(_TEST_S))
    items[:] = [*others, *sorted(machine, key=_place)]


def _place(item: pytest.Item) -> tuple[int, int]:
    line = item.reportinfo()[1] or 0
    return DAY.index(item.path.stem.removeprefix("test_machine_")), line


@pytest.fixture(scope="session")
def suite(pytestconfig: pytest.Config) -> image.Suite:
    chosen = pytestconfig.getoption("--machine")
    assert chosen, "these tests run with --machine"
    return "bookworm" if chosen == "bookworm" else "trixie"


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash.setdefault(FIGURES, Figures())


@pytest.fixture(scope="session")
def hall(
    suite: image.Suite, figures: Figures, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """Following the manual without a network, from a bare card or from one with libraries.

    Or the machine that `tests/machine/machine up` and `install` have left in $MOTCUA_MACHINE.
    """
    if left := os.environ.get("MOTCUA_MACHINE"):
        yield from _left_running(Path(left))
        return
    run = tmp_path_factory.mktemp("machine")
    base = image.base(suite, manual.packages())
    ports = {PAGE_PORT: free_port(), BROKER_PORT: free_port()}
    network = Network(HALL, ports, run / "certificates")
    parts = image.parts(base, run)
    hall = Hall(Computer(parts, run, ports), network)
    try:
        hall.start(Start())
        figures.tell(_since("answers", hall.computer))
        unpack(hall.guest)
        figures.tell(_since("has the program and its libraries", hall.computer))
        image.keep_libraries(base, parts.disk, hall.guest)
        open_hall(hall.guest, network.ca)
        figures.tell(_since("has been installed by the manual", hall.computer))
        hall.plug_usb(*USB)
        yield hall
    finally:
        hall.close()


def _since(what: str, computer: Computer) -> str:
    return f"the machine {what} {time.monotonic() - computer.started:.0f} s after its start"


def _left_running(run: Path) -> Iterator[Hall]:
    computer = running(run)
    hall = Hall(computer, Network(HALL, computer.ports, run / "certificates"))
    try:
        hall.attend(*ADAPTERS)
        hall.plug_usb(*USB)
        yield hall
    finally:
        hall.leave()


FIGURES = pytest.StashKey[Figures]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    told = config.stash.get(FIGURES, Figures()).lines
    for line in told:
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that fails shows what the machine's units had to say."""
    report = yield
    hall = getattr(item, "funcargs", {}).get("hall")
    if report.failed and isinstance(hall, Hall) and hall.computer.is_on:
        report.sections.append(("the machine's journal", _journal(hall)))
    return report


def _journal(hall: Hall) -> str:
    try:
        return units.journal(hall.guest, _SHOWN_LINES)
    except Exception as err:  # noqa: BLE001 - whatever it is, the test's own failure matters more
        return f"not to be had: {err!r}"
