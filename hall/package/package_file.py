"""A Debian package of motcua as a file, and why this machine cannot take it."""

import os
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
# A slow card and a slow processor; all of a package is decompressed once.
_READING_S = 600
_CLEAN = "sudo apt-get clean; sudo journalctl --vacuum-size=32M"
_UNLOCK = "Mở khoá: sudo mount -o remount,rw /; chạy lại; khoá lại: sudo mount -o remount,ro /."
# dpkg's words, in the order in which they are looked for, and what they come to.
_COMPLAINTS = (
    (
        r"was locked by .* process",
        (
            "một chương trình khác đang cài gói (apt, unattended-upgrades). Đợi vài phút cho nó "
            "xong rồi chạy lại; xem là gì: ps aux | grep -E 'apt|dpkg'."
        ),
    ),
    (r"No space left on device", f"đĩa hết chỗ. Hãy dọn bớt ({_CLEAN}; df -h) rồi chạy lại."),
    (r"Read-only file system", f"ổ hệ thống đang chỉ đọc. {_UNLOCK}"),
    (
        r"dependency problems",
        (
            "máy thiếu gói của Debian nêu ở trên. Có mạng: sudo apt-get install -f; không có mạng: "
            "cài các gói ấy từ USB rồi sudo dpkg --configure -a."
        ),
    ),
    (
        r"Input/output error|unexpected end of file|corrupt",
        (
            "tệp hoặc thẻ nhớ đọc, ghi không được. Chép lại tệp từ USB; còn lỗi: xem sudo dmesg, "
            "thay thẻ."
        ),
    ),
)
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
    """What a package has to fit: dpkg's name of the processor, Python's version, room.

    `is_locked`: what it is installed into is mounted read-only.
    """

    architecture: str
    python: str
    free_kb: int
    is_locked: bool = False


class UnreadablePackage(Exception):
    """The file is no Debian package, or only a part of one."""


def read(path: Path) -> PackageFile:
    """All of it once, to its end. Raises UnreadablePackage."""
    done = _ask("dpkg-deb", "--field", str(path), *_FIELDS)
    if done.returncode == 0:
        whole = _ask("dpkg-deb", "--fsys-tarfile", str(path), out=subprocess.DEVNULL)
    else:
        whole = done
    if whole.returncode != 0:
        raise UnreadablePackage(whole.stderr.partition("\n")[0])
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
    free_kb = shutil.disk_usage(place).free // 1024
    is_locked = bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    return TargetMachine(architecture, python.stdout.strip(), free_kb, is_locked)


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
    if machine.is_locked:
        return (
            f"ổ hệ thống đang chỉ đọc. {_UNLOCK} Máy không đặt chỉ đọc mà vẫn vậy thì thẻ đang "
            "hỏng: xem sudo dmesg, sao lưu, thay thẻ."
        )
    needed = int(package.size_kb * _ROOM)
    if machine.free_kb < needed:
        return (
            f"đĩa thiếu chỗ: cần {needed // 1024} MB, còn {machine.free_kb // 1024} MB. "
            f"Hãy dọn bớt ({_CLEAN}) rồi chạy lại."
        )
    return ""


def reason_of(said: str) -> str:
    """Why dpkg did not install, by its words in English, and what to do."""
    for pattern, reason in _COMPLAINTS:
        if re.search(pattern, said):
            return reason
    return "xem lời của dpkg ở trên; gửi nó cho người hỗ trợ."


def _named(architecture: str) -> str:
    return _MACHINES.get(architecture, architecture)


def _ask(*command: str, out: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command, stdout=out, stderr=subprocess.PIPE, text=True, timeout=_READING_S, check=False
    )
