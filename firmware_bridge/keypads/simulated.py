"""A keypad that a trainer presses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from firmware_bridge.keypad_section import KeypadSection
from firmware_bridge.ports import KeypadPressed
from hall.runtime.devices import Device


class SimulatedKeypad(KeypadSection):
    driver: Literal["simulated"]

    def connect(self, bridge: str, clock: Callable[[], float]) -> "SimulatedKeypads":
        return SimulatedKeypads([self.counter], clock)

    @classmethod
    def mistake(cls, pads: Sequence[Self]) -> None:
        pass


@dataclass(slots=True)
class SimulatedKeypads:
    """Pressed by a trainer."""

    counters: Sequence[str]
    clock: Callable[[], float]
    devices: Sequence[Device] = ()
    _post: Callable[[object], None] | None = None

    def start(self, post: Callable[[object], None]) -> None:
        self._post = post

    def press(self, counter: str, key: str) -> bool:
        if self._post is None or counter not in self.counters:
            return False
        self._post(KeypadPressed(counter, key, self.clock()))
        return True

    def stop(self) -> None:
        self._post = None
