"""What the documents point to is there: files, commands, units."""

import re
from pathlib import Path

import pytest

from hall.cli.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"(?:`|\$ |sudo |\./)motcua ([a-z][a-z-]*)")
UNIT = re.compile(r"\b(motcua-[a-z]+@?)(?:[a-z]+-\d)?")


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))

    assert not [link for link in links if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_named_is_one(document: Path) -> None:
    named = set(COMMAND.findall(document.read_text(encoding="utf-8")))

    assert named <= {*COMMANDS, "test", "wheels"}


def test_the_technician_enables_units_that_exist() -> None:
    text = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")
    enabled = " ".join(line for line in text.splitlines() if "systemctl enable" in line)
    units = {unit.stem for unit in (ROOT / "systemd").glob("motcua*.*")}

    assert enabled
    assert set(UNIT.findall(enabled)) <= units


def test_every_test_that_the_fault_matrix_names_is_there() -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)

    assert len(named) > 20
    assert not [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or f"def {test}(" not in (ROOT / file).read_text("utf-8")
    ]
