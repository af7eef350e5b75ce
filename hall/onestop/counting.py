"""Figures counted from a list of dossiers, as one period. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hall.contract.onestop_messages import FieldFigures, Pending, Period, ReceivedFigures, Resolved
from hall.onestop.dossiers import Dossier
from hall.onestop.groups import Group, group_of, is_reappointed, limit_of, standing_of
from hall.onestop.timeliness import Standing


@dataclass(slots=True)
class DossierCounts:
    """`groups`: dossiers by what they are; `standings`: of the resolved; `late`: of the pending."""

    groups: Counter[Group] = field(default_factory=Counter)
    standings: Counter[Standing] = field(default_factory=Counter)
    late: int = 0
    carried_over: int | None = None
    reappointed: int | None = None

    def add(self, dossier: Dossier, now: datetime) -> None:
        group, limit = group_of(dossier), limit_of(dossier)
        self.groups[group] += 1
        if group is Group.RESOLVED:
            self.standings[standing_of(dossier)] += 1
        elif group is Group.PENDING:
            self.late += limit is not None and now > limit
        if group in _RECEIVED and is_reappointed(dossier):
            self.reappointed = (self.reappointed or 0) + 1

    def receive(self, before: int, during: int) -> None:
        """Those of a period, and of the time before it, that were received."""
        self.carried_over = (self.carried_over or 0) + before
        self.groups[Group.PENDING] += before + during

    def resolve(self, standing: Standing, before: int, during: int) -> None:
        """Those that were resolved: no longer carried over, no longer pending."""
        self.carried_over = (self.carried_over or 0) - before
        self.groups[Group.PENDING] -= before + during
        self.groups[Group.RESOLVED] += during
        self.standings[standing] += during

    def pause(self, paused: int, late: int, reappointed: int) -> None:
        """What of the pending waits for the citizen, and what is past its limit."""
        self.groups[Group.PAUSED] += paused
        self.groups[Group.PENDING] -= paused
        self.late += late
        self.reappointed = (self.reappointed or 0) + reappointed

    def include(self, other: "DossierCounts") -> None:
        self.groups += other.groups
        self.standings += other.standings
        self.late += other.late
        self.carried_over = _both(self.carried_over, other.carried_over)
        self.reappointed = _both(self.reappointed, other.reappointed)

    def is_nothing(self) -> bool:
        counts = (*self.groups.values(), *self.standings.values(), self.late, self.carried_over)
        return not any(counts)

    def received(self) -> ReceivedFigures:
        total = sum(self.groups[group] for group in _RECEIVED)
        return ReceivedFigures(total=total, carried_over=self.carried_over)

    def resolved(self) -> Resolved:
        early, on_time = self.standings[Standing.EARLY], self.standings[Standing.ON_TIME]
        return Resolved(
            total=self.groups[Group.RESOLVED],
            early=early,
            on_time=on_time,
            early_or_on_time=early + on_time,
            overdue=self.standings[Standing.OVERDUE],
        )

    def pending(self) -> Pending:
        total = self.groups[Group.PENDING]
        return Pending(total=total, in_time=total - self.late, overdue=self.late)

    def paused(self) -> Pending:
        """Whether a paused one is late only its supplier knows: its limit begins anew."""
        return Pending(total=self.groups[Group.PAUSED])


def _both(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def sum_of(parts: Iterable[DossierCounts]) -> DossierCounts:
    """All fields together."""
    whole = DossierCounts()
    for each in parts:
        whole.include(each)
    return whole


_RECEIVED = (Group.PENDING, Group.PAUSED, Group.RESOLVED)


def count_period(dossiers: Iterable[Dossier], now: datetime, name: str) -> Period:
    """All of them; withdrawn, refused and unclear ones are in no other figure."""
    whole, parts, days = DossierCounts(), dict[str, DossierCounts](), set[str]()
    for dossier in dossiers:
        whole.add(dossier, now)
        if group_of(dossier) not in _RECEIVED:
            continue
        parts.setdefault(dossier.field, DossierCounts()).add(dossier, now)
        if dossier.received is not None:
            days.add(f"{dossier.received:%Y-%m-%d}")
    return period_of(
        whole, parts, {"id": name, "from": min(days, default=None), "to": f"{now:%Y-%m-%d}"}
    )


def period_of(
    whole: DossierCounts, parts: dict[str, DossierCounts], about: dict[str, object]
) -> Period:
    """`about`: the period's name and days."""
    return Period.model_validate(
        {
            **about,
            "received": whole.received(),
            "resolved": whole.resolved(),
            "pending": whole.pending(),
            "paused": whole.paused(),
            "unclear": whole.groups[Group.UNCLEAR],
            "reappointed": whole.reappointed,
            "fields": _fields(parts),
        }
    )


def _fields(parts: dict[str, DossierCounts]) -> tuple[FieldFigures, ...]:
    """Largest first; a dossier whose field is not told counts in the whole only."""
    order = sorted(parts.items(), key=lambda part: (-(part[1].received().total or 0), part[0]))
    return tuple(
        FieldFigures(
            field=name,
            received=counts.received(),
            resolved=counts.resolved(),
            pending=counts.pending(),
        )
        for name, counts in order
        if name
    )
