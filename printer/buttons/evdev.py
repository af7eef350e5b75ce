"""A USB button box read from the kernel's input device, grabbed so that no console hears it."""

import contextlib
import fcntl
import os
import select
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from printer.ports import ButtonItem, ButtonsFound, ButtonsLost, Lamp, Pressed, Released

_EVENT = struct.Struct("llHHi")
_KEY_EVENT = 1
_UP, _DOWN = 0, 1
_GRAB = 0x40044590
# A held key may fall silent; the box is looked after at least this often.
LOOK_S = 5.0

Opener = Callable[[Path], int]


def open_device(path: Path) -> int:
    """The device alone for us. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError:
        os.close(fd)
        raise
    return fd


class EvdevButtons:
    """`keys`: the kernel's key code → the button's name. A box has no lamps."""

    reopen_s = 2.0

    def __init__(self, device: Path, keys: Mapping[int, str], opener: Opener = open_device) -> None:
        self._device = device
        self._keys = keys
        self._opener = opener
        self._stopping = False
        self._wake_out, self._wake_in = os.pipe()
        self._thread: threading.Thread | None = None

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name="buttons", daemon=True)
        self._thread.start()

    def lamps(self, lamp: Lamp) -> None:
        pass

    def stop(self) -> None:
        self._stopping = True
        os.write(self._wake_in, b"!")
        if self._thread is not None:
            self._thread.join()
        os.close(self._wake_in)
        os.close(self._wake_out)

    def _run(self, post: Callable[[ButtonItem], None]) -> None:
        lost = False
        while not self._stopping:
            try:
                fd = self._opener(self._device)
            except OSError as err:
                if not lost:
                    post(ButtonsLost(f"{self._device}: {err.strerror}"))
                lost = True
                self._wait(None, self.reopen_s)
                continue
            if lost:
                post(ButtonsFound())
            lost = self._listen(fd, post)

    def _listen(self, fd: int, post: Callable[[ButtonItem], None]) -> bool:
        """Until stopped, or until the box is unplugged: then True, and it has been said."""
        try:
            while not self._stopping:
                if self._wait(fd, LOOK_S):
                    self._hear(os.read(fd, 64 * _EVENT.size), post)
        except BlockingIOError:
            return self._listen(fd, post)
        except OSError as err:
            post(ButtonsLost(f"{self._device}: {err.strerror}"))
            return True
        finally:
            with contextlib.suppress(OSError):
                os.close(fd)
        return False

    def _hear(self, data: bytes, post: Callable[[ButtonItem], None]) -> None:
        if not data:
            raise OSError(19, "No such device")
        whole = len(data) // _EVENT.size * _EVENT.size
        for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            name = self._keys.get(code)
            if kind != _KEY_EVENT or name is None:
                continue
            if value == _DOWN:
                post(Pressed(name))
            elif value == _UP:
                post(Released(name))

    def _wait(self, fd: int | None, seconds: float) -> bool:
        """Whether the device has something to read."""
        poller = select.poll()
        poller.register(self._wake_out, select.POLLIN)
        if fd is not None:
            poller.register(fd, select.POLLIN)
        return any(ready == fd for ready, _ in poller.poll(seconds * 1000))
