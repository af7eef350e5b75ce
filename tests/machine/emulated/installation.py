"""The day of installation, as docs/technician.md tells it: its own commands, in its own order."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from emulated import manual
from emulated.guest import Guest
from emulated.image import HERE
from emulated.network import ADDRESS, DOOR

YAML = "/etc/motcua/hall.yaml"
UNITS = (
    "motcua-controller",
    "motcua-counter",
    "motcua-onestop",
    "motcua-display",
    "motcua-voice",
    "motcua-printer@printer-1",
    "motcua-printer@printer-2",
    "motcua-printer@printer-3",
    "motcua-bridge@bridge-1",
    "motcua-kiosk@kiosk-1",
)
# Its file system's label; the technician is told to name his own.
_STICK = "usb"
_LINK = "/usr/local/bin/motcua"
# The names by which others reach the manual's broker, and those by which they reach this one.
_THEIR_NAMES, _ITS_NAMES = "--name 10.0.0.5 --name broker.hall", f"--name {ADDRESS} --name {DOOR}"
_LEAVE_THE_LIBRARIES = (
    "mkdir -p /opt/motcua && "
    "find /opt/motcua -mindepth 1 -maxdepth 1 ! -name .venvs -exec rm -rf {} +"
)
# Installing the libraries under emulation.
_LONG_S = 900.0


def unpack(guest: Guest) -> None:
    """From a USB stick to a program that starts. Raises Failed with what went wrong.

    On a card with the libraries of an earlier run all else of it is taken away first.
    """
    network, software = manual.blocks("Nơi không có mạng")
    assert "wheels" in network, "the office's part comes first"
    guest.ask(f"rm -f {_LINK}; {_LEAVE_THE_LIBRARIES}")
    guest.ask(f"until [ -e /dev/disk/by-label/{_STICK} ]; do sleep 1; done", _LONG_S)
    follow(guest, software, {"<tên USB>": _STICK})


def open_hall(guest: Guest, ca: Path) -> None:
    """From an unpacked program to running units; its CA is copied to `ca`, as other machines do.

    Raises Failed with what went wrong.
    """
    configure(guest, manual.blocks("2.3 Tệp cấu hình"))
    connect(guest, manual.blocks("2.4 Broker, mật khẩu, tên thiết bị, dịch vụ"), ca)


def follow(guest: Guest, block: str, words: Mapping[str, str], seconds: float = _LONG_S) -> str:
    """Type a block as it stands, what it leaves open filled in."""
    for left_open, word in words.items():
        assert left_open in block, f"the manual no longer says {left_open}: {block}"
        block = block.replace(left_open, word)
    assert not re.search("<[^>]+>", block), f"left open: {block}"
    return guest.ask(f"bash -ec {_quoted(block)}", seconds)


def configure(guest: Guest, blocks: Sequence[str]) -> None:
    """The editor is the technician's: this hall's file takes the place of what he would type."""
    first, *_ = blocks
    before, nano, after = first.partition("sudo nano /etc/motcua/hall.yaml\n")
    assert nano, "the manual edits the file elsewhere"
    follow(guest, before, {})
    guest.write(YAML, (HERE / "hall.yaml").read_bytes())
    assert "tốt" in follow(guest, after, {})


def connect(guest: Guest, blocks: Sequence[str], ca: Path) -> None:
    """Broker with a door for other machines, device names, services."""
    ground, door, services = blocks
    follow(guest, ground, {})
    follow(guest, door, {_THEIR_NAMES: _ITS_NAMES})
    ca.parent.mkdir(parents=True, exist_ok=True)
    ca.write_bytes(guest.read("/etc/motcua/ca.crt"))
    for line in services.splitlines():
        if wanted := _here(line):
            follow(guest, wanted, {})


def _here(line: str) -> str:
    """A line of the manual's services with those that run on this machine."""
    command, _, _ = line.partition("#")
    kept = [word for word in command.split() if not word.startswith("motcua-") or word in UNITS]
    if "motcua-printer@printer-1" in kept:
        kept += ["motcua-printer@printer-2", "motcua-printer@printer-3"]
    return " ".join(kept) if any(word.startswith("motcua") for word in kept) else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
