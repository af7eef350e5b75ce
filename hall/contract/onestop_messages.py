"""What the one-stop software and its gateway publish, retained: `ext/onestop/…`."""

from typing import Literal

from pydantic import Field

from hall.contract.words import (
    Count,
    Day,
    Excerpt,
    Mark,
    Serial,
    ShortText,
    Text,
    Time,
    Whole,
    WireModel,
)


class OnestopStatus(WireModel):
    state: Literal["ready", "lost"]
    source: ShortText = ""
    conn: Mark


class ReceivedFigures(WireModel):
    """`direct_or_postal`: both together, where a supplier does not tell them apart."""

    total: Count | None = None
    carried_over: Count | None = None
    online: Count | None = None
    direct: Count | None = None
    postal: Count | None = None
    direct_or_postal: Count | None = None


class Resolved(WireModel):
    total: Count | None = None
    early: Count | None = None
    on_time: Count | None = None
    early_or_on_time: Count | None = None
    overdue: Count | None = None


class Pending(WireModel):
    total: Count | None = None
    in_time: Count | None = None
    overdue: Count | None = None


class Postal(WireModel):
    received: Count | None = None
    returned: Count | None = None


class Stated(WireModel):
    """A supplier's own percentage ("99,55"), only to be compared with ours."""

    name: ShortText
    percent: ShortText


class FieldFigures(WireModel):
    field: ShortText
    received: ReceivedFigures | None = None
    resolved: Resolved | None = None
    pending: Pending | None = None


class Portion(WireModel):
    """How many of how many; the total names what it is a part of."""

    done: Count | None = None
    total: Count | None = None


class Indicators(WireModel):
    """The groups of QĐ 766/QĐ-TTg beside progress and digitisation, where a supplier has them.

    `public`: procedures published of all; `online`: dossiers filed online; `paid_online`: payments
    made online; `satisfied`: people satisfied of those asked.
    """

    public: Portion | None = None
    online: Portion | None = None
    paid_online: Portion | None = None
    satisfied: Portion | None = None


class Period(WireModel):
    """`kind`: a period of the calendar. `reappointed`: dossiers that were given another day.

    `unclear`: dossiers whose state or days were not understood; they are in no other count.
    """

    id: ShortText
    kind: Literal["day", "month", "quarter", "year"] | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    received: ReceivedFigures | None = None
    to_resolve: Count | None = None
    resolved: Resolved | None = None
    pending: Pending | None = None
    paused: Pending | None = None
    postal: Postal | None = None
    digitised: Portion | None = None
    unclear: Count | None = None
    reappointed: Count | None = None
    indicators: Indicators | None = None
    stated: tuple[Stated, ...] = ()
    fields: tuple[FieldFigures, ...] = ()


class Figures(WireModel):
    """Integers only, never percentages; null or absent = not known, never 0.

    `unit`: the body whose figures they are; it may have several halls.
    """

    as_of: Time
    source: ShortText = ""
    unit: ShortText = ""
    periods: tuple[Period, ...] = ()


class Catalogue(WireModel):
    """Announces the procedures; the content comes by `catalogue-chunk`, `sha256` over all of it."""

    ver: Whole | ShortText
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    count: Count
    chunks: Count
    chunk_size: Serial = Field(le=32 * 1024)


class Notice(WireModel):
    lines: tuple[Text, ...] = ()


class FeedRefusal(WireModel):
    """What the gateway refused of the one-stop software's last message on `topic`, and why.

    `topic` is below the hall; `field` a path as `periods[0].resolved.total`. `text` is Vietnamese,
    `text_en` the same in English.
    """

    topic: ShortText
    field: ShortText
    expected: ShortText
    got: Excerpt
    text: Text
    text_en: Text
    at: Time
