"""A state folder stays its owner's alone, though root runs the tools."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hall.runtime import ownership

ROOT = Path(__file__).parents[2]
# Nobody's: files need no name of a user.
SOMEBODY = 61_234
PATIENCE_S = 120.0
YAML = """version: 1
hall: {id: thu, name: Xã, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: a, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [a]}]
"""

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a tool as somebody else"),
]


def interpreter() -> str:
    """One that every user can run, with the version of this environment's packages."""
    mine = Path(os.path.realpath(sys.executable))
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in mine.parents):
        return str(mine)
    return shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin") or ""


@dataclass
class Hall:
    """A hall of somebody's own, below a folder that everybody may enter."""

    home: Path
    python: str

    @property
    def state(self) -> Path:
        return self.home / "state"

    def command(self, *words: str) -> list[str]:
        return [self.python, "-m", "hall.cli", *words]

    def tool(self, *words: str, user: int = 0) -> str:
        return self.run(*words, "--state", str(self.state), user=user)

    def run(self, *words: str, user: int = 0) -> str:
        done = subprocess.run(
            self.command(*words),
            user=user,
            group=user,
            extra_groups=[],
            env=self.environment,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        packages = next(path for path in sys.path if path.endswith("site-packages"))
        base = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "TMPDIR")}
        return base | {"PYTHONPATH": f"{ROOT}:{packages}", "HOME": str(self.home)}

    def works(self) -> str:
        """Open the hall as its owner, take one number, close it."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            address = self.home / "notify"
            address.unlink(missing_ok=True)
            systemd.bind(str(address))
            address.chmod(0o777)
            systemd.settimeout(PATIENCE_S)
            daemon = subprocess.Popen(
                self.command("run", "controller", *self.of_hall),
                user=SOMEBODY,
                group=SOMEBODY,
                extra_groups=[],
                env=self.environment | {"NOTIFY_SOCKET": str(address)},
                cwd="/",
                stderr=subprocess.DEVNULL,
            )
            try:
                while not systemd.recv(200).startswith(b"READY=1"):
                    pass
                return self.run("issue", "a", *self.of_hall, user=SOMEBODY)
            finally:
                daemon.send_signal(signal.SIGTERM)
                assert daemon.wait(PATIENCE_S) == 0

    @property
    def of_hall(self) -> tuple[str, ...]:
        return ("-c", str(self.home / "hall.yaml"), "--state", str(self.state))

    def strays(self) -> list[str]:
        """What is not its owner's alone."""
        found = []
        for path in (self.state, *self.state.rglob("*")):
            seen = path.lstat()
            owner = (seen.st_uid, seen.st_gid) == (SOMEBODY, SOMEBODY)
            if not owner or stat.S_IMODE(seen.st_mode) & 0o077:
                found.append(f"{path.name} {seen.st_uid} {stat.filemode(seen.st_mode)}")
        return found


@pytest.fixture
def hall() -> Iterator[Hall]:
    if not (python := interpreter()):
        pytest.skip("no Python of this version that every user can run")
    home = Path(tempfile.mkdtemp(prefix="motcua-owner-"))
    home.chmod(0o755)
    (home / "hall.yaml").write_text(YAML, encoding="utf-8")
    made = Hall(home, python)
    made.state.mkdir(mode=0o700)
    os.chown(made.state, SOMEBODY, SOMEBODY)
    yield made
    shutil.rmtree(home)


def test_tools_that_root_runs_leave_nothing_of_root_s_and_the_hall_goes_on(hall: Hall) -> None:
    assert "A001" in hall.works()
    assert hall.strays() == []

    for tool in ("backup", "verify", "report", "restore"):
        hall.tool(tool)
        assert hall.strays() == [], tool

    goes_on_from_the_second_place(hall)
    # The numbers given after the copy that was restored are skipped, not given again.
    assert "A002" in hall.works()
    hall.tool("backup", user=SOMEBODY)
    assert hall.strays() == []


def goes_on_from_the_second_place(hall: Hall) -> None:
    """The card dies twice; root mends it, then the service's own user."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="motcua-stick-") as stick:
        os.chown(stick, SOMEBODY, SOMEBODY)
        yaml = hall.home / "hall.yaml"
        yaml.write_text(f"{YAML}backup: {{to: {stick}}}\n", encoding="utf-8")
        for user in (0, SOMEBODY):
            hall.tool("copy-backup", "-c", str(yaml), user=user)
            [copy] = Path(stick).glob("journal-*.db")
            for left in hall.state.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            hall.tool("restore", str(copy), user=user)
            hall.tool("backup", user=user)
            assert hall.strays() == []


def test_a_report_is_written_as_whoever_asked_though_the_journal_is_somebody_s(
    hall: Hall, tmp_path: Path
) -> None:
    hall.works()
    place = tmp_path / "roots-own"
    place.mkdir(mode=0o700)

    hall.tool("report", "--xlsx", str(place / "so.xlsx"))

    assert (place / "so.xlsx").stat().st_uid == 0
    assert [*place.iterdir()] == [place / "so.xlsx"]
    assert hall.strays() == []


def test_what_is_done_as_the_owner_is_theirs_and_afterwards_root_is_root(hall: Hall) -> None:
    before = (os.geteuid(), os.getegid(), os.getgroups())

    with ownership.acting_as_owner(hall.state):
        (hall.state / "made").touch(mode=0o600)
    (hall.home / "after").touch()

    assert (os.geteuid(), os.getegid(), os.getgroups()) == before
    assert hall.strays() == []
    assert (hall.home / "after").stat().st_uid == 0


def test_a_copy_that_only_root_can_read_is_restored_and_what_root_left_is_handed_over(
    hall: Hall,
) -> None:
    hall.works()
    hall.tool("backup")
    [copy] = (hall.state / "backups").glob("*.db")
    hidden = Path(tempfile.mkdtemp(prefix="motcua-root-")) / copy.name
    shutil.copyfile(copy, hidden)
    (hall.state / "left.txt").write_text("x")
    (hall.state / "marker.json").unlink()
    shutil.copyfile(copy, hall.state / "marker.json")

    told = hall.tool("restore", str(hidden))
    shutil.rmtree(hidden.parent)

    assert str(hidden) in told
    assert hall.strays() == []


def test_the_broker_s_files_that_root_writes_into_somebody_s_folder_are_theirs(hall: Hall) -> None:
    told = hall.run("broker-config", "-c", str(hall.home / "hall.yaml"), "--write", str(hall.state))

    assert "motcua.acl" in told
    made = {path.lstat().st_uid for path in hall.state.rglob("*")}
    assert made == {SOMEBODY}


def test_root_s_own_folder_and_links_out_of_a_folder_are_left_alone(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "secret"
    elsewhere.write_text("x")
    os.link(elsewhere, twice := hall.home / "twice")
    os.link(elsewhere, hall.state / "twice")
    (hall.state / "link").symlink_to(elsewhere)
    became: list[int] = []
    monkeypatch.setattr(os, "setuid", became.append)
    for name in ("setgid", "setgroups"):
        monkeypatch.setattr(os, name, lambda _: None)

    ownership.become_owner(tmp_path)
    assert became == []
    ownership.become_owner(hall.state)

    assert became == [SOMEBODY]
    assert elsewhere.stat().st_uid == twice.stat().st_uid == 0


def test_the_groups_of_devices_are_those_that_the_installation_makes() -> None:
    lines = (ROOT / "systemd" / "sysusers.d" / "motcua.conf").read_text("utf-8").splitlines()

    assert tuple(line.split()[1] for line in lines if line[:2] == "g ") == ownership.DEVICE_GROUPS
