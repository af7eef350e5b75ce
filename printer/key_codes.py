"""Names of the keys that button boxes send, as in the kernel's input-event-codes.h."""

_ROWS = (
    ("KEY_", "1234567890", 2),
    ("KEY_", "QWERTYUIOP", 16),
    ("KEY_", "ASDFGHJKL", 30),
    ("KEY_", "ZXCVBNM", 44),
)
_OTHERS = {
    "KEY_ENTER": 28,
    "KEY_SPACE": 57,
    "KEY_F11": 87,
    "KEY_F12": 88,
    "KEY_KPENTER": 96,
    "KEY_KP7": 71,
    "KEY_KP8": 72,
    "KEY_KP9": 73,
    "KEY_KP4": 75,
    "KEY_KP5": 76,
    "KEY_KP6": 77,
    "KEY_KP1": 79,
    "KEY_KP2": 80,
    "KEY_KP3": 81,
    "KEY_KP0": 82,
    "BTN_TRIGGER": 0x120,
    "BTN_THUMB": 0x121,
    "BTN_THUMB2": 0x122,
    "BTN_TOP": 0x123,
    "BTN_TOP2": 0x124,
    "BTN_PINKIE": 0x125,
}
CODES: dict[str, int] = {
    **{f"{kind}{char}": first + n for kind, row, first in _ROWS for n, char in enumerate(row)},
    **{f"KEY_F{n}": 58 + n for n in range(1, 11)},
    **{f"BTN_{n}": 0x100 + n for n in range(10)},
    **{f"BTN_BASE{n or ''}": 0x126 + max(n - 1, 0) for n in (0, 2, 3, 4, 5, 6)},
    **_OTHERS,
}
