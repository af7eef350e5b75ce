"""What comes in after three in the afternoon counts from the next working day."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from onestop_tables import ZONE, job, taken_in

from hall.contract.onestop_messages import Period
from hall.onestop.dossiers import Dossier
from hall.onestop.late_intake import LateIntake
from hall.runtime.opening import Calendar

WEEK = dict.fromkeys(range(5), ((450, 690), (810, 1020)))
HALL = Calendar(
    WEEK,
    off=((date(2026, 12, 2), date(2026, 12, 3)),),
    worked={date(2026, 12, 5): ((450, 690),)},
)
LATE = LateIntake(since_min=15 * 60, calendar=HALL)


def counted(received: datetime | None, done: datetime | None = None) -> date | None:
    dossier = Dossier("H", 4, "1", "P", received=received, done=done)
    return LATE.counted_on(dossier)


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2026-11-30T14:59:59", 30),
        ("2026-11-30T15:00", 1),
        ("2026-12-01T15:30", 4),
        ("2026-12-04T16:00", 5),
        ("2026-12-05T16:00", 7),
        ("2026-11-30", 30),
    ],
    ids=["in time", "late", "before holidays", "before a make-up day", "weekend", "a day alone"],
)
def test_the_halls_own_calendar_says_which_day_is_next(received: str, day: int) -> None:
    found = counted(datetime.fromisoformat(received).replace(tzinfo=ZONE))

    assert found is not None
    assert found.day == day


def test_what_was_resolved_before_that_day_counts_from_the_day_it_came() -> None:
    received = datetime(2026, 11, 30, 15, 30, tzinfo=ZONE)

    assert counted(received, received + timedelta(hours=1)) == date(2026, 11, 30)
    assert counted(received, received + timedelta(days=1)) == date(2026, 12, 1)


def test_a_day_that_nobody_knows_stays_unknown() -> None:
    assert counted(None) is None


def test_an_import_counts_a_late_dossier_in_the_next_month(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "MaHoSo,TrangThaiHoSo,NgayTiepNhan\n"
        "H38.12-261127-0001,4,27/11/2026 09:00\n"
        "H38.12-261127-0002,4,27/11/2026 15:10\n",
        "utf-8",
    )
    saved = datetime(2026, 11, 27, 17, 0, tzinfo=ZONE)

    def day(late: LateIntake | None) -> Period:
        asked = job(path, tmp_path / "work", saved=saved).model_copy(update={"late": late})
        # As it goes to the process that reads.
        outcome = taken_in(type(asked).model_validate_json(asked.model_dump_json()))
        assert outcome.figures is not None
        return outcome.figures.periods[-1]

    assert [getattr(day(late).received, "total", None) for late in (None, LATE)] == [2, 1]
