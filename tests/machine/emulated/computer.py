"""The QEMU machine itself: what hangs on it, how it is started, how its power is cut."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from emulated.waiting import pause, until

# The socket adapters: the far end of a cable plugs in by connecting, and pulls out by closing.
ADAPTERS = ("bus1", "printer2", "scanner")

# Devices on the guest's own network, each a TCP server of this side: what the relay is told, at
# which address the guest finds it.
# `printer`, `touch` and `box` are USB devices whose cable is a TCP connection (guest/…/usb).
NETWORKED = {
    "printer3": "10.0.2.100:9100",
    "bus2": "10.0.2.101:4196",
    "printer": "10.0.2.102:1",
    "touch": "10.0.2.102:2",
    "box": "10.0.2.102:3",
}
USB = ("printer", "touch", "box")
_RELAY = Path(__file__).parents[1] / "relay"

_MEMORY_MB = 1024
_CPUS = 2
_MACHINE = "virt,gic-version=3"
# Page tables of the kernel's own, against attacks that an emulated processor does not know, would
# make every call into the kernel a flush of all that the emulator has translated.
_KERNEL = "root=/dev/vda rw quiet loglevel=4 console=ttyAMA0 nokaslr kpti=off mitigations=off"
_DEVICES_NICE = -10
# gpiozero asks for a board's revision where it takes the machine for a Pi: this one is a Pi 4.
_REVISION = "c03114"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a machine is started from, start after start. `stick`: a USB stick, or none."""

    kernel: Path
    first_disk: Path
    disk: Path
    stick: Path | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """How one start differs from another. `clock`: what the board's clock chip says."""

    clock: str = "utc"
    glass: tuple[int, int] = (1080, 1920)
    keyboard: bool = True


