"""Each row of the manual's table of faults is provoked, and the doctor says what stands there."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from broker_of_ones_own import certificate
from technicians_machine import TechniciansMachine

from hall.contract.messages import DeviceStatus
from hall.doctor.machine import versions
from hall.package import outcome
from hall.package.installation import Installation
from hall.package.outcome import Outcome
from hall.runtime import lan_listener, last_good
from hall.runtime.certificates import CertificateFiles
from hall.runtime.clock import SystemClock

MANUAL = Path(__file__).parents[2] / "docs" / "technician.md"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TechniciansMachine:
    return TechniciansMachine(tmp_path / "root", monkeypatch).install()


Spoil = Callable[[TechniciansMachine], object]


@dataclass(frozen=True)
class Row:
    """`line`: the doctor's, as the manual names it: `name: state`."""

    line: str
    spoil: Spoil
    text: str = ""
    advice: str = ""


def typo(machine: TechniciansMachine) -> None:
    text = machine.yaml.read_text(encoding="utf-8")
    machine.yaml.write_text(text.replace("serves", "server"), encoding="utf-8")


def gone(file: str) -> Spoil:
    return lambda machine: (machine.root / file).unlink()


def network(machine: TechniciansMachine, span: str) -> CertificateFiles:
    """A hall of several machines, as its last start found it."""
    files = CertificateFiles(machine.root / "etc/mosquitto/certs")
    certificate(files.folder, span)
    shutil.copyfile(files.certificate, files.ca)
    for part in (*machine.root.parents, machine.root, files.folder):
        if part.stat().st_mode & 0o077 == 0:
            # The broker's own user comes in, as it does below /etc.
            part.chmod(0o711)
    files.key.chmod(0o644)
    lan_listener.put(machine.root, text := lan_listener.config("", str(files.folder)))
    (machine.root / lan_listener.GIVEN).write_text(text, encoding="utf-8")
    return files


def expiring(machine: TechniciansMachine) -> None:
    network(machine, "20261215000000Z")
    soon = datetime(2026, 12, 1, tzinfo=UTC)
    machine.patch.setattr(SystemClock, "now", lambda _: soon)


def statvfs(**changed: int) -> Spoil:
    """Every file system of the machine is like this."""
    usual = {"f_bavail": 10**6, "f_blocks": 10**7, "f_frsize": 4096, "f_flag": 0}
    usual |= {"f_files": 10**6, "f_favail": 10**5}
    found = SimpleNamespace(**usual | changed)
    return lambda machine: machine.patch.setattr(os, "statvfs", lambda _: found)


def sysfs(**files: str) -> Spoil:
    def lay(machine: TechniciansMachine) -> None:
        for name, text in files.items():
            file = machine.root / "sys" / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n", encoding="ascii")

    return lay


def journal(*, hours: float, copy: bool) -> Spoil:
    """A journal that was begun, or last copied, so long ago."""

    def lay(machine: TechniciansMachine) -> None:
        folder = machine.root / "state"
        (folder / "backups").mkdir()
        (folder / "journal.db").touch()
        old = folder / ("backups/journal-000000000001.db" if copy else "fence.json")
        old.touch()
        then = time.time() - hours * 3600
        os.utime(old, (then, then))

    return lay


def no_stick(machine: TechniciansMachine) -> None:
    (machine.root / "state/journal.db").touch()
    with machine.yaml.open("a", encoding="utf-8") as file:
        file.write("backup: {to: /media/motcua}\n")


def update(verdict: Literal["returned", "refused", "interrupted"]) -> Spoil:
    """Version 0.2.0 did not make it."""

    def lay(machine: TechniciansMachine) -> None:
        file = machine.root / outcome.FILE
        file.parent.mkdir(parents=True)
        outcome.write(file, Outcome(verdict, "0.2.0", "hall.yaml:3:1: thiếu khoá"))

    return lay


