"""Units of several roles: what their roles' own units grant, each client's password, no other."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hall.cli import unit_groups
from hall.contract.roles import PROGRAMS
from hall.runtime import settings

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
HALL = (ROOT / "config" / "hall.yaml").read_text(encoding="utf-8")


def made(tmp_path: Path, yaml: str = HALL) -> dict[str, unit_groups.GroupedUnit]:
    file = tmp_path / "hall.yaml"
    file.write_text(yaml, encoding="utf-8")
    return {unit.name: unit for unit in unit_groups.units(settings.read(file))}


def values(text: str, key: str) -> set[str]:
    return set(re.findall(rf"^{key}=(.*)$", text, re.MULTILINE))


def test_systemd_has_nothing_to_say_of_them_either(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(UNITS, tmp_path / "systemd"))
    for name, unit in made(tmp_path).items():
        (folder / name).write_text(unit.text, encoding="utf-8")

    said = subprocess.run(
        [ROOT / "tests/systemd/verify-units", folder], capture_output=True, text=True, check=False
    )

    assert (said.returncode, said.stdout + said.stderr) == (0, "")


@pytest.mark.parametrize("group", unit_groups.GROUPS)
def test_a_group_grants_what_its_roles_are_granted(group: str, tmp_path: Path) -> None:
    text = made(tmp_path)[f"motcua-{group}.service"].text
    alone = "".join(
        (UNITS / f"{PROGRAMS[role].unit}.service").read_text(encoding="utf-8")
        for role in unit_groups.GROUPS[group]
    )

    for key in ("DeviceAllow", "SupplementaryGroups", "IPAddressAllow"):
        assert values(text, key) == values(alone, key)
    assert f"run {','.join(unit_groups.GROUPS[group])} -c" in text


def test_a_group_has_its_own_user_and_the_passwords_of_its_clients_alone(tmp_path: Path) -> None:
    units = made(tmp_path)
    users = (UNITS / "sysusers.d/motcua.conf").read_text(encoding="utf-8")
    passwords = {
        name: {word.split(":")[0].removeprefix("mqtt-password-") for word in words}
        for name, unit in units.items()
        if (words := values(unit.text, "LoadCredential"))
    }

    assert all(f"u {user} " in users for u in units.values() for user in values(u.text, "User"))
    assert passwords["motcua-devices.service"] == {"printer-1", "bridge-1", "display", "voice"}
    assert passwords["motcua-desk.service"] == {
        "counters", "onestop", "onestop-api", "province-password",
    }  # fmt: skip
    assert "motcua-printer@printer-1.service" in units["motcua-devices.service"].alone


def test_pages_that_the_yaml_does_not_mention_have_their_password_in_the_group_too(
    tmp_path: Path,
) -> None:
    without = re.sub(r"^counter:.*\n(  .*\n)*", "", HALL, flags=re.MULTILINE)
    assert without != HALL
    desk = made(tmp_path, without)["motcua-desk.service"]

    assert "motcua-counter.service" in desk.alone
    assert "LoadCredential=mqtt-password-counters:/etc/motcua/credentials/counters" in desk.text


def test_a_group_of_one_role_is_none_and_displays_in_a_window_stay_out(tmp_path: Path) -> None:
    without = re.sub(r"^onestop: .*$", "", HALL, flags=re.MULTILINE)
    assert without != HALL
    assert set(made(tmp_path, without)) == {"motcua-devices.service"}

    window = re.sub(r"driver: bridge", "driver: window", HALL)
    assert window != HALL
    assert "display" not in made(tmp_path, window)["motcua-devices.service"].text
