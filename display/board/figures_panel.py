"""What the board says of the one-stop side's figures, and how far they can be believed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from display.board.model import BoardModel
from hall.contract.onestop_messages import Period
from hall.figures import freshness, shares
from hall.figures.doubts import DISPUTED, doubts
from hall.figures.freshness import Age
from hall.figures.shares import Base

_QUARTERS = ("I", "II", "III", "IV")


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
    model: BoardModel, period_id: str, now: float, local: datetime
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
        title=period_title(period),
        received=shares.number_text(shares.total_of(period, Base.RECEIVED)),
        in_time=share.count_text,
        overdue=shares.timeliness(period).overdue.count_text,
        share=float(percent) / 100 if percent is not None else None,
        percent=share.percent_text,
        base=share.base.value,
        as_of=_as_of(model, period, now, local),
        age=Age.AMBER if model.onestop_lost(now) or _disputed(period) else age,
    )


def _as_of(model: BoardModel, period: Period, now: float, local: datetime) -> str:
    """The time of the figures, and what makes them doubtful; told, never repaired."""
    when = freshness.as_of_text(model.figures, local)
    if model.onestop_lost(now):
        return f"mất kết nối một cửa · {when}"
    return f"{DISPUTED} · {when}" if _disputed(period) else when


def _disputed(period: Period) -> bool:
    shown = ("received", "resolved", "to_resolve")
    return any(doubt.about in shown for doubt in doubts(period))


def period_title(period: Period) -> str:
    """The period in words, by its own days where it tells them."""
    if period.from_ is None or period.to is None:
        return "Hồ sơ"
    first, last = (datetime.fromisoformat(day) for day in (period.from_, period.to))
    if first == last:
        return f"Hồ sơ ngày {first:%d/%m/%Y}"
    if (first.year, first.month) == (last.year, last.month) and first.day == 1:
        return f"Hồ sơ tháng {first:%m/%Y}"
    if first.day == 1 and first.month % 3 == 1 and _quarter_ends(first, last):
        return f"Hồ sơ quý {_QUARTERS[first.month // 3]}/{first:%Y}"
    if (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        return f"Hồ sơ năm {first:%Y}"
    return f"Hồ sơ {first:%d/%m}–{last:%d/%m/%Y}"


def _quarter_ends(first: datetime, last: datetime) -> bool:
    after = last + timedelta(days=1)
    return (after.year * 12 + after.month) - (first.year * 12 + first.month) == 3 and after.day == 1  # noqa: PLR2004
