"""Hands on one emulated machine from a terminal: tests/machine/machine COMMAND …

up [SUITE]      build what is missing, start a fresh machine and leave it running (trixie, bookworm)
install         follow docs/technician.md inside it
sh 'COMMAND'    as root inside
press LINE      a button on this line of the GPIO chip; pin LINE 0|1 holds it
lamps SECONDS   what the chip's outputs do
shot FILE.png   the glass
type TEXT       on the USB keyboard, \\n ends a scan
plug NAME       bus1, printer2, scanner, printer, touch or box, for as long as this command runs
cut             the mains fail

Its files are in $MOTCUA_MACHINE (default: /tmp/motcua-machine).
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from emulated import image, manual
from emulated.computer import USB, Computer, Start, free_port, running
from emulated.guest import Guest
from emulated.hall import Hall
from emulated.installation import open_hall, unpack
from emulated.monitor import Monitor
from emulated.network import BROKER_PORT, PAGE_PORT, Network
from emulated.pins import Pins

RUN = Path(os.environ.get("MOTCUA_MACHINE", "/tmp/motcua-machine"))
HALL = "hoi-truong-thu"


def up(suite: image.Suite = "trixie") -> None:
    ports = {PAGE_PORT: free_port(), BROKER_PORT: free_port()}
    network = Network(HALL, ports, RUN / "certificates")
    computer = Computer(image.parts(image.base(suite, manual.packages()), RUN), RUN, ports)
    hall = Hall(computer, network)
    hall.start(Start())
    took = time.monotonic() - computer.started
    sys.stdout.write(f"up after {took:.0f} s; ports {ports}\n")
    sys.stdout.flush()
    # Its threads hold cables: without them the machine runs on, its adapters pulled out.
    os._exit(0)


def install() -> None:
    unpack(guest())
    open_hall(guest(), Network(HALL, {}, RUN / "certificates").ca)


def shell(command: str) -> None:
    ended = guest().run(command, 600)
    sys.stdout.write(ended.text)
    sys.exit(ended.status)


def lamps(seconds: str) -> None:
    board = pins()
    board.listen(float(seconds))
    for at, line, high in board.told:
        sys.stdout.write(f"{at:.3f} line {line} {'high' if high else 'low'}\n")


def plug(name: str) -> None:
    hall = Hall(running(RUN), Network(HALL, {}, RUN))
    if name in USB:
        hall.guest = guest()
        hall.plug_usb(name)
        hall.guest.close()
    else:
        hall.cables[name].plug()
    signal.pause()


def guest() -> Guest:
    return Guest(RUN / "agent.sock")


def monitor() -> Monitor:
    return Monitor(RUN / "qmp.sock")


def pins() -> Pins:
    return Pins(RUN / "qtest.sock", monitor())


COMMANDS: dict[str, Callable[..., object]] = {
    "up": up,
    "install": install,
    "sh": shell,
    "press": lambda line: pins().press(int(line)),
    "pin": lambda line, level: pins().set(int(line), high=level == "1"),
    "lamps": lamps,
    "shot": lambda path: monitor().picture(Path(path).absolute()),
    "type": lambda text: monitor().type(text.replace("\\n", "\n")),
    "plug": plug,
    "cut": lambda: running(RUN).cut(),
}

match sys.argv[1:]:
    case [name, *words] if name in COMMANDS:
        COMMANDS[name](*words)
    case _:
        sys.exit(__doc__)
