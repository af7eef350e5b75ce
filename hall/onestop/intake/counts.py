"""Counts, read in the style of their whole column: 1.075 is a thousand only where dots group."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hall.onestop.intake.cells import Cell, Unclear, readable, unescaped

# No unit of the country has counted so many dossiers; more is a code or a phone number.
GREATEST = 999_999_999
_ABSENT = frozenset({"", "-", "–", "—", "…", "...", "null", "none", "n/a", "#n/a", "na"})
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
# "120 hồ sơ" says no more than 120.
_UNIT = re.compile(r"(?<=\d) ?(?:bộ )?(?:hồ sơ|hs|lượt)$")
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+", re.ASCII)
_PLAIN = re.compile(r"\d+", re.ASCII)
_FRACTION = re.compile(r"(\d+)[.,](\d+)", re.ASCII)
_ONE_GROUP = {mark: re.compile(rf"[1-9]\d{{0,2}}\{mark}\d{{3}}", re.ASCII) for mark in ".,"}
_GROUPS = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}}){{2,}}", re.ASCII) for mark in ".,"}
_BOTH = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})+([.,])(\d+)", re.ASCII)
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """What a column's cells tell of one mark. `maybe` counts cells such as 1.075.

    `round_only`: all of those end in three zeros, as decimals written with three places do.
    """

    groups: bool = False
    decimals: bool = False
    maybe: int = 0
    round_only: bool = True


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a column writes numbers: the evidence of all its cells."""

    dot: Mark = Mark()
    comma: Mark = Mark()

    def groups(self, mark: str) -> bool:
        """Whether a single group after this mark means thousands, beyond doubt."""
        mine, other = (self.dot, self.comma) if mark == "." else (self.comma, self.dot)
        if mine.decimals or other.groups:
            return False
        if other.maybe or (mine.round_only and mine.maybe >= _SEVERAL and not mine.groups):
            return mine.groups
        return True


def judge(cells: Iterable[Cell]) -> NumberStyle:
    style = NumberStyle()
    for cell in cells:
        if isinstance(cell, str):
            style = _seen(style, _normal(cell))
    return style


def read_count(cell: Cell, style: NumberStyle) -> int | None:
    """The count, None where the cell says that there is none. Raises Unclear."""
    cell = readable(cell)
    if isinstance(cell, datetime):
        raise Unclear("là ngày, không phải số đếm")
    number = _typed(cell) if isinstance(cell, int | float) else _written(_normal(cell), style)
    if number is not None and number > GREATEST:
        raise Unclear("số quá lớn")
    return number


def _typed(cell: float) -> int:
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Unclear("không phải là số đếm")
    if cell < 0:
        raise Unclear("số âm")
    if cell != int(cell):
        raise Unclear("số lẻ, không phải số đếm (1.070 bị đổi thành 1,07?)")
    return int(cell)


def _normal(text: str) -> str:
    told = _BLANKS.sub(" ", unicodedata.normalize("NFKC", unescaped(text))).strip().casefold()
    return _UNIT.sub("", told)


def _seen(style: NumberStyle, text: str) -> NumberStyle:
    both = _BOTH.fullmatch(text)
    if both and both[1] != both[2]:
        return _with(_with(style, both[1], groups=True), both[2], decimals=True)
    for mark in ".,":
        if _GROUPS[mark].fullmatch(text):
            return _with(style, mark, groups=True)
        if _ONE_GROUP[mark].fullmatch(text):
            mine = style.dot if mark == "." else style.comma
            rounds = mine.round_only and text.endswith("000")
            return _put(style, mark, replace(mine, maybe=mine.maybe + 1, round_only=rounds))
        if mark in text and (found := _FRACTION.fullmatch(text)) and _is_decimal(found):
            return _with(style, mark, decimals=True)
    return style


def _is_decimal(found: re.Match[str]) -> bool:
    """884.00 and 0.884 are decimals. 1.07 is no count in any style, and witness of none."""
    return found[1] == "0" or not found[2].strip("0")


def _with(
    style: NumberStyle, mark: str, *, groups: bool = False, decimals: bool = False
) -> NumberStyle:
    mine = style.dot if mark == "." else style.comma
    seen = replace(mine, groups=mine.groups or groups, decimals=mine.decimals or decimals)
    return _put(style, mark, seen)


def _put(style: NumberStyle, mark: str, seen: Mark) -> NumberStyle:
    return replace(style, dot=seen) if mark == "." else replace(style, comma=seen)


def _written(text: str, style: NumberStyle) -> int | None:
    if text in _ABSENT:
        return None
    if _PLAIN.fullmatch(text):
        return int(text) if len(text) < 16 else GREATEST + 1  # noqa: PLR2004 - too large anyway
    if _SPACED.fullmatch(text):
        return int(text.replace(" ", ""))
    both = _BOTH.fullmatch(text)
    if both and both[1] != both[2]:
        return _whole(text.replace(both[1], "").replace(both[2], "."))
    for mark in ".,":
        if _GROUPS[mark].fullmatch(text) or _ONE_GROUP[mark].fullmatch(text):
            return _grouped(text, mark, style)
    if _FRACTION.fullmatch(text):
        return _whole(text.replace(",", "."))
    raise Unclear(_reason(text))


def _grouped(text: str, mark: str, style: NumberStyle) -> int:
    if _ONE_GROUP[mark].fullmatch(text) and not style.groups(mark):
        raise Unclear(f"không rõ dấu “{mark}” ngăn hàng nghìn hay phần thập phân")
    return int(text.replace(mark, ""))


def _whole(text: str) -> int:
    """884.00 is 884; anything after the point but zeros is no count."""
    whole, _, rest = text.partition(".")
    if rest.strip("0"):
        raise Unclear("số lẻ, không phải số đếm (1.070 bị đổi thành 1,07?)")
    return int(whole) if len(whole) < 16 else GREATEST + 1  # noqa: PLR2004 - too large anyway


def _reason(text: str) -> str:
    if text.endswith("%"):
        return "là tỷ lệ, không phải số đếm"
    if text.startswith(("-", "−", "(")):
        return "số âm"
    return "không phải là số đếm"
