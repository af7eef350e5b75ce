"""A machine of its own beneath this one: the real systemd as first process, the hall installed.

Units run there in all of their restrictions, which the kernel enforces; nothing is rebuilt here.
What it lacks is kernel devices: nodes have their numbers and groups but mostly no driver behind.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[2]
BOOT = ROOT / "tests" / "systemd" / "boot-machine"
# Nothing here takes a minute; a host with much else to do may need five.
DEADLINE_S = 300.0
PYTHON = "/opt/motcua/.venv/bin/python"
_CAP_SYS_ADMIN = 21
# Of Debian's root, whatever our own caller has.
_ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PROGRAMS = ("unshare", "nsenter", "setpriv", "mosquitto", "cage", "seatd", "aplay", "espeak-ng")


def why_not() -> str | None:
    """What this process lacks to boot a machine; None: nothing."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^CapEff:\s*([0-9a-f]+)", status, re.MULTILINE)
    if found is None or not int(found[1], 16) >> _CAP_SYS_ADMIN & 1:
        return "needs root with CAP_SYS_ADMIN, to boot a systemd in namespaces of its own"
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    if all(line.split()[4] != "/" for line in mounts):
        return "needs a root that is mounted: in a plain chroot no mount can be made private"
    lacking = [name for name in _PROGRAMS if not _found(name)]
    return f"needs {', '.join(lacking)}" if lacking else None


def _found(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass(frozen=True, slots=True)
class Probe:
    """A piece of Python for a unit's place; `lines` of [Service] change its restrictions."""

    unit: str
    code: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """`leader`: its systemd, by the number that we know it by."""

    leader: int

    def path(self, inside: str) -> Path:
        """Where a file of the machine lies for us. Links in it are followed by our own root."""
        return Path(f"/proc/{self.leader}/root{inside}")

    def command(self, *words: str) -> tuple[str, ...]:
        """What runs a program in the machine, as root and outside of every unit."""
        enter = ("nsenter", f"--target={self.leader}", "--all", "--root", "--wd")
        return (*enter, "env", f"PATH={_ROOT_PATH}", *words)

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done

    def start(self, *units: str) -> bool:
        """Whether all of them came to be ready."""
        return self.run("systemctl", "start", *units, check=False).returncode == 0

    def stop(self, *units: str) -> None:
        self.run("systemctl", "stop", *units)
        self.run("systemctl", "reset-failed", check=False)

    def show(self, unit: str, key: str) -> str:
        return self.run("systemctl", "show", "--property", key, "--value", unit).stdout.strip()

    def journal(self, unit: str) -> str:
        command = ("journalctl", "--no-pager", "--output=cat", "--unit", unit)
        self.run("journalctl", "--sync")
        return self.run(*command).stdout

    def write(self, inside: str, text: str) -> None:
        place = self.path(inside)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def write_lines(self, unit: str, *lines: str, name: str = "90-changed") -> Path:
        """Lines of [Service] behind all others of the unit, from the next daemon-reload on."""
        place = f"/run/systemd/system/{unit}.service.d/{name}.conf"
        self.write(place, "\n".join(("[Service]", *lines, "")))
        return self.path(place)

    @contextmanager
    def changed(self, unit: str, *lines: str) -> Iterator[None]:
        """The unit with these lines of [Service] behind all others."""
        place = self.write_lines(unit, *lines)
        self.run("systemctl", "daemon-reload")
        try:
            yield
        finally:
            place.unlink()
            self.run("systemctl", "daemon-reload")

    def probe(self, probes: Mapping[str, Probe]) -> dict[str, str]:
        """What each piece of Python says in place of its unit's program, all of them at once.

        Each runs in a copy of its unit, whose name begins as the unit's: what is common to all of
        ours holds for it too.
        """
        names = {key: f"motcua-probe-{number}" for number, key in enumerate(probes)}
        for key, each in probes.items():
            self._write_probe(names[key], each)
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "start", *names.values(), check=False)
        return {key: self._said(name) for key, name in names.items()}

    def _write_probe(self, name: str, each: Probe) -> None:
        template, _, instance = each.unit.partition("@")
        file = f"{template}@.service" if instance else f"{template}.service"
        text = self.path(f"/etc/systemd/system/{file}").read_text(encoding="utf-8")
        instead = (
            *("Type=oneshot", "Restart=no", "WatchdogSec=0", "SuccessExitStatus=1", "ExecStart="),
            f"ExecStart={PYTHON} -P /run/probes/{name}.py",
            # One that ends would take the folder from another of its unit.
            "RuntimeDirectoryPreserve=yes",
            f"StandardOutput=append:/run/probes/{name}.said",
            f"StandardError=append:/run/probes/{name}.said",
        )
        self.write(f"/run/probes/{name}.py", each.code)
        self.path(f"/run/probes/{name}.py").chmod(0o644)
        self.path(f"/run/probes/{name}.said").unlink(missing_ok=True)
        self.write(f"/run/systemd/system/{name}.service", text.replace("%i", instance))
        self.write_lines(name, *instead, *each.lines)

    def _said(self, name: str) -> str:
        place = self.path(f"/run/probes/{name}.said")
        said = place.read_text(encoding="utf-8").strip() if place.exists() else ""
        assert said, self.journal(name)
        return said


@contextmanager
def booted() -> Iterator[Machine]:
    """A fresh machine, and nothing of it left afterwards."""
    environment = (sys.prefix, sys.base_prefix)
    process = subprocess.Popen(
        [BOOT, ROOT, *environment], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    leader = None
    try:
        leader = _until(lambda: _leader(process))
        machine = Machine(leader)
        _until(lambda: _is_up(machine))
        yield machine
    finally:
        if leader is not None:
            os.kill(leader, signal.SIGKILL)
        else:
            process.terminate()
        process.communicate(timeout=DEADLINE_S)


def _until(look: Callable[[], int | bool | None]) -> int:
    end = monotonic() + DEADLINE_S
    while not (found := look()):
        assert monotonic() < end, "the machine did not boot"
        threading.Event().wait(0.05)
    return int(found)


def _leader(process: "subprocess.Popen[str]") -> int | None:
    """The systemd below boot-machine's shell, once it is one."""
    assert process.poll() is None, process.stderr.read() if process.stderr else ""
    below = (grandchild for child in _children(process.pid) for grandchild in _children(child))
    return next((pid for pid in below if _of(pid, "comm") == "systemd"), None)


def _children(pid: int) -> Sequence[int]:
    return [int(word) for word in _of(pid, f"task/{pid}/children").split()]


def _of(pid: int, file: str) -> str:
    try:
        return Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _is_up(machine: Machine) -> bool:
    said = machine.run("systemctl", "is-system-running", check=False).stdout
    return said.strip() in ("running", "degraded")
