"""What the doctor says where the bus itself cannot be asked, or knows nothing of a role."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from broker_of_ones_own import OwnBroker, certificate

from hall.cli.__main__ import main
from hall.contract.messages import DeviceStatus
from hall.doctor import findings, units
from hall.doctor.findings import BusObservation
from hall.doctor.units import SystemdUnit
from hall.runtime.clock import SetClock, monotonic_ns

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LOST = DeviceStatus.model_validate({"state": "lost", "conn": "c", "sw": "motcua 1"})
HEARD = BusObservation(NOW, ZoneInfo("Asia/Ho_Chi_Minh"), {"printer-1": LOST}, {}, {}, ())
SMALLEST = """\
version: 1
hall: {id: thu, name: Thử}
services: [{id: a, name: A}]
counters: [{id: "1", serves: [a]}]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnBroker]:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    made = OwnBroker(tmp_path / "broker", {"tech-cli": "right"})
    made.start()
    yield made
    made.stop()


def doctor(folder: Path, url: str, more: str = "") -> int:
    path = folder / "hall.yaml"
    path.write_text(SMALLEST + more, encoding="utf-8")
    return main(["doctor", "-c", str(path), "--broker", url, "--state", str(folder)])


def credential(folder: Path, word: str) -> None:
    (folder / "credentials").mkdir()
    (folder / "credentials" / "tech-cli").write_text(word)


@pytest.mark.broker
def test_the_technicians_own_wrong_password_is_named(
    own: OwnBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    credential(tmp_path, "wrong")

    assert doctor(tmp_path, f"mqtt://127.0.0.1:{own.port}") == 1

    said = capsys.readouterr().out
    assert "broker từ chối tên hoặc mật khẩu của tech-cli" in said
    assert "→ So mật khẩu trong" in said


@pytest.mark.broker
def test_a_technician_without_a_password_is_told_of_sudo(
    own: OwnBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(tmp_path, f"mqtt://127.0.0.1:{own.port}") == 1

    said = capsys.readouterr().out
    assert "broker đòi mật khẩu mà tech-cli không có" in said
    assert "sudo, với --state /etc/motcua" in said


@pytest.mark.broker
def test_a_broker_without_tls_is_told_from_one_that_is_away(
    own: OwnBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    credential(tmp_path, "right")
    ca = certificate(tmp_path / "tls") / "broker.crt"

    assert doctor(tmp_path, f"mqtts://localhost:{own.port}", f"broker: {{ca: {ca}}}\n") == 1

    assert f"localhost:{own.port} không nói TLS" in capsys.readouterr().out


@pytest.mark.broker
def test_a_missing_ca_file_is_no_traceback(
    own: OwnBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    credential(tmp_path, "right")
    ca = tmp_path / "none.crt"

    assert doctor(tmp_path, f"mqtts://localhost:{own.port}", f"broker: {{ca: {ca}}}\n") == 1

    assert f"thiếu tệp CA {ca}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("unit", "text", "advice"),
    [
        (
            SystemdUnit("active", "printer-1: broker từ chối mật khẩu."),
            "printer-1: broker từ chối mật khẩu.",
            "journalctl",
        ),
        (
            SystemdUnit("activating", ended=243),
            "thiếu tệp mật khẩu",
            "/etc/motcua/credentials/printer-1",
        ),
        (SystemdUnit("failed", ended=2), "tệp cấu hình sai", "motcua check"),
        (SystemdUnit("activating", ended=3), "không ghi được đĩa", "df -h"),
        (SystemdUnit("active"), "", "systemctl status motcua-printer@printer-1"),
    ],
)
def test_a_role_that_the_bus_does_not_hear_is_explained_by_its_service_manager(
    unit: SystemdUnit, text: str, advice: str
) -> None:
    heard = replace(HEARD, units={"motcua-printer@printer-1": unit})

    [found] = findings.devices((), heard)

    assert (found.state, found.well) == ("mất kết nối", False)
    assert text in found.text
    assert advice in found.advice


def shown(name: str, said: str = "sẵn sàng", **more: str) -> str:
    """A paragraph of `systemctl show`."""
    keys = {"Id": name, "LoadState": "loaded", "ActiveState": "active", "ExecMainStatus": "0"}
    keys |= {"StatusText": said, "UnitFileState": "enabled", "NRestarts": "0"} | more
    return "".join(f"{key}={value}\n" for key, value in keys.items())


def test_what_systemctl_shows_is_read() -> None:
    clock = SetClock()
    changed_us = str(monotonic_ns() // 1000 - 60_000_000)

    found = units.read(
        "\n".join(
            [
                shown("a.service", StateChangeTimestampMonotonic=changed_us),
                shown("b@1.service", "a=b: hỏng", UnitFileState="disabled", NRestarts="3"),
                shown("c.service", LoadState="not-found"),
            ]
        ),
        clock,
    )

    assert (found["a"].said, found["a"].is_on) == ("", True)
    assert found["a"].since is not None
    assert timedelta(seconds=59) < clock.now() - found["a"].since < timedelta(seconds=90)
    assert found["b@1"] == SystemdUnit("active", "a=b: hỏng", restarts=3)
    assert "c" not in found
    assert units.read("", clock) == {}


def test_a_machine_without_systemd_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert units.ask_systemd(["motcua-printer@printer-1"], SetClock()) == {}
