"""One archive for whoever helps from afar, and nothing in it that may not leave the hall."""

import json
import os
import tarfile
from pathlib import Path

import pytest
from technicians_machine import TechniciansMachine

from hall.cli.__main__ import main
from hall.cli.diagnosis.redaction import Redaction

SECRETS = (
    "word-of-printer-1",
    "Zk3-x0_QpLm9TtR7vYbN2cWdE5fGhJ81",
    "hall123",
    "4821",
    "MIGHAgEAMBMGByqGSM49",
    "JhbGciOiJIUzI1NiJ9",
    "48213579",
    "c2VjcmV0LXNlc3Npb24tb2YtYS1jbGVyay0x",
    "bm9ib2R5LWtub3dzLXRoaXM",
)
CODES = (
    "H46.12-251123-0001",
    "000.00.12.H46-251123-0001",
    "h46.12.5-261130-00017",
    "012345678901",
    "0912345678",
)
NOISE = f"""\
2026-11-30T08:00:01+0700 hall motcua-printer@printer-1[7]: password word-of-printer-1 was refused
2026-11-30T08:00:02+0700 hall motcua-onestop[8]: looked up {CODES[0]}, {CODES[1]}, "{CODES[2]}"
2026-11-30T08:00:03+0700 hall motcua-onestop[8]: person {CODES[3]} phone {CODES[4]} +84{CODES[4]}
2026-11-30T08:00:04+0700 hall motcua-counter[9]: old word {SECRETS[1]}; token={SECRETS[5]}
2026-11-30T08:00:05+0700 hall motcua-onestop[8]: https://admin:hall123@one.stop/api?token={SECRETS[5]}
2026-11-30T08:00:05+0700 hall motcua-counter[9]: mã ghép: {SECRETS[6]}, code={SECRETS[6]}
2026-11-30T08:00:05+0700 hall motcua-counter[9]: Cookie: motcua_1={SECRETS[7]}; Path=/
2026-11-30T08:00:05+0700 hall motcua-counter[9]: PIN of nv.07 $argon2id$v=19$m=8,t=1${SECRETS[8]}
-----BEGIN PRIVATE KEY-----
{SECRETS[4]}
-----END PRIVATE KEY-----
2026-11-30T08:00:06+0700 hall motcua-controller: ticket 019ad2c4-7a10-7cc3-98c4-dc0c0c07398f issued
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TechniciansMachine:
    """Everything that a hall should not have written, it has written everywhere."""
    made = TechniciansMachine(tmp_path / "root", monkeypatch).install()
    made.set_password("kiosk-pin", "4821")
    with made.yaml.open("a", encoding="utf-8") as file:
        file.write("# root: hall123, mã hồ sơ H46.12-251123-0001\n")
        file.write("queue: {day_start: '05:00', password: hall123}\n")
    journalctl = made.root / "bin/journalctl"
    journalctl.write_text(f"#!/bin/sh\ncat <<'END'\n{NOISE}END\n")
    journalctl.chmod(0o755)
    log = made.root / "var/log/mosquitto/mosquitto.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"1796035967: New client connected as printer-1\n{NOISE}", encoding="utf-8")
    made.set_unit("motcua-printer@printer-1", StatusText=f"{SECRETS[0]} {CODES[0]}")
    return made


def bundle(machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    machine.doctor(capsys)
    output = machine.root / "out.tar.gz"
    words = ["-c", str(machine.yaml), "--state", str(machine.root / "state"), "-o", str(output)]
    assert main(["support-bundle", *words]) == 0
    assert output.stat().st_mode & 0o077 == 0
    with tarfile.open(output) as archive:
        read = ((member.name, archive.extractfile(member)) for member in archive)
        return {Path(name).name: file.read().decode() for name, file in read if file}


def test_no_secret_and_no_code_is_in_any_member(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    members = bundle(machine, capsys)

    assert {*members} == {
        *("doctor.json", "check.txt", "versions.txt", "hall.yaml"),
        *("units.txt", "journal.txt", "broker.log"),
    }
    leaks = [
        (name, word)
        for name, text in members.items()
        for word in (*SECRETS, *CODES)
        if word in text
    ]
    assert leaks == []


def test_what_helps_is_left(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    members = bundle(machine, capsys)

    assert "motcua-printer@printer-1[7]: password ‹" in members["journal.txt"]
    assert "019ad2c4-7a10-7cc3-98c4-dc0c0c07398f issued" in members["journal.txt"]
    assert "2026-11-30T10:52:47Z: New client connected as printer-1" in members["broker.log"]
    assert json.loads(members["doctor.json"])["findings"][0]["kind"] == "config"
    assert "1 lỗi" in members["check.txt"]
    assert "{id: printer-1, driver: simulated}" in members["hall.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_whoever_may_not_read_the_secrets_gets_no_bundle(
    machine: TechniciansMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    (machine.root / "etc/motcua/credentials").chmod(0)

    assert main(["support-bundle", "-c", str(machine.yaml)]) == 1
    assert "Không" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "mqtt-password:/etc/motcua/credentials/printer-1",
        "A001 at 08:15:30, 1234567 rows, 10.0.0.20:9100",
        "queue.issues_per_s 2, 2026-11-30, 20261130",
        "/opt/motcua/.venvs/3f1b2c4d5e6f708192a3b4c5d6e7f809/bin/python",
        "counter: {port: 8080}",
    ],
)
def test_what_is_nobodys_secret_stays(text: str) -> None:
    assert Redaction().clean_text(text) == text
