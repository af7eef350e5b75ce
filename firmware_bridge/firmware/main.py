"""The counter unit on a Raspberry Pi Pico: pins, UART, DE, key scan, digits; the rest is the core's.

UART0 TX GP0, RX GP1, DE+RE GP2 - keys: rows GP6-9, columns GP10-13 - digits: 74HC595 chain DATA
GP18, CLOCK GP19, LATCH GP20 - beeper GP21 - keypad LED GP22. Needs MicroPython 1.22.2 or later.
"""

import machine
import os
import time

from counter_unit import BEEP_AT, Unit
from settings import ADDRESS, BAUD, KEYS, SEGMENTS

CAUSES = {machine.PWRON_RESET: 1, machine.WDT_RESET: 2}
BEEPS = (0, 60, 400, 900, 15, 200, 1500)  # ms for each beep code

uart = machine.UART(0, BAUD, tx=machine.Pin(0), rx=machine.Pin(1), txbuf=256, rxbuf=256)
drive = machine.Pin(2, machine.Pin.OUT, value=0)
rows = [machine.Pin(n, machine.Pin.OPEN_DRAIN, value=1) for n in (6, 7, 8, 9)]
columns = [machine.Pin(n, machine.Pin.IN, machine.Pin.PULL_UP) for n in (10, 11, 12, 13)]
data, clock, latch = [machine.Pin(n, machine.Pin.OUT, value=0) for n in (18, 19, 20)]
beeper, lamp = [machine.Pin(n, machine.Pin.OUT, value=0) for n in (21, 22)]


def address() -> int:
    """The saved address, else the one in settings.py."""
    try:
        with open("address.txt") as file:
            return int(file.read())
    except (OSError, ValueError):
        return ADDRESS


def scan(row: int) -> str:
    """Keys of one row that are down."""
    rows[row].value(0)
    down = "".join(KEYS[row][n] for n in range(4) if not columns[n].value())
    rows[row].value(1)
    return down


def light(text: bytes) -> None:
    """Shift six digits out, the last one first."""
    for character in reversed(bytes(text)):
        bits = SEGMENTS.get(chr(character), 0)
        for bit in range(7, -1, -1):
            data.value(bits >> bit & 1)
            clock.value(1)
            clock.value(0)
    latch.value(1)
    latch.value(0)


def send(reply: bytes) -> None:
    drive.value(1)
    uart.write(reply)
    uart.flush()
    drive.value(0)
    uart.read()  # our own echo, where the receiver stays on


unit = Unit(address(), int.from_bytes(os.urandom(2), "big"), CAUSES.get(machine.reset_cause(), 0))
dog = machine.WDT(timeout=4000)
last, quiet, row, scanned, held, shown, latches, beep_ms = time.ticks_ms(), 0, 0, 0, [""] * 4, b"", 0, 0
while True:
    dog.feed()
    now = time.ticks_ms()
    passed, last = time.ticks_diff(now, last), now
    unit.tick(passed)
    heard = uart.read() if uart.any() else b""
    reply = unit.receive(heard) if heard else None
    if reply:
        send(reply)
    quiet = 0 if heard else quiet + passed
    if quiet >= 3:
        unit.silence()
    scanned += passed
    if scanned >= 5:  # each row every 20 ms, which no contact bounces for
        scanned, row = 0, (row + 1) % 4
        down = scan(row)
        for key in down:
            if key not in held[row]:
                unit.press(ord(key))
        held[row] = down
    if unit.shown() != shown:
        shown = unit.shown()
        light(shown)
    if unit.latches != latches:
        latches = unit.latches
        beep_ms = BEEPS[min(unit.flags >> BEEP_AT & 15, len(BEEPS) - 1)]
    beep_ms = max(0, beep_ms - passed)
    beeper.value(beep_ms > 0)
    lamp.value(unit.flags & 15 and (unit.flags & 15 == 1 or now % 500 < 250))
    if unit.moved:
        unit.moved = False
        with open("address.txt", "w") as file:
            file.write(str(unit.address))
