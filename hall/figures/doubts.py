"""What in the one-stop software's figures does not agree with itself. Told, never repaired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hall.contract.onestop_messages import (
    FieldFigures,
    Pending,
    Period,
    ReceivedFigures,
    Resolved,
    Stated,
)
from hall.figures import shares
from hall.figures.shares import Base, Share, number_text, percent_text
from hall.wording.glossary import VIETNAMESE

About = Literal["received", "to_resolve", "resolved", "pending", "paused", "digitised", "fields"]

_COUNTED: tuple[About, ...] = ("received", "resolved", "pending", "paused")
# What a screen says in place of a group of figures that is in doubt.
DISPUTED = VIETNAMESE.figures.disputed
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%?")


@dataclass(frozen=True, slots=True)
class Doubt:
    """`about` names the group of figures a screen marks "số liệu đang đối chiếu"."""

    about: About
    text: str


def doubts(period: Period) -> tuple[Doubt, ...]:
    return (
        *_received(period.received),
        *_resolved(period.resolved),
        *_pending("pending", period.pending),
        *_pending("paused", period.paused),
        *_to_resolve(period),
        *_digitised(period),
        *_fields(period),
        *_unclear(period),
        *(doubt for stated in period.stated for doubt in _stated(period, stated)),
    )


def _parts(about: About, total: int | None, *parts: int | None) -> Iterator[Doubt]:
    """All parts known: they make the total. Some known: they do not exceed it."""
    known = [part for part in parts if part is not None]
    if total is None or not known:
        return
    complete = len(known) == len(parts)
    if sum(known) > total or (complete and sum(known) != total):
        joined = " + ".join(number_text(part) for part in known)
        yield Doubt(about, f"{joined} không khớp với tổng {number_text(total)}")


def _received(received: ReceivedFigures | None) -> Iterator[Doubt]:
    if received is None:
        return
    brought = (received.direct, received.postal)
    yield from _parts("received", received.direct_or_postal, *brought)
    known = (received.direct_or_postal,) if received.direct_or_postal is not None else brought
    yield from _parts("received", received.total, received.carried_over, received.online, *known)


def _resolved(resolved: Resolved | None) -> Iterator[Doubt]:
    if resolved is None:
        return
    yield from _parts("resolved", resolved.early_or_on_time, resolved.early, resolved.on_time)
    yield from _parts("resolved", resolved.total, resolved.early_or_on_time, resolved.overdue)
    if resolved.early_or_on_time is None:
        yield from _parts(
            "resolved", resolved.total, resolved.early, resolved.on_time, resolved.overdue
        )


def _pending(about: Literal["pending", "paused"], pending: Pending | None) -> Iterator[Doubt]:
    if pending is not None:
        yield from _parts(about, pending.total, pending.in_time, pending.overdue)


def _to_resolve(period: Period) -> Iterator[Doubt]:
    yield from _parts(
        "to_resolve",
        period.to_resolve,
        shares.resolved_total(period.resolved),
        shares.pending_total(period.pending),
        shares.pending_total(period.paused) if period.paused else None,
    )


def _digitised(period: Period) -> Iterator[Doubt]:
    if period.digitised is not None:
        # One part of two: the rest is simply not digitised yet.
        yield from _parts("digitised", period.digitised.total, period.digitised.done, None)


def _fields(period: Period) -> Iterator[Doubt]:
    """A list of fields may be open, so that it may fall short of the total but not exceed it."""
    for each in period.fields:
        yield from _field(each)
    received = [shares.received_total(each.received) for each in period.fields]
    yield from _parts("fields", shares.total_of(period, Base.RECEIVED), *received, None)
    resolved = [shares.resolved_total(each.resolved) for each in period.fields]
    yield from _parts("fields", shares.total_of(period, Base.RESOLVED), *resolved, None)


def _unclear(period: Period) -> Iterator[Doubt]:
    """What could not be read is in no count, so that any of them may be too small."""
    if period.unclear:
        text = f"{number_text(period.unclear)} hồ sơ chưa rõ trạng thái, chưa tính vào số nào"
        yield from (Doubt(about, text) for about in _COUNTED)


def _field(each: FieldFigures) -> Iterator[Doubt]:
    inside = (*_received(each.received), *_resolved(each.resolved))
    for doubt in (*inside, *_pending("pending", each.pending)):
        yield Doubt("fields", f"{each.field}: {doubt.text}")


def _stated(period: Period, stated: Stated) -> Iterator[Doubt]:
    meant = _meant(period, stated.name)
    if meant is None:
        return
    about, share = meant
    given = _PERCENT.fullmatch(stated.percent.strip())
    if given is None:
        yield Doubt(about, f"không đọc được tỷ lệ “{stated.percent}”")
    elif share.percent is not None and _differ(given, share.percent):
        counts = f"{share.count_text}/{number_text(share.total)}"
        said = stated.percent.strip().removesuffix("%").strip()
        text = f"{counts} = {percent_text(share.percent)}, nguồn ghi {said}%"
        yield Doubt(about, f"{share.label}: {text}")


def _differ(given: re.Match[str], ours: Decimal) -> bool:
    """More than 0,01 apart; with fewer decimals, more than half a unit of the last one."""
    decimals = given[2] or ""
    limit = {0: Decimal("0.5"), 1: Decimal("0.05")}.get(len(decimals), Decimal("0.01"))
    stated = Decimal(f"{given[1]}.{decimals or 0}").quantize(Decimal("0.01"), ROUND_HALF_UP)
    return abs(stated - ours) > limit


def _meant(period: Period, name: str) -> tuple[About, Share] | None:
    """Which of our shares a supplier's percentage speaks of; None where its total is not told."""
    timely = shares.timeliness(period)
    known: dict[str, tuple[About, Share]] = {
        "resolved_on_time": ("resolved", timely.early_or_on_time),
        "early_or_on_time": ("resolved", timely.early_or_on_time),
        "early": ("resolved", timely.early),
        "on_time": ("resolved", timely.on_time),
        "overdue": ("resolved", timely.overdue),
        "resolved": ("to_resolve", shares.progress(period)),
        "digitised": ("digitised", shares.digitised(period)),
    }
    return known.get(name.removesuffix("_share"))
