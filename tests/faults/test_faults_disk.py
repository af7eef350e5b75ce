"""The process is killed, or the disk refuses, at a call that changes a file."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_disk import SmallDisk, small_disk

from hall.controller.journal_sqlite import open_journal

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
pytestmark = pytest.mark.timeout(3600 if FULL else 600)
TICKETS = 4
# A press, its call, the undo, the call again and the rest each say a line; so does the start.
# Every second person books before coming.
LINES = 1 + 5 * TICKETS + TICKETS // 2
ISSUER = Path(__file__).with_name("issuer.py")
ROOT = Path(__file__).parents[2]
CHANGES = "pwrite64,fdatasync,fsync,ftruncate,unlink,rename"
# All points where a run can be killed take minutes; a quick run takes some, spread over all.
KILLS = range(1, 400) if FULL else (3, 17, 30, 47, 90)
SHARED_KILLS = range(1, 200) if FULL else (9, 24, 40)
ERRORS = range(1, 60) if FULL else (7, 12)


def run(folder: Path, *options: str, together: int = 1) -> tuple[int, list[list[str]]]:
    """The issuer under strace: its exit status and what it said, word by word."""
    # With --seccomp-bpf it stops at the named calls alone, which halves what a run costs.
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", *options]
    command += [sys.executable, str(ISSUER), str(folder), str(TICKETS), "FULL", str(together)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=300
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, [line.split() for line in done.stdout.splitlines()]


def injected(calls: str, what: str, when: int) -> tuple[str, ...]:
    return "-e", f"trace={calls}", "-e", f"inject={calls}:{what}:when={when}"


def numbers_on(folder: Path) -> list[str]:
    """The numbers that a controller finds which starts here now; the journal must be sound."""
    journal, found = open_journal(folder / "journal.db")
    try:
        assert found.put_aside == "", found.why
        assert journal.inspect(10_000) == ""
        return [str(r.body["number"]) for r in journal.rows(1, 10_000) if r.kind == "issued"]
    finally:
        journal.close()


def check(folder: Path, said: list[list[str]], together: int = 1) -> None:
    acked = [line[2] for line in said if line[0] == "ACK"]
    numbers = numbers_on(folder)
    assert numbers == [f"A{n:03d}" for n in range(1, len(numbers) + 1)]
    assert set(acked) <= set(numbers)
    assert len(numbers) - len(acked) <= together


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir()
    return made


@pytest.mark.parametrize("when", KILLS)
def test_a_kill_at_any_change_of_a_file_loses_no_number(folder: Path, when: int) -> None:
    status, said = run(folder, *injected(CHANGES, "signal=SIGKILL", when))
    check(folder, said)

    assert status != 0 or len(said) == LINES


@pytest.mark.parametrize("when", SHARED_KILLS)
def test_a_kill_leaves_of_acts_that_share_a_sync_all_or_none(folder: Path, when: int) -> None:
    status, said = run(folder, *injected(CHANGES, "signal=SIGKILL", when), together=2)
    check(folder, said, together=2)

    assert len(numbers_on(folder)) % 2 == 0
    assert status != 0 or len(said) == LINES - TICKETS + TICKETS // 2


@pytest.mark.parametrize("when", ERRORS)
def test_a_sync_that_fails_ends_the_process_before_it_says_yes(folder: Path, when: int) -> None:
    status, said = run(folder, *injected("fdatasync", "error=EIO", when))
    check(folder, said)

    assert (status, said[-1]) == (3, ["FATAL", "3"]) or len(said) == LINES


@pytest.mark.parametrize("when", ERRORS)
def test_a_write_that_fails_ends_the_process_before_it_says_yes(folder: Path, when: int) -> None:
    status, said = run(folder, *injected("pwrite64", "error=EIO", when * 3))
    check(folder, said)

    assert (status, said[-1]) == (3, ["FATAL", "3"]) or len(said) == LINES


@pytest.mark.parametrize("when", ERRORS)
def test_a_write_without_room_is_refused_and_the_next_one_goes_on(folder: Path, when: int) -> None:
    """One ENOSPC: that press is `unavailable`, the numbers go on without a gap."""
    status, said = run(folder, *injected("pwrite64", "error=ENOSPC", when * 4))
    check(folder, said)

    refused = [line for line in said if line[0] == "NO"]
    assert status == 0
    assert all(line[2] == "unavailable" for line in refused)
    assert len(said) == LINES


def test_every_write_without_room_is_refused_and_nothing_is_invented(folder: Path) -> None:
    status, said = run(
        folder, "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC:when=40+"
    )
    check(folder, said)

    assert status == 0
    assert ["NO", f"press-{TICKETS}", "unavailable"] in said


# --- a real small disk --------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


def test_a_full_disk_is_told_and_the_hall_recovers_when_there_is_room(
    world: Any, disk: SmallDisk
) -> None:
    hall = _on(world, disk.place)
    before = [hall.issue() for _ in range(3)]
    disk.hurt("full")
    replies = [hall.ask("issue", service="a", channel="button") for _ in range(200)]
    refused = [r for r in replies if r.error is not None]
    issued = [r.data["ticket"]["number"] for r in replies if r.data is not None]

    assert refused
    assert {r.error.code for r in refused} == {"unavailable"}
    assert "disk_low" in hall.alerts()
    assert hall.state("dev/controller/status")["state"] == "degraded"
    disk.heal()
    hall.wait(5)
    assert "disk_low" not in hall.alerts()
    after = hall.issue()
    numbers = [*before, *issued, after]
    assert numbers == [f"A{n:03d}" for n in range(1, len(numbers) + 1)]
    hall.stop()
    assert numbers_on(disk.place) == numbers


def test_a_read_only_disk_is_told_and_the_hall_recovers_when_it_is_mended(
    world: Any, disk: SmallDisk
) -> None:
    disk.hurt("read-only")
    hall = _on(world, disk.place)
    reply = hall.ask("issue", service="a", channel="button")

    assert reply.error.code == "unavailable"
    assert "disk_low" in hall.alerts()
    disk.heal()
    hall.wait(3)
    assert hall.issue() == "A001"
    assert "disk_low" not in hall.alerts()
    hall.stop()


def _on(world: Any, place: Path) -> Any:
    world.folder = place
    return world.start()


def test_strace_is_what_it_was(tmp_path: Path) -> None:
    """The injections above stand or fall with strace's own."""
    done = subprocess.run(
        [
            "strace",
            "-qq",
            "-o",
            "/dev/null",
            *injected("fsync", "error=EIO", 1),
            "sync",
            str(tmp_path),
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert re.search(r"[Ii]nput/output error", done.stderr)
    assert shutil.which("strace")
