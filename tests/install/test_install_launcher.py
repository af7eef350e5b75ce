"""`./motcua` on machines that lack things: what it installs, what it says, what it leaves alone."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = "sh env readlink cat rm mkdir ln mv find grep sed flock sha256sum cp chmod sync"
TEST_TOOLS = """
mosquitto_pub Xvfb xdotool cage seatd Xwayland import chromium chromedriver espeak-ng aplay socat
tesseract zbarimg strace rsync mbpoll faketime qemu-system-arm systemd-analyze
pg_lsclusters
"""
MACHINE_TOOLS = """
qemu-system-aarch64 qemu-aarch64-static fdtput depmod cpio xz mkfs.ext4 openssl tesseract
"""
PYTHON = """#!/bin/sh
echo "$@" >> "$LEDGER/python"
case $* in
  "-m venv "*)
    mkdir -p "$3/bin" "$3/lib/python3.11/site-packages/pygame-2.6.1.dist-info"
    cp "$0" "$3/bin/python"
    for tool in ruff lint-imports mypy; do
        printf '#!/bin/sh\\necho %s "$@" >> "$LEDGER/checks"\\n[ ! -e "$LEDGER/%s-fails" ]\\n' \\
            $tool $tool > "$3/bin/$tool"
    done
    chmod +x "$3/bin/"* ;;
  *"-m pip "*) [ ! -e "$LEDGER/pip-fails" ] ;;
  *"-m pytest"*) echo "${PYTHONDONTWRITEBYTECODE:-kept}" >> "$LEDGER/compiled"
    echo "3 passed in 0.01s"; [ ! -e "$LEDGER/pytest-fails" ] ;;
  "-m hall.cli"*) shift 2; for word; do printf '<%s>' "$word"; done; echo; pwd ;;
esac
"""
APT = """#!/bin/sh
echo "$@" >> "$LEDGER/apt"
[ ! -e "$LEDGER/apt-fails" ]
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine with exactly the programs given to it, and a tree that was just cloned."""

    bin: Path
    ledger: Path
    tree: Path

    def has(self, name: str, script: str = "#!/bin/sh\n") -> None:
        program = self.bin / name
        program.unlink(missing_ok=True)
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)

    def fails(self, program: str) -> None:
        (self.ledger / f"{program}-fails").touch()

    def heals(self, program: str) -> None:
        (self.ledger / f"{program}-fails").unlink()

    def read(self, ledger: str) -> str:
        written = self.ledger / ledger
        return written.read_text(encoding="utf-8") if written.exists() else ""

    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.bin),
            "LEDGER": str(self.ledger),
            "HOME": str(self.ledger / "home"),
        }

    def run(
        self,
        *words: str,
        cwd: Path | None = None,
        launcher: Path | None = None,
        user: int | None = None,
        without: tuple[str, ...] = (),
        **environ: str,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [launcher or self.tree / "motcua", *words],
            cwd=cwd,
            env={k: v for k, v in self.environment().items() if k not in without} | environ,
            user=user,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def environments_built(self) -> int:
        return self.read("python").count("-m venv")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An ordinary user without sudo; Python and the broker are there."""
    made = Machine(tmp_path / "bin", tmp_path / "ledger", tmp_path / "clone")
    for folder in (made.bin, made.ledger, made.tree):
        folder.mkdir()
    for name in NEEDED.split():
        found = shutil.which(name)
        assert found, name
        (made.bin / name).symlink_to(found)
    shutil.copy(ROOT / "motcua", made.tree)
    for lock in ("requirements.lock", "requirements-province.lock", "requirements-dev.lock"):
        (made.tree / lock).write_text("one==1\n", encoding="utf-8")
    made.has("python3.11", PYTHON)
    (made.bin / "python3").symlink_to(made.bin / "python3.11")
    made.has("id", "#!/bin/sh\necho 1000\n")
    made.has("mosquitto")
    return made


