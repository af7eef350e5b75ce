"""Every role on a disk that takes nothing, or with no file left to open: it goes on, and heals."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from small_disk import FAULTS, SmallDisk, small_disk

from hall.cli.checking import parts
from hall.contract.roles import PROGRAMS
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.ownership import private_files

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
# Roles that write anything but their configuration: they say that they cannot.
WRITERS = ("controller", "printer", "kiosk", "voice", "counter", "uplink")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


def daemons_of(role: str, yaml: Path, state: Path) -> list[Daemon]:
    """The role as it is run, on a bus of its own."""
    clock, broker = SystemClock(), MemoryBroker()
    ground = Ground("demo", clock, state, lambda c: broker.bus(c, "demo", clock), headless=True)
    document = settings.read(yaml)
    return [d for wanted in parts.wanted([role]) for d in wanted.build(document, ground, None)]


def turn_until(daemons: list[Daemon], true: Callable[[], bool]) -> bool:
    """One turn at least; a dispenser ends by itself, to begin anew with a journal."""
    clock = SystemClock()
    deadline = clock.monotonic() + PATIENCE_S
    while clock.monotonic() < deadline:
        for daemon in daemons:
            try:
                daemon.turn(clock.monotonic(), 0.01)
            except Fatal as err:
                return err.status == 1
        if true():
            return True
    return False


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("role", PROGRAMS)
def test_a_role_starts_on_a_disk_that_takes_nothing_and_heals(
    role: str, fault: str, disk: SmallDisk, tmp_path: Path
) -> None:
    yaml = tmp_path / "hall.yaml"
    yaml.write_text(re.sub(r"port: \d+", "port: 0", (ROOT / "config/demo.yaml").read_text()))
    disk.hurt(fault)

    with private_files():
        daemons = daemons_of(role, yaml, disk.place)
        try:
            for daemon in daemons:
                daemon.service.start()
                daemon.open()
            turn_until(daemons, lambda: True)
            alerts = [{*daemon.context.health.alerts} for daemon in daemons]
            assert all(("disk_low" in each) == (role in WRITERS) for each in alerts)
            disk.heal()
            assert turn_until(
                daemons, lambda: all("disk_low" not in d.context.health.alerts for d in daemons)
            )
            assert not [d.name for d in daemons if d.context.health.errors]
        finally:
            for daemon in daemons:
                daemon.close()
    assert not [path for path in disk.place.rglob("*") if path.stat().st_mode & 0o077]


@contextmanager
def no_files_left() -> Iterator[None]:
    """Every file that this process may open is open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    with ExitStack() as held:
        held.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with suppress(OSError):
            while True:
                held.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield


@pytest.mark.parametrize("role", PROGRAMS)
def test_a_role_goes_on_without_a_file_left_to_open(role: str, tmp_path: Path) -> None:
    yaml = tmp_path / "hall.yaml"
    yaml.write_text(re.sub(r"port: \d+", "port: 0", (ROOT / "config/demo.yaml").read_text()))
    daemons = daemons_of(role, yaml, tmp_path)
    try:
        for daemon in daemons:
            daemon.service.start()
            daemon.open()
        turn_until(daemons, lambda: True)
        with no_files_left():
            for _ in range(20):
                assert turn_until(daemons, lambda: True)
        failed = [daemon.context.health.errors for daemon in daemons]
        for _ in range(20):
            assert turn_until(daemons, lambda: True)
        assert [daemon.context.health.errors for daemon in daemons] == failed
    finally:
        for daemon in daemons:
            daemon.close()


LOAD = (
    "import sys; from pathlib import Path; import printer.__main__ as p; p._load_models(Path({!r}))"
)


def load_models(folder: Path) -> int:
    """Each import is once a process."""
    command = [sys.executable, "-c", LOAD.format(str(folder))]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode


@pytest.mark.parametrize("fault", FAULTS)
def test_a_dispenser_s_first_start_needs_no_disk(fault: str, disk: SmallDisk) -> None:
    disk.hurt(fault)

    assert load_models(disk.place / "escpos") == 0


def test_half_a_file_of_models_keeps_no_dispenser_from_starting(tmp_path: Path) -> None:
    assert load_models(tmp_path) == 0
    [models] = tmp_path.glob("*")
    whole = models.read_bytes()
    models.write_bytes(whole[:100])

    assert load_models(tmp_path) == 0
    assert load_models(tmp_path) == 0
    assert models.read_bytes() == whole
