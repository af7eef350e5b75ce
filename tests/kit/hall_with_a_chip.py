"""`motcua` on a machine whose GPIO chip is played by tests/kit/gpio_chips.py: run as a script.

Words on standard input, one a line: `free PIN` (its holder lets go), `press PIN`, `plug` (the chip
appears), `end`. MOTCUA_HOLDS: PIN=HOLDER of a pin that somebody holds; MOTCUA_LATE: no chip yet.
"""

import os
import sys
import threading

import gpio_chips

from hall.cli.__main__ import main
from hall.runtime.gpio import chips

CHIP = gpio_chips.Chip()
SETTLED_S = 0.05


def obey(word: str, pin: int) -> None:
    match word:
        case "free":
            CHIP.holders.pop(pin, None)
        case "plug":
            shown.append(CHIP.path)
        case "press":
            CHIP.press(pin)
            CHIP.advance(SETTLED_S)
        case _:
            os._exit(0)


def listen() -> None:
    for line in sys.stdin:
        word, _, pin = line.strip().partition(" ")
        obey(word, int(pin or 0))


shown = [] if "MOTCUA_LATE" in os.environ else [CHIP.path]
if held := os.environ.get("MOTCUA_HOLDS"):
    number, _, holder = held.partition("=")
    CHIP.holders[int(number)] = holder
devices = CHIP.devices()
chips.gpiod.Chip = devices.open  # type: ignore[assignment,misc]
chips._paths = lambda: shown
threading.Thread(target=listen, daemon=True).start()
sys.exit(main(sys.argv[1:]))
