"""Each `motcua …` of the documents is taken by the command line: commands, options, their number.

Nothing is executed. What runs a manual's commands for good are the tests of the installed hall.
"""

import importlib
import re

import pytest
from documented_commands import ELSEWHERE, DocumentedCommand, documented
from documented_shell import NOT_TYPED, ROOT, in_the_hall, unused_rows

from hall.cli.__main__ import COMMANDS, main

ALL = sorted({(each.document, each.words): each for each in documented()}.items())


@pytest.mark.parametrize(
    "command", [each for _, each in ALL], ids=lambda each: f"{each.document}: {each.words[:60]}"
)
def test_a_command_is_taken_as_it_is_written(
    command: DocumentedCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = command.argv
    obeyed: list[object] = []
    if argv[0] in COMMANDS:
        module = importlib.import_module(f"hall.cli.{COMMANDS[argv[0]][0]}")
        monkeypatch.setattr(module, "main", lambda args: obeyed.append(args) or 0)

    try:
        status = main(argv)
    except SystemExit as end:
        status = int(end.code or 0)

    assert status == 0, argv
    assert obeyed or "--help" in argv


def test_the_manuals_are_full_of_commands() -> None:
    told = {each.document for each in documented()}

    assert {"docs/technician.md", "docs/package.md", "docs/bus.md"} <= told
    assert len(ALL) > 40


def test_the_table_of_what_is_not_typed_has_a_row_for_nothing_that_is_gone() -> None:
    assert unused_rows() == []
    assert in_the_hall()


def test_what_is_said_to_run_elsewhere_is_there() -> None:
    """Every test, script or folder that a reason names."""
    reasons = [row.why for row in NOT_TYPED] + [*ELSEWHERE.values()]
    named = {place for why in reasons for place in re.findall(r"tests/[\w./-]+", why)}

    assert len(named) > 10
    assert [place for place in named if not (ROOT / place.rstrip(".")).exists()] == []
