"""A role as a real process: it ends in order, and a mistake in the YAML leaves nothing started."""

import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from broker_of_ones_own import OwnBroker
from notebook_role import HALL, hears, listening, started

from hall.runtime.broker import _answers

pytestmark = pytest.mark.broker
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with listening(tmp_path) as sock:
        yield sock


@pytest.fixture
def start(tmp_path: Path, systemd: socket.socket) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(text: str, *more: str) -> subprocess.Popen[str]:
        running.append(started(tmp_path, text, systemd, *more))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def hears_ready(systemd: socket.socket) -> None:
    hears(systemd, "READY=1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_role_says_ready_beats_and_ends_in_order(
    start: Start, systemd: socket.socket, tmp_path: Path, number: int
) -> None:
    process = start(HALL)
    hears_ready(systemd)
    hears(systemd, "WATCHDOG=1")
    hears(systemd, "WATCHDOG=1")

    process.send_signal(number)
    out, err = process.communicate(timeout=120)

    assert process.returncode == 0, err
    assert out.count("stopped") == 2
    port = json.loads((tmp_path / "state" / "broker" / "place.json").read_text())["port"]
    assert not _answers(port)


def test_a_role_that_is_not_let_in_tells_the_service_manager_why(
    start: Start, systemd: socket.socket, tmp_path: Path
) -> None:
    own = OwnBroker(tmp_path / "own", {"kiosk-1": "right"})
    own.start()
    word = tmp_path / "state" / "credentials" / "kiosk-1"
    word.parent.mkdir(parents=True)
    word.write_text("wrong")
    try:
        url = ["--broker", f"mqtt://127.0.0.1:{own.port}"]
        start(HALL, "--only", "kiosk-1", *url)

        # Before or after it is ready: a broker on the same machine refuses within milliseconds.
        told = hears(systemd, "STATUS=kiosk-1")
        assert "broker từ chối tên hoặc mật khẩu của kiosk-1" in told
        assert str(word) in told

        word.write_text("right")
        assert hears(systemd, "STATUS=") == "STATUS=sẵn sàng"
    finally:
        own.stop()


def test_one_device_of_several_can_be_run_alone(start: Start, systemd: socket.socket) -> None:
    process = start(HALL, "--only", "kiosk-1")
    hears_ready(systemd)

    process.terminate()
    out, err = process.communicate(timeout=120)

    assert (process.returncode, out.count("stopped")) == (0, 1), err


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, err = process.communicate(timeout=120)
    return process.returncode, err


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("{id: kiosk-1}", "{id: kiosk-1, fial: x}"), "hall.yaml:9:19: notebooks.1.fial:"),
        (("notebooks:\n  - {id: printer-1}\n  - {id: kiosk-1}\n", ""), "notebooks: thiếu khoá này"),
        (("version: 1", "version: 9"), "hall.yaml:1:1: version:"),
        (("version: 1", "version: 1: 2"), "hall.yaml:1:11:"),
    ],
)
def test_a_mistake_in_the_yaml_ends_with_2_and_nothing_was_started(
    start: Start, tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    status, err = ended(start(HALL.replace(*change)))

    assert status == 2
    assert expected in err
    assert "Traceback" not in err
    assert not (tmp_path / "state" / "broker").exists()


def test_a_file_that_is_not_there_ends_with_2(start: Start) -> None:
    status, err = ended(start(HALL, "-c", "/nowhere/hall.yaml"))

    assert (status, "không đọc được tệp" in err) == (2, True)


def test_a_device_that_the_yaml_does_not_name_ends_with_2(start: Start) -> None:
    status, err = ended(start(HALL, "--only", "kiosk-9"))

    assert (status, "không có thiết bị nào" in err) == (2, True)


def test_a_broker_address_without_sense_ends_with_2(start: Start) -> None:
    status, err = ended(start(HALL, "--broker", "http://x"))

    assert (status, "mqtt://" in err) == (2, True)


@pytest.mark.parametrize(("fails", "expected"), [("fatal", 3), ("tick", 4), ("start", 1)])
def test_one_daemon_that_ends_takes_the_process_with_it_and_its_status(
    start: Start, fails: str, expected: int
) -> None:
    text = HALL.replace("{id: printer-1}", f"{{id: printer-1, fails: {fails}}}")

    process = start(text)
    out, err = process.communicate(timeout=120)

    assert process.returncode == expected, err
    assert out.count("stopped") == 2


def test_a_broker_elsewhere_need_not_be_there_for_a_role_to_be_ready(
    start: Start, systemd: socket.socket
) -> None:
    process = start(HALL, "--broker", "mqtt://127.0.0.1:9")

    hears_ready(systemd)
    process.terminate()

    assert ended(process)[0] == 0


def test_a_state_folder_that_cannot_be_written_is_told(start: Start, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")

    status, err = ended(start(HALL))

    assert (status, "không ghi được" in err) == (3, True)


def test_the_process_that_serves_the_broker_may_go_and_the_other_stays(
    start: Start, systemd: socket.socket, tmp_path: Path
) -> None:
    first = start(HALL, "--only", "printer-1")
    hears_ready(systemd)
    second: Any = start(HALL, "--only", "kiosk-1")
    hears_ready(systemd)

    first.terminate()
    assert ended(first)[0] == 0

    place = tmp_path / "state" / "broker" / "place.json"
    port = json.loads(place.read_text())["port"]
    while not _answers(port):
        assert systemd.recv(200)
    second.terminate()
    assert ended(second)[0] == 0
