"""A wire of this machine on which packets are lost, and what TCP makes of it.

    client ─▶ FAR:port ─▶ tun ─▶ here: lost, or sender and receiver change places ─▶ NEAR:port

The kernel cannot lose packets by itself everywhere (`netem` is a module). A packet sent to FAR
comes back as one from FAR to NEAR, where the listener is; the checksums stay right, since both
addresses are in them.
"""

import fcntl
import os
import random
import select
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

NEAR, FAR = "198.18.77.1", "198.18.77.2"
_TUNSETIFF, _TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
_DEVICE = "motcua-loss"


@dataclass(slots=True)
class LossyWire:
    """`loss`: the share of packets that are lost, each way; `lost`: how many so far."""

    tun: int
    loss: float = 0.0
    lost: int = 0
    _dice: random.Random = field(default_factory=lambda: random.Random(7))
    _over: threading.Event = field(default_factory=threading.Event)

    def lead(self) -> None:
        while not self._over.is_set():
            if not select.select([self.tun], [], [], 0.2)[0]:
                continue
            packet = os.read(self.tun, 65536)
            if packet[0] >> 4 != 4:
                continue
            if self._dice.random() < self.loss:
                self.lost += 1
                continue
            os.write(self.tun, packet[:12] + packet[16:20] + packet[12:16] + packet[20:])

    def end(self) -> None:
        self._over.set()


@contextmanager
def lossy_wire() -> Iterator[LossyWire]:
    """Skips where this machine lets nobody lay one."""
    try:
        tun = os.open("/dev/net/tun", os.O_RDWR)
    except OSError as err:
        pytest.skip(f"a wire needs /dev/net/tun: {err.strerror}")
    try:
        flags = struct.pack("16sH22x", _DEVICE.encode(), _TUN_WITHOUT_HEADER)
        fcntl.ioctl(tun, _TUNSETIFF, flags)
        for command in (
            ("addr", "add", f"{NEAR}/30", "dev", _DEVICE),
            ("link", "set", _DEVICE, "up"),
        ):
            subprocess.run(("ip", *command), check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as err:
        os.close(tun)
        pytest.skip(f"a wire needs root and iproute2: {err}")
    wire = LossyWire(tun)
    thread = threading.Thread(target=wire.lead, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.end()
        thread.join()
        os.close(tun)
