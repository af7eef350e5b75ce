"""The files we generate for Debian's own mosquitto.service are such as mosquitto accepts."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from broker_of_ones_own import certificate, free_port

from hall.contract.acl import HallIds, acl
from hall.runtime import lan_listener
from hall.runtime.broker import _answers, mosquitto
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
        [mosquitto(), "-c", str(folder / "mosquitto.conf")],
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


def lay_lan(folder: Path, port: int, secure: int, certs: Path, address: str = "") -> None:
    """A hall of several machines, as the guard leaves it for the broker's next start."""
    lay(folder, hall_config().replace("listener 1883", f"listener {port}"))
    (folder / "etc/mosquitto").mkdir(parents=True)
    (folder / lan_listener.WANTED).write_text(lan_listener.config(address, str(certs), secure))
    lan_listener.renew_copy(folder)
    (folder / "conf.d" / "motcua-lan.conf").symlink_to(folder / lan_listener.GIVEN)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that the broker's own user may enter, as it may /etc."""
    with tempfile.TemporaryDirectory(prefix="motcua-bus-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def readable_key(certs: Path) -> None:
    (certs / "broker.key").chmod(0o644)


@pytest.mark.parametrize("span", ["expired", "early"])
def test_a_clock_that_is_wrong_at_the_start_keeps_no_network_out(
    span: str, open_to_all: Path
) -> None:
    port, secure = free_port(), free_port()
    certs = certificate(open_to_all / "certs", span)
    shutil.copyfile(certs / "broker.crt", certs / "ca.crt")
    readable_key(certs)
    lay_lan(open_to_all, port, secure, certs)

    with running(open_to_all, port):
        assert _answers(secure)


def test_the_halls_network_is_served_by_tls_at_every_address(open_to_all: Path) -> None:
    port, secure = free_port(), free_port()
    certificates(certs := open_to_all / "certs")
    readable_key(certs)
    lay_lan(open_to_all, port, secure, certs)
    ca = str(certs / "ca.crt")

    with running(open_to_all, secure):
        assert pub(secure, "-h", "localhost", "--cafile", ca).returncode == 0
        assert pub(secure, "-h", "127.0.0.1").returncode != 0
        assert pub(port, "-h", "127.0.0.1").returncode == 0


def no_key(certs: Path) -> None:
    (certs / "broker.key").unlink()


def key_of_root(certs: Path) -> None:
    (certs / "broker.key").chmod(0o600)


def key_of_another(certs: Path) -> None:
    certificates(certs / "other")
    (certs / "other" / "broker.key").replace(certs / "broker.key")


def no_ca(certs: Path) -> None:
    (certs / "ca.crt").unlink()


@pytest.mark.parametrize(
    ("mistake", "address"),
    [
        (readable_key, "10.77.0.5"),
        (readable_key, "fd00::77"),
        (no_key, ""),
        (no_ca, ""),
        (key_of_another, ""),
        pytest.param(
            *(key_of_root, ""),
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="its own user reads its own key"),
        ),
    ],
    ids=lambda given: getattr(given, "__name__", str(given) or "all addresses"),
)
def test_loopback_outlives_whatever_is_wrong_with_the_network(
    mistake: Callable[[Path], None], address: str, open_to_all: Path
) -> None:
    port = free_port()
    certificates(certs := open_to_all / "certs")
    readable_key(certs)
    mistake(certs)
    lay_lan(open_to_all, port, free_port(), certs, address)

    with running(open_to_all, port):
        assert pub(port, "-h", "127.0.0.1").returncode == 0


def test_our_own_client_comes_in_by_tls_and_trusts_no_other_certificate(open_to_all: Path) -> None:
    secure = free_port()
    certificates(certs := open_to_all / "certs")
    readable_key(certs)
    certificates(open_to_all / "others")
    lay_lan(open_to_all, free_port(), secure, certs)

    def first_news(folder: str) -> object:
        ca = str(open_to_all / folder / "ca.crt")
        server = Server("localhost", secure, "secret", tls=True, ca=ca)
        bus, inbox = MqttBus("tech", "thu", server, SystemClock()), Inbox()
        bus.open(inbox, [], [])
        try:
            return inbox.take_item(15)
        finally:
            bus.close()

    with running(open_to_all, secure):
        assert isinstance(first_news("certs"), Connected)
        assert isinstance(first_news("others"), Disconnected)


@pytest.mark.parametrize(
    "config",
    [
        hall_config(),
        hall_config() + lan_listener.config("10.0.0.2", "/x"),
        private_config(Files(Path("/x")), 1, None),
    ],
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
