"""What hangs on the cables of a machine without devices: run there as root, it tells what it sees.

A printer each on /dev/usb/lp0, on /dev/ttyUSB1 and on TCP; two counter units on /dev/ttyUSB0; a
scanner that nobody uses on /dev/ttyACM0. One line of JSON for every ticket and for every number
that a unit shows. Ends with its standard input.
"""

import json
import os
import select
import shutil
import sys
import tty
from pathlib import Path
from time import monotonic

from firmware_bridge.lines.simulated_devices import SimulatedUnit
from printer.simulator.bench import Bench
from printer.simulator.machine import Make

SILENCE_S = 0.02
PORT = 9100


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def plug_in(terminal: str, node: str, group: str) -> None:
    """Show the terminal under a device's name, in the group that a device of its kind has."""
    shutil.chown(terminal, group=group)
    Path(terminal).chmod(0o660)
    Path(node).parent.mkdir(parents=True, exist_ok=True)
    Path(node).unlink(missing_ok=True)
    Path(node).symlink_to(terminal)


def printer(name: str) -> Bench:
    bench = Bench(Make(), lambda sheet: say(printer=name, dots=sheet.image.height))
    bench.start()
    return bench


def line(node: str, group: str) -> int:
    """Our end. The other one stays open too: without a user a pseudo-terminal ends."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    plug_in(os.ttyname(theirs), node, group)
    return ours


class Bus:
    """Two counter units that answer at the end of each frame, which is a silence."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._frame = b""
        self._units = [SimulatedUnit(address, monotonic()) for address in (1, 2)]
        self._shown: dict[int, str] = {}

    def hear(self) -> None:
        self._frame += os.read(self._line, 512)

    def silence(self) -> None:
        now = monotonic()
        for unit in self._units:
            if self._frame and (answer := unit.answer_bytes(self._frame, now)):
                os.write(self._line, answer)
            unit.falls_silent()
            if (text := unit.shown(now)) != self._shown.get(unit.address):
                self._shown[unit.address] = text
                say(unit=unit.address, shows=text)
        self._frame = b""


def main() -> None:
    plug_in(printer("usb").open_pty(), "/dev/usb/lp0", "lp")
    plug_in(printer("serial").open_pty(), "/dev/ttyUSB1", "dialout")
    printer("network").listen(port=PORT)
    line("/dev/ttyACM0", "dialout")
    cable = line("/dev/ttyUSB0", "dialout")
    bus = Bus(cable)
    say(plugged="in")
    while sys.stdin not in (ready := select.select([cable, sys.stdin], [], [], SILENCE_S)[0]):
        if cable in ready:
            bus.hear()
        else:
            bus.silence()


if __name__ == "__main__":
    main()
