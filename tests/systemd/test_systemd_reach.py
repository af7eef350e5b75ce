"""One table says what every driver reaches; units, rules, users and the manual follow from it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reach_table import SYSTEMD, asked, differences, granted, table

ROOT = Path(__file__).parents[2]
TABLE = table()
SCHEMA = json.loads((ROOT / "config" / "hall.schema.json").read_text(encoding="utf-8"))
UNITS = sorted(file.stem for file in SYSTEMD.glob("*.service"))
# The keys of the YAML that choose how something is reached.
CHOICES = {"driver", "touch"}


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def sections(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The objects that may stand at a place of the YAML: of a list, its items."""
    node = resolved(node)
    for way in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from sections(way)
    if "items" in node:
        yield from sections(node["items"])
    if "properties" in node:
        yield node


def keys(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of the YAML by its path, without the numbers of lists."""
    for section in sections(node):
        for name, below in section["properties"].items():
            here = f"{path}.{name}".lstrip(".")
            yield here, resolved(below)
            yield from keys(below, here)


def drivers() -> Iterator[tuple[str, str]]:
    for path, key in keys(SCHEMA):
        if path.rsplit(".", 1)[-1] in CHOICES:
            for value in key.get("enum", [key.get("const")]):
                yield path, str(value)


@pytest.mark.parametrize(("path", "value"), sorted(set(drivers())))
def test_every_driver_of_the_yaml_has_a_row(path: str, value: str) -> None:
    assert (path, value) in {row.driver for row in TABLE.rows}


def unions(node: object) -> Iterator[str]:
    """The keys by which pydantic tells the sections of a union apart."""
    match node:
        case {"discriminator": {"propertyName": str(key)}, **below}:
            yield key
            yield from unions(below)
        case dict():
            yield from (key for below in node.values() for key in unions(below))
        case list():
            yield from (key for below in node for key in unions(below))


def test_no_union_of_the_yaml_is_told_apart_by_another_key() -> None:
    assert set(unions(SCHEMA)) == {"driver"}


def test_the_yaml_s_drivers_are_found_wherever_they_stand() -> None:
    found = {path for path, _ in drivers()}

    assert {"printers.driver", "kiosks.scanners.driver", "display.voice.player.driver"} <= found


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: f"{row.unit}-{row.yaml}-{row.value}")
def test_every_row_is_for_something_that_the_yaml_allows(row: Any) -> None:
    allowed = [key for path, key in keys(SCHEMA) if path == row.yaml]

    assert allowed
    if row.value is not None:
        assert any(allows(key, row.value) for key in allowed)


def allows(key: dict[str, Any], value: str) -> bool:
    choices = key.get("enum", [key["const"]] if "const" in key else [])
    return value in choices or bool("pattern" in key and re.search(key["pattern"], value))


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_grants_what_its_drivers_reach_and_nothing_more(unit: str) -> None:
    text = (SYSTEMD / f"{unit}.service").read_text(encoding="utf-8")

    assert differences(asked(TABLE, unit), granted(text)) == []


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("DeviceAllow=char-116 rw\n", "", "devices: 'char-116 rw' is missing"),
        ("DeviceAllow=char-13 r\n", "DeviceAllow=char-13 rw\n", "devices: 'char-13 r' is missing"),
        (" dialout audio\n", " dialout\n", "groups: 'audio' is missing"),
        (" dialout audio\n", " dialout audio disk\n", "groups: 'disk' is asked for by no driver"),
        ("RestrictAddressFamilies=AF_NETLINK\n", "", "families: 'AF_NETLINK' is missing"),
        ("SystemCallFilter=mincore\n", "", "syscalls: 'mincore' is missing"),
        ("WriteExecute=no\n", "WriteExecute=yes\n", "memory: 'executable' is missing"),
        ("LoadCredential=kiosk-pin:", "# LoadCredential=", "credentials: 'kiosk-pin' is missing"),
        (
            "Environment=WLR_LIBINPUT_NO_DEVICES=1\n",
            "",
            "environment: 'WLR_LIBINPUT_NO_DEVICES=1' is missing",
        ),
    ],
)
def test_a_unit_that_grants_too_little_or_too_much_is_named(
    line: str, instead: str, said: str
) -> None:
    text = (SYSTEMD / "motcua-kiosk@.service").read_text(encoding="utf-8")
    assert line in text

    assert said in differences(asked(TABLE, "motcua-kiosk@"), granted(text.replace(line, instead)))


def test_every_unit_of_the_table_is_there() -> None:
    assert set(TABLE.units) <= set(UNITS)


def test_users_are_given_the_groups_of_the_table_and_no_others() -> None:
    text = (SYSTEMD / "sysusers.d" / "motcua.conf").read_text(encoding="utf-8")
    wanted = {group for unit in TABLE.units for group in asked(TABLE, unit).groups}

    assert set(re.findall(r"^g (\S+)", text, re.MULTILINE)) == wanted


def udev_rules() -> list[str]:
    text = (SYSTEMD / "udev" / "70-motcua.rules").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    "name", [name for name, each in TABLE.classes.items() if each.rule == "motcua"]
)
def test_a_node_that_debian_leaves_to_root_is_given_to_its_group(name: str) -> None:
    group = TABLE.classes[name].group
    giving = [rule for rule in udev_rules() if f'GROUP="{group}"' in rule]

    assert len(giving) == 1
    assert 'MODE="0660"' in giving[0]


def test_the_manual_installs_the_packages_of_the_table_and_no_others() -> None:
    manual = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")
    lines = re.findall(r"^sudo apt-get install -y ([^#\n]*)", manual, re.MULTILINE)
    wanted = {package for row in TABLE.rows for package in row.packages}

    # What carries the roles is no driver's.
    for_all = {"git", "mosquitto", "openssl", "python3-venv"}
    assert {word for line in lines for word in line.split()} - for_all == wanted
