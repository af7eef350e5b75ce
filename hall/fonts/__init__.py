"""The vendored fonts: where each weight lies, and which letters each family can draw.

A letter a font lacks is drawn blank by SDL_ttf, without a sign: ask `runs` before drawing.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


class Weight(StrEnum):
    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"


class Family(StrEnum):
    """Be Vietnam Pro is the face of the hall; Noto Sans draws what it lacks (Jarai, Bahnar)."""

    BE_VIETNAM = "BeVietnamPro"
    NOTO = "NotoSans"


_HEAVY = (Weight.SEMIBOLD, Weight.BOLD)


def path(weight: Weight, family: Family = Family.BE_VIETNAM) -> Path:
    """The TTF of a weight; Noto Sans has two, the nearest is given."""
    if family is Family.NOTO:
        weight = Weight.BOLD if weight in _HEAVY else Weight.REGULAR
    return _HERE / f"{family.value}-{weight.value}.ttf"


@cache
def letters(family: Family) -> frozenset[int]:
    """The codepoints every weight of the family can draw (`coverage-*.txt`, hexadecimal ranges)."""
    text = (_HERE / f"coverage-{family.value}.txt").read_text("ascii")
    spans = (line.partition("-") for line in text.split())
    return frozenset(
        point
        for first, _, last in spans
        for point in range(int(first, 16), int(last or first, 16) + 1)
    )


def covers(text: str, family: Family = Family.BE_VIETNAM) -> bool:
    return letters(family).issuperset(map(ord, text))


def runs(text: str) -> tuple[tuple[Family, str], ...]:
    """Split into stretches one family can draw; a combining mark stays with its letter.

    What neither family has is given to Noto Sans, which draws its box for a missing letter.
    """
    if covers(text):
        return ((Family.BE_VIETNAM, text),) if text else ()
    parts: list[tuple[Family, str]] = []
    for cluster in _clusters(text):
        family = Family.BE_VIETNAM if covers(cluster) else Family.NOTO
        if parts and parts[-1][0] is family:
            parts[-1] = (family, parts[-1][1] + cluster)
        else:
            parts.append((family, cluster))
    return tuple(parts)


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for letter in text:
        if clusters and "\u0300" <= letter <= "\u036f":
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters
