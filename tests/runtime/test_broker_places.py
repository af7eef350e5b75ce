"""Where the broker is, who may come in, and with which password."""

import errno
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.runtime import broker, broker_files
from hall.runtime.broker import Location, hall_ids, location, remembered, server_for
from hall.runtime.bus_mqtt import Server
from hall.runtime.daemon import Fatal


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://127.0.0.1", Location("127.0.0.1", 1883)),
        ("mqtt://may-chu:1884", Location("may-chu", 1884)),
        ("mqtts://broker.hall", Location("broker.hall", 8883, tls=True)),
        ("mqtt://[::1]:1885", Location("::1", 1885)),
        ("mqtt://tech:a%40b@x", Location("x", 1883, user="tech", password="a@b")),
    ],
)
def test_an_address_says_machine_port_and_who(url: str, expected: Location) -> None:
    assert location(url) == expected


@pytest.mark.parametrize("url", ["", "x", "http://x", "mqtt://", "mqtt://x:port", "mqtt://x:99999"])
def test_an_address_without_sense_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        location(url)


def test_every_device_of_the_yaml_and_every_fixed_role_is_a_client() -> None:
    values: dict[str, Any] = {
        "hall": {"id": "thu"},
        "counters": [{"id": "5A"}],
        "services": [{"id": "ho-tich"}],
        "printers": [{"id": "printer-1"}, {"id": "printer-2"}],
        "kiosks": [{"id": "kiosk-1"}, "junk", {}],
        "bridges": None,
    }

    ids = hall_ids(values)

    assert {"printer-1", "printer-2", "kiosk-1", "controller", "tech"} <= set(ids.clients)
    assert (ids.hall, ids.counters, ids.services) == ("thu", ("5A",), ("ho-tich",))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def put(folder: Path, name: str, word: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(word + "\n")
    return folder


@pytest.mark.usefixtures("bare")
def test_a_client_uses_the_word_in_the_state_folder_or_none(tmp_path: Path) -> None:
    put(tmp_path / "credentials", "kiosk-1", "secret")
    where = Location("x", 1883)

    kiosk = server_for("kiosk-1", where, tmp_path, "", "mqtt-password")
    other = server_for("kiosk-2", where, tmp_path, "", "mqtt-password")

    source = str(tmp_path / "credentials" / "kiosk-1")
    assert (kiosk, other) == (Server("x", 1883, "secret", source=source), Server("x", 1883, None))


def test_the_word_that_systemd_hands_over_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "credentials", "kiosk-1", "of the state folder")
    handed = put(tmp_path / "handed", "mqtt-password", "of systemd")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    where = Location("x", 1883)

    assert server_for("kiosk-1", where, tmp_path, "", "mqtt-password").password == "of systemd"
    put(handed, "mqtt-password-kiosk-1", "its own")
    assert server_for("kiosk-1", where, tmp_path, "", "mqtt-password").password == "its own"


@pytest.mark.usefixtures("bare")
def test_the_word_of_a_command_line_is_for_its_user_alone(tmp_path: Path) -> None:
    where = location("mqtts://tech:secret@x")

    assert server_for("tech", where, tmp_path, "ca.crt", "w") == Server(
        "x", 8883, "secret", tls=True, ca="ca.crt"
    )
    assert server_for("kiosk-1", where, tmp_path, "", "w").password is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"port": "x"}', '{"port": 1}'])
def test_a_broker_that_does_not_answer_is_not_remembered(tmp_path: Path, text: str) -> None:
    put(tmp_path / "broker", "place.json", text)

    assert remembered(tmp_path) is None


def test_without_mosquitto_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(broker, "_SBIN", str(tmp_path))

    with pytest.raises(Fatal, match="sudo apt-get install mosquitto"):
        broker.mosquitto()


def test_the_broker_never_speaks_to_systemd_in_our_place() -> None:
    ours = {"PATH": "/bin", "NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2"}

    assert broker._broker_environment(ours) == {"PATH": "/bin"}


def test_a_full_disk_does_not_keep_a_broker_from_its_files_of_yesterday(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = HallIds("thu", ("tech",))
    first = broker.PrivateBroker(tmp_path, ids)
    port = first.start().port
    first.close()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(broker_files, "replace", refuse)
    second = broker.PrivateBroker(tmp_path, ids)
    try:
        assert second.start().port == port
    finally:
        second.close()


def test_a_full_disk_without_files_for_a_broker_is_said_and_tried_again_by_who_runs_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(broker_files, "replace", refuse)
    made = broker.PrivateBroker(tmp_path, HallIds("thu", ("tech",)))
    with pytest.raises(Fatal, match="No space left"):
        made.start()
    made.close()
