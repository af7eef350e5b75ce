"""Which machine a controller runs on: told by its network card, which no copied card brings."""

from pathlib import Path

import pytest

from hall.controller.machine import name


@pytest.fixture
def interfaces(tmp_path: Path) -> Path:
    for card, address in (("eth0", "dc:a6:32:00:00:01"), ("wlan0", "dc:a6:32:00:00:02")):
        folder = tmp_path / "net" / card
        (folder / "device").mkdir(parents=True)
        (folder / "address").write_text(f"{address}\n", encoding="ascii")
    (tmp_path / "net" / "docker0").mkdir()
    (tmp_path / "net" / "docker0" / "address").write_text("02:42:00:00:00:01\n", encoding="ascii")
    (tmp_path / "machine-id").write_text("5f2c\n", encoding="ascii")
    return tmp_path / "net"


def test_two_machines_with_one_system_have_two_names(interfaces: Path) -> None:
    system = interfaces.parent / "machine-id"
    first = name(interfaces, system)
    (interfaces / "eth0" / "address").write_text("dc:a6:32:00:00:09\n", encoding="ascii")

    assert len(first) == 12
    assert name(interfaces, system) not in ("", first)


def test_a_bridge_that_comes_and_goes_is_no_card(interfaces: Path) -> None:
    system = interfaces.parent / "machine-id"
    first = name(interfaces, system)
    (interfaces / "docker0" / "address").unlink()

    assert name(interfaces, system) == first


def test_without_a_card_the_system_names_it_and_without_both_nothing_does(tmp_path: Path) -> None:
    system = tmp_path / "machine-id"
    assert name(tmp_path / "none", system) == ""

    system.write_text("5f2c\n", encoding="ascii")
    assert name(tmp_path / "none", system) != ""
