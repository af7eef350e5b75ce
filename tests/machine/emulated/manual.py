"""docs/technician.md as its reader follows it: the shell blocks under a heading, in order."""

import re
from itertools import pairwise
from pathlib import Path

MANUAL = Path(__file__).parents[3] / "docs" / "technician.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ ", re.MULTILINE)
_INSTALL = re.compile(r"^\s*sudo apt-get install -y ([^#\n]+)", re.MULTILINE)


def blocks(heading: str) -> list[str]:
    """The blocks between this heading and the next one of any level. Raises KeyError."""
    text = MANUAL.read_text(encoding="utf-8")
    plain = _without_blocks(text)
    heads = [head.start() for head in _HEADING.finditer(plain)]
    for start, end in pairwise([*heads, len(text)]):
        if plain[start:].partition("\n")[0].lstrip("# ") == heading:
            return _BLOCK.findall(text[start:end])
    raise KeyError(heading)


def packages() -> list[str]:
    """Every Debian package that the manual has installed."""
    lists = _INSTALL.findall("\n".join(blocks("2.2 Phần mềm")))
    return sorted({name for each in lists for name in each.split()})


def _without_blocks(text: str) -> str:
    """As long as the text, its blocks blotted out: a comment in a block is no heading."""
    return _BLOCK.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
