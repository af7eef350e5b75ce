"""The files we generate for Debian's own mosquitto.service are such as mosquitto accepts."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from broker_of_ones_own import free_port

from hall.contract.acl import HallIds, acl
from hall.runtime.broker import _answers, _mosquitto
from hall.runtime.broker_files import Files, hall_config, passwords_file, private_config
from hall.runtime.bus import Connected, Disconnected
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox

pytestmark = pytest.mark.broker
# Debian's own file, which includes ours: what it sets may not be set twice.
DEBIAN = """\
pid_file {folder}/mosquitto.pid
persistence true
persistence_location {folder}/
log_dest file {folder}/mosquitto.log
include_dir {folder}/conf.d
"""


def certificates(folder: Path) -> None:
    """One self-signed certificate stands for the hall's CA and its broker."""
    folder.mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", "broker.key", "-out", "broker.crt"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (folder / "ca.crt").write_bytes((folder / "broker.crt").read_bytes())


def lay(folder: Path, config: str) -> None:
    (folder / "conf.d").mkdir()
    text = config.replace("/etc/mosquitto/motcua", f"{folder}/motcua")
    (folder / "conf.d" / "motcua.conf").write_text(f"user root\n{text}")
    (folder / "mosquitto.conf").write_text(DEBIAN.format(folder=folder))
    (folder / "motcua.passwords").write_text(passwords_file({"tech": "secret"}))
    (folder / "motcua.acl").write_text(acl(HallIds("thu", ("tech",))))


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen(
        [_mosquitto(), "-c", str(folder / "mosquitto.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    clock = SystemClock()
    deadline = clock.monotonic() + 10
    try:
        while not _answers(port):
            assert process.poll() is None, process.communicate()[1]
            assert clock.monotonic() < deadline
        yield
    finally:
        process.terminate()
        process.communicate()


def pub(port: int, *more: str) -> subprocess.CompletedProcess[str]:
    topic = "motcua/1/thu/req/queue/ping/tech"
    return subprocess.run(
        [
            *("mosquitto_pub", "-p", str(port), "-u", "tech", "-P", "secret", "-i", "tech"),
            *("-V", "mqttv5", "-q", "1", "-t", topic, "-m", "x", *more),
        ],
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )


def test_debians_mosquitto_takes_the_file_for_a_hall_of_one_machine(tmp_path: Path) -> None:
    port = free_port()
    lay(tmp_path, hall_config().replace("listener 1883", f"listener {port}"))

    with running(tmp_path, port):
        assert pub(port, "-h", "127.0.0.1").returncode == 0
        assert pub(port, "-h", "127.0.0.1", "-P", "wrong").returncode != 0


def test_the_halls_network_is_served_by_tls(tmp_path: Path) -> None:
    port, secure = free_port(), free_port()
    certificates(tmp_path / "certs")
    config = hall_config(listen="127.0.0.1", tls_dir=str(tmp_path / "certs"))
    lay(
        tmp_path,
        config.replace("listener 1883", f"listener {port}").replace("8883", str(secure)),
    )
    ca = str(tmp_path / "certs" / "ca.crt")

    with running(tmp_path, secure):
        assert pub(secure, "-h", "localhost", "--cafile", ca).returncode == 0
        assert pub(secure, "-h", "127.0.0.1").returncode != 0


def test_our_own_client_comes_in_by_tls_and_trusts_no_other_certificate(tmp_path: Path) -> None:
    secure = free_port()
    certificates(tmp_path / "certs")
    certificates(tmp_path / "others")
    config = hall_config(listen="127.0.0.1", tls_dir=str(tmp_path / "certs"))
    plain = config.replace("listener 1883", f"listener {free_port()}")
    lay(tmp_path, plain.replace("8883", str(secure)))

    def first_news(folder: str) -> object:
        ca = str(tmp_path / folder / "ca.crt")
        server = Server("localhost", secure, "secret", tls=True, ca=ca)
        bus, inbox = MqttBus("tech", "thu", server, SystemClock()), Inbox()
        bus.open(inbox, [], [])
        try:
            return inbox.take_item(15)
        finally:
            bus.close()

    with running(tmp_path, secure):
        assert isinstance(first_news("certs"), Connected)
        assert isinstance(first_news("others"), Disconnected)


@pytest.mark.parametrize(
    "config",
    [hall_config(), hall_config(listen="10.0.0.2"), private_config(Files(Path("/x")), 1, None)],
    ids=["one machine", "network", "private"],
)
def test_what_breaks_or_is_refused_is_not_in_the_files(config: str) -> None:
    directives = [line.split(" ")[0] for line in config.splitlines() if not line.startswith("#")]

    assert "per_listener_settings" not in directives
    assert "message_size_limit" not in directives
    assert "max_keepalive" not in directives
    assert not any("#" in line for line in config.splitlines() if not line.startswith("#"))
    assert directives.count("use_username_as_clientid") == directives.count("listener")
    assert "allow_anonymous false" in config
    assert "set_tcp_nodelay true" in config
    assert "max_packet_size 65536" in config


def test_whoever_comes_and_goes_all_day_is_let_in_each_time(calm: Any) -> None:
    topic = calm.topic("req/queue/ping/tech")

    refused = [
        done.stderr
        for done in (calm.say("tech", topic, "x", "-q", "1") for _ in range(60))
        if done.returncode
    ]

    assert refused == []
