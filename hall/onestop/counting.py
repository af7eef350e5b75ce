"""Figures counted from dossiers, where a supplier gives dossiers but no figures. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hall.contract.messages import FieldFigures, Pending, Period, Received, Resolved
from hall.onestop.dossiers import Dossier
from hall.onestop.timeliness import Standing, is_overdue, standing

_NOT_RECEIVED = frozenset({1, 3})
_WITHDRAWN = 7
_PAUSED = frozenset({5, 6, 8})
_RESOLVED = frozenset({9, 10})


@dataclass(slots=True)
class _Tally:
    """`seen`: counts by what a dossier is; `standings`: of the resolved ones."""

    seen: Counter[str] = field(default_factory=Counter)
    standings: Counter[Standing] = field(default_factory=Counter)

    def add(self, dossier: Dossier, now: datetime) -> None:
        self.seen["received"] += 1
        late = "overdue" if is_overdue(dossier.due, now) else "in_time"
        if dossier.status in _RESOLVED:
            self.seen["resolved"] += 1
            done = dossier.done or now
            self.standings[standing(dossier.due, done)] += 1
        elif dossier.status in _PAUSED:
            self.seen[f"paused_{late}"] += 1
        else:
            self.seen[f"pending_{late}"] += 1

    def resolved(self) -> Resolved:
        return Resolved(
            total=self.seen["resolved"],
            early=self.standings[Standing.EARLY],
            on_time=self.standings[Standing.ON_TIME],
            early_or_on_time=self.standings[Standing.EARLY] + self.standings[Standing.ON_TIME],
            overdue=self.standings[Standing.OVERDUE],
        )

    def open(self, kind: str) -> Pending:
        in_time, overdue = self.seen[f"{kind}_in_time"], self.seen[f"{kind}_overdue"]
        return Pending(total=in_time + overdue, in_time=in_time, overdue=overdue)


def count_period(dossiers: Iterable[Dossier], now: datetime, name: str) -> Period:
    """Counts those received; withdrawn and refused ones are in no figure."""
    whole, parts, days = _Tally(), dict[str, _Tally](), set[str]()
    for dossier in dossiers:
        if dossier.status in _NOT_RECEIVED or dossier.status == _WITHDRAWN:
            continue
        whole.add(dossier, now)
        parts.setdefault(dossier.field, _Tally()).add(dossier, now)
        if dossier.received is not None:
            days.add(f"{dossier.received:%Y-%m-%d}")
    return Period.model_validate(
        {
            "id": name,
            "from": min(days, default=None),
            "to": f"{now:%Y-%m-%d}",
            "received": Received(total=whole.seen["received"]),
            "resolved": whole.resolved(),
            "pending": whole.open("pending"),
            "paused": whole.open("paused"),
            "fields": _fields(parts),
        }
    )


def _fields(parts: dict[str, _Tally]) -> tuple[FieldFigures, ...]:
    """Largest first; a dossier whose field is not told counts in the whole only."""
    order = sorted(parts.items(), key=lambda part: (-part[1].seen["received"], part[0]))
    return tuple(
        FieldFigures(
            field=name,
            received=Received(total=tally.seen["received"]),
            resolved=tally.resolved(),
            pending=tally.open("pending"),
        )
        for name, tally in order
        if name
    )
