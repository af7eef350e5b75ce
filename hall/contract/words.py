"""The vocabulary of the wire: names and texts that are checked or cleaned as they come in."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

_BLANKS = re.compile(r"[\t\r\n\v\f\u0085\u2028\u2029]+")


def clean(text: str) -> str:
    """Make outside text safe to show: NFC, one line, no control, format or private characters."""
    flat = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    kept = "".join(c for c in flat if not unicodedata.category(c).startswith("C"))
    return " ".join(kept.split())


def _clean_if_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _whole_seconds(value: datetime) -> datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


Text = Annotated[str, BeforeValidator(_clean_if_text), Field(max_length=2000)]
ShortText = Annotated[str, BeforeValidator(_clean_if_text), Field(max_length=200)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
ClientId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
HallId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
RequestId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,6}$")]
TicketId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Lang = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Time = Annotated[AwareDatetime, AfterValidator(_whole_seconds)]
Count = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """Base of everything on the wire. Readers ignore unknown fields; values never change."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Envelope(Part):
    """What every message carries beside its content."""

    version: int = Field(alias="schema", ge=1)
    hall: HallId
    src: ClientId
    ts: AwareDatetime | None = None
