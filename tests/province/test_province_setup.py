"""A machine becomes the province's, again and again; what it then lacks is told with its remedy."""

import argparse
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from broker_of_ones_own import certificate
from own_postgres import OwnPostgres
from own_province import OwnProvince

from hall.cli.__main__ import main
from hall.cli.ca import CertificatePlaces
from hall.cli.province import check as province_check
from hall.cli.province import setup as province_setup
from hall.cli.province.file import WholeProvinceFile
from hall.doctor.findings import Finding
from hall.province import broker_files, migrating
from hall.province.broker_files import ProvinceFiles
from hall.province.database import Database
from hall.runtime import certificates, settings
from hall.runtime.clock import SystemClock

pytestmark = pytest.mark.broker


@pytest.fixture
def machine(tmp_path: Path, postgres: OwnPostgres, dsn: str) -> Path:
    """An empty root, with a province.yaml for this server and a database that is not there yet."""
    root = tmp_path / "root"
    (root / "etc/motcua/credentials").mkdir(parents=True)
    name = f"{dsn.rpartition('=')[2]}-moi"
    values = {
        "version": 1,
        "province": {"id": "tinh", "name": "Tỉnh"},
        "database": {"dsn": f"{postgres.dsn} dbname={name}"},
        "broker": {"pid_file": str(root / "mosquitto.pid")},
    }
    (root / "etc/motcua/province.yaml").write_text(json.dumps(values), encoding="utf-8")
    return root


def setup(root: Path, *words: str) -> int:
    where = ("-c", str(root / "etc/motcua/province.yaml"), "--write", str(root))
    return main(["province", "setup", *where, *words])


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def test_a_machine_is_set_up_once_and_again(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup(machine, "--host", "mot-cua.tinh.vn") == 0, capsys.readouterr().err
    first = tree(machine)

    assert setup(machine) == 0, capsys.readouterr().err

    # Hashes have a salt of their own each time.
    salted = "etc/mosquitto/motcua-province.passwords"
    second = tree(machine)
    assert {**second, salted: b""} == {**first, salted: b""}
    config = first["etc/mosquitto/conf.d/motcua-province.conf"].decode()
    assert "listener 8883\ncertfile /etc/mosquitto/certs/broker.crt" in config
    assert certificates.judge(CertificatePlaces(machine).broker, "mot-cua.tinh.vn") is None
    assert first["etc/motcua/ca.crt"] == first["etc/mosquitto/certs/ca.crt"]
    assert (machine / "etc/motcua/credentials/province-broker").stat().st_mode & 0o077 == 0
    wanted = settings.load(machine / "etc/motcua/province.yaml", WholeProvinceFile)
    with Database(wanted.database.dsn) as database, database.transaction() as cursor:
        assert migrating.newest_done(cursor) == migrating.migrations()[-1].number
        owner = cursor.rows(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        )
        assert owner == [("motcua-province",)]


def test_a_certificate_from_elsewhere_stays(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = certificate(tmp_path / "given")
    words = ("--cert", str(given / "broker.crt"), "--key", str(given / "broker.key"))
    assert setup(machine, *words) == 1
    assert "--ca" in capsys.readouterr().err

    assert setup(machine, *words, "--ca", str(given / "broker.crt")) == 0
    assert setup(machine) == 0

    broker = CertificatePlaces(machine).broker
    assert broker.certificate.read_bytes() == (given / "broker.crt").read_bytes()


def test_a_key_of_another_certificate_is_told(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, other = certificate(tmp_path / "given"), certificate(tmp_path / "other")
    words = ("--cert", str(given / "broker.crt"), "--key", str(other / "broker.key"))

    assert setup(machine, *words, "--ca", str(given / "broker.crt")) == 1

    assert "không phải khoá" in capsys.readouterr().err


def test_a_new_machine_gets_its_first_file(tmp_path: Path) -> None:
    file = tmp_path / "motcua" / "province.yaml"
    args = argparse.Namespace(config=file, id="lao-cai", name='Tỉnh "Lào Cai"')
    province_setup.write_first_file(args)

    made = settings.load(file, WholeProvinceFile)
    assert (made.province.id, made.province.name) == ("lao-cai", "Tỉnh ”Lào Cai”")


def test_a_broker_without_a_pid_file_is_told_by_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian 13's mosquitto has none."""
    none, ledger = tmp_path / "mosquitto.pid", tmp_path / "ledger"
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$*" >>{ledger}\n', encoding="utf-8")
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert not broker_files.reload(none)
    assert not ledger.exists()

    monkeypatch.setattr(broker_files, "PID_FILE", str(none))
    assert broker_files.reload(none)
    assert ledger.read_text() == "reload mosquitto.service\n"


# --- check ----------------------------------------------------------------------------------------


@pytest.fixture
def province(tmp_path: Path, dsn: str) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn)
    made.folder.mkdir()
    made.make([])
    yield made
    made.stop()


def told(province: OwnProvince) -> dict[str, Finding]:
    args = argparse.Namespace(config=province.config, state=province.state, root=province.folder)
    wanted = settings.load(province.config, WholeProvinceFile)
    return {each.name: each for each in province_check.examine(args, wanted)}


def test_what_is_well_and_what_is_not_there_yet(province: OwnProvince) -> None:
    found = told(province)

    assert [found[name].state for name in ("PostgreSQL", "bảng", "broker")] == ["tốt"] * 3
    assert "$share" in found["broker"].text
    assert found["cổng của các hội trường"].state == "chưa mở"
    assert found["sao lưu"].state == "chưa có"
    assert all(each.advice for each in found.values() if not each.well)


def test_what_has_broken_is_named(province: OwnProvince, tmp_path: Path) -> None:
    (province.state / "credentials" / "province-broker").write_text("sai")
    with Database(province.dsn) as database, database.transaction() as cursor:
        cursor.run("DELETE FROM migration WHERE number > 1")
    files = ProvinceFiles(province.folder)
    files.config.parent.mkdir(parents=True, exist_ok=True)
    files.config.write_text("listener 1883 127.0.0.1\nlistener 1\n")

    found = told(province)

    assert found["bảng"].state == "cũ"
    assert found["broker"].text.startswith("broker từ chối tên hoặc mật khẩu")
    assert found["cổng của các hội trường"].state == "không mở"
    assert "thiếu tệp" in found["chứng chỉ"].text

    soon = f"{SystemClock().now() + timedelta(days=10):%Y%m%d%H%M%SZ}"
    shutil.copytree(certificate(tmp_path / "tls", soon), province.folder / "etc/mosquitto/certs")
    certs = province.folder / "etc/mosquitto/certs"
    shutil.copy(certs / "broker.crt", certs / "ca.crt")
    province.kill_broker()
    found = told(province)
    assert not found["broker"].well
    assert found["chứng chỉ"].state == "sắp hết hạn"


def test_a_database_that_is_away_hides_nothing_else(province: OwnProvince, tmp_path: Path) -> None:
    values = json.loads(province.config.read_text())
    values["database"]["dsn"] += " port=1"
    values["backup"] = {"folder": str(tmp_path / "kept")}
    old = tmp_path / "kept" / f"{SystemClock().now():%Y}-01-01T020000"
    old.mkdir(parents=True)
    province.config.write_text(json.dumps(values))

    found = told(province)

    assert found["PostgreSQL"].state == "không nối được"
    assert "motcua province setup" in found["PostgreSQL"].advice
    assert found["broker"].well
    assert found["sao lưu"].text == f"{old.name}, 1 bản"
