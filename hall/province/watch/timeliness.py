"""Dossiers on time and overdue by hall, unit and field, added up from what each hall tells. Pure.

    figures of each hall ─▶ one line a hall ─▶ one a unit (a body told by several halls counts once)
                                           ─▶ one a field
                                           ─▶ the sum of all that agree with themselves

A line that contradicts itself, or is older than a day, is shown as under reconciliation. It is in
no sum and no percentage, nor is one that does not tell how many were resolved and in time; how
many are left out stands beside the sum.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hall.contract.onestop_messages import FieldFigures, Figures, Period
from hall.figures import shares
from hall.figures.doubts import doubts
from hall.figures.shares import added, percent, percent_text
from hall.province.watch.province_now import NamedHall
from hall.wording.folding import fold

LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DossierTally:
    """None: not told. `in_time`: resolved early or on time, of `resolved`."""

    received: int | None = None
    resolved: int | None = None
    in_time: int | None = None
    overdue: int | None = None
    pending: int | None = None
    pending_overdue: int | None = None


@dataclass(frozen=True, slots=True)
class FieldCounts:
    name: str
    counts: DossierTally


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """`doubts`: what does not agree with itself, in words."""

    id: str
    kind: str
    counts: DossierTally
    doubts: tuple[str, ...]
    fields: tuple[FieldCounts, ...]


@dataclass(frozen=True, slots=True)
class HallFigures:
    """What is kept of one hall's figures. `body`: whose figures they are, "" = its own."""

    hall: NamedHall
    body: str
    as_of: datetime
    periods: tuple[PeriodCounts, ...]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """`late`: older than a day."""

    id: str
    name: str
    unit: str
    counts: DossierTally
    as_of: datetime | None = None
    doubts: tuple[str, ...] = ()
    late: bool = False
    left_out: int = 0

    @property
    def disputed(self) -> bool:
        return bool(self.doubts) or self.late

    @property
    def adds_up(self) -> bool:
        """Whether it can be a part of a sum with a percentage."""
        counts = self.counts
        return not self.disputed and None not in (counts.resolved, counts.in_time)

    @property
    def on_time_share(self) -> str:
        """Of those resolved; in words where nobody can say."""
        return percent_text(percent(self.counts.in_time, self.counts.resolved))

    @property
    def overdue_share(self) -> str:
        return percent_text(percent(self.counts.overdue, self.counts.resolved))


@dataclass(frozen=True, slots=True)
class FigureTable:
    """`halls`: how many tell figures of this period."""

    lines: Sequence[FigureLine]
    total: FigureLine
    halls: int


def reduced(hall: NamedHall, figures: Figures) -> HallFigures:
    """What the page needs of a hall's figures."""
    periods = tuple(_period(each) for each in figures.periods)
    return HallFigures(hall, figures.unit, figures.as_of, periods)


def _period(period: Period) -> PeriodCounts:
    timely = shares.timeliness(period)
    told = DossierTally(
        received=shares.received_total(period.received),
        resolved=shares.resolved_total(period.resolved),
        in_time=timely.early_or_on_time.count,
        overdue=timely.overdue.count,
        pending=shares.pending_total(period.pending),
        pending_overdue=None if period.pending is None else period.pending.overdue,
    )
    fields = tuple(FieldCounts(each.field, _of_field(each)) for each in period.fields)
    words = tuple(dict.fromkeys(each.text for each in doubts(period)))
    return PeriodCounts(period.id, period.kind or "", told, words, fields)


def _of_field(told: FieldFigures) -> DossierTally:
    alone = Period(id="", received=told.received, resolved=told.resolved, pending=told.pending)
    return _period(alone).counts


def periods_of(halls: Iterable[HallFigures]) -> list[tuple[str, int]]:
    """Each period that some hall tells, the widest first, and how many tell it."""
    kinds = {"year": 0, "quarter": 1, "month": 2, "day": 3}
    found: dict[tuple[int, str], int] = {}
    for hall in halls:
        for period in hall.periods:
            key = (kinds.get(period.kind, 4), period.id)
            found[key] = found.get(key, 0) + 1
    widest = sorted(found, key=lambda key: key[1], reverse=True)
    return [(name, found[kind, name]) for kind, name in sorted(widest, key=lambda key: key[0])]


