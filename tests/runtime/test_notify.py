"""What systemd hears: READY when all are ready, a heartbeat only while all loops turn."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.runtime.daemon import Daemon
from hall.runtime.notify import Heartbeat, Notifier

READY = "READY=1\nWATCHDOG_USEC=200000\nSTATUS="


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(10)
        yield sock


def heart(systemd: socket.socket, loops: int, usec: int = 200_000) -> Heartbeat:
    environ = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": str(usec)}
    return Heartbeat(Notifier(environ), loops)


def heard(systemd: socket.socket) -> list[str]:
    """What has come so far."""
    systemd.setblocking(False)  # noqa: FBT003 - socket's own
    messages = []
    try:
        while True:
            messages.append(systemd.recv(4096).decode())
    except BlockingIOError:
        return messages
    finally:
        systemd.settimeout(10)


def test_ready_is_said_when_the_last_loop_is_ready(systemd: socket.socket) -> None:
    beating = heart(systemd, 2)

    beating.ready("printer-1")
    beating.ready("printer-1")
    assert heard(systemd) == []
    beating.ready("kiosk-1")

    assert heard(systemd) == [f"{READY}sẵn sàng"]


def test_what_is_wrong_stands_beside_the_name_until_it_is_mended(systemd: socket.socket) -> None:
    beating = heart(systemd, 2)
    beating.tell_trouble("printer-1", "broker không\ntrả lời.")
    beating.ready("printer-1")
    beating.ready("kiosk-1")

    beating.tell_trouble("kiosk-1", "Mất máy quét.")
    beating.tell_trouble("kiosk-1", "Mất máy quét.")
    beating.tell_trouble("printer-1", "")
    beating.tell_trouble("kiosk-1", "")

    assert heard(systemd) == [
        f"{READY}printer-1: broker không trả lời.",
        "STATUS=printer-1: broker không trả lời.; kiosk-1: Mất máy quét.",
        "STATUS=kiosk-1: Mất máy quét.",
        "STATUS=sẵn sàng",
    ]


def test_one_hung_loop_starves_the_watchdog(systemd: socket.socket) -> None:
    beating = heart(systemd, 2)

    for _ in range(5):
        beating.beat("printer-1")
    assert heard(systemd) == []
    beating.beat("kiosk-1")
    beating.beat("kiosk-1")

    assert heard(systemd) == ["WATCHDOG=1"]


def test_daemons_that_run_say_ready_and_beat_and_a_hung_one_ends_the_beat(
    systemd: socket.socket, world: Any, notebook: Any
) -> None:
    hang = threading.Event()
    released = threading.Event()

    def tick(now: float) -> float:
        if hang.is_set():
            released.wait(10)
        return now

    clock = world.clock
    services = [notebook(on_tick=lambda now: now), notebook(on_tick=tick)]
    daemons = [Daemon(world.context_of(f"kiosk-{n}"), s) for n, s in enumerate(services)]
    beating = heart(systemd, 2)
    threads = [threading.Thread(target=d.run, args=(beating,)) for d in daemons]
    for thread in threads:
        thread.start()
    try:
        assert systemd.recv(100).startswith(b"READY=1")
        assert systemd.recv(100) == b"WATCHDOG=1"
        clock.advance(0.2)
        assert systemd.recv(100) == b"WATCHDOG=1"

        hang.set()
        until(lambda: len(services[0].ticks) > 10)
        heard(systemd)
        for _ in range(5):
            clock.advance(0.2)
            services[0].ticks.clear()
            until(lambda: len(services[0].ticks) > 2)
        # The hung loop may have owed one beat when it began to hang.
        assert len(heard(systemd)) <= 1
    finally:
        released.set()
        for daemon in daemons:
            daemon.stop()
        for thread in threads:
            thread.join(10)


def until(condition: Callable[[], bool]) -> None:
    gate = threading.Event()
    for _ in range(1000):
        if condition():
            return
        gate.wait(0.01)
    raise AssertionError("waited in vain")


def test_what_the_first_turn_finds_wrong_is_said_with_ready(
    systemd: socket.socket, world: Any, notebook: Any
) -> None:
    context = world.context_of("kiosk-1")

    def tick(now: float) -> float:
        context.health.alert("screen_lost", "Không mở được màn hình.", "Xem dây.")
        daemon.stop()
        return now

    daemon = Daemon(context, notebook(on_tick=tick))

    assert daemon.run(heart(systemd, 1)) == 0

    assert heard(systemd)[0] == f"{READY}kiosk-1: Không mở được màn hình."


def test_a_daemon_that_cannot_start_never_says_ready(
    systemd: socket.socket, world: Any, notebook: Any
) -> None:
    def fail() -> None:
        raise ValueError("planted")

    daemon = Daemon(world.context_of("kiosk-1"), notebook(on_start=fail))

    with pytest.raises(ValueError, match="planted"):
        daemon.run(heart(systemd, 1))

    assert heard(systemd) == []


@pytest.mark.parametrize(
    ("environ", "beat_s"),
    [
        ({}, 5.0),
        ({"WATCHDOG_USEC": "10000000"}, 5.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 1.5),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, 5.0),
        ({"WATCHDOG_USEC": "soon"}, 5.0),
    ],
)
def test_the_beat_is_half_of_what_systemd_allows(environ: dict[str, str], beat_s: float) -> None:
    assert Notifier(environ).beat_s == beat_s


def test_an_abstract_socket_is_spoken_to() -> None:
    name = f"motcua-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(f"\0{name}")
        sock.settimeout(10)

        Notifier({"NOTIFY_SOCKET": f"@{name}"}).stopping()

        assert sock.recv(100) == b"STOPPING=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all"])
def test_without_systemd_nothing_happens(address: str) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": address})

    notifier.ready("sẵn sàng")
    notifier.status("chờ")
    notifier.beat()
