"""What the emulated hall takes out of the manual and the lock for another machine than this one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from emulated import installation, manual
from emulated.wheels import Target, locked

LOCK = """\
plain==1.0 \\
    --hash=sha256:00
    # via something
windows==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:11
board==3.0 ; platform_machine == 'aarch64' and sys_platform == 'linux' \\
    --hash=sha256:22
old==4.0 ; python_full_version < '3.12' \\
    --hash=sha256:33
"""


def test_the_manual_names_the_packages_of_a_hall_with_a_kiosk() -> None:
    assert {"mosquitto", "cage", "python3-venv"} <= set(manual.packages())


def test_the_blocks_of_a_heading_end_with_it() -> None:
    office, here = manual.blocks("Nơi không có mạng")

    assert "motcua wheels" in office
    assert "git clone" not in here


def test_a_heading_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        manual.blocks("2.9")


@dataclass
class Typist:
    """A machine on which every command succeeds."""

    typed: list[str] = field(default_factory=list)

    def ask(self, command: str, seconds: float = 0.0) -> str:  # noqa: ARG002
        self.typed.append(command)
        return "tốt"

    def write(self, path: str, content: bytes) -> None: ...

    def read(self, path: str) -> bytes:
        return path.encode()


def test_a_hall_is_opened_by_the_manual_s_own_commands(tmp_path: Path) -> None:
    machine: Any = Typist()

    installation.unpack(machine)
    installation.open_hall(machine, tmp_path / "kept" / "ca.crt")

    typed = "\n".join(machine.typed)
    assert "motcua ca --write / --name 10.0.2.15 --name 127.0.0.1" in typed
    assert "enable --now motcua-printer@printer-1 motcua-bridge@bridge-1 motcua-printer" in typed
    assert "motcua-board" not in typed
    assert (tmp_path / "kept" / "ca.crt").read_bytes() == b"/etc/motcua/ca.crt"


def test_markers_are_judged_for_the_other_machine() -> None:
    kept = locked(LOCK, Target("3.13"))

    assert [line.split(" ")[0] for line in kept.splitlines() if "==" in line] == [
        "plain==1.0",
        "board==3.0",
    ]
    assert kept.count("--hash") == 2
    assert " ; " not in kept
