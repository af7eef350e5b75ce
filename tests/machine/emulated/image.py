"""What a machine is started from: the kept Debian, the first RAM disk, the USB stick."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from emulated import wheels
from emulated.computer import Parts
from emulated.guest import Guest

Suite = Literal["trixie", "bookworm"]
SUITES: tuple[Suite, ...] = ("trixie", "bookworm")
PYTHON: dict[Suite, str] = {"trixie": "3.13", "bookworm": "3.11"}

HERE = Path(__file__).parents[1]
ROOT = HERE.parents[1]
BUILDER = HERE / "build-base"

# What a Raspberry Pi OS Lite has of itself, as far as the manual counts on it.
_SYSTEM = (
    "systemd-sysv",
    "udev",
    "dbus",
    "kmod",
    "procps",
    "iproute2",
    "sudo",
    "python3",
    "tzdata",
)
# The test's hands and eyes inside.
_TOOLS = ("qemu-guest-agent", "gpiod", "strace")


@dataclass(frozen=True, slots=True)
class Base:
    """A Debian with nothing of the project on it; `folder` holds disk.img, vmlinuz, start/."""

    suite: Suite
    folder: Path


def cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "motcua-machine"


def base(suite: Suite, packages: Sequence[str]) -> Base:
    """The kept one, or a new one, which takes minutes. Raises RuntimeError."""
    wanted = sorted({*_SYSTEM, *_TOOLS, *packages})
    key = hashlib.sha256("\n".join([*wanted, BUILDER.read_text(encoding="utf-8")]).encode())
    made = Base(suite, cache() / f"{suite}-{key.hexdigest()[:16]}")
    if not (made.folder / "complete").exists():
        _build(made, wanted)
    return made


def _build(made: Base, packages: Sequence[str]) -> None:
    """`complete` is written last: without it the folder is a building site."""
    shutil.rmtree(made.folder, ignore_errors=True)
    made.folder.mkdir(parents=True)
    with (made.folder / "build.log").open("wb") as log:
        command = [BUILDER, made.suite, made.folder, *packages]
        if subprocess.run(command, stdout=log, stderr=log, check=False).returncode != 0:
            said = (made.folder / "build.log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{BUILDER.name} failed:\n{said[-3000:]}")
    (made.folder / "complete").touch()


def parts(of: Base, run: Path) -> Parts:
    """A fresh card and a USB stick for one run in its own folder."""
    run.mkdir(parents=True, exist_ok=True)
    disk = run / "disk.img"
    kept = _with_libraries(of)
    _copy(kept if kept.exists() else of.folder / "disk.img", disk)
    stick = _filesystem("usb", _stick(of.suite, run / "stick"), run / "stick.img", megabytes=256)
    return Parts(of.folder / "vmlinuz", first_disk(of, run), disk, stick)


def keep_libraries(of: Base, disk: Path, guest: Guest) -> None:
    """Spare later runs the libraries' installation, minutes of emulated work, while lock, launcher
    and Debian are the same."""
    kept = _with_libraries(of)
    if kept.exists():
        return
    for older in kept.parent.glob(f"{of.folder.name}-libraries-*"):
        older.unlink()
    unfinished = kept.with_suffix(".part")
    with guest.still():
        _copy(disk, unfinished)
    unfinished.rename(kept)


def _with_libraries(of: Base) -> Path:
    decides = [(ROOT / name).read_bytes() for name in ("requirements.lock", "motcua")]
    key = hashlib.sha256(b"\0".join(decides)).hexdigest()[:16]
    return of.folder.with_name(f"{of.folder.name}-libraries-{key}.img")


def _copy(disk: Path, to: Path) -> None:
    _call("cp", "--sparse=always", disk, to)


def first_disk(of: Base, run: Path) -> Path:
    """The initial RAM disk: the base's modules, our first program, the test's own files."""
    tree, packed = run / "start", run / "start.gz"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(of.folder / "start", tree, symlinks=True)
    shutil.copy(HERE / "guest" / "init", tree / "init")
    shutil.copytree(HERE / "guest" / "overlay", tree / "overlay", symlinks=True)
    pack = "find . | cpio --quiet -o -H newc -R 0:0 | gzip -1"
    with packed.open("wb") as out:
        subprocess.run(["/bin/sh", "-c", pack], cwd=tree, stdout=out, timeout=60, check=True)
    return packed


def _stick(suite: Suite, folder: Path) -> Path:
    """As docs/technician.md has it packed: the tree with its libraries, one archive."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bundle = _libraries(suite)
    archive = ["tar", "-cf", folder / "motcua.tar", "--exclude-vcs", "--exclude=.venv"]
    archive += ["--exclude=.venvs", "--exclude=__pycache__", "--exclude=.*_cache"]
    rename = [f"--transform=s,^{name},motcua{to}," for name, to in _places(bundle)]
    _call(*archive, *rename, "-C", ROOT.parent, ROOT.name, "-C", bundle.parent, bundle.name)
    return folder


def _places(bundle: Path) -> list[tuple[str, str]]:
    return [(bundle.name, "/wheels"), (ROOT.name, "")]


def _libraries(suite: Suite) -> Path:
    """Kept by their lock, so that only a changed one needs a network."""
    lock = ROOT / "requirements.lock"
    key = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder = cache() / f"wheels-{PYTHON[suite]}-{key}"
    if not (folder / "complete").exists():
        wheels.collect(lock, folder, wheels.Target(PYTHON[suite]))
        (folder / "complete").touch()
    return folder


def _filesystem(label: str, tree: Path, image: Path, megabytes: int) -> Path:
    image.unlink(missing_ok=True)
    _call("mkfs.ext4", "-q", "-F", "-L", label, "-d", tree, image, f"{megabytes}M")
    return image


def _call(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
