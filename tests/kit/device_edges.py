"""The edges of the libraries that open devices: each can be told what to raise, and then works.

Behind an edge stands something that behaves: a chip's wires, a pipe, a pseudo-terminal with a
simulated printer or counter unit at its far end, a plain surface for a window.
"""

import fcntl
import os
import select
import socket
import subprocess
import threading
import tty
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import gpio_chips
import luma.core.interface.serial
import pygame
import pytest
import serial

from firmware_bridge.lines.simulated_devices import SimulatedUnit
from hall.runtime.gpio import chips
from hall.screen.window import Window
from printer.simulator.bench import Bench
from printer.simulator.machine import Make

GRAB = 0x40044590
SILENCE_S = 0.02


@dataclass
class Edge:
    """`fault`: what opening raises; None: it opens. `struck`: how often it was tried in vain."""

    patch: pytest.MonkeyPatch
    folder: Path
    fault: Exception | None = None
    struck: int = 0
    far_ends: ExitStack = field(default_factory=ExitStack)

    def strike(self) -> None:
        if self.fault is not None:
            self.struck += 1
            raise self.fault

    def guarding(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **named: Any) -> Any:
            self.strike()
            return real(*args, **named)

        return guarded

    # --- what a YAML names -------------------------------------------------------------------

    def gpio(self) -> None:
        devices = gpio_chips.Chip().devices()
        self.patch.setattr(chips.gpiod, "Chip", self.guarding(devices.open))
        self.patch.setattr(chips, "_paths", devices.paths)

    def input_box(self, path: str) -> None:
        """A box that says nothing, and may be grabbed."""
        real_open, real_ioctl = os.open, fcntl.ioctl

        def opened(where: Any, *args: Any, **named: Any) -> int:
            if str(where) != path:
                return real_open(where, *args, **named)
            self.strike()
            outer, inner = os.pipe()
            self.far_ends.callback(os.close, inner)
            return outer

        def controlled(fd: int, request: int, *args: Any) -> Any:
            return 0 if request == GRAB else real_ioctl(fd, request, *args)

        self.patch.setattr(os, "open", opened)
        self.patch.setattr(fcntl, "ioctl", controlled)

    def file(self, path: str, real: str) -> None:
        """A device file that stands for another."""
        real_open = os.open

        def opened(where: Any, *args: Any, **named: Any) -> int:
            if str(where) != path:
                return real_open(where, *args, **named)
            self.strike()
            return real_open(real, *args, **named)

        self.patch.setattr(os, "open", opened)

    def serial(self) -> None:
        self.patch.setattr(serial, "Serial", self.guarding(serial.Serial))

    def tcp(self) -> None:
        self.patch.setattr(socket, "create_connection", self.guarding(socket.create_connection))

    def spi(self) -> None:
        self.patch.setattr(luma.core.interface.serial, "spi", self.guarding(Spi))

    def window(self) -> None:
        self.patch.setattr(Window, "open", self.guarding(Window.open))

    def mixer(self) -> None:
        self.patch.setenv("SDL_AUDIODRIVER", "dummy")
        self.patch.setattr(pygame.mixer, "init", self.guarding(pygame.mixer.init))

    def aplay(self) -> None:
        real = subprocess.Popen

        def started(command: Any, *args: Any, **named: Any) -> Any:
            if command[0] != "aplay":
                return real(command, *args, **named)
            self.strike()
            return real(("cat",), *args, **named)

        self.patch.setattr(subprocess, "Popen", started)

    # --- what stands behind ------------------------------------------------------------------

    def printer(self) -> Bench:
        bench = Bench(Make(), lambda _: None)
        self.far_ends.callback(bench.stop)
        return bench

    def printer_terminal(self) -> str:
        bench = self.printer()
        terminal = bench.open_pty()
        bench.start()
        return terminal

    def printer_port(self) -> int:
        bench = self.printer()
        port = bench.listen()
        bench.start()
        return port

    def terminal(self) -> str:
        """A serial port on which nobody speaks."""
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        for end in (ours, theirs):
            self.far_ends.callback(os.close, end)
        return os.ttyname(theirs)

    def bus_terminal(self) -> str:
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        self._answer(lambda: os.read(ours, 512), lambda data: os.write(ours, data), ours)
        for end in (ours, theirs):
            self.far_ends.callback(os.close, end)
        return os.ttyname(theirs)

    def bus_port(self) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        self.far_ends.callback(listener.close)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    self._answer(lambda p=peer: p.recv(512), peer.sendall, peer.fileno(), peer)

        threading.Thread(target=serve, daemon=True).start()
        self.far_ends.callback(listener.shutdown, socket.SHUT_RDWR)
        return int(listener.getsockname()[1])

    def _answer(
        self,
        hear: Callable[[], bytes],
        say: Callable[[bytes], object],
        fd: int,
        peer: socket.socket | None = None,
    ) -> None:
        """A counter unit, address 1, in a thread of its own."""
        over = threading.Event()

        def live() -> None:
            unit, frame = SimulatedUnit(1, monotonic()), b""
            while not over.is_set():
                if select.select([fd], [], [], SILENCE_S)[0]:
                    heard = hear()
                    if not heard:
                        break
                    frame += heard
                    continue
                if frame and (answer := unit.answer_bytes(frame, monotonic())):
                    say(answer)
                unit.falls_silent()
                frame = b""
            if peer is not None:
                peer.close()

        def run() -> None:
            with suppress(OSError, ValueError):
                live()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.far_ends.callback(thread.join, 10)
        self.far_ends.callback(over.set)


class Spi:
    """In the place of luma's SPI: takes everything."""

    def __init__(self, **_: object) -> None:
        pass

    def command(self, *_: int) -> None:
        pass

    def data(self, _: object) -> None:
        pass

    def cleanup(self) -> None:
        pass
