"""What the documents point to is there: files, commands, units."""

import re
from pathlib import Path

import pytest

from hall.cli.__main__ import COMMANDS
from hall.contract.roles import COMMON_ALERTS, ROLES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"(?:`|\$ |sudo |\./)motcua ([a-z][a-z-]*)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FOLDERS = "bench|config|display|docs|firmware_bridge|hall|kiosk|printer|systemd|tests"
# A file of the project, where no part of the name is left open (NAME, *, {id}).
FILE = re.compile(rf"`((?:{FOLDERS})/(?!\S*NAME)[\w./@-]+)`")
PROVISION = re.compile(r"^\| 5\.(\d+) [^|]+\| (met|partly|not met) \| (.+) \|$", re.MULTILINE)
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_named_is_there(document: Path) -> None:
    named = FILE.findall(document.read_text(encoding="utf-8"))

    assert not [file for file in named if not (ROOT / file).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_test_named_is_there(document: Path) -> None:
    named = TEST.findall(document.read_text(encoding="utf-8"))

    assert not [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or f"def {test}(" not in (ROOT / file).read_text("utf-8")
    ]


def test_the_fault_matrix_names_tests() -> None:
    assert len(TEST.findall((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))) > 20


def test_each_provision_of_the_standard_has_a_verdict_and_evidence() -> None:
    """ETSI EN 303 645 has thirteen; what is not wholly met says what is missing."""
    rows = PROVISION.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))

    assert [int(number) for number, _verdict, _how in rows] == list(range(1, 14))
    assert not [row for row in rows if not re.search(r"`[^`]+`|\]\(", row[2])]
    assert not [row for row in rows if (row[1] == "met") == ("**Not met:**" in row[2])]


def test_the_head_of_the_hall_is_told_what_every_alert_asks() -> None:
    text = (ROOT / "docs" / "head-of-hall.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if re.search(r"\(`[a-z_]+`", line)]
    told = [code for cell in rows for code in re.findall(r"`([a-z_]+)`", cell)]

    assert sorted(told) == sorted({*COMMON_ALERTS, *(a for r in ROLES.values() for a in r.alerts)})
