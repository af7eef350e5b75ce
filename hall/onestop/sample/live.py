"""Dossiers of the last working days, seen from today; numbers 1–10 of a day show status 1–10."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hall.contract.catalogue import CatalogueProcedure
from hall.onestop.dossiers import Dossier, Milestone
from hall.onestop.sample.past import parse_code
from hall.onestop.sample.scatter import lot
from hall.onestop.workdays import add_workdays, is_workday

A_DAY = 26
DAYS = 30
_OF_EACH_STATUS = 10
_MIX = (10, 10, 10, 10, 10, 10, 9, 9, 4, 4, 4, 2, 5, 6)
_OLD_MIX = (10, 10, 10, 10, 10, 10, 10, 10, 10, 9, 10, 10, 10, 4)
_OLD = 5
_OPENS = time(7, 30)
_CLOSES = time(17, 0)
# Open dossiers past their limit: one in so many.
_LATE = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """One dossier on the way to being told: its day, its place that day, how long ago."""

    code: str
    key: int
    status: int
    received: datetime
    now: datetime
    ago: int
    procedure: CatalogueProcedure


class LiveDossiers:
    def __init__(self, org: str, procedures: Sequence[CatalogueProcedure]) -> None:
        self._org = org
        self._procedures = tuple(procedures)

    def find(self, code: str, now: datetime) -> Dossier | None:
        parsed = parse_code(code)
        if parsed is None or parsed[0] != self._org or not 1 <= parsed[2] <= A_DAY:
            return None
        _org, day, nth = parsed
        if self.code(day, nth) != code or not is_workday(day):
            return None
        first = add_workdays(now.date(), -DAYS)
        return _dossier_of(self._seen(day, nth, now)) if first <= day < now.date() else None

    def code(self, day: date, nth: int) -> str:
        return f"{self._org}-{day:%y%m%d}-{nth:04d}"

    def everything(self, now: datetime) -> Iterator[Dossier]:
        """Every dossier `find` knows now."""
        for ago in range(DAYS, 0, -1):
            day = add_workdays(now.date(), -ago)
            for nth in range(1, A_DAY + 1):
                yield _dossier_of(self._seen(day, nth, now))

    def _seen(self, day: date, nth: int, now: datetime) -> Seen:
        key = day.toordinal() * A_DAY + nth
        ago = _ago(day, now.date())
        mix = _MIX if ago < _OLD else _OLD_MIX
        minutes = (nth - 1) * 570 // A_DAY
        received = datetime.combine(day, _OPENS, now.tzinfo) + timedelta(minutes=minutes)
        return Seen(
            code=self.code(day, nth),
            key=key,
            status=nth if nth <= _OF_EACH_STATUS else mix[lot(5, key, len(mix))],
            received=received,
            now=now,
            ago=ago,
            procedure=self._procedures[lot(6, key, len(self._procedures))],
        )


# One day for all of its dossiers.
@lru_cache(maxsize=2 * DAYS)
def _ago(day: date, today: date) -> int:
    """Working days from `day` to the last working day before `today`."""
    span = (today - day).days
    return max(0, sum(is_workday(day + timedelta(days=n)) for n in range(1, span)))


def _dossier_of(seen: Seen) -> Dossier:
    base = Dossier(
        code=seen.code,
        status=seen.status,
        procedure_code=seen.procedure.code,
        procedure_name=seen.procedure.name,
        received=seen.received,
        steps=(Milestone(seen.received, "Đã tiếp nhận hồ sơ"),),
        field=seen.procedure.field,
    )
    match seen.status:
        case 1 | 3:
            text = "Đã gửi trực tuyến" if seen.status == 1 else "Không được tiếp nhận"
            return replace(base, received=None, steps=(Milestone(seen.received, text),))
        case 2:
            return replace(base, due=_due_ahead(seen))
        case 4 | 5 | 6:
            return _in_work(base, seen)
        case 7 | 8:
            text = "Đã rút hồ sơ" if seen.status == 7 else "Dừng xử lý"  # noqa: PLR2004
            return replace(base, steps=(*base.steps, _step(seen, 60, text)))
        case _:
            return _resolved(base, seen)


def _in_work(base: Dossier, seen: Seen) -> Dossier:
    texts = {4: "Đang xử lý", 5: "Chờ bổ sung giấy tờ", 6: "Chờ nộp phí, lệ phí"}
    late = seen.status == 4 and seen.ago > 1 and lot(7, seen.key, _LATE) == 0  # noqa: PLR2004
    original = _moment(seen, add_workdays(seen.received.date(), 1), _CLOSES)
    again = late and lot(8, seen.key, 2) == 0
    return replace(
        base,
        due=original if late and not again else _due_ahead(seen),
        due_original=original if again else None,
        steps=(*base.steps, _step(seen, 30, "Chuyển xử lý"), _step(seen, 60, texts[seen.status])),
    )


def _resolved(base: Dossier, seen: Seen) -> Dossier:
    took = lot(9, seen.key, min(seen.ago, 4) + 1)
    done = _moment(seen, add_workdays(seen.received.date(), took), time(16, 30))
    slack = (1, 1, 2, 0, 0, 0, 3, -1)[lot(10, seen.key, 8)] if took else 1
    if lot(11, seen.key, 3):
        slack = max(0, slack)
    steps = (*base.steps, _step(seen, 30, "Chuyển xử lý"), Milestone(done, "Đã có kết quả"))
    if seen.status == _OF_EACH_STATUS:
        steps = (*steps, Milestone(done + timedelta(minutes=20), "Đã trả kết quả"))
    return replace(
        base,
        done=done,
        due=_moment(seen, add_workdays(seen.received.date(), max(0, took + slack)), _CLOSES),
        collect_at=None if seen.status == _OF_EACH_STATUS else "Quầy trả kết quả",
        steps=steps,
    )


def _due_ahead(seen: Seen) -> datetime:
    return _moment(seen, add_workdays(seen.now.date(), 1 + lot(12, seen.key, 5)), _CLOSES)


def _moment(seen: Seen, day: date, at: time) -> datetime:
    return datetime.combine(day, at, seen.now.tzinfo)


def _step(seen: Seen, minutes: int, text: str) -> Milestone:
    return Milestone(seen.received + timedelta(minutes=minutes), text)
