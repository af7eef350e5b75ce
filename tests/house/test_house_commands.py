"""Each `motcua …` of the documents is taken by the command line: commands, options, their number.

Nothing is executed. What runs a manual's commands for good are the tests of the installed hall.
"""

import importlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hall.cli.__main__ import COMMANDS, main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^( *)```(?:sh)?\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
# In running text it is one to be typed where sudo goes before it or a file or port is named.
INLINE = re.compile(r"`((?:sudo )?(?:\S*/)?motcua [^`]*)`")
TYPED = re.compile(r"^sudo | (?:-c|--state|--port) ")
LINE = re.compile(r"`((?:sudo (?:\S*/)?motcua|(?:\./)?motcua (?=[^` ]+ ))[^`]*)`")
LINE = re.compile(r"^\s*(?:sudo )?(?:\S*/)?motcua ([a-z].*)$")
# What the launcher does before there is a Python, and what tells of several commands at once.
NOT_OURS = re.compile(r"^(test|wheels)\b|…|\[|\|")


@dataclass(frozen=True)
class DocumentedCommand:
    document: str
    words: str

    @property
    def argv(self) -> list[str]:
        """A placeholder, <số lớn nhất>, is a word like any other; where output goes is none."""
        words = re.sub(r"<[^>]*>", "1", self.words).partition(" > ")[0]
        return shlex.split(words, comments=True)


def documented() -> Iterator[DocumentedCommand]:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        lines = [line for block in BLOCK.finditer(text) for line in block[2].splitlines()]
        lines += [each for each in INLINE.findall(BLOCK.sub("", text)) if TYPED.search(each)]
        for line in lines:
            if (found := LINE.match(line)) and not NOT_OURS.search(found[1].partition(" #")[0]):
                yield DocumentedCommand(str(document.relative_to(ROOT)), found[1])


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
        module = importlib.import_module(COMMANDS[argv[0]][0])
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
