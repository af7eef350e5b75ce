"""Key events of the kernel's input devices, read without a library: button boxes and scanners.

struct input_event: time (two longs), type, code, value: 24 bytes, 16 on 32-bit machines
"""

import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from pathlib import Path

EVENT = struct.Struct("llHHi")
KEY_EVENT = 1
UP, DOWN = 0, 1
_GRAB = 0x40044590
_AT_ONCE = 64


def open_grabbed(path: Path) -> int:
    """The device alone for us: no console and no input method hears it. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError:
        os.close(fd)
        raise
    return fd


def read_keys(fd: int) -> Iterator[tuple[int, int]]:
    """(code, value) of each key event that has come. Raises OSError, also for an end of file."""
    try:
        data = os.read(fd, _AT_ONCE * EVENT.size)
    except BlockingIOError:
        return
    if not data:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    yield from keys_in(data)


def keys_in(data: bytes) -> Iterator[tuple[int, int]]:
    """The kernel writes whole events; half a one at the end is left alone."""
    whole = data[: len(data) // EVENT.size * EVENT.size]
    for _, _, kind, code, value in EVENT.iter_unpack(whole):
        if kind == KEY_EVENT:
            yield code, value
