"""What the board says of the one-stop side's figures, and how far they can be believed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from display.board.model import BoardModel
from display.board.words import BoardWords, PeriodWords
from hall.contract.onestop_messages import Period
from hall.figures import freshness, shares
from hall.figures.doubts import doubts
from hall.figures.freshness import Age
from hall.figures.shares import NO_DATA, Base

# By the month in which it begins, divided by three.
_QUARTERS = ("I", "II", "III", "IV", "IV")


@dataclass(frozen=True, slots=True)
class FiguresPanel:
    """Figures of the one-stop side: labels with their counts, one share with its total's name."""

    title: str
    received: str
    in_time: str
    overdue: str
    share: float | None
    percent: str
    base: str
    as_of: str
    age: Age


def figures_panel(
    model: BoardModel, period_id: str, words: BoardWords, now: float, local: datetime
) -> FiguresPanel | None:
    """None when there is nothing that may be shown (never received, or older than a day)."""
    known = model.figures
    age = freshness.age(known, local)
    if known is None or age is Age.HIDDEN or not known.periods:
        return None
    period = next((p for p in known.periods if p.id == period_id), known.periods[0])
    share = shares.timeliness(period).early_or_on_time
    percent = share.percent
    return FiguresPanel(
        title=period_title(period, words.period),
        received=_known(shares.number_text(shares.total_of(period, Base.RECEIVED)), words),
        in_time=_known(share.count_text, words),
        overdue=_known(shares.timeliness(period).overdue.count_text, words),
        share=float(percent) / 100 if percent is not None else None,
        percent=_known(share.percent_text, words),
        base=words.period.base,
        as_of=_as_of(model, period, words, now, local),
        age=Age.AMBER if model.onestop_lost(now) or _disputed(period) else age,
    )


def _known(text: str, words: BoardWords) -> str:
    return words.glossary.figures.no_data if text == NO_DATA else text


def _as_of(
    model: BoardModel, period: Period, words: BoardWords, now: float, local: datetime
) -> str:
    """The time of the figures, and what makes them doubtful; told, never repaired."""
    when = _when(model, words, local)
    if model.onestop_lost(now):
        return f"{words.period.cut_off} · {when}"
    return f"{words.glossary.figures.disputed} · {when}" if _disputed(period) else when


def _when(model: BoardModel, words: BoardWords, local: datetime) -> str:
    if model.figures is None:
        return words.glossary.figures.no_data
    at = model.figures.as_of.astimezone(local.tzinfo)
    form = words.period.as_of if at.date() == local.date() else words.period.as_of_day
    return form.format(at=at)


def _disputed(period: Period) -> bool:
    shown = ("received", "resolved", "to_resolve")
    return any(doubt.about in shown for doubt in doubts(period))


def period_title(period: Period, words: PeriodWords) -> str:
    """The period in words, by its own days where it tells them."""
    if period.from_ is None or period.to is None:
        return words.files
    first, last = (datetime.fromisoformat(day) for day in (period.from_, period.to))
    form = words.span
    if first == last:
        form = words.day
    elif (first.year, first.month) == (last.year, last.month) and first.day == 1:
        form = words.month
    elif first.day == 1 and first.month % 3 == 1 and _quarter_ends(first, last):
        form = words.quarter
    elif (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        form = words.year
    return form.format(first=first, last=last, quarter=_QUARTERS[first.month // 3])


def _quarter_ends(first: datetime, last: datetime) -> bool:
    after = last + timedelta(days=1)
    return (after.year * 12 + after.month) - (first.year * 12 + first.month) == 3 and after.day == 1  # noqa: PLR2004
