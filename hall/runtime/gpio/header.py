"""Which pins may be wired: pure, so that a file can be judged on any machine."""

from collections import Counter
from collections.abc import Sequence

# BCM numbers on the 40-pin header of a Raspberry Pi. 0 and 1 read the EEPROM of a HAT.
FIRST, LAST = 2, 27
# More than any chip has: what is beyond it is a slip of the finger.
MOST = 511


def mistake(pins: Sequence[int], chip: str | None) -> str | None:
    """What is wrong with the pins of one user; `chip` None: they are on a Pi's header."""
    if chip is None:
        for pin in pins:
            if not FIRST <= pin <= LAST:
                return _off_header(pin)
    for pin, times in Counter(pins).items():
        if times > 1:
            return f"chân BCM {pin} được dùng hai lần"
    return None


def _off_header(pin: int) -> str:
    why = "dành cho EEPROM của bo HAT" if pin < FIRST else "không có trên đầu nối 40 chân"
    return f"chân BCM {pin} {why}: dùng {FIRST} đến {LAST}, hoặc ghi gpiochip nếu là chip khác"
