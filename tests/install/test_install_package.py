"""The Debian package's life on a machine: a hall runs through all of it, and nothing is lost."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import packaged
import pytest
from packaged import UPDATE, DebianRoot, Packages, debian_root
from reach_table import table
from small_disk import FAULTS, small_disk

from hall.cli.update import describe
from hall.package import outcome
from hall.package.installation import Installation
from hall.package.outcome import Outcome
from hall.package.package_file import reason_of
from hall.package.rollout import Patience, end_well
from hall.runtime.clock import SystemClock

ROOT = Path(__file__).parents[2]
DEB = ROOT / "systemd" / "deb"
MANUAL = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="dpkg gives the files to root")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packaged.build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def packages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    return packaged.packages(built, tmp_path_factory.mktemp("packages"))


@pytest.fixture
def machine(tmp_path: Path) -> DebianRoot:
    return debian_root(tmp_path)


@pytest.fixture
def hall(machine: DebianRoot, packages: Packages) -> DebianRoot:
    """Version 1 runs a hall."""
    assert machine.dpkg("-i", packages.version("1")) == 0, machine.said("dpkg")
    machine.runs_a_hall()
    return machine


def listing(package: Path) -> dict[str, str]:
    """Mode and owner of every path."""
    done = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True)
    lines = (line.split(maxsplit=5) for line in done.stdout.splitlines())
    return {path.split(" -> ")[0].lstrip("."): f"{mode} {owner}" for mode, owner, *_, path in lines}


def fields(package: Path, name: str) -> list[str]:
    done = subprocess.run(
        ["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True
    )
    return [word.split(" ")[0] for word in done.stdout.strip().split(", ")]


# --- what it holds ---


def test_it_holds_the_program_and_what_the_machine_needs_for_it(built: Path) -> None:
    files = listing(built)

    assert {
        "/opt/motcua",
        "/usr/bin/motcua",
        "/usr/lib/motcua/package/hall/cli/__main__.py",
        "/usr/lib/motcua/package/config/hall.yaml",
        "/usr/lib/motcua/package/systemd/motcua-controller.service",
        "/usr/lib/sysusers.d/motcua.conf",
        "/usr/lib/tmpfiles.d/motcua.conf",
        "/usr/lib/udev/rules.d/70-motcua.rules",
        "/usr/lib/systemd/system.conf.d/motcua.conf",
        "/usr/lib/systemd/journald.conf.d/motcua.conf",
        "/usr/lib/systemd/system/mosquitto.service.d/motcua.conf",
        "/usr/lib/systemd/system/backup-motcua.timer",
        "/usr/share/doc/motcua/examples/hall.yaml",
    } <= set(files)
    assert {about.split()[1] for about in files.values()} == {"root/root"}


def test_it_never_writes_where_the_technician_writes(built: Path) -> None:
    assert [path for path in listing(built) if path.startswith(("/etc", "/var", "/home"))] == []


def test_every_module_is_compiled(built: Path) -> None:
    """A unit may not write beside the code, and would compile it at each of its starts."""
    files = set(listing(built))
    sources = [path for path in files if path.endswith(".py")]

    assert len(sources) > 300
    assert [path for path in sources if not _compiled(path) & files] == []


def _compiled(path: str) -> set[str]:
    place = Path(path)
    return {str(place.parent / "__pycache__" / f"{place.stem}.cpython-3{n}.pyc") for n in (11, 13)}


def test_it_asks_for_the_packages_of_the_manual(built: Path) -> None:
    """What every machine needs, and what only one with a screen does."""
    lines = re.findall(r"^sudo apt-get install -y ([^#\n]*)", MANUAL, re.MULTILINE)
    for_all, for_screens = ({*line.split()} for line in lines)

    # The environment is in the package.
    assert {*fields(built, "Depends")} == {"python3", *for_all} - {"python3-venv"}
    assert {*fields(built, "Recommends")} == for_screens
    wanted = {package for row in table().rows for package in row.packages}
    assert wanted <= {*fields(built, "Depends"), *fields(built, "Recommends")}


PACKAGE_DOC = (ROOT / "docs" / "package.md").read_text(encoding="utf-8")
STATE = {
    "StateDirectory": "/var/lib/",
    "RuntimeDirectory": "/run/",
    "LogsDirectory": "/var/log/",
    "CacheDirectory": "/var/cache/",
    "ReadWritePaths": "",
}


def written_by_units() -> set[str]:
    """Every folder that a unit of a hall may write; a province has a machine of its own."""
    found = [*(ROOT / "systemd").rglob("*.service"), *(ROOT / "systemd").rglob("*.conf")]
    files = [file for file in found if "province" not in file.parts]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    pairs = [line.split("=", 1) for line in lines if "=" in line]
    # "-": only where it is there.
    words = [(key, w.removeprefix("-")) for key, value in pairs for w in value.split()]
    return {STATE[key] + word for key, word in words if key in STATE}


def written_by_the_package() -> set[str]:
    """What tmpfiles make while the machine starts, and where the switch notes what it did."""
    made = (ROOT / "systemd/tmpfiles.d/motcua.conf").read_text("utf-8")
    switch = (DEB / "switch").read_text("utf-8")
    noted = re.findall(r"^\w+=\$root(/(?:run|var)/\S+)", switch, re.MULTILINE)
    return {*noted, *re.findall(r"^\w (/(?!etc)\S+)", made, re.MULTILINE)}


READ_ONLY_ROOT = PACKAGE_DOC.split("## Ổ hệ thống chỉ đọc")[1]


def test_the_list_of_what_a_read_only_root_must_leave_writable_is_complete() -> None:
    rows = re.findall(r"^\| (`/[^|]+)\|", READ_ONLY_ROOT, re.MULTILINE)
    listed = [Path(place) for row in rows for place in re.findall(r"`([^`]+)`", row)]
    written = written_by_units() | written_by_the_package()

    assert {"/var/lib/motcua/controller", "/var/lib/mosquitto", "/run"} <= written
    assert {"/var/lib/motcua/update.json", "/run/motcua-restarted"} <= written
    assert [each for each in written if not {Path(each), *Path(each).parents} & {*listed}] == []


def test_what_is_on_the_data_partition_is_mounted_from_it() -> None:
    kept = re.findall(r"^\| `(/[^`]+)` \|.*\| phân vùng dữ liệu \|$", READ_ONLY_ROOT, re.MULTILINE)
    mounted = re.findall(r"^/data/\S+ +(\S+) +none +bind", READ_ONLY_ROOT, re.MULTILINE)
    copied = re.findall(r"^sudo cp -a (\S+) /data/", READ_ONLY_ROOT, re.MULTILINE)

    assert kept
    assert kept == mounted == copied


# --- for another kind of machine ---


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """With one compiled library, for a Raspberry Pi."""
    folder = tmp_path / "environment"
    site = folder / "lib/python3.11/site-packages"
    site.mkdir(parents=True)
    (site / "drawing.so").write_bytes(b"\x7fELF".ljust(18, b"\0") + b"\xb7\0")
    return folder


def test_it_is_made_for_another_kind_of_machine_by_the_same_command(
    environment: Path, tmp_path: Path
) -> None:
    package = packaged.build(tmp_path, "--arch", "arm64", environment=environment)

    assert package.name.endswith("_arm64.deb")
    assert fields(package, "Architecture") == ["arm64"]


def test_a_library_of_another_kind_of_machine_is_not_put_in(
    environment: Path, tmp_path: Path
) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        packaged.build(tmp_path, "--arch", "amd64", environment=environment)

    assert "drawing.so không phải của máy amd64" in refused.value.stderr
    assert [*tmp_path.glob("*.deb")] == []


# --- install, upgrade, downgrade, removal ---


def test_installing_it_starts_nothing_and_makes_no_configuration(
    machine: DebianRoot, packages: Packages
) -> None:
    (machine.root / "run/systemd/system").mkdir(parents=True)

    assert machine.dpkg("-i", packages.version("1")) == 0, machine.said("dpkg")

    assert machine.running() == "1"
    assert {*machine.said("systemctl").splitlines()} <= {
        "daemon-reload",
        "try-reload-or-restart mosquitto.service",
        "list-units --plain --no-legend --state=active,activating motcua-*.service",
        "--no-block restart motcua-controller.service motcua-voice.service",
    }
    assert not (machine.root / "etc/motcua/hall.yaml").exists()
    assert "motcua-kiosk" in machine.read("etc/passwd")
    assert (machine.root / "etc/motcua/credentials").stat().st_mode & 0o777 == 0o700


def test_an_upgrade_leaves_the_hall_alone_and_has_the_new_version_tried(
    hall: DebianRoot, packages: Packages
) -> None:
    assert hall.dpkg("-i", packages.version("2")) == 0, hall.said("dpkg")

    assert hall.running() == "1"
    assert hall.said("systemctl").splitlines()[-1] == f"--no-block start {UPDATE}"
    assert "restart" not in hall.said("systemctl")


class CountingClock(SystemClock):
    """A second passes whenever somebody looks."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0.0

    def monotonic(self) -> float:
        self._looks += 1
        return self._looks