def staged(machine: TechniciansMachine) -> None:
    home = Installation(machine.root).home
    (home / "staged").mkdir(parents=True)
    (home / "staged/version").write_text("0.2.0\n", encoding="utf-8")


ROWS = [
    Row("tệp cấu hình: sai", typo, "counters.0.server", "motcua check"),
    Row("broker: không nối được", lambda _: None, "không có broker nào", "systemctl status mosq"),
    Row(
        "mosquitto: hỏng",
        lambda machine: machine.set_unit("mosquitto", ActiveState="failed", ExecMainStatus="1"),
        "mã thoát 1",
        "journalctl -u mosquitto",
    ),
    Row(
        "motcua-controller: đã dừng",
        lambda machine: machine.set_unit("motcua-controller", ActiveState="inactive"),
        advice="sudo systemctl restart motcua-controller",
    ),
    Row(
        "printer-1: chạy, chưa nối được broker",
        lambda machine: machine.set_unit(
            "motcua-printer@printer-1", StatusText="printer-1: broker từ chối mật khẩu."
        ),
        "broker từ chối mật khẩu",
        "journalctl -u motcua-printer@printer-1",
    ),
    Row(
        "mật khẩu printer-1: thiếu",
        gone("etc/motcua/credentials/printer-1"),
        "etc/motcua/credentials/printer-1",
        "motcua broker-config",
    ),
    Row(
        "mật khẩu printer-1: sai",
        lambda machine: machine.set_password("printer-1", "another"),
        "không phải mật khẩu mà broker giữ cho printer-1",
        "restart mosquitto motcua-printer@printer-1",
    ),
    Row(
        "mật khẩu printer-1: hở",
        lambda machine: machine.set_password("printer-1", "word-of-printer-1").chmod(0o644),
        "người dùng khác của máy đọc được",
        "chmod 600",
    ),
    Row(
        "chứng chỉ của broker: hỏng",
        lambda machine: network(machine, "valid").key.unlink(),
        "broker.key",
        "motcua ca",
    ),
    Row("chứng chỉ của broker: sắp hết hạn", expiring, "đến 15/12/2026", "motcua ca"),
    Row(
        "cổng mạng của broker: không mở",
        lambda machine: (
            network(machine, "valid"),
            (machine.root / lan_listener.GIVEN).write_text("# Left out\n"),
        ),
        "ở máy khác không nối được",
        "motcua broker-guard",
    ),
    Row(
        "đồng hồ: chưa chắc đúng",
        lambda machine: machine.patch.setattr(SystemClock, "trusted", lambda _: False),
        advice="RTC",
    ),
    Row("đĩa hệ thống: sắp đầy", statvfs(f_bavail=1000), "còn 3 MB", "journalctl --vacuum"),
    Row("đĩa hệ thống: chỉ đọc", statvfs(f_flag=os.ST_RDONLY), advice="dmesg"),
    Row("đĩa hệ thống: hết chỗ cho tệp", statvfs(f_favail=10), "còn 10 tệp", "--inodes"),
    Row(
        "bộ nhớ mmcblk0: sắp mòn hết",
        sysfs(block__mmcblk0__device__life_time="0x02 0x0a"),
        "100 % tuổi thọ",
        "thay thẻ",
    ),
    Row(
        "hệ thống tệp mmcblk0p2: có lỗi",
        sysfs(fs__ext4__mmcblk0p2__errors_count="3"),
        "3 lỗi",
        "dmesg",
    ),
    Row("sao lưu: không có", journal(hours=3, copy=False), "backups", "motcua backup"),
    Row("sao lưu: cũ", journal(hours=49, copy=True), "49 giờ", "motcua backup"),
    Row(
        "sao lưu nơi thứ hai: thiếu",
        no_stick,
        "/media/motcua: chưa có bản nào",
        "motcua copy-backup",
    ),
    Row(
        "hộp thư một cửa: thiếu",
        lambda machine: (machine.root / "inbox").rmdir(),
        "inbox",
        "sudo install -d -o motcua-onestop",
    ),
    Row(
        "cập nhật: đã về bản trước",
        update("returned"),
        "phiên bản 0.2.0 không đạt, đã về bản trước: hall.yaml:3:1",
        "sudo motcua update forget",
    ),
    Row(
        "cập nhật: không được dùng",
        update("refused"),
        "phiên bản 0.2.0 không được dùng: hall.yaml:3:1",
        "journalctl -u update-motcua",
    ),
    Row(
        "cập nhật: bị ngắt, đã về bản trước",
        update("interrupted"),
        "việc thử phiên bản 0.2.0 bị ngắt giữa chừng",
        "cập nhật lại",
    ),
    Row("cập nhật: dở dang", staged, "0.2.0 đã nằm trên máy", "systemctl start update-motcua"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.line))
