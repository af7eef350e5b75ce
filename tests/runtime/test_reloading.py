"""A role at work and its file: what is wrong never stops it, what is right is taken."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from notebook_role import HALL, hears, listening, started

pytestmark = pytest.mark.broker
WRONG = HALL.replace("version: 1", "version: 1: 2")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with listening(tmp_path) as sock:
        yield sock


@contextmanager
def at_work(
    folder: Path, systemd: socket.socket, text: str | None
) -> Iterator[subprocess.Popen[str]]:
    """One notebook of the hall, which has yet to say READY, until the end of the block."""
    process = started(folder, text, systemd, "--only", "kiosk-1", "--broker", "mqtt://127.0.0.1:9")
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=120)


def kept(folder: Path) -> Path:
    return folder / "state" / "last-good-kiosk-1.yaml"


def told_of_the_file(systemd: socket.socket) -> str:
    return hears(systemd, "Tệp cấu hình")


def test_a_wrong_file_never_stops_a_role_and_a_right_one_is_taken(
    systemd: socket.socket, tmp_path: Path
) -> None:
    file = tmp_path / "hall.yaml"
    with at_work(tmp_path, systemd, HALL) as process:
        hears(systemd, "READY=1")
        assert kept(tmp_path).read_text() == HALL
        assert kept(tmp_path).stat().st_mode & 0o777 == 0o600

        file.write_text(WRONG)
        process.send_signal(signal.SIGHUP)
        hears(systemd, f"{file}:1:11")

        # The signal and the look at the file may each have told of what was wrong before.
        file.unlink()
        hears(systemd, "không có tệp này")

        file.write_text(HALL.replace("Xã Thử", "Xã Mới"))
        while "Xã Mới" not in kept(tmp_path).read_text():
            hears(systemd, "READY=1")
        assert process.poll() is None
    assert process.returncode == 0


def test_a_signal_while_the_role_starts_again_is_heard_once_it_listens(
    systemd: socket.socket, tmp_path: Path
) -> None:
    with at_work(tmp_path, systemd, HALL) as process:
        hears(systemd, "READY=1")
        late = HALL.replace("id: kiosk-1", "id: kiosk-1, fails: late")
        (tmp_path / "hall.yaml").write_text(late)
        process.send_signal(signal.SIGHUP)
        hears(systemd, "the file is read")

        (tmp_path / "hall.yaml").write_text(WRONG)
        process.send_signal(signal.SIGHUP)

        told_of_the_file(systemd)
        assert process.poll() is None


@pytest.mark.parametrize("found", [WRONG, None, HALL.replace("id: kiosk-1", "id: kiosk-1, x: 1")])
def test_a_role_starts_with_the_last_good_file_and_says_so_until_it_is_mended(
    systemd: socket.socket, tmp_path: Path, found: str | None
) -> None:
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).write_text(HALL)
    with at_work(tmp_path, systemd, found) as process:
        assert "đang chạy với bản tốt gần nhất" in hears(systemd, "READY=1")

        (tmp_path / "hall.yaml").write_text("# đã sửa\n" + HALL)
        while "Tệp cấu hình" in hears(systemd, "STATUS="):
            pass
        assert process.poll() is None


def test_a_new_file_waits_while_the_disk_could_not_keep_the_old_one(
    systemd: socket.socket, tmp_path: Path
) -> None:
    with at_work(tmp_path, systemd, HALL) as process:
        hears(systemd, "READY=1")
        kept(tmp_path).unlink()
        kept(tmp_path).mkdir()
        (tmp_path / "hall.yaml").write_text(HALL.replace("Xã Thử", "Xã Mới"))
        process.send_signal(signal.SIGHUP)

        assert "đĩa không giữ được bản đang chạy" in told_of_the_file(systemd)
        assert process.poll() is None