@dataclass(slots=True)
class Computer:
    """`run`: for sockets, pictures, logs. `ports`: of the guest's, and where here they are met."""

    parts: Parts
    run: Path
    ports: Mapping[int, int]
    started: float = 0.0
    _pid: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def socket(self, name: str) -> Path:
        return self.run / f"{name}.sock"

    def port_file(self, name: str) -> Path:
        """Where the server of a device on the guest's network says its port."""
        return self.run / f"{name}.port"

    @property
    def console(self) -> Path:
        return self.run / "console.log"

    def start(self, how: Start) -> None:
        """Press the power switch; nothing is waited for but QEMU's own sockets."""
        board = self._board(how)
        tree = self.run / "board.dtb"
        _call(["qemu-system-aarch64", "-machine", f"{_MACHINE},dumpdtb={tree}", *board])
        for left in self.run.glob("*.sock"):
            left.unlink()
        _make_a_pi(tree)
        command = ["qemu-system-aarch64", "-machine", _MACHINE, "-dtb", str(tree), *board]
        with (self.run / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "-append", _KERNEL],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C"},
            )
        self._pid, self.started = self._process.pid, time.monotonic()
        self._await_sockets()
        self._remember()

    def prefer_devices(self) -> None:
        """Where it may be asked for: the thread that serves the devices goes before those that
        compute. A sound card that is served late drops what it should have played.

        Once QEMU speaks: a thread that is made later would go before others as well.
        """
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, self._pid, _DEVICES_NICE)

    def cut(self) -> None:
        """The mains fail: whatever the guest had not yet written is gone."""
        if not self._pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        until(lambda: not self.is_on, 30, "QEMU does not end")
        self._pid, self._process = 0, None

    @property
    def is_on(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        # One that has ended and that nobody asked about has no command line any more.
        with contextlib.suppress(FileNotFoundError):
            return Path(f"/proc/{self._pid}/cmdline").read_bytes() != b""
        return False

    def _remember(self) -> None:
        """For `running`: another program's hands."""
        words = {"pid": self._pid, "ports": dict(self.ports), "parts": asdict(self.parts)}
        (self.run / "machine.json").write_text(json.dumps(words, default=str), encoding="utf-8")

    def _await_sockets(self) -> None:
        end = time.monotonic() + 30
        while not self.socket("qmp").exists():
            if not self.is_on or time.monotonic() > end:
                said = (self.run / "qemu.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"QEMU did not start: {said}")
            pause(0.05)

    def _board(self, how: Start) -> list[str]:
        width, height = how.glass
        keyboard = ["-device", "usb-kbd,id=wedge,serial=wedge"] if how.keyboard else []
        return [
            *("-nodefaults", "-no-user-config", "-display", "none"),
            *("-smp", str(_CPUS), "-m", str(_MEMORY_MB), "-cpu", "cortex-a72"),
            *("-accel", "tcg,thread=multi,tb-size=256"),
            *("-kernel", str(self.parts.kernel), "-initrd", str(self.parts.first_disk)),
            *_drive(self.parts.disk),
            *self._dialogues(),
            *("-device", "qemu-xhci,id=usb,p2=8,p3=4"),
            *self._cables(),
            *keyboard,
            *_stick(self.parts.stick),
            *self._network(),
            *("-device", f"virtio-gpu-pci,id=glass,xres={width},yres={height}"),
            *("-audiodev", f"wav,id=sound,path={self.run / 'sound.wav'}"),
            *("-device", "intel-hda", "-device", "hda-output,audiodev=sound"),
            *("-rtc", f"base={how.clock},clock=host", "-device", "virtio-rng-pci"),
            # Under emulation on a busy host its 14 s run out by themselves: only the test that
            # asks for it lets it reset.
            *("-device", "i6300esb", "-action", "watchdog=none"),
        ]

    def _dialogues(self) -> Sequence[str]:
        return [
            *("-chardev", f"file,id=console,path={self.console}"),
            *("-serial", "chardev:console"),
            *("-chardev", self._plug("qmp"), "-mon", "chardev=qmp,mode=control"),
            *("-qtest", f"unix:{self.socket('qtest')},server=on,wait=off"),
            *("-qtest-log", "/dev/null"),
            *("-device", "virtio-serial-pci"),
            *("-chardev", self._plug("agent")),
            *("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"),
        ]

    def _cables(self) -> Sequence[str]:
        return [
            word
            for name in ADAPTERS
            for word in (
                *("-chardev", self._plug(name)),
                *("-device", f"usb-serial,id={name},chardev={name},serial={name}"),
            )
        ]

    def _network(self) -> Sequence[str]:
        """The guest reaches nobody but a few devices; a few of its ports are reached."""
        doors = "".join(
            f",hostfwd=tcp:127.0.0.1:{here}-:{there}" for there, here in self.ports.items()
        )
        for name, address in NETWORKED.items():
            relay = f"{sys.executable} {_RELAY} {self.port_file(name)}"
            doors += f",guestfwd=tcp:{address}-cmd:{relay}"
        return [
            *("-netdev", f"user,id=net,restrict=on{doors}"),
            *("-device", "virtio-net-pci,netdev=net,romfile="),
        ]

    def _plug(self, name: str) -> str:
        return f"socket,id={name},path={self.socket(name)},server=on,wait=off"


def _drive(disk: Path) -> Sequence[str]:
    """Whatever the guest has written outlives a killed QEMU, flushed or not.

    It lies in the host's page cache; what the guest still held back is lost, as in a power cut.
    """
    return [
        *("-drive", f"file={disk},if=none,id=disk,format=raw,cache=unsafe"),
        *("-device", "virtio-blk-pci,drive=disk"),
    ]


def _stick(stick: Path | None) -> Sequence[str]:
    if stick is None:
        return []
    return [
        *("-drive", f"file={stick},if=none,id=stick,format=raw,readonly=on"),
        *("-device", "usb-storage,id=stick,drive=stick"),
    ]


def _make_a_pi(tree: Path) -> None:
    """A revision for gpiozero; line 3 of the GPIO chip is no power key."""
    _call(["fdtput", "-r", str(tree), "/gpio-keys"])
    _call(["fdtput", "-c", str(tree), "/system"])
    _call(["fdtput", "-t", "x", str(tree), "/system", "linux,revision", _REVISION])


def _call(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")


def running(run: Path) -> Computer:
    """A machine that another program has started and left on. Raises OSError."""
    words = json.loads((run / "machine.json").read_text(encoding="utf-8"))
    parts = Parts(**{name: Path(place) for name, place in words["parts"].items()})
    ports = {int(there): here for there, here in words["ports"].items()}
    return Computer(parts, run, ports, _pid=words["pid"])


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
