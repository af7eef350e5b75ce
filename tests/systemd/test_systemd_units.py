"""The units: nothing for systemd to say, little for an attacker to reach, one password each."""

import configparser
import importlib.util
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.contract.roles import PROGRAMS

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
VERIFY = ROOT / "tests" / "systemd" / "verify-units"
SERVICES = sorted(UNITS.glob("*.service"))
ROLES = {program.unit: program.package for program in PROGRAMS.values()} | {
    program.window_unit: program.package for program in PROGRAMS.values() if program.window_unit
}


def values(unit: Path, key: str) -> list[str]:
    """All values of a key, in the unit's own file."""
    lines = unit.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def complaints(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [VERIFY, folder], capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    return Path(shutil.copytree(UNITS, tmp_path / "systemd"))


def test_systemd_has_nothing_to_say() -> None:
    assert complaints(UNITS) == (0, "")


def test_a_key_that_systemd_does_not_know_is_found(units: Path) -> None:
    with (units / "motcua-controller.service").open("a", encoding="utf-8") as unit:
        unit.write("\n[Service]\nMemoryMin0=1\n")

    status, said = complaints(units)

    assert status == 1
    assert "MemoryMin0" in said


def test_a_unit_that_opens_up_is_found(units: Path) -> None:
    (units / "motcua-.service.d" / "20-open.conf").write_text(
        "[Service]\nProtectSystem=no\nSystemCallFilter=\nDevicePolicy=auto\n", encoding="utf-8"
    )

    status, said = complaints(units)

    assert status == 1
    assert "motcua-printer" in said


def test_every_role_has_a_unit() -> None:
    assert {unit.stem for unit in SERVICES} == set(ROLES)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.stem))
def test_a_unit_starts_its_role(unit: Path) -> None:
    (start,) = values(unit, "ExecStart")

    assert f" -P -m {ROLES[unit.stem]} -c /etc/motcua/hall.yaml" in start
    assert ("--only %i" in start) == unit.stem.endswith("@")
    assert importlib.util.find_spec(f"{ROLES[unit.stem]}.__main__")


def test_no_two_roles_share_a_password_or_a_user() -> None:
    passwords, users = defaultdict(set), defaultdict(set)
    for unit in SERVICES:
        role = ROLES[unit.stem]
        loaded = dict(word.split(":") for word in values(unit, "LoadCredential"))
        passwords[role].add(loaded["mqtt-password"].replace("%i", role))
        users[role].update(values(unit, "User"))

    for of_a_role in (passwords, users):
        assert all(len(found) == 1 for found in of_a_role.values())
        assert len(set().union(*of_a_role.values())) == len(of_a_role)


def sysusers() -> Iterator[tuple[str, str]]:
    for line in (UNITS / "sysusers.d" / "motcua.conf").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, name, *_ = line.split()
            yield kind, name


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.stem))
def test_a_unit_s_user_and_groups_exist_on_every_machine(unit: Path) -> None:
    made = {name for _, name in sysusers()}
    groups = {name for line in values(unit, "SupplementaryGroups") for name in line.split()}

    assert {*values(unit, "User")} <= made
    assert groups <= made


def test_sysusers_and_tmpfiles_are_understood(tmp_path: Path) -> None:
    for kind in ("sysusers", "tmpfiles"):
        place = tmp_path / "usr" / "lib" / f"{kind}.d"
        place.mkdir(parents=True)
        shutil.copy(UNITS / f"{kind}.d" / "motcua.conf", place)
    (tmp_path / "etc").mkdir()

    subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}"], check=True, capture_output=True, timeout=120
    )
    said = subprocess.run(
        ["systemd-tmpfiles", f"--root={tmp_path}", "--create", "--prefix=/var/lib/motcua"],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )

    users = (tmp_path / "etc" / "passwd").read_text(encoding="utf-8")
    assert {name for kind, name in sysusers() if kind == "u"} <= {
        line.partition(":")[0] for line in users.splitlines()
    }
    assert said.stderr == ""
    assert (tmp_path / "var" / "lib" / "motcua").is_dir()


def test_a_configuration_only_a_person_can_mend_is_not_tried_again_and_again() -> None:
    common = UNITS / "motcua-.service.d" / "10-common.conf"

    assert values(common, "RestartPreventExitStatus") == ["2"]
    assert values(common, "StartLimitIntervalSec") == ["0"]


def test_the_watchdog_counts_no_further_than_a_pi_can() -> None:
    parser = configparser.ConfigParser()
    parser.read(UNITS / "system.conf.d" / "motcua.conf", encoding="utf-8")

    assert 0 < parser.getint("Manager", "RuntimeWatchdogSec") < 15


UDEV_TERM = re.compile(r'[A-Z]+(\{[^}"]+\})?(==|!=|\+=|-=|:=|=)"[^"]*"')


def test_every_udev_rule_is_a_list_of_matches_and_assignments() -> None:
    text = (UNITS / "udev" / "70-motcua.rules").read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    examples = re.findall(r"^#   (SUBSYSTEM.*)$", text, re.MULTILINE)

    assert rules
    assert examples
    for rule in (*rules, *examples):
        assert all(UDEV_TERM.fullmatch(term) for term in rule.split(", ")), rule
