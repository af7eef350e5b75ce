"""Dossiers of a closed period, derived from their code one at a time; their totals are exact."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

from hall.contract.catalogue import CatalogueProcedure
from hall.onestop.dossiers import Dossier, Milestone
from hall.onestop.sample.calendar_of_codes import IntakeCalendar, intake
from hall.onestop.sample.profiles import FieldOfWork, Past
from hall.onestop.sample.scatter import is_marked, lot, marked_before, shuffled
from hall.onestop.workdays import add_workdays, limit_days

_CODE = re.compile(r"(?P<org>[0-9A-Z.]+)-(?P<day>\d{6})-(?P<nth>\d{4,12})", re.ASCII)
_MORNING = time(7, 30)
_NOON = time(13, 30)
_EVENING = time(17, 0)
_OPEN_STATUSES = (4, 4, 4, 2, 5, 6)
# Open dossiers lie within the last ones received, four times as many as are open.
_TAIL = 4


class Fate(Enum):
    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Kept:
    """What one dossier is, before it is told: `left` working days remain until the last day."""

    index: int
    day: date
    left: int
    procedure: CatalogueProcedure
    fate: Fate


def parse_code(code: str) -> tuple[str, date, int] | None:
    """Organisation, day and counter of a code with a six-digit date."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    try:
        day = datetime.strptime(found["day"], "%y%m%d").date()  # noqa: DTZ007 - a date only
    except ValueError:
        return None
    return found["org"], day, int(found["nth"])


class PastDossiers:
    """Holds one number for each working day, whatever the number of dossiers."""

    def __init__(self, past: Past, procedures: Sequence[CatalogueProcedure], zone: tzinfo) -> None:
        self._past = past
        self._procedures = tuple(procedures)
        self._zone = zone
        self._intake: IntakeCalendar = intake(past.first, past.last, past.fates.total)

    def __len__(self) -> int:
        return self._intake.total

    def code(self, index: int) -> str:
        at, nth = self._intake.place(index)
        return f"{self._past.org}-{self._intake.days[at]:%y%m%d}-{nth:04d}"

    def find(self, code: str) -> Dossier | None:
        parsed = parse_code(code)
        if parsed is None or parsed[0] != self._past.org:
            return None
        index = self._intake.index(parsed[1], parsed[2])
        if index is None or self.code(index) != code:
            return None
        return self._dossier_of(code, self._kept(index))

    def fate(self, index: int) -> Fate:
        fates = self._past.fates
        head = fates.total - min(fates.total, _TAIL * fates.pending)
        rank = self._resolved_rank(index, head)
        if rank is None:
            return Fate.PENDING
        if rank < head and is_marked(rank, fates.overdue, head):
            return Fate.OVERDUE
        timely = rank - marked_before(rank, fates.overdue, head)
        early = shuffled(timely, fates.early + fates.on_time) < fates.early
        return Fate.EARLY if early else Fate.ON_TIME

    def field(self, index: int) -> FieldOfWork | None:
        place = shuffled(index, len(self))
        for each in self._past.fields:
            if place < each.count:
                return each
            place -= each.count
        return None

    def _resolved_rank(self, index: int, head: int) -> int | None:
        """The dossier's place among the resolved ones; None for one that is open."""
        if index < head:
            return index
        among = shuffled(index - head, len(self) - head)
        return None if among < self._past.fates.pending else head + among - self._past.fates.pending

    def _kept(self, index: int) -> Kept:
        at, _nth = self._intake.place(index)
        return Kept(
            index,
            self._intake.days[at],
            len(self._intake.days) - 1 - at,
            self._procedure(index),
            self.fate(index),
        )

    def _procedure(self, index: int) -> CatalogueProcedure:
        group = self.field(index)
        if group is None:
            return self._procedures[lot(1, index, len(self._procedures))]
        covered = [each for each in self._procedures if each.field in group.covers]
        return covered[lot(1, index, len(covered))]

    def _dossier_of(self, code: str, kept: Kept) -> Dossier:
        received = self._at(kept.day, _MORNING, kept.index)
        limit, took = span(kept)
        due = self._at(add_workdays(kept.day, limit), _EVENING)
        done = None if took is None else self._at(add_workdays(kept.day, took), _NOON, kept.index)
        group = self.field(kept.index)
        return Dossier(
            code=code,
            status=_OPEN_STATUSES[lot(2, kept.index, 6)] if done is None else 10,
            procedure_code=kept.procedure.code,
            procedure_name=kept.procedure.name,
            received=received,
            due=due,
            done=done,
            steps=_steps(received, done),
            field=kept.procedure.field if group is None else group.name,
        )

    def _at(self, day: date, begins: time, index: int | None = None) -> datetime:
        moment = datetime.combine(day, begins, self._zone)
        return moment if index is None else moment + timedelta(minutes=lot(3, index, 200))


def span(kept: Kept) -> tuple[int, int | None]:
    """The time limit and the time taken, in working days, such that the fate comes true."""
    usual = limit_days(kept.procedure.time_limit)
    match kept.fate:
        case Fate.EARLY:
            limit = max(1, usual)
            return limit, lot(4, kept.index, min(limit, kept.left + 1))
        case Fate.ON_TIME:
            limit = min(usual, kept.left)
            return limit, limit
        case Fate.OVERDUE:
            limit = min(usual, kept.left - 1)
            return limit, limit + 1 + lot(4, kept.index, min(3, kept.left - limit))
        case Fate.PENDING:
            return max(usual, kept.left + 1 + lot(4, kept.index, 5)), None


def _steps(received: datetime, done: datetime | None) -> tuple[Milestone, ...]:
    begun = (
        Milestone(received, "Đã tiếp nhận hồ sơ"),
        Milestone(received + timedelta(minutes=20), "Chuyển xử lý"),
    )
    if done is None:
        return begun
    return (
        *begun,
        Milestone(done, "Đã có kết quả"),
        Milestone(done + timedelta(minutes=10), "Đã trả kết quả"),
    )
