"""Percentages recomputed from counts, each with the total it is a part of; nothing is repaired.

A count the one-stop software does not give is None and reads "chưa có số liệu", never 0.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from hall.contract.onestop_messages import Pending, Period, Portion, ReceivedFigures, Resolved
from hall.wording.glossary import VIETNAMESE

_WORDS = VIETNAMESE.figures
NO_DATA = _WORDS.no_data


class Base(Enum):
    """What a percentage is a part of; its text stands beside the percentage on the screen."""

    RESOLVED = "trên số đã giải quyết"
    TO_RESOLVE = "trên tổng số phải giải quyết"
    RECEIVED = "trên số tiếp nhận"
    TO_DIGITISE = "trên số phải số hóa"
    PUBLISHED = "trên số thủ tục"
    FILED = "trên số hồ sơ nộp"
    PAID = "trên số lượt thanh toán"
    ASKED = "trên số người được hỏi"


@dataclass(frozen=True, slots=True)
class Share:
    """A count and the total it is a part of."""

    label: str
    count: int | None
    base: Base
    total: int | None

    @property
    def percent(self) -> Decimal | None:
        return percent(self.count, self.total)

    @property
    def count_text(self) -> str:
        return number_text(self.count)

    @property
    def percent_text(self) -> str:
        return percent_text(self.percent)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How the resolved dossiers stood to their time limit."""

    early: Share
    on_time: Share
    early_or_on_time: Share
    overdue: Share


def percent(count: int | None, total: int | None, decimals: int = 2) -> Decimal | None:
    """Round half up; never 100 while something remains, never 0 for something counted."""
    if count is None or total is None or not 0 <= count <= total or total == 0:
        return None
    step = Decimal(1).scaleb(-decimals)
    rounded = (Decimal(100 * count) / total).quantize(step, ROUND_HALF_UP)
    if count < total:
        rounded = min(rounded, 100 - step)
    return max(rounded, step) if count else rounded


def percent_text(value: Decimal | None) -> str:
    return NO_DATA if value is None else f"{value}%".replace(".", ",")


def number_text(count: int | None) -> str:
    return NO_DATA if count is None else f"{count:,}".replace(",", ".")


def timeliness(period: Period, base: Base = Base.RESOLVED) -> Timeliness:
    known = period.resolved or Resolved()
    together = _together(known)
    overdue = _overdue(known, together)
    total = total_of(period, base)
    return Timeliness(
        early=Share(_WORDS.early.lower(), known.early, base, total),
        on_time=Share(_WORDS.on_time.lower(), known.on_time, base, total),
        early_or_on_time=Share(_WORDS.early_or_on_time.lower(), together, base, total),
        overdue=Share(_WORDS.overdue.lower(), overdue, base, total),
    )


def progress(period: Period) -> Share:
    """How much of what was to be resolved is resolved."""
    return Share(
        "đã giải quyết",
        total_of(period, Base.RESOLVED),
        Base.TO_RESOLVE,
        total_of(period, Base.TO_RESOLVE),
    )


def digitised(period: Period) -> Share:
    part = period.digitised
    if part is None:
        return Share("đã số hóa", None, Base.TO_DIGITISE, None)
    return Share("đã số hóa", part.done, Base.TO_DIGITISE, part.total)


def indicators(period: Period) -> tuple[Share, ...]:
    """The groups of QĐ 766/QĐ-TTg that the supplier tells, digitisation among them."""
    told = [
        (_INDICATORS[base], portion, base)
        for base in _INDICATORS
        if (portion := _portion(period, base)) is not None
    ]
    shares = [Share(label, each.done, base, each.total) for label, each, base in told]
    return tuple(each for each in (digitised(period), *shares) if each.percent is not None)


_INDICATORS = {
    Base.PUBLISHED: "công khai",
    Base.FILED: "nộp trực tuyến",
    Base.PAID: "thanh toán trực tuyến",
    Base.ASKED: "hài lòng",
}


def _portion(period: Period, base: Base) -> Portion | None:
    told = period.indicators
    if told is None:
        return None
    return {
        Base.PUBLISHED: told.public,
        Base.FILED: told.online,
        Base.PAID: told.paid_online,
        Base.ASKED: told.satisfied,
    }.get(base)


def total_of(period: Period, base: Base) -> int | None:
    """The total itself: as told, or the sum of its parts where every one of them is told."""
    match base:
        case Base.RESOLVED:
            return resolved_total(period.resolved)
        case Base.TO_RESOLVE:
            return period.to_resolve
        case Base.RECEIVED:
            return received_total(period.received)
        case Base.TO_DIGITISE:
            return None if period.digitised is None else period.digitised.total
        case Base.PUBLISHED | Base.FILED | Base.PAID | Base.ASKED:
            portion = _portion(period, base)
            return None if portion is None else portion.total


def resolved_total(resolved: Resolved | None) -> int | None:
    if resolved is None or resolved.total is not None:
        return None if resolved is None else resolved.total
    return added(_together(resolved), resolved.overdue)


def received_total(received: ReceivedFigures | None) -> int | None:
    if received is None or received.total is not None:
        return None if received is None else received.total
    return added(received.carried_over, received.online, not_online(received))


def not_online(received: ReceivedFigures) -> int | None:
    """Those brought or posted: as told together, or the sum of both."""
    if received.direct_or_postal is not None:
        return received.direct_or_postal
    return added(received.direct, received.postal)


def pending_total(pending: Pending | None) -> int | None:
    if pending is None or pending.total is not None:
        return None if pending is None else pending.total
    return added(pending.in_time, pending.overdue)


def added(*counts: int | None) -> int | None:
    """The sum, or None when any of the counts is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _together(resolved: Resolved) -> int | None:
    if resolved.early_or_on_time is not None:
        return resolved.early_or_on_time
    return added(resolved.early, resolved.on_time)


def _overdue(resolved: Resolved, together: int | None) -> int | None:
    if resolved.overdue is not None or resolved.total is None or together is None:
        return resolved.overdue
    return max(0, resolved.total - together)
