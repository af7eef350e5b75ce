"""The province's package: what it holds and asks for. Its life: tests/install/province-debian."""

import os
import re
import subprocess
from pathlib import Path

import packaged
import pytest

from hall.cli.province import setup as province_setup

ROOT = Path(__file__).parents[2]
DEB = ROOT / "systemd" / "deb" / "province"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="dpkg gives the files to root")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packaged.build(tmp_path_factory.mktemp("province"), "--for", "province")


def field(package: Path, name: str) -> str:
    asked = ["dpkg-deb", "-f", str(package), name]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def paths(package: Path) -> list[str]:
    done = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True)
    lines = (line.split(maxsplit=5) for line in done.stdout.splitlines())
    return [path.split(" -> ")[0].lstrip(".") for *_, path in lines]


def test_it_holds_the_program_and_its_units(built: Path) -> None:
    files = set(paths(built))

    assert {
        "/opt/motcua",
        "/usr/bin/motcua",
        "/usr/lib/motcua-province/hall/cli/province/command.py",
        "/usr/lib/motcua-province/hall/province/migrations/0001_events.sql",
        "/usr/lib/systemd/system/motcua-.service.d/10-common.conf",
        "/usr/lib/sysusers.d/motcua-province.conf",
        "/usr/lib/tmpfiles.d/motcua-province.conf",
        "/usr/share/doc/motcua-province/docs/province.md",
        *(f"/usr/lib/systemd/system/{unit}" for unit in province_setup.UNITS),
        "/usr/lib/systemd/system/backup-motcua-province.service",
    } <= files
    assert not {path for path in files if path.startswith(("/etc", "/var"))}
    assert not {path for path in files if "/systemd/system/motcua-controller" in path}


def test_it_asks_for_debian_s_broker_and_database_and_for_no_hall(built: Path) -> None:
    depends = re.findall(r"(?:^|, )([a-z0-9-]+)", field(built, "Depends"))

    assert field(built, "Package") == "motcua-province"
    assert {*depends} == {"python3", "mosquitto", "postgresql", "libpq5", "openssl"}
    assert field(built, "Conflicts") == "motcua"


def test_an_image_that_is_being_made_is_set_up_later(tmp_path: Path) -> None:
    for name in ("systemd-sysusers", "systemd-tmpfiles", "systemctl", "motcua"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {name} >>{tmp_path}/ledger\n", encoding="utf-8")
        program.chmod(0o755)
    place = {"PATH": f"{tmp_path}:/usr/bin:/bin", "DPKG_ROOT": str(tmp_path)}

    done = subprocess.run(
        [DEB / "postinst", "configure"], env=place, capture_output=True, text=True, check=True
    )

    assert "sudo motcua province setup" in done.stderr
    assert (tmp_path / "ledger").read_text().split() == ["systemd-sysusers", "systemd-tmpfiles"]
