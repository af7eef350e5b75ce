"""A Debian package of motcua as a file, and why this machine cannot take it."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "motcua"
_FIELDS = ("Package", "Version", "Architecture", "Depends", "Installed-Size")
_PYTHON = re.compile(r"python3 \(>= (\d+\.\d+)\)")
# Beside what dpkg unpacks, the copy's folders and dpkg's own records.
_ROOM = 1.2
_MACHINES = {"amd64": "máy PC (amd64)", "arm64": "Raspberry Pi 64 bit (arm64)"}


@dataclass(frozen=True, slots=True)
class PackageFile:
    """`python`: the only minor version its libraries fit; `size_kb`: unpacked."""

    name: str
    version: str
    architecture: str
    python: str
    size_kb: int


@dataclass(frozen=True, slots=True)
class TargetMachine:
    """What a package has to fit: dpkg's name of the processor, Python's version, room."""

    architecture: str
    python: str
    free_kb: int


class UnreadablePackage(Exception):
    """The file is no Debian package, or only a part of one."""


def read(path: Path) -> PackageFile:
    """Raises UnreadablePackage."""
    done = _ask("dpkg-deb", "--field", str(path), *_FIELDS)
    if done.returncode != 0:
        raise UnreadablePackage(done.stderr.partition("\n")[0])
    fields = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    python = _PYTHON.search(fields.get("Depends", ""))
    return PackageFile(
        fields.get("Package", ""),
        fields.get("Version", ""),
        fields.get("Architecture", ""),
        python[1] if python else "",
        int(fields.get("Installed-Size", "0")),
    )


def this_machine(place: Path) -> TargetMachine:
    """`place`: a folder where versions are kept."""
    architecture = _ask("dpkg", "--print-architecture").stdout.strip()
    python = _ask("/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    return TargetMachine(architecture, python.stdout.strip(), shutil.disk_usage(place).free // 1024)


def reason_against(package: PackageFile, machine: TargetMachine) -> str:
    """Why the machine cannot take it, and what to do; empty where it can."""
    if package.name != PACKAGE:
        return f"đây là gói '{package.name}', không phải gói {PACKAGE}."
    if package.architecture != machine.architecture:
        return (
            f"gói này dành cho {_named(package.architecture)}, máy này là "
            f"{_named(machine.architecture)}. Hãy chép tệp {PACKAGE}_{package.version}_"
            f"{machine.architecture}.deb."
        )
    if package.python != machine.python:
        return (
            f"gói này dành cho Debian có Python {package.python}, máy này có Python "
            f"{machine.python}. Hãy chép gói dựng trên cùng bản Debian với máy này."
        )
    needed = int(package.size_kb * _ROOM)
    if machine.free_kb < needed:
        return (
            f"đĩa thiếu chỗ: cần {needed // 1024} MB, còn {machine.free_kb // 1024} MB. "
            "Hãy dọn bớt (sudo apt-get clean; sudo journalctl --vacuum-size=32M) rồi chạy lại."
        )
    return ""


def _named(architecture: str) -> str:
    return _MACHINES.get(architecture, architecture)


def _ask(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=60, check=False
    )
