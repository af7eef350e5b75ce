"""Dossiers counted into figures: each in one place, and those nobody received in none."""

from datetime import datetime

import pytest

from hall.figures.doubts import doubts
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier

NOW = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001
LATE, EARLY = datetime(2026, 11, 20, 17, 0), datetime(2026, 12, 1, 17, 0)  # noqa: DTZ001


def dossier(status: int, field: str = "Hộ tịch", due: datetime = EARLY) -> Dossier:
    return Dossier("H38", status, "1.001193", "Khai sinh", due=due, done=NOW, field=field)


@pytest.mark.parametrize(
    ("status", "place"),
    [
        (1, None),
        (2, "pending"),
        (3, None),
        (4, "pending"),
        (5, "paused"),
        (6, "paused"),
        (7, None),
        (8, "paused"),
        (9, "resolved"),
        (10, "resolved"),
    ],
)
def test_a_dossier_counts_by_its_status(status: int, place: str | None) -> None:
    period = count_period([dossier(status)], NOW, "month")
    counted = {
        "pending": period.pending and period.pending.total,
        "paused": period.paused and period.paused.total,
        "resolved": period.resolved and period.resolved.total,
    }

    assert counted == {name: int(name == place) for name in counted}
    assert period.received is not None
    assert period.received.total == (place is not None)


def test_what_is_open_is_overdue_after_its_limit() -> None:
    period = count_period([dossier(4, due=LATE), dossier(4), dossier(5, due=LATE)], NOW, "month")

    assert period.pending is not None
    assert period.paused is not None
    assert (period.pending.in_time, period.pending.overdue) == (1, 1)
    assert (period.paused.in_time, period.paused.overdue) == (None, None)
    assert doubts(period) == ()


def test_a_dossier_without_a_field_counts_in_the_whole_alone() -> None:
    period = count_period([dossier(9, field=""), dossier(9)], NOW, "month")

    assert period.received is not None
    assert period.received.total == 2
    assert [each.field for each in period.fields] == ["Hộ tịch"]


def test_what_was_resolved_in_time_is_early_and_on_time_together() -> None:
    this_morning = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001
    resolved = [dossier(9), dossier(9), dossier(10, due=this_morning), dossier(9, due=LATE)]
    told = count_period(resolved, NOW, "month").resolved

    assert told is not None
    assert (told.early, told.on_time, told.early_or_on_time, told.overdue) == (2, 1, 3, 1)
    assert told.total == 4