def roll_out(hall: DebianRoot, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What update-motcua.service runs."""
    for key, value in hall.environment().items():
        monkeypatch.setenv(key, value)
    return end_well(Installation(hall.root), Patience(60.0, 4.0, 0.0), CountingClock())


def test_a_version_that_passes_its_trial_stays_and_the_one_before_is_kept(
    hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.dpkg("-i", packages.version("2"))

    assert roll_out(hall, monkeypatch) == Outcome("kept", "2")

    place = Installation(hall.root)
    assert (hall.running(), place.version("before"), place.version("trial")) == ("2", "1", None)
    assert hall.read("etc/mosquitto/motcua.acl") == "rights of 2\n"
    restarts = [line for line in hall.said("systemctl").splitlines() if " restart " in line]
    assert restarts == ["--no-block restart motcua-controller.service motcua-voice.service"]


@pytest.mark.parametrize(
    ("behaviour", "verdict", "said"),
    [
        ("refuses", "refused", "không nạp được numpy"),
        ("dies", "returned", "dịch vụ không sẵn sàng: motcua-controller.service"),
        ("sick", "returned", "motcua doctor thấy thêm: kiosk-1"),
    ],
)
def test_a_version_that_fails_leaves_the_one_before_running(  # noqa: PLR0917
    behaviour: str,
    verdict: str,
    said: str,
    hall: DebianRoot,
    packages: Packages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hall.dpkg("-i", packages.version("2", behaviour))

    outcome = roll_out(hall, monkeypatch)

    assert (outcome.verdict, hall.running()) == (verdict, "1")
    assert said in outcome.text
    assert not (hall.home / "trial").is_symlink()
    if verdict == "returned":
        assert hall.read("etc/mosquitto/motcua.acl") == "rights of 1\n"
        restarts = [line for line in hall.said("systemctl").splitlines() if " restart " in line]
        assert len(restarts) == 2


def test_the_queue_is_kept_for_the_way_back_before_a_version_is_tried(
    hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.write("var/lib/motcua/controller/journal.db", "numbers")
    hall.dpkg("-i", packages.version("2"))

    assert roll_out(hall, monkeypatch) == Outcome("kept", "2")

    asked = [line.split()[0] for line in hall.said("python").splitlines() if " backup " in line]
    assert asked == ["1"]


def test_a_queue_that_cannot_be_kept_is_not_put_at_risk(
    hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.write("var/lib/motcua/controller/journal.db", "numbers")
    hall.write("no-backup", "")
    hall.dpkg("-i", packages.version("2"))

    assert roll_out(hall, monkeypatch) == Outcome(
        "refused", "2", "chưa sao lưu được hàng chờ, nên chưa chuyển: đĩa đầy"
    )
    assert hall.running() == "1"


def test_what_was_wrong_before_does_not_hold_up_an_update(
    machine: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.dpkg("-i", packages.version("1", "sick"))
    machine.runs_a_hall()
    machine.dpkg("-i", packages.version("2", "sick"))

    assert roll_out(machine, monkeypatch).verdict == "kept"


def test_a_hall_goes_on_from_a_failed_version_to_a_mended_one(
    hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.dpkg("-i", packages.version("2", "dies"))
    roll_out(hall, monkeypatch)

    hall.dpkg("-i", packages.version("3"))

    assert roll_out(hall, monkeypatch) == Outcome("kept", "3")
    assert Installation(hall.root).version("before") == "1"
    assert {each.name for each in (hall.home / "versions").iterdir()} == {"1", "3"}


def test_an_older_package_is_tried_like_a_newer_one(
    machine: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.dpkg("-i", packages.version("2"))
    machine.runs_a_hall()

    assert machine.dpkg("-i", packages.version("1")) == 0, machine.said("dpkg")

    assert roll_out(machine, monkeypatch) == Outcome("kept", "1")


def test_the_same_version_once_more_replaces_what_a_card_has_spoilt(
    hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = hall.root / "opt/motcua/LICENSE"
    spoilt.write_bytes(b"\0")

    hall.dpkg("-i", packages.version("1"))

    assert roll_out(hall, monkeypatch) == Outcome("kept", "1")
    assert (hall.root / "opt/motcua/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_a_unit_that_a_version_lacks_goes_with_it(hall: DebianRoot) -> None:
    stranger = hall.root / "usr/lib/systemd/system/motcua-oracle.service"
    stranger.touch()
    shutil.copytree(hall.root / "opt/motcua", hall.home / "versions/9")
    (hall.home / "staged").symlink_to("versions/9")

    hall.switch("try")

    assert not stranger.exists()


def test_a_hall_on_a_source_tree_is_left_alone_and_its_technician_told(
    machine: DebianRoot, packages: Packages
) -> None:
    (machine.root / "opt/motcua/hall").mkdir(parents=True)

    assert machine.dpkg("-i", packages.version("1")) != 0

    assert "đang chạy motcua từ mã nguồn" in machine.said("dpkg")
    assert not machine.home.exists()


def test_a_machine_that_is_installing_something_else_is_waited_for(
    hall: DebianRoot, packages: Packages
) -> None:
    new = packages.version("2")
    with (hall.root / "var/lib/dpkg/lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        assert hall.dpkg("-i", new) != 0

    assert reason_of(hall.said("dpkg")).startswith("một chương trình khác đang cài gói")
    assert hall.running() == "1"


def with_data(hall: DebianRoot) -> DebianRoot:
    hall.write("var/lib/motcua/controller/journal.sqlite", "numbers")
    hall.write("etc/motcua/credentials/controller", "secret")
    return hall


def test_removed_it_stops_the_hall_and_keeps_what_is_the_hall_s(hall: DebianRoot) -> None:
    with_data(hall)

    assert hall.dpkg("--remove", "motcua") == 0, hall.said("dpkg")

    assert f"stop {UPDATE} backup-motcua.* motcua-*.service motcua.target" in hall.said("systemctl")
    left = {path.name for path in hall.root.rglob("*") if "motcua" in path.parts[-1]}
    assert not {"motcua-controller.service", "motcua.target"} & left
    assert not hall.home.exists()
    assert not (hall.root / "opt/motcua").is_symlink()
    assert hall.read("var/lib/motcua/controller/journal.sqlite") == "numbers"
    assert hall.read("etc/motcua/credentials/controller") == "secret"
    assert hall.read("etc/motcua/hall.yaml") == packaged.YAML


def test_installed_again_it_goes_on_with_what_was_kept(
    hall: DebianRoot, packages: Packages
) -> None:
    with_data(hall).dpkg("--remove", "motcua")

    assert hall.dpkg("-i", packages.version("2")) == 0, hall.said("dpkg")

    assert hall.running() == "2"
    assert hall.read("var/lib/motcua/controller/journal.sqlite") == "numbers"


def test_purged_it_empties_a_partition_that_is_mounted_for_its_data(hall: DebianRoot) -> None:
    place = hall.root / "var/lib/motcua"
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=True)
    try:
        with_data(hall)

        assert hall.dpkg("--purge", "motcua") == 0, hall.said("dpkg")

        assert [*place.iterdir()] == []
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_purged_it_takes_numbers_and_passwords_along_but_not_the_technician_s_file(
    hall: DebianRoot,
) -> None:
    with_data(hall)

    assert hall.dpkg("--purge", "motcua") == 0, hall.said("dpkg")

    assert not (hall.root / "var/lib/motcua").exists()
    assert not (hall.root / "etc/motcua/credentials").exists()
    assert not (hall.root / "etc/mosquitto/motcua.acl").exists()
    assert hall.read("etc/motcua/hall.yaml") == packaged.YAML


# --- cut off in the middle ---

_STEPS = ("cp", "mv", "ln", "rm", "sync", "systemctl")


def killing_at(step: int, folder: Path, programs: Path) -> Path:
    """Programs of which the one that is started as number `step` kills who started it instead."""
    folder.mkdir(exist_ok=True)
    (folder / "count").write_text("0\n", encoding="utf-8")
    for name in _STEPS:
        real = programs / name if (programs / name).exists() else shutil.which(name)
        script = (
            f"#!/bin/sh\nread n <{folder}/count; n=$((n + 1)); echo $n >{folder}/count\n"
            f'[ $n != {step} ] || kill -9 $PPID\nexec {real} "$@"\n'
        )
        (folder / name).write_text(script, encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def boot(hall: DebianRoot) -> None:
    """What recover-motcua.service does, on its condition."""
    if (hall.home / "trial").is_symlink():
        assert hall.switch("back") == 0


def cuts(hall: DebianRoot, place: Path, *words: str) -> Iterator[int]:
    """The switch's own work, killed at each of its steps in turn; the last time it ends."""
    step = 0
    while True:
        step += 1
        copy = DebianRoot(place / f"root{step}", hall.ledger, hall.programs)
        shutil.copytree(hall.root, copy.root, symlinks=True)
        path = killing_at(step, place / "killing", hall.programs)
        status = copy.switch(*words, path=path)
        yield from check_cut(copy, words)
        shutil.rmtree(copy.root)
        if status == 0:
            return


def check_cut(hall: DebianRoot, words: tuple[str, ...]) -> Iterator[int]:
    boot(hall)
    assert hall.running() in {"1", "2"}, words
    assert not (hall.home / "trial").is_symlink()
    yield 1


@pytest.mark.parametrize("words", [("stage", "2"), ("try",), ("keep",), ("back",)])
def test_power_cut_at_any_step_leaves_one_version_whole(
    words: tuple[str, ...], hall: DebianRoot, packages: Packages, tmp_path: Path
) -> None:
    hall.dpkg("-i", packages.version("2"))
    if words in {("keep",), ("back",)}:
        hall.switch("try")

    assert sum(cuts(hall, tmp_path / "cuts", *words)) > 5


def test_a_trial_that_the_power_cut_is_told(hall: DebianRoot, packages: Packages) -> None:
    hall.dpkg("-i", packages.version("2"))
    hall.write("var/lib/motcua/.keep", "")
    hall.switch("try")

    boot(hall)

    assert outcome.read(hall.root / outcome.FILE) == Outcome("interrupted", "2")
    assert "việc thử phiên bản 2 bị ngắt giữa chừng" in describe(Installation(hall.root))


@pytest.mark.parametrize("rename", [1, 6, 20])
def test_dpkg_killed_while_it_unpacks_leaves_the_hall_as_it_was(
    rename: int, hall: DebianRoot, packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = f"inject=rename,renameat,renameat2:signal=KILL:when={rename}"
    strace = ("strace", "-qq", "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2", "-e")

    assert hall.dpkg("-i", packages.version("2"), before=(*strace, kill)) != 0
    boot(hall)
    assert hall.running() == "1"

    assert hall.dpkg("-i", packages.version("2")) == 0, hall.said("dpkg")
    assert roll_out(hall, monkeypatch) == Outcome("kept", "2")


TOLD = {
    "full": "đĩa hết chỗ",
    "no inodes": "đĩa hết chỗ",
    "read-only": "ổ hệ thống đang chỉ đọc",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_takes_nothing_leaves_the_hall_as_it_was(
    fault: str, packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        hall = debian_root(tmp_path, disk.place / "root")
        hall.dpkg("-i", packages.version("1"))
        hall.runs_a_hall()
        new = packages.version("2")

        disk.hurt(fault)
        assert hall.dpkg("-i", new) != 0
        assert reason_of(hall.said("dpkg")).startswith(TOLD[fault])
        assert hall.running() == "1"
        disk.heal()
        assert hall.dpkg("-i", new) == 0, hall.said("dpkg")

        disk.hurt(fault)
        assert roll_out(hall, monkeypatch).verdict == "returned"
        assert hall.running() == "1"
        disk.heal()
        hall.dpkg("-i", new)
        assert roll_out(hall, monkeypatch) == Outcome("kept", "2")


def test_the_way_back_needs_no_room(packages: Packages, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        hall = debian_root(tmp_path, disk.place / "root")
        hall.dpkg("-i", packages.version("1"))
        hall.runs_a_hall()
        hall.dpkg("-i", packages.version("2"))
        assert hall.switch("try") == 0
        assert hall.running() == "2"

        disk.hurt("full")
        boot(hall)

        assert hall.running() == "1"