def test_the_doctor_names_the_fault_and_what_to_do(
    row: Row, machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    row.spoil(machine)

    found = machine.doctor(capsys)

    name, _, state = row.line.partition(": ")
    assert name in found, found
    assert found[name]["state"] == state
    assert row.text in found[name]["text"]
    assert row.advice in found[name]["advice"]
    # What cannot be asked hides nothing else.
    assert "broker" in found


def test_with_the_broker_down_no_more_is_wrong_than_the_broker_and_who_needs_it(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    found = machine.doctor(capsys)

    # Nor does anybody serve the staff pages in this machine.
    needing = {"controller", "printer-1", "counters", "onestop", "trang cán bộ"}
    assert {"broker", *needing} >= {*found} > {"broker"}


def test_a_file_that_cannot_be_read_at_all_hides_neither_units_nor_disk(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.yaml.write_bytes("version: 1\n".encode("utf-16"))
    machine.set_unit("motcua-kiosk@kiosk-1", ActiveState="failed")
    statvfs(f_bavail=10)(machine)

    found = machine.doctor(capsys)

    assert {"tệp cấu hình", "motcua-kiosk@kiosk-1", "đĩa hệ thống"} <= {*found}


def test_a_hall_that_goes_on_with_its_last_good_file_is_examined_by_that_one(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = last_good.of(machine.root / "state", ("controller",))
    kept.path.write_bytes(machine.yaml.read_bytes())
    machine.yaml.write_bytes("version: 1\n".encode("utf-16"))
    machine.set_password("printer-1", "another")

    found = machine.doctor(capsys)

    assert {"tệp cấu hình", "broker", "printer-1", "mật khẩu printer-1"} <= {*found}


def test_of_roles_that_share_a_unit_that_unit_is_named(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    for alone in ("motcua-printer@printer-1", "motcua-counter", "motcua-onestop"):
        machine.set_unit(alone, ActiveState="inactive", UnitFileState="disabled")
    machine.set_unit("motcua-desk", ActiveState="failed", ExecMainStatus="2")
    machine.set_unit("motcua-devices")

    found = machine.doctor(capsys)

    assert "motcua-devices" in found["printer-1"]["advice"]
    assert "sudo systemctl start motcua-desk" in found["counters"]["advice"]
    assert "motcua-counter" not in found


def test_another_version_somewhere_in_the_hall_is_named() -> None:
    other = DeviceStatus(state="ready", conn="c", sw="motcua 0.0.1")

    found = versions({"kiosk-1": other})

    assert (found.state, found.well) == ("lẫn lộn", False)
    assert "kiosk-1 (motcua 0.0.1)" in found.text


def rows_of_the_manual() -> Iterator[str]:
    text = MANUAL.read_text(encoding="utf-8")
    [table] = re.findall(r"^\| `doctor` nói \|.*?\n\n", text, re.MULTILINE | re.DOTALL)
    for line in table.strip().splitlines()[2:]:
        yield from re.findall(r"`([^`]+)`", line.split("|")[1])


def test_every_row_of_the_manual_is_provoked_here() -> None:
    provoked: set[Any] = {row.line for row in ROWS} | {"phiên bản: lẫn lộn"}

    assert {*rows_of_the_manual()} == provoked