def by_hall(halls: Iterable[HallFigures], period: str, now: datetime) -> FigureTable:
    told = _telling(halls, period)
    lines = [_line(hall, found, now) for hall, found in told]
    distinct = [_line(hall, found, now) for hall, found in _distinct(told)]
    return FigureTable(lines, _sum("Toàn tỉnh", distinct), len(told))


def by_unit(halls: Iterable[HallFigures], period: str, now: datetime) -> FigureTable:
    told = _telling(halls, period)
    units: dict[str, list[FigureLine]] = {}
    for hall, found in _distinct(told):
        units.setdefault(hall.hall.unit, []).append(_line(hall, found, now))
    names = {hall.hall.unit: hall.hall.unit_name for hall, _ in told}
    lines = [
        replace(_sum(names[unit], parts), id=unit, unit=names[unit])
        for unit, parts in sorted(units.items(), key=lambda item: names[item[0]])
    ]
    return FigureTable(lines, _sum("Toàn tỉnh", _all(units.values())), len(told))


def by_field(halls: Iterable[HallFigures], period: str, now: datetime) -> FigureTable:
    told = _telling(halls, period)
    fields: dict[str, list[FigureLine]] = {}
    names: dict[str, str] = {}
    for hall, found in _distinct(told):
        whole = _line(hall, found, now)
        for each in found.fields:
            key = fold(each.name)
            names.setdefault(key, each.name)
            fields.setdefault(key, []).append(replace(whole, counts=each.counts))
    lines = [replace(_sum(names[key], parts), id=key) for key, parts in sorted(fields.items())]
    return FigureTable(lines, _sum("Mọi lĩnh vực", _all(fields.values())), len(told))


TABLES: dict[str, Callable[[Iterable[HallFigures], str, datetime], FigureTable]] = {
    "hall": by_hall,
    "unit": by_unit,
    "field": by_field,
}
_Told = list[tuple[HallFigures, PeriodCounts]]


def _telling(halls: Iterable[HallFigures], period: str) -> _Told:
    return [(hall, each) for hall in halls for each in hall.periods if each.id == period]


def _distinct(told: _Told) -> _Told:
    """One body's figures come from each of its halls: the newest of them counts."""
    newest: dict[tuple[str, str], tuple[HallFigures, PeriodCounts]] = {}
    for hall, found in told:
        key = (hall.hall.unit, fold(hall.body) or f"={hall.hall.id}")
        known = newest.get(key)
        if known is None or hall.as_of > known[0].as_of:
            newest[key] = hall, found
    return list(newest.values())


def _line(hall: HallFigures, found: PeriodCounts, now: datetime) -> FigureLine:
    return FigureLine(
        *(hall.hall.id, hall.hall.name, hall.hall.unit_name, found.counts),
        *(hall.as_of, found.doubts, now - hall.as_of > LATE),
    )


def _sum(name: str, lines: Sequence[FigureLine]) -> FigureLine:
    """Of what adds up; where nothing does, the doubts stand."""
    good = [line for line in lines if line.adds_up]
    bad = [line for line in lines if not line.adds_up]
    words = () if good else tuple(dict.fromkeys(word for line in bad for word in line.doubts))
    oldest = min((line.as_of for line in good if line.as_of is not None), default=None)
    late = bool(bad) and not good and any(line.late for line in bad)
    counts = _added([line.counts for line in good or bad])
    return FigureLine("", name, "", counts, oldest, words, late, len(bad) if good else 0)


def _added(counts: Sequence[DossierTally]) -> DossierTally:
    """A count that one of them does not tell is not told of all either."""
    if not counts:
        return DossierTally()
    return DossierTally(
        received=added(*(each.received for each in counts)),
        resolved=added(*(each.resolved for each in counts)),
        in_time=added(*(each.in_time for each in counts)),
        overdue=added(*(each.overdue for each in counts)),
        pending=added(*(each.pending for each in counts)),
        pending_overdue=added(*(each.pending_overdue for each in counts)),
    )


def _all(groups: Iterable[list[FigureLine]]) -> list[FigureLine]:
    return [line for group in groups for line in group]


@dataclass(slots=True)
class FiguresShelf:
    """Figures once read, by hall and the bytes that they came as."""

    _read: dict[str, tuple[bytes, HallFigures]] = field(default_factory=dict)

    def put_figures(self, hall: str, payload: bytes, figures: HallFigures) -> None:
        self._read[hall] = payload, figures

    def find(self, hall: str, payload: bytes) -> HallFigures | None:
        known = self._read.get(hall)
        return known[1] if known is not None and known[0] is payload else None
