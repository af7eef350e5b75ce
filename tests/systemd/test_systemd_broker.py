"""The hall's broker files beside Debian's own: mosquitto takes both and lets our clients in."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from hall.contract.acl import HallIds, acl
from hall.runtime import lan_listener
from hall.runtime.broker_files import hall_config, passwords_file

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
# /etc/mosquitto/mosquitto.conf of Debian 12, with its folders elsewhere.
DEBIAN = """\
pid_file {place}/mosquitto.pid
persistence true
persistence_location {place}/
log_dest file {place}/mosquitto.log
include_dir {place}/conf.d
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def debian_broker(place: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    (place / "conf.d").mkdir()
    ours = hall_config().replace("1883", str(port)).replace("/etc/mosquitto", str(place))
    (place / "conf.d" / "motcua.conf").write_text(ours, encoding="utf-8")
    (place / "motcua.passwords").write_text(passwords_file({"tech": "mật"}), encoding="utf-8")
    (place / "motcua.acl").write_text(acl(HallIds("thu", ("tech",))), encoding="utf-8")
    user = "user root\n" if os.geteuid() == 0 else ""
    config = place / "mosquitto.conf"
    config.write_text(user + DEBIAN.format(place=place), encoding="utf-8")
    mosquitto = shutil.which("mosquitto", path=SBIN)
    assert mosquitto
    broker = subprocess.Popen([mosquitto, "-c", config], stderr=subprocess.DEVNULL)
    try:
        yield broker
    finally:
        broker.terminate()
        broker.wait(10)


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def asks(port: int, password: str) -> int:
    """The exit status of a technician's mosquitto_pub."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-u", "tech"]
    command += ["-P", password, "-t", "motcua/1/thu/req/queue/ping/tech", "-m", "{}"]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode


def test_debian_s_mosquitto_takes_the_hall_s_files(tmp_path: Path) -> None:
    port = free_port()

    with debian_broker(tmp_path, port) as broker:
        until = monotonic() + 20
        while broker.poll() is None and not listens(port) and monotonic() < until:
            continue
        known, stranger = asks(port, "mật"), asks(port, "khác")

    assert known == 0, (tmp_path / "mosquitto.log").read_text(encoding="utf-8")
    assert stranger != 0


def test_a_hall_of_several_machines_listens_by_tls_alone() -> None:
    lines = (hall_config() + lan_listener.config("", "/etc/mosquitto/certs")).splitlines()

    assert [line for line in lines if line.startswith("listener")] == [
        "listener 1883 127.0.0.1",
        "listener 8883",
    ]
    assert "tls_version tlsv1.2" in lines


def test_the_card_is_not_written_for_every_heartbeat() -> None:
    [saved] = [line for line in hall_config().splitlines() if line.startswith("autosave_interval")]

    assert int(saved.split()[1]) >= 1800


def test_the_guard_runs_before_the_broker_and_cannot_keep_it_from_starting() -> None:
    drop_in = (ROOT / "systemd/mosquitto.service.d/motcua.conf").read_text(encoding="utf-8")
    made = (ROOT / "systemd/tmpfiles.d/motcua.conf").read_text(encoding="utf-8")
    [before] = re.findall(r"^ExecStartPre=(.*broker-guard)$", drop_in, re.MULTILINE)

    assert before.startswith("!-/opt/motcua/.venv/bin/python")
    assert f"f /{lan_listener.GIVEN} " in made
