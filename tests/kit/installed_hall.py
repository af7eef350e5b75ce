"""A hall installed by the manual in a machine of its own, with every driver to be had there."""

import json
import os
import re
import select
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from own_machine import DEADLINE_S, PYTHON, ROOT, Machine

YAML = """version: 1
hall: {id: thu, name: Xã Mù Cang Chải, hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}
broker: {url: "mqtt://127.0.0.1:1883"}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [ho-tich]}, {id: "2", serves: [ho-tich]}]
printers:
  - {id: printer-1, driver: usb, device: /dev/usb/lp0, profile: TM-T20III,
     buttons: [{service: ho-tich, gpio: 17, lamp: 27}]}
  - {id: printer-2, driver: serial, device: /dev/ttyUSB1, profile: TM-T20III}
  - {id: printer-3, driver: network, host: 127.0.0.1, port: 9100, profile: TM-T20III,
     buttons: [{service: ho-tich, device: /dev/input/event0, key: KEY_1}]}
kiosks:
  - id: kiosk-1
    printer: printer-1
    screen: {width: 800, height: 600, diagonal_inch: 19}
    scanners: [{driver: serial, device: /dev/ttyACM0}, {driver: evdev, device: /dev/input/event0}]
    speech: espeak
    pin_credential: kiosk-pin
display:
  faces: [{counter: "1"}, {counter: "2", driver: FACE}]
  board: {screen: {width: 640, height: 480, diagonal_inch: 43}, dark_after_min: null}
  voice: {device: "file:FILE=/var/lib/motcua/voice/said.raw,FORMAT=raw"}
bridges:
  - id: bridge-1
    buses:
      - port: /dev/ttyUSB0
        units: [{address: 1, counter: "1"}, {address: 2, counter: "2"}]
    keypads: [{counter: "1"}]
onestop: {driver: simulated}
"""
UNITS = (
    *("motcua-controller", "motcua-counter", "motcua-onestop", "motcua-display", "motcua-voice"),
    *("motcua-printer@printer-1", "motcua-printer@printer-2", "motcua-printer@printer-3"),
    "motcua-bridge@bridge-1",
)
# One screen has room for one compositor.
GLASS = ("motcua-board", "motcua-kiosk@kiosk-1", "motcua-window")


def of_the_manual() -> str:
    """The commands of docs/technician.md that install the hall's files."""
    text = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")
    found = re.search(r"^### 2\.4 .*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, "docs/technician.md, 2.4: no commands"
    return found[1]


def install(machine: Machine) -> None:
    """By the manual, as root; its launcher would fetch what is already there."""
    machine.write("/etc/motcua/hall.yaml", YAML.replace("FACE", "simulated"))
    launcher = f'#!/bin/sh\nexec {PYTHON} -P -m hall.cli "$@"\n'
    machine.write("/usr/local/bin/motcua", launcher)
    machine.path("/usr/local/bin/motcua").chmod(0o755)
    # A machine of this kind has no udev.
    shims = 'set -eu\nsudo() { "$@"; }\nudevadm() { :; }\nexport LC_ALL=C.UTF-8\n'
    machine.run("systemctl", "start", "systemd-journald")
    machine.run("bash", "-c", shims + of_the_manual())


@dataclass(slots=True)
class Cables:
    """The far ends: what they have told so far."""

    process: "subprocess.Popen[bytes]"
    told: list[dict[str, Any]] = field(default_factory=list)
    rest: bytes = b""

    def until(self, true: Callable[[list[dict[str, Any]]], bool]) -> None:
        assert self.process.stdout is not None
        pipe, end = self.process.stdout.fileno(), monotonic() + DEADLINE_S
        while not true(self.told):
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - monotonic()))
            assert ready, f"the far ends told only {self.told}"
            read = os.read(pipe, 65536)
            assert read, "the far ends have ended"
            *lines, self.rest = (self.rest + read).split(b"\n")
            self.told += map(json.loads, lines)


@contextmanager
def cables(machine: Machine) -> Iterator[Cables]:
    command = machine.command(PYTHON, "-P", "/opt/motcua/tests/kit/far_ends.py")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        ends = Cables(process)
        ends.until(lambda told: {"plugged": "in"} in told)
        yield ends
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE_S)