def become_root(machine: Machine) -> None:
    machine.has("id", "#!/bin/sh\necho 0\n")
    machine.has("apt-get", APT)


def test_the_arguments_arrive_as_they_were_given(machine: Machine, tmp_path: Path) -> None:
    done = machine.run("check", "-c", "a file.yaml", "", cwd=tmp_path)

    assert done.stdout.splitlines() == ["<check><-c><a file.yaml><>", str(tmp_path)]
    assert done.returncode == 0


def test_a_second_start_prepares_nothing(machine: Machine) -> None:
    machine.run("check")
    before = machine.read("python")

    again = machine.run("check")

    assert machine.read("python").removeprefix(before) == "-m hall.cli check\n"
    assert again.stderr == ""


def test_it_works_through_a_symlink_from_anywhere(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "on-the-path"
    link.symlink_to(machine.tree / "motcua")

    assert machine.run("state", cwd=Path("/"), launcher=link).stdout.splitlines() == [
        "<state>",
        "/",
    ]


def test_libraries_are_only_taken_with_the_hashes_of_the_lock(machine: Machine) -> None:
    machine.run("state")

    installs = [line for line in machine.read("python").splitlines() if "-m pip" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    # Resolving anew would fail on the day a newer release of some package comes out.
    assert "--no-deps" in installs[0]
    assert installs[0].endswith(f"-r {machine.tree}/requirements.lock")


def test_with_a_folder_of_wheels_nothing_is_asked_of_a_network(machine: Machine) -> None:
    (machine.tree / "wheels").mkdir()

    machine.run("state")

    [install] = [line for line in machine.read("python").splitlines() if "-m pip" in line]
    assert "--require-hashes" in install
    assert f"--no-index --find-links {machine.tree}/wheels" in install


def test_a_folder_of_wheels_that_does_not_fit_is_named(machine: Machine) -> None:
    (machine.tree / "wheels").mkdir()
    machine.fails("pip")

    done = machine.run("state")

    assert done.returncode == 2
    assert f"{machine.tree}/wheels thiếu" in done.stderr


def test_the_wheels_for_a_machine_without_a_network_are_those_of_the_lock(
    machine: Machine,
) -> None:
    done = machine.run("wheels")

    gathered = machine.read("python").splitlines()[-1]
    assert gathered.startswith("-m pip download")
    assert "--require-hashes" in gathered
    assert gathered.endswith(
        f"-d {machine.tree}/wheels -r {machine.tree}/requirements-province.lock"
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_wheels_for_another_kind_of_machine_are_of_its_kind(machine: Machine) -> None:
    done = machine.run("wheels", "--arch", "arm64")

    gathered = machine.read("python").splitlines()[-1]
    platforms = {word for word in gathered.split() if "linux" in word}
    assert done.returncode == 0, done.stderr
    assert {"manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64"} < platforms
    assert all(word.endswith("_aarch64") for word in platforms)
    assert "--require-hashes" in gathered


def test_a_kind_of_machine_that_nobody_serves_is_named(machine: Machine) -> None:
    done = machine.run("wheels", "--arch", "armhf")

    assert (done.returncode, "không hiểu '--arch armhf'" in done.stderr) == (2, True)


def test_the_lock_names_every_package_that_another_one_needs() -> None:
    """Of what is installed here, which came from the lock and from nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout


def test_the_user_s_own_pip_settings_are_not_overridden(machine: Machine) -> None:
    machine.run("state")

    assert not [
        word for word in ("--index-url", "--isolated", "--proxy") if word in machine.read("python")
    ]


def test_a_half_made_environment_is_never_used(machine: Machine) -> None:
    machine.fails("pip")
    broken = machine.run("state")
    machine.heals("pip")

    healed = machine.run("state")

    assert (broken.returncode, broken.stdout) == (2, "")
    assert "kiểm tra mạng" in broken.stderr
    assert healed.stdout.startswith("<state>")
    assert machine.environments_built() == 2


def test_another_lock_makes_another_environment(machine: Machine) -> None:
    machine.run("state")
    (machine.tree / "requirements.lock").write_text("one==2\n", encoding="utf-8")

    machine.run("state")

    assert machine.environments_built() == 2


def test_many_first_starts_at_once_build_one_environment(machine: Machine) -> None:
    starts = [
        subprocess.Popen(
            [machine.tree / "motcua", "state"],
            env=machine.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(4)
    ]

    answers = [start.communicate(timeout=300)[0] for start in starts]

    assert all(answer.startswith("<state>") for answer in answers)
    assert machine.environments_built() == 1


def test_dot_venv_leads_to_the_environment(machine: Machine) -> None:
    machine.run("state")

    assert (machine.tree / ".venv" / "bin" / "python").exists()


def test_a_dot_venv_made_by_hand_is_left_alone(machine: Machine) -> None:
    (machine.tree / ".venv").mkdir()
    (machine.tree / ".venv" / "mine").touch()

    assert machine.run("state").returncode == 0
    assert [file.name for file in (machine.tree / ".venv").iterdir()] == ["mine"]


def points_to(machine: Machine) -> Path:
    return (machine.tree / ".venv").resolve()


def want(machine: Machine, libraries: str) -> None:
    (machine.tree / "requirements.lock").write_text(libraries, encoding="utf-8")


def test_units_get_the_libraries_of_their_tree_also_after_a_step_back(machine: Machine) -> None:
    machine.run("check")
    first = points_to(machine)
    want(machine, "two==2\n")
    machine.run("check")
    second = points_to(machine)

    want(machine, "one==1\n")
    machine.run("check")
    back = points_to(machine)
    want(machine, "two==2\n")
    machine.run("check")

    assert first != second
    assert (back, points_to(machine)) == (first, second)
    assert machine.environments_built() == 2


def test_a_link_that_was_lost_is_made_again(machine: Machine) -> None:
    machine.run("check")
    meant = points_to(machine)
    (machine.tree / ".venv").unlink()

    machine.run("check")

    assert points_to(machine) == meant


def compilations(machine: Machine) -> list[str]:
    return [line for line in machine.read("python").splitlines() if "compileall" in line]


def test_the_code_is_compiled_for_units_once_and_again_after_a_change(machine: Machine) -> None:
    """They may not write beside it, and would compile it at each of their starts."""
    code = machine.tree / "hall" / "ticket.py"
    code.parent.mkdir()
    code.touch()

    for _ in range(2):
        machine.run("check")
    [whole] = compilations(machine)
    assert "-m compileall -qq -f" in whole
    assert str(code.parent) in whole

    later = (machine.tree / ".venv" / "compiled").stat().st_mtime + 1
    os.utime(code, (later, later))
    machine.run("check")
    assert [" -f " in line for line in compilations(machine)] == [True, False]


def test_code_that_could_not_be_kept_is_run_all_the_same(machine: Machine) -> None:
    (machine.tree / "hall").mkdir()
    machine.has("sync", "#!/bin/sh\nexit 1\n")

    assert machine.run("check").returncode == 0
    machine.has("sync")
    machine.run("check")

    assert len(compilations(machine)) == 2


def test_the_tests_own_environment_serves_people_too(machine: Machine) -> None:
    machine.run("check")
    for tool in (TEST_TOOLS + MACHINE_TOOLS).split():
        machine.has(tool)
    machine.run("test")
    tested = points_to(machine)

    machine.run("check")

    assert tested.name.startswith("test-")
    assert points_to(machine) == tested


def test_what_units_still_run_is_not_removed_for_its_age_and_older_ones_are(
    machine: Machine,
) -> None:
    """Sixty days apart: the environment before the last one is nobody's any more."""
    seen = []
    for libraries in ("one==1\n", "two==2\n", "three==3\n"):
        want(machine, libraries)
        machine.run("check")
        seen.append(points_to(machine))
        os.utime(seen[-1], (0, 0))

    assert [environment.exists() for environment in seen] == [False, True, True]


def test_what_somebody_runs_is_not_removed_for_its_age(machine: Machine) -> None:
    """Of another tree, in the same cache: no `.venv` names it."""
    machine.run("check")
    running = machine.tree / ".venvs" / "run-of-another-tree"
    running.mkdir()
    program = running / "python"
    shutil.copy("/bin/sleep", program)
    os.utime(running, (0, 0))

    hall = subprocess.Popen([program, "300"])
    want(machine, "two==2\n")
    machine.run("check")
    kept = running.exists()
    hall.kill()
    hall.wait()
    assert kept

    want(machine, "three==3\n")
    machine.run("check")
    assert not running.exists()


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every user may walk through, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


def closed_to_strangers(machine: Machine, place: Path) -> Machine:
    """The same machine where every user may look, its tree written by the owner alone."""
    for part in (machine.bin, machine.tree, machine.ledger):
        shutil.copytree(part, place / part.name, symlinks=True)
    moved = Machine(place / "bin", place / "ledger", place / "clone")
    (moved.bin / "python3").unlink()
    (moved.bin / "python3").symlink_to(moved.bin / "python3.11")
    moved.tree.chmod(0o555)
    moved.ledger.chmod(0o777)
    return moved


def stranger() -> int | None:
    return 65534 if os.getuid() == 0 else None


def test_a_tree_that_may_not_be_written_keeps_its_environment_in_the_cache(
    machine: Machine, open_place: Path
) -> None:
    moved = closed_to_strangers(machine, open_place)

    done = moved.run("state", user=stranger())

    assert done.returncode == 0, done.stderr
    assert list((moved.ledger / "home" / ".cache" / "motcua").glob("run-*/complete"))


@pytest.mark.parametrize("home", ["home", ""])
def test_what_the_owner_of_the_tree_prepared_serves_every_user(
    machine: Machine, open_place: Path, home: str
) -> None:
    moved = closed_to_strangers(machine, open_place)
    moved.tree.chmod(0o755)
    moved.run("state")
    moved.tree.chmod(0o555)
    (moved.ledger / "python").chmod(0o666)

    done = moved.run("check", user=stranger(), without=() if home else ("HOME",))

    assert (done.stdout.splitlines()[0], done.returncode) == ("<check>", 0), done.stderr
    assert moved.environments_built() == 1


def test_without_root_one_line_says_what_to_install(machine: Machine) -> None:
    done = machine.run("test")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "hãy chạy: sudo apt-get install -y" in done.stderr
    assert "xvfb xdotool cage xwayland imagemagick chromium" in done.stderr


def test_a_command_without_hall_asks_for_no_broker(machine: Machine) -> None:
    (machine.bin / "mosquitto").unlink()

    assert machine.run("check").returncode == 0


def test_root_gets_what_is_missing_installed(machine: Machine) -> None:
    become_root(machine)

    machine.run("test")

    installs = [line for line in machine.read("apt").splitlines() if " install " in line]
    assert len(installs) == 1
    assert "mosquitto-clients" in installs[0]


def test_old_package_lists_are_refreshed_before_giving_up(machine: Machine) -> None:
    become_root(machine)
    machine.fails("apt")

    done = machine.run("test")

    assert "update" in machine.read("apt")
    assert done.returncode == 2
    assert "chưa cài được" in done.stderr.splitlines()[-1]


def test_a_machine_without_python_is_told_so(machine: Machine) -> None:
    (machine.bin / "python3").unlink()
    (machine.bin / "python3.11").unlink()

    done = machine.run("demo")

    assert done.returncode == 2
    assert "python3 python3-venv" in done.stderr


def test_a_python_that_is_too_old_is_not_used(machine: Machine) -> None:
    (machine.bin / "python3").unlink()
    (machine.bin / "python3.11").rename(machine.bin / "python3.9")
    (machine.bin / "python3").symlink_to(machine.bin / "python3.9")

    assert machine.run("check").returncode == 2
    assert machine.environments_built() == 0


def with_all_tools(machine: Machine) -> Machine:
    for tool in TEST_TOOLS.split():
        machine.has(tool)
    return machine


def test_test_runs_the_static_checks_and_ends_with_the_runner_s_line(machine: Machine) -> None:
    done = with_all_tools(machine).run("test")

    assert machine.read("checks").splitlines() == [
        "ruff format --check .",
        "ruff check .",
        "lint-imports",
        "mypy",
    ]
    assert (done.stdout.splitlines()[-1], done.returncode) == ("3 passed in 0.01s", 0)


def test_the_screens_are_tested_on_the_other_pygame_too(machine: Machine) -> None:
    lock = "pygame-ce==2.5.8 ; python_full_version >= '3.14' \\\n    --hash=sha256:0027bd\nsix==1\n"
    (machine.tree / "requirements-dev.lock").write_text(lock, encoding="utf-8")

    with_all_tools(machine).run("test")

    [folder] = (machine.tree / ".venvs").glob("pygame-ce-*")
    wanted = (folder / "lock").read_text(encoding="utf-8")
    assert wanted == "pygame-ce==2.5.8 \\\n    --hash=sha256:0027bd\n"
    said = machine.read("python").splitlines()
    assert f"--require-hashes --target {folder} -r {folder}/lock" in "\n".join(said)
    (paths,) = [line.removeprefix("-m pytest -q ") for line in said if "tests/screen" in line]
    assert {"tests/screen", "tests/kiosk/screens", "tests/display/board"} <= {*paths.split()}
    assert all((ROOT / path).exists() for path in paths.split())


def test_a_failed_static_check_fails_the_test_run(machine: Machine) -> None:
    with_all_tools(machine).fails("mypy")

    done = machine.run("test")

    assert done.returncode == 1
    assert "mypy" in done.stderr.splitlines()[-1]
    assert "3 passed" in done.stdout


def test_chosen_tests_run_alone_and_with_their_options(machine: Machine) -> None:
    (machine.tree / "tests").mkdir()

    with_all_tools(machine).run("test", "-x", "--faults", "full", "tests")

    assert machine.read("checks") == ""
    assert machine.read("python").splitlines()[-1] == "-m pytest -x --faults full tests"


LOCK = """pydantic==2.0 \\
    --hash=sha256:aa
pytest==9.0 ; python_version < "4" \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via -r requirements-dev.in
ruff==1.0 \\
    --hash=sha256:dd
"""


def with_tests(machine: Machine, *folders: str) -> Machine:
    for folder in folders:
        (machine.tree / "tests" / folder).mkdir(parents=True)
    return machine


def test_tests_of_the_core_need_no_program_and_few_libraries(machine: Machine) -> None:
    (machine.tree / "requirements-dev.lock").write_text(LOCK, encoding="utf-8")

    done = with_tests(machine, "queueing").run("test", "-q", "tests/queueing")

    assert (done.returncode, done.stdout) == (0, "3 passed in 0.01s\n"), done.stderr
    [install] = [line for line in machine.read("python").splitlines() if "-m pip" in line]
    lock = Path(install.split(" -r ")[1]).read_text(encoding="utf-8")
    hashes = "    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    assert lock == f"pytest==9.0 \\\n{hashes}"
    assert not (machine.tree / ".venv").exists()


def words_of(name: str) -> list[str]:
    """The words of one of the launcher's lists."""
    return (ROOT / "motcua").read_text(encoding="utf-8").split(f"{name}='")[1].split("'")[0].split()


def test_tests_of_the_core_are_collected_with_those_libraries_alone(tmp_path: Path) -> None:
    for name in words_of("libraries_of_pure_tests"):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            (tmp_path / top).unlink(missing_ok=True)
            (tmp_path / top).symlink_to(str(found.locate_file(top)))
    folders = [f"tests/{folder}" for folder in words_of("pure_tests")]

    done = subprocess.run(
        [sys.executable, "-S", "-m", "pytest", "-q", "--collect-only", *folders],
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "tests collected" in done.stdout


@pytest.mark.parametrize(
    ("folders", "asked"),
    [
        (["firmware_bridge"], "mbpoll qemu-system-arm socat"),
        (["queueing", "counter"], "chromium chromium-driver"),
    ],
)
def test_the_programs_that_the_named_tests_need_are_asked_for(
    machine: Machine, folders: list[str], asked: str
) -> None:
    named = [f"tests/{folder}" for folder in folders]
    done = with_tests(machine, *folders).run("test", *named)

    assert done.returncode == 2
    said = done.stderr.split("còn thiếu ")[1].split(" – ")[0]
    assert sorted(said.split()) == asked.split()


def test_without_a_folder_of_tests_every_program_is_asked_for(machine: Machine) -> None:
    done = with_tests(machine, "queueing").run("test", "-k", "queueing", "tests")

    assert "chromium" in done.stderr


def table_of_tools() -> dict[str, set[str]]:
    launcher = (ROOT / "motcua").read_text(encoding="utf-8")
    lines = launcher.split("tools_for_tests='")[1].split("'")[0].splitlines()
    return {tool: set(folders) for tool, _, *folders in map(str.split, lines)}


@pytest.mark.parametrize(("tool", "folders"), table_of_tools().items())
def test_a_program_is_asked_for_wherever_tests_name_it(tool: str, folders: set[str]) -> None:
    words = [f'"{tool}"'] + (["mark.broker"] if tool == "mosquitto" else [])
    naming = {
        file.relative_to(ROOT / "tests").parts[0]
        for file in (ROOT / "tests").rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in words)
    }

    # Those of the launcher name all; what stands in the kit is used by other folders.
    # The emulated hall's manual names what is installed there.
    assert naming - {"install", "kit", "machine", "emulated"} <= folders


def test_the_emulated_machine_is_tested_alone_and_with_tools_of_its_own(machine: Machine) -> None:
    for tool in MACHINE_TOOLS.split():
        machine.has(tool)

    done = machine.run("test", "--machine", "bookworm")

    assert machine.read("python").splitlines()[-1] == "-m pytest tests/machine --machine bookworm"
    assert machine.read("checks") == ""
    assert done.stdout.splitlines()[-1] == "3 passed in 0.01s"


def test_what_tests_compile_is_kept_for_the_interpreters_that_they_start(machine: Machine) -> None:
    with_all_tools(machine).run("test", PYTHONDONTWRITEBYTECODE="1")

    assert {*machine.read("compiled").split()} == {"kept"}


def test_failing_tests_fail_the_command(machine: Machine) -> None:
    with_all_tools(machine).fails("pytest")

    assert machine.run("test").returncode != 0


def test_mutants_are_planted_two_at_a_time_and_nothing_else_is_run(machine: Machine) -> None:
    with_all_tools(machine).run("test", "--mutants", "-x")

    runs = [line for line in machine.read("python").splitlines() if "-m pytest" in line]
    assert runs == ["-m pytest -n 2 --dist=load tests/mutants --mutants -x"]
    assert machine.read("checks") == ""


def test_what_judges_our_tickets_is_fetched_before_the_tests(machine: Machine) -> None:
    script = machine.tree / "tests" / "printer" / "fetch-verifiers"
    script.parent.mkdir(parents=True)
    script.touch(mode=0o755)

    with_all_tools(machine).run("test", "-x", "tests")

    said = machine.read("python").splitlines()
    assert said[-2:] == ["tests/printer/fetch-verifiers", "-m pytest -x tests"]
