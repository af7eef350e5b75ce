"""The figures as the screens say them: counts, percentages with their totals, age, doubts. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.contract.onestop_messages import FieldFigures, Figures, Period
from hall.figures import freshness, shares
from hall.figures.doubts import doubts
from hall.figures.freshness import Age
from hall.figures.shares import Base, Share, Timeliness
from kiosk.model.state import KioskModel
from kiosk.wording import Wording

_MONTHS_OF_QUARTER = 3
_YEAR = re.compile(r"(19|20)\d\d")
# The last quarter is what is usually told; what ended earlier says how long ago that was.
_RECENT_MONTHS = 3
_LEAST_YEARS = 2


@dataclass(frozen=True, slots=True)
class Count:
    """A line of figures; `text` is "chưa có số liệu" where the count is not known."""

    label: str
    text: str
    known: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of work: how many were resolved, and the share of overdue among them.

    `overdue` is None where only what was received is told: then `count` is of that.
    """

    name: str
    count: int
    in_time: int = 0
    overdue: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One period, ready to be drawn.

    `disputed`: groups that do not agree with themselves; `reasons`: why, in Vietnamese.
    `indicators`: shares of other totals, by the name of their text.
    """

    title: str
    as_of: str
    age: Age
    timely: Timeliness
    progress: Share
    received: int | None
    resolved: int | None
    pending: Count
    pending_overdue: Count
    disputed: frozenset[str]
    reasons: tuple[str, ...]
    indicators: tuple[Share, ...]
    fields: tuple[FieldLine, ...]
    source: str

    @property
    def shared(self) -> bool:
        """Whether there is a share in time to draw, or that it is in doubt to say."""
        return self.doubted or self.timely.early_or_on_time.percent is not None

    @property
    def doubted(self) -> bool:
        """Whether percentages of what was resolved must not stand as facts."""
        return "resolved" in self.disputed


def facts(told: Figures | None, place: int, wall: datetime, words: Wording) -> Facts | None:
    """The period at this place of the list; None where there is nothing to show any more."""
    age = freshness.age(told, wall)
    if told is None or age is Age.HIDDEN or not told.periods:
        return None
    period = told.periods[min(place, len(told.periods) - 1)]
    pending = period.pending
    return Facts(
        title=title(period, words),
        as_of=" · ".join(
            part for part in (as_of(told, wall, words), past(period, wall, words)) if part
        ),
        age=age,
        timely=shares.timeliness(period),
        progress=shares.progress(period),
        received=shares.total_of(period, Base.RECEIVED),
        resolved=shares.total_of(period, Base.RESOLVED),
        pending=_count("figures.pending", shares.pending_total(pending), words),
        pending_overdue=_count(
            "figures.pending_overdue", pending.overdue if pending else None, words
        ),
        disputed=frozenset(str(doubt.about) for doubt in doubts(period)),
        reasons=tuple(doubt.text for doubt in doubts(period)),
        indicators=shares.indicators(period),
        fields=_fields(period.fields),
        source=" – ".join(part for part in (told.unit, told.source) if part),
    )


def number(count: int | None, words: Wording) -> str:
    return words("figures.no_data") if count is None else shares.number_text(count)


def share(part: Share, words: Wording) -> str:
    """The percentage, or the words for none."""
    value = part.percent
    return words("figures.no_data") if value is None else shares.percent_text(value)


def base(part: Share, words: Wording) -> str:
    """What a percentage is a part of: it never stands without."""
    if part.total is None:
        return ""
    return words(f"figures.base_{part.base.name.lower()}", total=shares.number_text(part.total))


def as_of(told: Figures, wall: datetime, words: Wording) -> str:
    local = told.as_of.astimezone(wall.tzinfo)
    if local.date() == wall.date():
        return words("figures.as_of", time=f"{local:%H:%M}")
    return words("figures.as_of_day", time=f"{local:%H:%M}", date=f"{local:%d/%m/%Y}")


def past(period: Period, wall: datetime, words: Wording) -> str:
    """How long ago the period ended; nothing where it is the last one, or its end is not known."""
    try:
        last = date.fromisoformat(period.to or f"{period.id}-12-31")
    except ValueError:
        return ""
    months = 12 * (wall.year - last.year) + wall.month - last.month
    if months <= _RECENT_MONTHS:
        return ""
    if months < 12 * _LEAST_YEARS:
        return words("figures.past_months", n=months)
    return words("figures.past_years", n=months // 12)


def title(period: Period, words: Wording) -> str:  # noqa: PLR0911 - one for each kind of span
    """A month, a quarter or a year by its name, else its first and last day."""
    if period.from_ is None or period.to is None:
        return words("figures.year", year=period.id) if _YEAR.fullmatch(period.id) else period.id
    try:
        first, last = date.fromisoformat(period.from_), date.fromisoformat(period.to)
    except ValueError:
        return period.id
    if first == last:
        return f"{first:%d/%m/%Y}"
    if first.day == 1 and first.year == last.year and _ends_month(last):
        months = last.month - first.month + 1
        if months == 1:
            return words("figures.month", month=first.month, year=first.year)
        if months == _MONTHS_OF_QUARTER and first.month % _MONTHS_OF_QUARTER == 1:
            quarter = (first.month + 2) // _MONTHS_OF_QUARTER
            return words("figures.quarter", quarter=quarter, year=first.year)
        if (first.month, last.month) == (1, 12):
            return words("figures.year", year=first.year)
    return words("figures.span", start=f"{first:%d/%m/%Y}", end=f"{last:%d/%m/%Y}")


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _count(key: str, count: int | None, words: Wording) -> Count:
    return Count(words(key), number(count, words), count is not None)


def _fields(told: tuple[FieldFigures, ...]) -> tuple[FieldLine, ...]:
    """Fields whose every part is known, the greatest first; else by what they received."""
    lines = []
    for each in told:
        timely = shares.timeliness(Period(id="", resolved=each.resolved))
        in_time, overdue = timely.early_or_on_time.count, timely.overdue.count
        if in_time is not None and overdue is not None:
            lines.append(FieldLine(each.field, in_time + overdue, in_time, overdue))
    if not lines:
        lines = [
            FieldLine(each.field, received)
            for each in told
            if (received := shares.received_total(each.received)) is not None
        ]
    return tuple(sorted(lines, key=lambda line: -line.count))


def cut_off(model: KioskModel, words: Wording) -> str | None:
    """What stands by the figures while the one-stop side is away."""
    told = model.world.figures
    if model.world.onestop_ready(model.now) or told is None:
        return None
    local = told.as_of.astimezone(model.wall.tzinfo)
    return words("figures.cut_off", time=f"{local:%H:%M}")
