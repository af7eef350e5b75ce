"""The one gate through which every outside text passes on its way to paper."""

import unicodedata

from hall import fonts
from hall.contract import words
from hall.fonts import Family

LIMIT = 120
# An address is of no use when its end is missing.
CODE_LIMIT = 1000


def clean(text: str, limit: int = LIMIT) -> str:
    """One NFC line of what can be drawn, at most `limit` long; cut off, it ends in '…'.

    No control, format or private characters; no pictures (emoji) that the fonts lack.
    """
    shown = "".join(letter for letter in words.clean(text) if not _boxed(letter))
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _boxed(letter: str) -> bool:
    """A picture would be drawn as an empty box; a foreign letter is, so that somebody asks."""
    picture = unicodedata.category(letter) in ("So", "Sk")
    return picture and not any(fonts.covers(letter, family) for family in Family)
