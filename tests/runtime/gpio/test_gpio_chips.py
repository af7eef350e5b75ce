"""Which chip carries the pins: on each Raspberry Pi, on a plain board, and what if none does."""

from pathlib import Path

import pytest
from gpio_chips import Chip, machine

from hall.runtime.gpio.chips import kernel, open_chip
from hall.runtime.gpio.errors import NoChip, NoPermission, WhichChip

MACHINES = {
    "Pi 3": (Chip(label="pinctrl-bcm2835"), Chip("/dev/gpiochip1", "brcmvirt-gpio", 2)),
    "Pi 4": (Chip(), Chip("/dev/gpiochip1", "raspberrypi-exp-gpio", 8)),
    "Pi 5, first kernels": (
        Chip("/dev/gpiochip0", "gpio-brcmstb@107d508500", 32),
        Chip("/dev/gpiochip4", "pinctrl-rp1", 54),
    ),
    "Pi 5": (
        Chip("/dev/gpiochip0", "pinctrl-rp1", 54),
        Chip("/dev/gpiochip10", "gpio-brcmstb@107d508500", 32),
    ),
    "a plain board": (Chip(label="9030000.pl061", lines=8),),
}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Pi 3", "/dev/gpiochip0"),
        ("Pi 4", "/dev/gpiochip0"),
        ("Pi 5, first kernels", "/dev/gpiochip4"),
        ("Pi 5", "/dev/gpiochip0"),
        ("a plain board", "/dev/gpiochip0"),
    ],
)
def test_the_header_is_found_by_its_label(name: str, path: str) -> None:
    chips = MACHINES[name]

    chosen = open_chip(None, machine(*chips))

    assert chosen.path == path
    assert sum(chip.handles for chip in chips) == 1


@pytest.mark.parametrize("wanted", ["/dev/gpiochip1", "gpiochip1", "mcp2221_gpio"])
def test_another_chip_is_named_by_path_name_or_label(wanted: str) -> None:
    expander = Chip("/dev/gpiochip1", "mcp2221_gpio", 4)

    assert open_chip(wanted, machine(Chip(), expander)).path == expander.path


def test_a_machine_without_a_chip_is_said() -> None:
    with pytest.raises(NoChip, match=r"không có chip GPIO nào$"):
        open_chip(None, machine())


@pytest.mark.parametrize("wanted", ["/dev/gpiochip7", "pinctrl-rp1"])
def test_a_chip_that_is_not_there_is_said_with_those_that_are(wanted: str) -> None:
    here = Chip()

    with pytest.raises(NoChip) as no:
        open_chip(wanted, machine(here))

    assert no.value.wanted == wanted
    assert no.value.found == ("gpiochip0 [pinctrl-bcm2711]",)
    assert here.handles == 0


def test_of_several_strange_chips_none_is_guessed() -> None:
    chips = (Chip(label="INTC1055:00"), Chip("/dev/gpiochip1", "cp2112_gpio", 8))

    with pytest.raises(WhichChip) as which:
        open_chip(None, machine(*chips))

    assert which.value.found == ("gpiochip0 [INTC1055:00]", "gpiochip1 [cp2112_gpio]")
    assert sum(chip.handles for chip in chips) == 0


@pytest.mark.parametrize("wanted", [None, "/dev/gpiochip0", "gpiochip0"])
def test_a_chip_that_may_not_be_opened_is_said_by_its_path(wanted: str | None) -> None:
    with pytest.raises(NoPermission) as no:
        open_chip(wanted, machine(Chip(shut=True)))

    assert no.value.path == "/dev/gpiochip0"


def test_a_chip_of_others_that_stays_shut_is_no_matter() -> None:
    chips = (Chip("/dev/gpiochip1", "secret", shut=True), Chip())

    assert open_chip(None, machine(*chips)).path == "/dev/gpiochip0"


def test_a_chip_that_goes_while_it_is_asked_what_it_is_is_passed_over() -> None:
    leaving, header = Chip("/dev/gpiochip1", gone=True), Chip()

    assert open_chip(None, machine(leaving, header)).path == header.path
    assert leaving.handles == 0
    with pytest.raises(NoChip):
        open_chip(leaving.path, machine(leaving, header))


@pytest.mark.parametrize("path", ["/dev/gpiochip99", "/dev/null", "/tmp"])
def test_the_real_library_says_no_in_our_words(path: str) -> None:
    with pytest.raises(NoChip):
        open_chip(path, kernel())


def test_the_real_machine_s_chips_are_listed_without_links() -> None:
    there = [str(path) for path in Path("/dev").glob("gpiochip*") if not path.is_symlink()]

    assert sorted(kernel().paths()) == sorted(there)
