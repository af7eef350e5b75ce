"""Threads that keep devices: open them, serve them, and open them again when they are lost."""

import contextlib
import os
import select
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hall.runtime.devices import Device, DeviceNews, DeviceWatch

Item_co = TypeVar("Item_co", covariant=True)

# How long a device is left alone that has nothing to say.
LOOK_S = 5.0
_JOIN_S = 3.0


class InterruptibleWait:
    """A wait that any thread can end at any moment."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)
        self.over = False

    def wait(self, seconds: float, fd: int | None = None) -> bool:
        """Whether `fd` has something to read; ends early after `call`."""
        poller = select.poll()
        poller.register(self._out, select.POLLIN)
        if fd is not None:
            poller.register(fd, select.POLLIN)
        ready = [each for each, _ in poller.poll(max(0.0, seconds) * 1000)]
        if self._out in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._out, 4096)
        return fd in ready

    def call(self) -> None:
        """From any thread: stop waiting."""
        with contextlib.suppress(OSError):
            os.write(self._in, b"!")

    def close(self) -> None:
        """May be called twice."""
        for end in (self._in, self._out):
            if end >= 0:
                os.close(end)
        self._in = self._out = -1


class _Thread:
    """A thread with its own stop signal."""

    def __init__(self, name: str, run: Callable[[InterruptibleWait], None]) -> None:
        self._patience = InterruptibleWait()
        self._thread = threading.Thread(target=run, args=(self._patience,), name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def call(self) -> None:
        self._patience.call()

    def stop(self) -> None:
        """A driver that hangs in the kernel is not waited for."""
        self._patience.over = True
        self._patience.call()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)
        if not self._thread.is_alive():
            self._patience.close()


class Serve(Protocol[Item_co]):
    def __call__(
        self,
        patience: InterruptibleWait,
        works: Callable[[], None],
        post: Callable[[Item_co | DeviceNews], None],
        /,
    ) -> None:
        """Open the device, call `works`, post what it sends until `patience.over`, close it."""


class Keeper(Generic[Item_co]):
    """One device that sends by itself, served by a thread of its own from `start` to `stop`."""

    def __init__(self, device: Device, clock: Callable[[], float], serve: Serve[Item_co]) -> None:
        self._device = device
        self._clock = clock
        self._serve = serve
        self._thread: _Thread | None = None

    def start(self, post: Callable[[Item_co | DeviceNews], None]) -> None:
        watch = DeviceWatch(self._device, post, self._clock)

        def run(patience: InterruptibleWait) -> None:
            while not patience.over:
                watch.attempt(lambda: self._serve(patience, watch.works, post))
                if not patience.over:
                    patience.wait(watch.retry_at - self._clock())

        self._thread = _Thread(self._device.name, run)
        self._thread.start()

    def stop(self) -> None:
        """May be called twice, and without `start`."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class Quiet(Protocol):
    """A device that calls back by itself, and is only opened and looked at. Raises anything."""

    def open(self) -> None: ...

    def look(self) -> None:
        """Use it a little: whether it still works is known by nothing else."""

    def close(self) -> None:
        """May be called twice, and after a failed `open`."""


@dataclass(slots=True)
class _Kept:
    care: DeviceWatch
    device: Quiet
    is_open: bool = False

    def turn(self) -> float:
        """When to come back."""
        now = self.care.clock()
        if now < self.care.retry_at:
            return self.care.retry_at
        if self.care.attempt(self._use):
            self.care.works()
            return now + LOOK_S
        self.close()
        return self.care.retry_at

    def _use(self) -> None:
        if not self.is_open:
            self.device.open()
            self.is_open = True
        self.device.look()

    def close(self) -> None:
        self.is_open = False
        # A device that is lost may refuse even this.
        with contextlib.suppress(Exception):
            self.device.close()


class Rounds:
    """Several quiet devices, opened and looked at by one thread in turn."""

    def __init__(
        self, name: str, kept: Sequence[tuple[DeviceWatch, Quiet]], clock: Callable[[], float]
    ) -> None:
        self._kept = [_Kept(care, device) for care, device in kept]
        self._clock = clock
        self._thread = _Thread(name, self._run)

    def start(self) -> None:
        self._thread.start()

    def hurry(self) -> None:
        """Look at all of them now."""
        self._thread.call()

    def stop(self) -> None:
        self._thread.stop()

    def _run(self, patience: InterruptibleWait) -> None:
        while not patience.over:
            due = min(kept.turn() for kept in self._kept)
            patience.wait(due - self._clock())
        for kept in self._kept:
            kept.close()
