"""A USB button box read from the kernel's input device, grabbed so that no console hears it."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, field_validator

from hall.runtime import input_events
from hall.runtime.attachments import input_box
from hall.runtime.keeping import LOOK_S, InterruptibleWait, Keeper
from printer.button_section import ButtonSection, Wiring, twice
from printer.ports import BUTTONS_LOST, ButtonItem, ButtonPressed, ButtonReleased, Lamp

Opener = Callable[[Path], int]


# Names of the keys that button boxes send, as in the kernel's input-event-codes.h.
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


class EvdevButton(ButtonSection):
    """A key of a USB button box."""

    told_by: ClassVar[str] = "device"

    device: str = Field(
        description="Hộp nút USB (evdev), tên udev cố định.",
        examples=["/dev/input/by-id/usb-buttons-event-kbd"],
    )
    key: str = Field(
        pattern=r"^(KEY|BTN)_[A-Z0-9_]+$",
        description="Tên phím của hộp nút USB.",
        examples=["KEY_1"],
    )

    @field_validator("key")
    @classmethod
    def _a_key_of_the_kernel(cls, key: str) -> str:
        if key not in CODES:
            raise ValueError(f"không biết phím '{key}'; ví dụ KEY_1, KEY_A, BTN_TRIGGER")
        return key

    @classmethod
    def connect(cls, buttons: Sequence[Self], wiring: Wiring) -> "Iterator[EvdevButtons]":
        """One source for each box."""
        for device in sorted({b.device for b in buttons}):
            keys = {CODES[b.key]: b.name for b in buttons if b.device == device}
            yield EvdevButtons(Path(device), keys, wiring.clock)

    @classmethod
    def mistake(cls, buttons: Sequence[Self], gpiochip: str | None) -> str | None:  # noqa: ARG003
        found = twice((b.device, b.key) for b in buttons)
        return None if found is None else f"phím {found[1]} của {found[0]} được dùng hai lần"


class EvdevButtons:
    """`keys`: the kernel's key code → the button's name. A box has no lamps."""

    def __init__(
        self,
        device: Path,
        keys: Mapping[int, str],
        clock: Callable[[], float],
        opener: Opener = input_events.open_grabbed,
    ) -> None:
        self.devices = (input_box(BUTTONS_LOST, "hộp nút bấm", str(device)),)
        self._path = device
        self._keys = keys
        self._opener = opener
        self._keeper: Keeper[ButtonItem] = Keeper(self.devices[0], clock, self._serve)

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        self._keeper.start(post)

    def lamps(self, lamp: Lamp) -> None:
        pass

    def stop(self) -> None:
        self._keeper.stop()

    def _serve(
        self,
        patience: InterruptibleWait,
        works: Callable[[], None],
        post: Callable[[ButtonItem], None],
    ) -> None:
        """A held key sends nothing, nor does a broken cable: the box is checked at intervals."""
        fd, down = self._opener(self._path), set[str]()
        try:
            works()
            while not patience.over:
                if patience.wait(LOOK_S, fd):
                    self._read_events(fd, down, post)
        finally:
            os.close(fd)
            # Their release would not be seen any more.
            for name in down:
                post(ButtonReleased(name))

    def _read_events(self, fd: int, down: set[str], post: Callable[[ButtonItem], None]) -> None:
        for code, value in input_events.read_keys(fd):
            name = self._keys.get(code)
            if name is None:
                continue
            if value == input_events.DOWN:
                down.add(name)
                post(ButtonPressed(name))
            elif value == input_events.UP:
                down.discard(name)
                post(ButtonReleased(name))
