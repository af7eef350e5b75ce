"""`motcua udev` on a sysfs of our own: what is plugged in, its name, the rule that holds it."""

import io
from pathlib import Path

import pytest

from hall.cli.__main__ import main

FTDI = {"idVendor": "0403", "idProduct": "6001", "manufacturer": "FTDI", "product": "FT232R"}
CH340 = {"idVendor": "1a86", "idProduct": "7523", "product": "USB Serial"}
EPSON = {"idVendor": "04b8", "idProduct": "0e28", "manufacturer": "EPSON", "product": "TM-T20III"}
READER = {"idVendor": "05e0", "idProduct": "1200", "product": "Symbol Bar Code Scanner"}
MOUSE = {"idVendor": "046d", "idProduct": "c077", "product": "Optical Mouse"}
RULE = 'ACTION!="remove", SUBSYSTEM=="{}", {}, SYMLINK+="hall/{}", TAG+="systemd"'


class Sysfs:
    """Folders and links as the kernel makes them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def plug(self, port: str, node: str, words: dict[str, str], serial: str = "") -> None:
        kind = {"tty": "tty", "lp": "usbmisc", "eve": "input"}[node[:3].rstrip("0")]
        usb = self.root / "devices/pci0/usb1" / port
        place = usb / f"{port}:1.0" / node / kind / node
        place.mkdir(parents=True)
        for name, word in (words | ({"serial": serial} if serial else {})).items():
            (usb / name).write_text(word + "\n")
        link = self.root / "class" / kind / node
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(place)


@pytest.fixture
def sysfs(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path / "sys")


@pytest.fixture
def told(
    sysfs: Sysfs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Told":
    return Told(sysfs, monkeypatch, capsys)


class Told:
    """What the command says to these answers."""

    def __init__(
        self, sysfs: Sysfs, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]
    ) -> None:
        self._sysfs, self._patch, self._output = sysfs, patch, output

    def __call__(self, answers: str = "", *more: str) -> tuple[int, str]:
        self._patch.setattr("sys.stdin", io.StringIO(answers))
        status = main(["udev", "--sys", str(self._sysfs.root), *more])
        said = self._output.readouterr()
        return status, said.out if status == 0 else said.out + said.err


def test_an_adapter_with_a_serial_number_is_held_by_it(sysfs: Sysfs, told: Told) -> None:
    sysfs.plug("1-1.2", "ttyUSB0", FTDI, "A10K4F2B")

    status, said = told()

    by = 'ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6001", ATTRS{serial}=="A10K4F2B"'
    assert (status, said.splitlines()[2]) == (0, RULE.format("tty", by, "bus1"))


@pytest.mark.parametrize("serial", ["", 'x" RUN+="y', "0*"])
def test_one_without_a_usable_serial_number_is_held_by_its_port(
    sysfs: Sysfs, told: Told, serial: str
) -> None:
    sysfs.plug("1-1.3", "ttyUSB0", CH340, serial)

    assert told()[1].splitlines()[2] == RULE.format("tty", 'KERNELS=="1-1.3:1.0"', "bus1")


def test_two_of_one_serial_number_are_told_apart_by_their_ports(sysfs: Sysfs, told: Told) -> None:
    sysfs.plug("1-1.2", "ttyUSB1", FTDI, "0001")
    sysfs.plug("1-1.3", "ttyUSB0", FTDI, "0001")

    _, said = told()

    assert RULE.format("tty", 'KERNELS=="1-1.2:1.0"', "bus1") in said
    assert RULE.format("tty", 'KERNELS=="1-1.3:1.0"', "bus2") in said


def test_printer_and_scanner_have_the_names_of_the_manual_and_a_mouse_none(
    sysfs: Sysfs, told: Told
) -> None:
    sysfs.plug("1-1", "lp0", EPSON, "X5")
    sysfs.plug("1-2", "event3", READER)
    sysfs.plug("1-3", "event4", MOUSE)

    _, said = told()

    assert 'SYMLINK+="hall/printer"' in said
    assert RULE.format('input", KERNEL=="event*', 'KERNELS=="1-2:1.0"', "scanner") in said
    assert "Mouse" not in said


def test_a_device_may_be_named_or_passed_by(sysfs: Sysfs, told: Told) -> None:
    sysfs.plug("1-1", "ttyUSB0", FTDI, "A")
    sysfs.plug("1-2", "ttyUSB1", FTDI, "B")

    _, said = told("-\nled-tang-2\n")

    assert said.count("SYMLINK") == 1
    assert 'ATTRS{serial}=="B", SYMLINK+="hall/led-tang-2"' in said


@pytest.mark.parametrize(("answers", "why"), [("Bảng 1\n", "ví dụ bus1"), ("a\na\n", "đã dùng")])
def test_a_name_that_cannot_be_used_is_told(
    sysfs: Sysfs, told: Told, answers: str, why: str
) -> None:
    sysfs.plug("1-1", "ttyUSB0", FTDI, "A")
    sysfs.plug("1-2", "ttyUSB1", FTDI, "B")

    status, said = told(answers)

    assert status == 2
    assert why in said


def test_what_was_written_is_told_and_nothing_is_written_over(
    sysfs: Sysfs, told: Told, tmp_path: Path
) -> None:
    sysfs.plug("1-1", "ttyACM0", FTDI, "A")
    file = tmp_path / "71-hall.rules"

    status, said = told("", "--write", str(file))
    assert (status, "/dev/hall/bus1: FTDI FT232R (ttyACM0)" in said) == (0, True)
    assert "SYMLINK" in file.read_text()

    status, said = told("", "--write", str(file))
    assert (status, "đã có tệp này" in said) == (1, True)


def test_a_machine_with_nothing_plugged_in_says_so(told: Told) -> None:
    status, said = told()

    assert status == 1
    assert "Không thấy bộ chuyển USB" in said
