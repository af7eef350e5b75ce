"""The counter unit on a PC: micropython main_unix.py TTY [ADDRESS]

A character on standard input presses that key; every latched text is printed. For tests, for
training, and to try a master without a soldering iron. Runs on the MicroPython unix port; the
speed of a real port is set before, with stty.
"""

import select
import sys
import termios
import time

from counter_unit import Unit

SILENCE_MS = 2


def run(tty: str, address: int) -> None:
    line = open(tty, "r+b", buffering=0)
    termios.setraw(line.fileno())
    unit = Unit(address, 1 + time.ticks_us() % 0xFFFF)
    poll = select.poll()
    poll.register(line, select.POLLIN)
    poll.register(sys.stdin, select.POLLIN)
    print("ready")
    last, latches, pending = time.ticks_ms(), 0, False
    while True:
        ready = poll.poll(SILENCE_MS if pending else 100)
        now = time.ticks_ms()
        unit.tick(time.ticks_diff(now, last))
        last = now
        if not ready and pending:
            unit.silence()
            pending = False
        for stream, event in [item[:2] for item in ready]:
            if event & (select.POLLHUP | select.POLLERR):
                return
            if stream is sys.stdin:
                if not press(unit):
                    poll.unregister(sys.stdin)
            else:
                heard = line.read(1)
                if not heard:
                    return
                pending = True
                reply = unit.receive(heard)
                if reply:
                    line.write(reply)
        if unit.latches != latches:
            latches = unit.latches
            print("%d %s" % (unit.gen, unit.text.decode()))


def press(unit: Unit) -> bool:
    key = sys.stdin.read(1)
    if key and ord(key) > 32:
        unit.press(ord(key))
    return bool(key)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
