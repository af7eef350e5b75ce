"""One row a role: what it is called, its package, section, unit and client id agree everywhere."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hall.cli.checking import parts
from hall.cli.checking.hallfile import hall_file
from hall.contract.rights import kind_of
from hall.contract.roles import PROGRAMS, ROLES, Program
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
DEMO = (ROOT / "config" / "demo.yaml").read_text(encoding="utf-8")
BESIDE_A_VENDOR = re.sub(r"^onestop: .*$", "onestop: {driver: mqtt}", DEMO, flags=re.MULTILINE)
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


def clients_of(yaml: str, role: str, folder: Path) -> Iterator[str]:
    """The kinds of client that a role is, where all of the hall is simulated."""
    file = folder / "hall.yaml"
    file.write_text(yaml, encoding="utf-8")
    clock, broker = SystemClock(), MemoryBroker()
    with ExitStack() as stack:
        ground = Ground(
            "demo", clock, folder, lambda c: broker.bus(c, "demo", clock), headless=True
        )
        for wanted in parts.wanted([role]):
            for daemon in wanted.build(settings.read(file), ground, None):
                stack.callback(daemon.service.stop)
                yield kind_of(daemon.name)


@each_program
def test_a_role_is_the_client_of_its_row(program: Program, tmp_path: Path) -> None:
    found = {
        kind
        for yaml in (DEMO, BESIDE_A_VENDOR)
        for kind in clients_of(yaml, program.role, tmp_path)
    }

    assert found == {role.kind for role in ROLES.values() if role.program is program}


@each_program
def test_a_role_reads_its_section(program: Program) -> None:
    here = hall_file().model_json_schema()
    defined = here.pop("$defs")
    for key in program.section:
        ways = (defined[ref] for ref in re.findall(r"#/\$defs/(\w+)", str(here)))
        (here,) = (
            each["properties"][key] for each in (here, *ways) if key in each.get("properties", {})
        )

    assert here


@each_program
def test_a_role_has_a_unit_a_user_and_a_password(program: Program) -> None:
    names = filter(None, (program.unit, program.window_unit))
    users = (UNITS / "sysusers.d" / "motcua.conf").read_text(encoding="utf-8")

    assert f"u motcua-{program.role} " in users
    for name in names:
        unit = (UNITS / f"{name}.service").read_text(encoding="utf-8")
        assert f"-m {program.package} -c" in unit
        assert f"User=motcua-{program.role}\n" in unit


def test_every_unit_is_of_a_role() -> None:
    known = {program.unit for program in PROGRAMS.values()}
    known |= {program.window_unit for program in PROGRAMS.values() if program.window_unit}
    reached = tomllib.loads((UNITS / "reach.toml").read_text(encoding="utf-8"))["reach"]

    assert {file.stem for file in UNITS.glob("motcua-*.service")} == known
    assert {row["unit"] for row in reached} <= known


@each_program
def test_the_manual_starts_the_role(program: Program) -> None:
    manual = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")

    assert program.unit in manual
