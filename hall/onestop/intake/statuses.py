"""What a supplier calls a dossier's state, as the national portal's 1–10. Nothing is guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hall.onestop.dossiers import STATUSES
from hall.onestop.intake import words
from hall.onestop.intake.cells import Cell, Unclear, readable, text_of

# How a supplier adds timeliness to a state; it is counted from the dates, not from here.
_TAIL = re.compile(r" (?:truoc|som|dung|trong|qua|tre)(?: va dung)? han$")
_LED = re.compile(r"(\d{1,3})(?: (.+))?", re.ASCII)
_FLOAT = re.compile(r"(\d{1,3})[.,]0+", re.ASCII)
_OWN_NUMBERS = 0.2


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """`own_numbers`: the column's numbers are a maker's own, not the national portal's.

    `given`: the hall's own words, accents and case aside.
    """

    own_numbers: bool = False
    given: tuple[tuple[str, int], ...] = ()


def judge(cells: Iterable[Cell], given: Mapping[str, int] | None = None) -> StatusStyle:
    """Where more than a fifth of the numbers are none of the portal's, none of them is."""
    numbers = foreign = 0
    for cell in cells:
        found = _LED.fullmatch(_normal(cell))
        if found is not None and found[2] is None:
            numbers += 1
            foreign += int(found[1]) not in STATUSES
    own = foreign > numbers * _OWN_NUMBERS and foreign > 1
    return StatusStyle(
        own, tuple((words.state(text), code) for text, code in (given or {}).items())
    )


def read_status(cell: Cell, style: StatusStyle) -> int:
    """1 to 10, or another whole number as it stands. Raises Unclear."""
    text = _normal(readable(cell))
    for word, code in style.given:
        if word == text:
            return code
    if not text:
        raise Unclear("thiếu trạng thái")
    found = _LED.fullmatch(text)
    if found is None:
        return _worded(text)
    if style.own_numbers:
        raise Unclear("cột dùng mã trạng thái riêng, không phải 1–10")
    number = int(found[1])
    if found[2] is not None and _worded(found[2]) != number:
        raise Unclear("số và chữ của trạng thái khác nhau")
    return number


def _normal(cell: Cell) -> str:
    """4.0 is 4: so a program writes the numbers of a column that has blanks."""
    text = text_of(cell)
    found = _FLOAT.fullmatch(text)
    return found[1] if found else words.state(text)


def _worded(text: str) -> int:
    known = words.statuses().get(text) or words.statuses().get(_TAIL.sub("", text))
    if known is None:
        raise Unclear("trạng thái chưa rõ nghĩa")
    return known
