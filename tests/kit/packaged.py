"""Packages of motcua made from the real build, and a root that dpkg installs them into.

The packages hold what installing is about: units, maintainer scripts, a version, and in place of a
Python environment a shell script that answers as the test wishes and writes down what it was asked.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "systemd" / "deb" / "build"
UNITS = ("motcua-controller", "motcua-voice")
UPDATE = "update-motcua.service"
YAML = "version: 1\n"
_ENVIRONMENT = {"COMPRESSION": "none", "SOURCE_DATE_EPOCH": "1767225600"}
PYTHON = """#!/bin/sh
here=${0%/.venv/bin/python}
version=$(cat "$here/version")
echo "$version $*" >>"$LEDGER/python"
case $* in
    *self_check*) [ ! -e "$here/refuses" ] || { echo "không nạp được numpy" >&2; exit 1; } ;;
    *doctor*)
        [ -e "$here/../../current/sick" ] || { echo "[]"; exit; }
        echo '[{"name": "kiosk-1", "well": false, "text": ""}]'
        exit 1 ;;
    *" backup "*) [ ! -e "$DPKG_ROOT/no-backup" ] || { echo "đĩa đầy"; exit 1; } ;;
    *" acl "*) echo "rights of $version" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$*" >>"$LEDGER/systemctl"
home=$DPKG_ROOT/usr/lib/motcua
case $* in
    list-units*) printf '%s loaded\n' motcua-controller.service motcua-voice.service ;;
    *"restart motcua-"*) echo "10$(wc -l <"$LEDGER/systemctl")" >"$LEDGER/pid" ;;
    show*)
        pid=$(cat "$LEDGER/pid" 2>/dev/null || echo 7)
        state=active
        [ ! -e "$home/current/dies" ] || state=failed
        printf 'MainPID=%s\\nId=motcua-controller.service\\nActiveState=%s\\n\\n' "$pid" "$state"
        printf 'MainPID=0\\nId=motcua-voice.service\\nActiveState=activating\\n' ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Packages:
    """Versions made of one that was built; files of their own make them behave."""

    folder: Path
    model: Path

    def version(self, version: str, *behaviour: str, architecture: str = "") -> Path:
        """`behaviour`: refuses, dies or sick."""
        named = "-".join([version.replace("~", "_"), *behaviour, architecture])
        package = self.folder / f"{named}.deb"
        if not package.exists():
            tree = self.folder / named
            shutil.copytree(self.model, tree, symlinks=True)
            inside = tree / "usr/lib/motcua/package"
            (inside / "version").write_text(f"{version}\n", encoding="utf-8")
            for unit in units_in(inside):
                with unit.open("a", encoding="utf-8") as text:
                    text.write(f"# of {version}\n")
            for name in behaviour:
                (inside / name).touch()
            _change(tree / "DEBIAN/control", "Version", version)
            if architecture:
                _change(tree / "DEBIAN/control", "Architecture", architecture)
            command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, package]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        return package


def build(folder: Path, *words: str, environment: Path | None = None) -> Path:
    """The package of this tree, with a script in place of an environment where none is given.

    Raises CalledProcessError.
    """
    if environment is None:
        python = folder / "environment/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(PYTHON, encoding="utf-8")
        python.chmod(0o755)
        environment = python.parents[1]
    done = subprocess.run(
        [BUILD, "--environment", environment, "--out", folder, *words],
        env={**os.environ, **_ENVIRONMENT},
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Path(done.stdout.strip())


def packages(built: Path, folder: Path) -> Packages:
    """Without the code and most units, which dpkg would carry to and fro."""
    model = folder / "model"
    subprocess.run(["dpkg-deb", "-R", built, model], check=True, timeout=120)
    inside = model / "usr/lib/motcua/package"
    for name in ("hall", "kiosk", "display", "printer", "firmware_bridge", "config"):
        shutil.rmtree(inside / name)
    for entry in (inside / "systemd").iterdir():
        if entry.is_dir() and entry.name != "motcua-.service.d":
            shutil.rmtree(entry)
        elif entry.suffix == ".service" and entry.stem not in UNITS:
            entry.unlink()
    shutil.rmtree(model / "usr/share/doc")
    (model / "DEBIAN/md5sums").unlink()
    return Packages(folder, model)


def units_in(tree: Path) -> list[Path]:
    """The files of a version that systemd reads as units."""
    found = (tree / "systemd").glob("motcua*")
    return [unit for unit in found if unit.suffix in {".service", ".target"}]


def _change(control: Path, key: str, value: str) -> None:
    text = control.read_text(encoding="utf-8")
    text = re.sub(f"^{key}: .*$", f"{key}: {value}", text, flags=re.MULTILINE)
    control.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class DebianRoot:
    """A root with dpkg's records and nothing else; the maintainer scripts run from outside."""

    root: Path
    ledger: Path
    programs: Path

    @property
    def home(self) -> Path:
        return self.root / "usr/lib/motcua"

    def dpkg(self, *words: str | Path, before: tuple[str, ...] = ()) -> int:
        """Exit status; what it said is in the ledger."""
        forced = "--force-script-chrootless,not-root,depends,bad-path,unsafe-io"
        command = [*before, "dpkg", f"--root={self.root}", forced, *map(str, words)]
        done = subprocess.run(
            command,
            env=dict(self.environment()),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        with (self.ledger / "dpkg").open("a", encoding="utf-8") as ledger:
            ledger.write(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}\n")
        return done.returncode

    def switch(self, *words: str, path: Path | None = None) -> int:
        done = subprocess.run(
            [self.home / "switch", *words],
            env=dict(self.environment(path)),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode

    def environment(self, first: Path | None = None) -> Mapping[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}:/usr/sbin:/sbin"
        return {
            "PATH": f"{first}:{path}" if first else path,
            "DPKG_ROOT": str(self.root),
            "LEDGER": str(self.ledger),
            "LC_ALL": "C.UTF-8",
        }

    def runs_a_hall(self) -> None:
        """From now on it is a booted machine with a hall on it."""
        (self.root / "run/systemd/system").mkdir(parents=True)
        self.write("etc/motcua/hall.yaml", YAML)
        self.write("etc/mosquitto/motcua.acl", "rights of nobody\n")

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def said(self, ledger: str) -> str:
        file = self.ledger / ledger
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def running(self) -> str:
        """The version that /opt/motcua leads to, whole with its own units."""
        place = self.root / "opt/motcua"
        units = self.root / "usr/lib/systemd/system"
        for unit in units_in(place):
            assert (units / unit.name).read_bytes() == unit.read_bytes(), unit.name
        assert (place / ".venv/bin/python").exists()
        return (place / "version").read_text(encoding="utf-8").strip()


def debian_root(folder: Path, root: Path | None = None) -> DebianRoot:
    made = DebianRoot(root or folder / "root", folder / "ledger", folder / "programs")
    for place in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc"):
        (made.root / place).mkdir(parents=True)
    (made.root / "var/lib/dpkg/status").touch()
    made.ledger.mkdir()
    made.programs.mkdir()
    systemctl = made.programs / "systemctl"
    systemctl.write_text(SYSTEMCTL, encoding="utf-8")
    systemctl.chmod(0o755)
    # Of the whole machine; nothing here is written for a power cut.
    sync = made.programs / "sync"
    sync.write_text("#!/bin/sh\n", encoding="utf-8")
    sync.chmod(0o755)
    return made
