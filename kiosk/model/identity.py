"""Reads the QR of an identity card down to an age class; all else is dropped here, unlogged."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hall.contract.words import without_symbology

AgeClass = Literal["under_16", "16_59", "60_74", "75_79", "80_plus"]
ELDERLY: frozenset[AgeClass | None] = frozenset({"75_79", "80_plus"})
Reason = Literal[
    "too_long",
    "not_identity",
    "mrz",
    "bare_id",
    "bad_separator",
    "control_bytes",
    "too_few_fields",
    "health_insurance",
    "bad_id",
    "bad_birth_date",
]
_LONGEST = 1024
_FEWEST = 6
_USUAL = 7
_ID = re.compile(r"\d{12}", re.ASCII)
_DATE = re.compile(r"(\d{2})/?(\d{2})/?(\d{4})", re.ASCII)
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f]")
# A scanner may be set to send what stands between the fields as a control character.
_SEPARATOR = re.compile("[|;\u0000-\u001f]")
_OUTER = "\ufeff\u0000\r\n\t \u0002\u0003"
_LIMITS: tuple[tuple[int, AgeClass], ...] = (
    (80, "80_plus"),
    (75, "75_79"),
    (60, "60_74"),
    (16, "16_59"),
)


@dataclass(frozen=True, slots=True)
class CardReading:
    """All that leaves the decoder. `flags` tell of oddities, not of the person."""

    age: AgeClass
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoCard:
    reason: Reason


def age_class(payload: str, today: date) -> AgeClass | None:
    match decode(payload, today):
        case CardReading(age=age):
            return age
        case NoCard():
            return None


def looks_like_identity(payload: str) -> bool:
    """Whether it must be kept away from look-ups: a card, an insurance card, a bare number."""
    text = without_symbology(payload.strip(_OUTER))
    if text.startswith("IDVNM") or "<<" in text:
        return True
    first = _SEPARATOR.split(text, maxsplit=1)[0].strip()
    return first.isdigit() and len(first) >= 9  # noqa: PLR2004 - the old ids' length


def decode(payload: str, today: date) -> CardReading | NoCard:
    """The age class as of `today`, or why there is none."""
    if len(payload) > _LONGEST:
        return NoCard("too_long")
    text = without_symbology(payload.strip(_OUTER))
    if text.startswith("IDVNM") or "<<" in text:
        return NoCard("mrz")
    if "|" not in text:
        return NoCard(_without_bars(text))
    if _CONTROL.search(text):
        return NoCard("control_bytes")
    return _fields([field.strip() for field in text.split("|")], today)


def _without_bars(text: str) -> Reason:
    if _ID.fullmatch(text):
        return "bare_id"
    return "bad_separator" if _ID.match(text) else "not_identity"


def _fields(fields: list[str], today: date) -> CardReading | NoCard:
    if len(fields) > 2 and (fields[-1] == "$" or _day(fields[2])) and _is_insurance(fields):  # noqa: PLR2004
        return NoCard("health_insurance")
    if not _ID.fullmatch(fields[0]):
        return NoCard("bad_id")
    if len(fields) < _FEWEST:
        return NoCard("too_few_fields")
    short = len(fields) == _FEWEST
    at = 2 if short and _day(fields[2]) else 3
    return _aged(fields[0], fields[at], today, ("six_fields",) if short else ())


def _is_insurance(fields: list[str]) -> bool:
    """Its name is hex UTF-8 before the birth date; an identity card's is text."""
    if fields[-1] == "$":
        return True
    name = fields[1]
    return len(name) > 12 and bool(re.fullmatch(r"[0-9a-fA-F]+", name))  # noqa: PLR2004


def _aged(number: str, given: str, today: date, flags: tuple[str, ...]) -> CardReading | NoCard:
    born = _day(given)
    if born is None or born > today:
        return NoCard("bad_birth_date")
    if given.startswith("0000"):
        flags = (*flags, "year_only")
    if _year_of(number) != born.year:
        flags = (*flags, "id_birth_mismatch")
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return CardReading(next((age for least, age in _LIMITS if years >= least), "under_16"), flags)


def _year_of(number: str) -> int:
    """The id's fourth digit tells gender and century, the next two the year."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    if day == month == 0:
        day = month = 1
    try:
        return date(year, month, day)
    except ValueError:
        return None
