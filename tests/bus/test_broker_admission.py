"""Who is not let in by the broker is told why; who mends the cause need not restart anything."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from broker_of_ones_own import OwnBroker, certificate, free_port

from hall.runtime import broker
from hall.runtime.broker import Location
from hall.runtime.bus import Connected, Disconnected
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import LinkFault, Outlook

pytestmark = pytest.mark.broker
Wait = Callable[..., object]
PATIENCE_S = 120.0


@contextmanager
def printer(server: Server | Callable[[], Server]) -> Iterator[tuple[MqttBus, Inbox]]:
    bus, inbox = MqttBus("printer-1", "thu", server, SystemClock()), Inbox()
    bus.open(inbox, [], [])
    try:
        yield bus, inbox
    finally:
        bus.close()


def told(bus: MqttBus, inbox: Inbox, part: str) -> LinkFault:
    """The fault that says so, once it does."""
    clock = SystemClock()
    deadline = clock.monotonic() + PATIENCE_S
    while bus.fault is None or part not in bus.fault.text:
        assert clock.monotonic() < deadline, f"{bus.fault} and not {part!r}"
        inbox.take_item(0.05)
    return bus.fault


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No unit hands over a password."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnBroker]:
    made = OwnBroker(tmp_path / "broker", {"printer-1": "right"})
    made.start()
    yield made
    made.stop()


def hall_of(folder: Path, port: int) -> Callable[[], Server]:
    """As a daemon looks for its password in its state folder."""
    where = Location("127.0.0.1", port)
    return lambda: broker.server_for("printer-1", where, folder, "", "mqtt-password")


def credential(folder: Path, word: str) -> Path:
    path = folder / "credentials" / "printer-1"
    path.parent.mkdir(exist_ok=True)
    path.write_text(word)
    return path


@pytest.mark.usefixtures("bare")
def test_a_wrong_password_is_named_with_the_file_it_came_from(
    own: OwnBroker, tmp_path: Path
) -> None:
    path = credential(tmp_path, "wrong")

    with printer(hall_of(tmp_path, own.port)) as (bus, inbox):
        fault = told(bus, inbox, "từ chối tên hoặc mật khẩu của printer-1")

    assert fault.outlook is Outlook.LASTING
    assert str(path) in fault.advice


@pytest.mark.usefixtures("bare")
def test_a_missing_password_is_not_called_a_wrong_one(own: OwnBroker, tmp_path: Path) -> None:
    with printer(hall_of(tmp_path, own.port)) as (bus, inbox):
        fault = told(bus, inbox, "đòi mật khẩu mà printer-1 không có")

    assert "credentials/printer-1" in fault.advice


def test_a_password_that_systemd_hands_over_is_read_again_by_restarting_its_unit(
    own: OwnBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = tmp_path / "motcua-printer@printer-1.service"
    handed.mkdir()
    (handed / "mqtt-password").write_text("wrong")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))

    with printer(hall_of(tmp_path, own.port)) as (bus, inbox):
        fault = told(bus, inbox, "mật khẩu của printer-1")

    assert "sudo systemctl restart motcua-printer@printer-1.service" in fault.advice


@pytest.mark.usefixtures("bare")
def test_a_password_that_was_changed_is_named_and_the_mended_file_heals_it(
    own: OwnBroker, tmp_path: Path, wait: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    credential(tmp_path, "right")
    with printer(hall_of(tmp_path, own.port)) as (bus, inbox):
        wait(inbox, lambda item: isinstance(item, Connected))

        own.change("printer-1", "changed")
        wait(inbox, lambda item: isinstance(item, Disconnected))
        told(bus, inbox, "từ chối tên hoặc mật khẩu")
        credential(tmp_path, "changed")

        wait(inbox, lambda item: isinstance(item, Connected))
        assert bus.fault is None
    lines = [record.getMessage() for record in caplog.records]
    assert sum("từ chối tên hoặc mật khẩu" in line for line in lines) == 1
    assert "broker back" in lines


@pytest.mark.usefixtures("bare")
def test_a_password_file_that_cannot_be_read_ends_nothing_and_heals(
    own: OwnBroker, tmp_path: Path, wait: Wait
) -> None:
    path = credential(tmp_path, "right")
    path.write_bytes(b"\xff\xfe")

    with printer(hall_of(tmp_path, own.port)) as (bus, inbox):
        told(bus, inbox, "không đọc được tệp mật khẩu")
        path.write_text("right")
        wait(inbox, lambda item: isinstance(item, Connected))


# --- TLS ----------------------------------------------------------------------------------------


@contextmanager
def secured(folder: Path, tls: Path) -> Iterator[OwnBroker]:
    made = OwnBroker(folder / "broker", {"printer-1": "right"}, tls)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def safely(port: int, ca: Path | str, host: str = "localhost") -> Server:
    return Server(host, port, "right", tls=True, ca=str(ca))


@pytest.mark.parametrize(
    ("span", "names", "part"),
    [
        ("expired", "DNS:localhost", "đã hết hạn"),
        ("early", "DNS:localhost", "chưa có hiệu lực"),
        ("valid", "DNS:broker.hall", "không mang tên trong localhost"),
        ("valid", "IP:10.0.0.9", "không mang tên trong localhost"),
    ],
)
def test_a_certificate_that_is_refused_is_told_why(
    tmp_path: Path, span: str, names: str, part: str
) -> None:
    tls = certificate(tmp_path / "tls", span, names)

    with (
        secured(tmp_path, tls) as made,
        printer(safely(made.port, tls / "broker.crt")) as (bus, inbox),
    ):
        assert told(bus, inbox, part).outlook is Outlook.LASTING


def test_an_address_that_the_certificate_does_not_carry_is_named(tmp_path: Path) -> None:
    tls = certificate(tmp_path / "tls", names="DNS:localhost")

    with (
        secured(tmp_path, tls) as made,
        printer(safely(made.port, tls / "broker.crt", "127.0.0.1")) as (bus, inbox),
    ):
        told(bus, inbox, "không mang tên trong 127.0.0.1")


def test_a_certificate_of_an_unknown_ca_is_told_and_the_right_ca_file_heals_it(
    tmp_path: Path, wait: Wait
) -> None:
    tls, other = certificate(tmp_path / "tls"), certificate(tmp_path / "other")
    ca = tmp_path / "ca.crt"
    ca.write_bytes((other / "broker.crt").read_bytes())

    with secured(tmp_path, tls) as made, printer(safely(made.port, ca)) as (bus, inbox):
        assert "broker.ca" in told(bus, inbox, "không phải CA đã biết ký").advice
        ca.write_bytes((tls / "broker.crt").read_bytes())
        wait(inbox, lambda item: isinstance(item, Connected))


@pytest.mark.parametrize(
    ("content", "part"), [(None, "thiếu tệp CA"), ("not PEM", "không phải chứng chỉ")]
)
def test_a_ca_file_that_is_missing_or_none_is_told_and_heals(
    tmp_path: Path, wait: Wait, content: str | None, part: str
) -> None:
    tls, ca = certificate(tmp_path / "tls"), tmp_path / "ca.crt"
    if content is not None:
        ca.write_text(content)

    with secured(tmp_path, tls) as made, printer(safely(made.port, ca)) as (bus, inbox):
        assert str(ca) in told(bus, inbox, part).text
        ca.write_bytes((tls / "broker.crt").read_bytes())
        wait(inbox, lambda item: isinstance(item, Connected))


def test_a_port_without_tls_is_told_from_a_broker_that_is_away(
    own: OwnBroker, tmp_path: Path
) -> None:
    tls = certificate(tmp_path / "tls")

    with printer(safely(own.port, tls / "broker.crt")) as (bus, inbox):
        told(bus, inbox, "không nói TLS")
    with printer(Server("127.0.0.1", free_port(), "right")) as (bus, inbox):
        assert told(bus, inbox, "không có broker nào").outlook is Outlook.PASSING


def test_a_port_that_wants_tls_is_told_to_who_comes_without(tmp_path: Path) -> None:
    tls = certificate(tmp_path / "tls")

    with (
        secured(tmp_path, tls) as made,
        printer(Server("127.0.0.1", made.port, "right")) as (bus, inbox),
    ):
        told(bus, inbox, "có thể cổng này đòi TLS")


# --- every refusal there is -----------------------------------------------------------------------


@contextmanager
def answering(connack: bytes) -> Iterator[int]:
    """Something that answers every CONNECT with these bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                with peer:
                    peer.recv(4096)
                    peer.sendall(connack)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE_S)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        (0x80, "broker từ chối (Unspecified error, mã 128)"),
        (0x84, "không nói MQTT 5"),
        (0x85, "không nhận tên máy khách"),
        (0x86, "sai mật khẩu"),
        (0x87, "không có tên này"),
        (0x88, "chưa sẵn sàng"),
        (0x8A, "cấm máy khách"),
        (0x9D, "máy chủ khác"),
    ],
)
def test_each_refusal_of_mqtt_5_has_words_of_its_own(code: int, part: str) -> None:
    with (
        answering(bytes((0x20, 3, 0, code, 0))) as port,
        printer(Server("127.0.0.1", port, "right")) as (bus, inbox),
    ):
        told(bus, inbox, part)


@pytest.mark.parametrize(("code", "part"), [(1, "không nói MQTT 5"), (4, "từ chối theo kiểu cũ")])
def test_a_broker_of_the_older_protocol_is_understood(code: int, part: str) -> None:
    with (
        answering(bytes((0x20, 2, 0, code))) as port,
        printer(Server("127.0.0.1", port, "right")) as (bus, inbox),
    ):
        told(bus, inbox, part)
