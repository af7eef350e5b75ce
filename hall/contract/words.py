"""The vocabulary of the wire: names and texts that are checked or cleaned as they come in."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_BLANKS = re.compile(r"[\t\r\n\v\f\u0085\u2028\u2029]+")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
# What a scanner may be set to send ahead of a code: its symbology (ISO/IEC 15424).
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_PERSONAL = re.compile(r"\d{9,12}(?:[|;].*)?|IDVNM.*|.*<<.*")
# JavaScript, SQLite and many JSON readers hold no greater integer exactly.
_GREATEST = 2**53 - 1
_EXCERPT = 80
# What people put between the letter and the digits of a number.
_BETWEEN = frozenset(" \t\r\n.-_\u200b\u2013")
# The kind of mistake, as pydantic tells it.
PERSONAL = "personal_number"
_SHORT = 200
_LONG = 2000


def clean(text: str) -> str:
    """Make outside text safe to show: NFC, one line, no control, format or private characters."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        # Nearly every text: nothing in it is more than a blank too many.
        return " ".join(text.split())
    flat = _BLANKS.sub(" ", text)
    kept = "".join(c for c in flat if not unicodedata.category(c).startswith("C"))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _long_text(value: object) -> object:
    return _cut(clean(value), _LONG) if isinstance(value, str) else value


def _short_text(value: object) -> object:
    return _cut(clean(value), _SHORT) if isinstance(value, str) else value


def _excerpt(value: object) -> object:
    return _cut(clean(value), _EXCERPT) if isinstance(value, str) else value


def _as_said(value: object) -> object:
    """A number as a person types it: "a 006" and "A-6" are A006 and A6."""
    if not isinstance(value, str) or len(value) > _SHORT:
        return value
    return "".join(c for c in unicodedata.normalize("NFKC", value).upper() if c not in _BETWEEN)


def _clean_if_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _number(value: object) -> object:
    """JSON Schema's integer: 12 and 12.0, but neither "12" nor true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not an integer")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def _iso(value: object) -> object:
    """Only ISO 8601: pydantic alone also takes a count of seconds."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and _ISO.match(value)):
        raise ValueError("not an ISO 8601 time")
    return value


def _in_range(value: datetime) -> datetime:
    """At either end of the calendar a change of time zone overflows."""
    if not 1 < value.year < 9999:  # noqa: PLR2004
        raise ValueError("year out of range")
    return value


def _milliseconds(value: datetime) -> datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def _real_day(value: str) -> str:
    date.fromisoformat(value)
    return value


def is_personal(text: str) -> bool:
    """Whether a key is an identity, insurance or telephone number, or the content of a card.

    Such a number is 9 to 12 digits and nothing else. A card's QR has more behind a bar or
    semicolon, its machine-readable lines begin with IDVNM and are filled up with <<.
    """
    return _PERSONAL.fullmatch(without_symbology("".join(text.split()))) is not None


def without_symbology(text: str) -> str:
    """What was scanned, without the symbology that a scanner puts ahead of it."""
    return _AIM.sub("", text)


def _bare_if_text(value: object) -> object:
    cleaned = _clean_if_text(value)
    return without_symbology(cleaned) if isinstance(cleaned, str) else cleaned


def _opaque(value: str) -> str:
    if is_personal(value):
        raise PydanticCustomError(PERSONAL, "an identity number is no opaque key")
    return value


# A text that is too long is cut, not refused: one long name must not hide all figures.
Text = Annotated[str, BeforeValidator(_long_text), Field(max_length=_LONG)]
ShortText = Annotated[str, BeforeValidator(_short_text), Field(max_length=_SHORT)]
Excerpt = Annotated[str, BeforeValidator(_excerpt), Field(max_length=_EXCERPT)]
FaceText = Annotated[str, BeforeValidator(_clean_if_text), Field(max_length=12)]
DossierCode = Annotated[str, BeforeValidator(_clean_if_text), Field(min_length=1, max_length=64)]
PersonKey = Annotated[str, Field(pattern=r"^[!-~]{1,64}$"), AfterValidator(_opaque)]
LONGEST_CODE = 64
AppointmentCode = Annotated[
    str,
    BeforeValidator(_bare_if_text),
    Field(min_length=1, max_length=LONGEST_CODE),
    AfterValidator(_opaque),
]
Mark = Annotated[str, Field(pattern=r"^[ -~]{0,64}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
ClientId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
HallId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
RequestId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,6}$")]
# Whoever of the staff asked: a mark of the hall's own, no name.
Staff = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
SaidNumber = Annotated[str, BeforeValidator(_as_said), Field(pattern=r"^[A-Z0-9]{1,12}$")]
TicketId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
# A ticket's id, and the controller's mark on it: who has no paper cannot make one up.
TURN_FORM = r"[0-9]{1,9}-[0-9]{1,9}-[0-9]{1,9}-[A-Z2-7]{13}"
TurnToken = Annotated[str, Field(pattern=f"^{TURN_FORM}$", max_length=43)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Lang = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_iso), AfterValidator(_in_range)]
Time = Annotated[Moment, AfterValidator(_milliseconds)]
Whole = Annotated[int, BeforeValidator(_number), Field(ge=-_GREATEST, le=_GREATEST)]
Count = Annotated[int, BeforeValidator(_number), Field(ge=0, le=_GREATEST)]
Serial = Annotated[int, BeforeValidator(_number), Field(ge=1, le=_GREATEST)]
Flag = Annotated[bool, Field(strict=True)]


class WireModel(BaseModel):
    """Base of everything on the wire. Readers ignore unknown fields; values never change."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)


class Envelope(WireModel):
    """What every message carries beside its content."""

    version: Serial = Field(alias="schema")
    hall: HallId
    src: ClientId
    ts: Moment | None = None
