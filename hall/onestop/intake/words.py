"""The built-in words of `words.toml`, keyed as they are compared."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from hall.onestop.intake.cells import bare, plain


@cache
def columns(table: str) -> Mapping[str, str]:
    """What each heading of a kind of table means, by the heading's plain letters."""
    return {plain(word): name for name, words in _loaded()[table].items() for word in words}


@cache
def names(table: str) -> tuple[str, ...]:
    """Every meaning that a column of this kind of table may have."""
    return tuple(_loaded()[table])


@cache
def report_fields() -> Mapping[str, str]:
    """The provincial report's names of the contract's figures."""
    return {plain(word): path for word, path in _loaded()["report"].items()}


@cache
def statuses() -> Mapping[str, int]:
    """The national portal's number of each wording of a state."""
    rows = _loaded()["statuses"].items()
    return {state(word): int(number) for number, words in rows for word in words}


def state(text: str) -> str:
    """A state as it is compared: no case, accents or marks, one blank between words."""
    return " ".join("".join(c if c.isalnum() else " " for c in bare(text)).split())


@cache
def _loaded() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))
