"""The names of recorded clips: plain ASCII, whatever is said in them. Pure."""

import re
import unicodedata

_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {"\u0302": {"a": "a", "e": "e", "o": "o"}, "\u0306": {"a": "w"}, "\u031b": {}}


def clip_name(text: str) -> str:
    """The file's name, typed as in Telex: "mười" → "muwowfi"; plain ASCII on any computer."""
    plain = unicodedata.normalize("NFC", text.strip().lower()).translate({ord("đ"): "dd"})
    letters = "".join(_telex(c) for c in plain)
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def _telex(letter: str) -> str:
    base, *marks = tuple(unicodedata.normalize("NFD", letter))
    shape = "".join(_SHAPES[mark].get(base, "w") for mark in marks if mark in _SHAPES)
    return base + shape + "".join(_TONES.get(mark, "") for mark in marks)
