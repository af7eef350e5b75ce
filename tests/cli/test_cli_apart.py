"""Roles apart: each its own process, looked after as systemd looks after a unit."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PLAYER = Path(__file__).with_name("apart_player.py")
ROOT = Path(__file__).parents[2]
DEADLINE_S = 120.0


@dataclass
class Play:
    """A nursery at work, and what it has said."""

    process: subprocess.Popen[str]
    service_manager: socket.socket
    said: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    states: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    threads: list[threading.Thread] = field(default_factory=list)

    def next(self) -> list[str]:
        return self.said.get(timeout=DEADLINE_S).split()

    def born(self, count: int) -> dict[str, int]:
        return {name: int(pid) for name, pid in (self.next() for _ in range(count))}

    def until_told(self, wanted: str) -> list[str]:
        """What the service manager heard, up to what is wanted."""
        heard = [self.states.get(timeout=DEADLINE_S)]
        while wanted not in heard[-1]:
            heard.append(self.states.get(timeout=DEADLINE_S))
        return heard

    def listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.put(line)

    def manage(self) -> None:
        with self.service_manager as ear:
            while state := ear.recv(4096):
                self.states.put(state.decode())


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Play]]:
    plays: list[Play] = []

    def begin(**conducts: str) -> Play:
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(str(tmp_path / "notify"))
        process = subprocess.Popen(
            [sys.executable, str(PLAYER), *(f"{name}={how}" for name, how in conducts.items())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "WATCHDOG_USEC": "400000",
            },
        )
        made = Play(process, manager)
        made.threads = [threading.Thread(target=ear) for ear in (made.listen, made.manage)]
        for thread in made.threads:
            thread.start()
        plays.append(made)
        return made

    yield begin
    for made in plays:
        made.process.kill()
        made.process.wait()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", str(tmp_path / "notify"))
        for thread in made.threads:
            thread.join()


def is_alive(pid: int) -> bool:
    """Whether it runs; one that nobody buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: dict[str, int]) -> bool:
    end = time.monotonic() + DEADLINE_S
    while any(is_alive(pid) for pid in pids.values()):
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.02)
    return True


def test_a_role_that_is_killed_is_started_again_and_the_others_go_on(
    play: Callable[..., Play],
) -> None:
    hall = play(printer="good", kiosk="good")
    first = hall.born(2)

    os.kill(first["kiosk"], signal.SIGKILL)

    assert hall.next() == ["kiosk", "ended", "-9"]
    assert hall.born(1)["kiosk"] != first["kiosk"]
    assert is_alive(first["printer"])


def test_a_role_that_fails_by_an_error_is_started_again(play: Callable[..., Play]) -> None:
    hall = play(printer="broken")
    hall.born(1)

    assert hall.next() == ["printer", "ended", "1"]
    assert set(hall.born(1)) == {"printer"}


def test_a_loop_that_hangs_is_ended_and_started_again(play: Callable[..., Play]) -> None:
    hall = play(printer="good", kiosk="hung")
    first = hall.born(2)

    assert hall.next() == ["kiosk", "ended", "-9"]
    hall.born(1)
    assert is_alive(first["printer"])


def test_a_role_with_a_wrong_configuration_stays_away(play: Callable[..., Play]) -> None:
    hall = play(printer="wrong", kiosk="good")
    first = hall.born(2)
    assert hall.next() == ["printer", "ended", "2"]

    os.kill(first["kiosk"], signal.SIGKILL)

    assert hall.next() == ["kiosk", "ended", "-9"]
    assert set(hall.born(1)) == {"kiosk"}


def test_a_hang_up_reaches_every_role_and_one_that_takes_a_new_file_starts_again(
    play: Callable[..., Play],
) -> None:
    hall = play(printer="renewed")
    first = hall.born(1)
    hall.until_told("READY=1")

    hall.process.send_signal(signal.SIGHUP)

    assert hall.next() == ["printer", "ended", "75"]
    assert hall.born(1)["printer"] != first["printer"]
    assert hall.process.poll() is None


def test_a_hang_up_waits_for_a_role_that_still_starts(play: Callable[..., Play]) -> None:
    hall = play(printer="renewed-late")
    first = hall.born(1)

    hall.process.send_signal(signal.SIGHUP)

    assert hall.next() == ["printer", "ended", "75"]
    assert hall.born(1)["printer"] != first["printer"]


def test_when_no_role_can_be_run_the_status_says_so(play: Callable[..., Play]) -> None:
    hall = play(printer="wrong", kiosk="wrong")

    assert hall.process.wait(DEADLINE_S) == 2


def test_all_leave_when_asked_also_one_that_does_not_hear(play: Callable[..., Play]) -> None:
    hall = play(printer="good", kiosk="deaf")
    first = hall.born(2)
    hall.until_told("READY=1")

    hall.process.terminate()

    assert hall.process.wait(DEADLINE_S) == 0
    assert gone(first)


def test_all_leave_when_the_one_that_started_them_is_killed(play: Callable[..., Play]) -> None:
    hall = play(printer="good", kiosk="good")
    first = hall.born(2)
    hall.until_told("READY=1")

    hall.process.kill()

    assert gone(first)


def test_systemd_hears_ready_once_all_are_and_beats_from_then_on(
    play: Callable[..., Play],
) -> None:
    hall = play(printer="good", kiosk="good")
    hall.born(2)

    hall.until_told("READY=1")
    hall.until_told("WATCHDOG=1")

    assert hall.process.poll() is None


def test_systemd_does_not_hear_ready_while_a_role_is_not(play: Callable[..., Play]) -> None:
    hall = play(printer="good", kiosk="broken")
    hall.born(2)
    for _ in range(3):
        hall.next()

    assert "READY" not in "".join(hall.until_told("WATCHDOG=1"))
