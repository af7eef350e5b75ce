"""A scanner that plays keyboard, grabbed for the kiosk alone: no input method touches its codes.

Reads Linux input events directly: 24 bytes each on 64-bit (16 on 32-bit machines).
"""

import fcntl
import os
import select
import struct
import threading

from kiosk.ports import Post, Scan, ScannerState
from kiosk.scanners.keymap import KeyReader

_EVENT = struct.Struct("llHHi")
_EVIOCGRAB = 0x40044590
_EV_KEY = 1
_POLL_S = 0.2
_AGAIN_S = 2.0


class EvdevScanner:
    def __init__(self, device: str) -> None:
        self._device = device
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, post: Post) -> None:
        name = f"scanner {self._device}"
        self._thread = threading.Thread(target=self._run, args=(post,), name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)
            self._thread = None

    def _run(self, post: Post) -> None:
        known: bool | None = None
        while not self._stopping.is_set():
            try:
                file = os.open(self._device, os.O_RDONLY | os.O_NONBLOCK)
            except OSError as err:
                known = self._lost(post, err, known=known)
                continue
            try:
                fcntl.ioctl(file, _EVIOCGRAB, 1)
                if known is not True:
                    post(ScannerState(self._device, present=True))
                known = True
                self._read(file, post)
            except OSError as err:
                known = self._lost(post, err, known=known)
            finally:
                os.close(file)

    def _lost(self, post: Post, err: OSError, *, known: bool | None) -> bool:
        if known is not False:
            post(ScannerState(self._device, present=False, why=err.strerror or str(err)))
        self._stopping.wait(_AGAIN_S)
        return False

    def _read(self, file: int, post: Post) -> None:
        keys = KeyReader()
        while not self._stopping.is_set():
            ready, _, _ = select.select([file], [], [], _POLL_S)
            if not ready:
                continue
            for text in scans(keys, os.read(file, _EVENT.size * 64)):
                post(Scan(text))


def scans(keys: KeyReader, received: bytes) -> tuple[str, ...]:
    """The whole scans among these bytes of input events."""
    whole = received[: len(received) // _EVENT.size * _EVENT.size]
    found = (
        keys.key(code, value)
        for _, _, kind, code, value in _EVENT.iter_unpack(whole)
        if kind == _EV_KEY
    )
    return tuple(text for text in found if text is not None)
