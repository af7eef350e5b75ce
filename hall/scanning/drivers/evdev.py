"""A scanner that plays keyboard, grabbed for one daemon: no input method touches its codes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from hall.runtime import input_events
from hall.runtime.attachments import input_box
from hall.runtime.keeping import LOOK_S, InterruptibleWait, Keeper
from hall.scanning.keymap import KeyReader
from hall.scanning.ports import PAUSE_S, SCANNER_OFFLINE, Post, Scan
from hall.scanning.section import Clock, ScannerSection

Opener = Callable[[Path], int]


class EvdevScannerSection(ScannerSection):
    driver: Literal["evdev"]
    device: str = Field(
        min_length=1,
        description="Máy quét kiểu bàn phím; được giữ riêng cho motcua.",
        examples=["/dev/input/by-id/usb-scanner-event-kbd"],
    )

    def connect(self, clock: Clock) -> "EvdevScanner":
        return EvdevScanner(self.device, clock)


class EvdevScanner:
    def __init__(
        self,
        path: str,
        clock: Callable[[], float],
        opener: Opener = input_events.open_grabbed,
    ) -> None:
        self.device = input_box(SCANNER_OFFLINE, "máy quét", path)
        self._path = Path(path)
        self._opener = opener
        self._keeper: Keeper[Scan] = Keeper(self.device, clock, self._serve)

    def start(self, post: Post) -> None:
        self._keeper.start(post)

    def close(self) -> None:
        self._keeper.stop()

    def _serve(self, patience: InterruptibleWait, works: Callable[[], None], post: Post) -> None:
        fd, reader = self._opener(self._path), KeyReader()
        try:
            works()
            while not patience.over:
                if patience.wait(PAUSE_S if reader.holds else LOOK_S, fd):
                    for text in reader.scans(input_events.read_keys(fd)):
                        post(Scan(text))
                elif (whole := reader.pause()) is not None:
                    post(Scan(whole))
        finally:
            os.close(fd)
