"""What a person must agree to before it replaces anything."""

from datetime import timedelta
from typing import Any

import pytest
from onestop_tables import NOW

from hall.contract.onestop_messages import Figures
from hall.onestop.intake.plausible import (
    doubtful_figures,
    fewer_procedures,
    lost_dossiers,
    unclear_rows,
)


def figures(received: int | None, *, age_h: float = 0, name: str = "Tháng 11") -> Figures:
    period: dict[str, Any] = {"id": name, "received": {"total": received}}
    return Figures.model_validate({"as_of": NOW - timedelta(hours=age_h), "periods": [period]})


@pytest.mark.parametrize(
    ("gone", "known", "held"),
    [
        (0, 0, False),
        (1, 5, False),
        (2, 5, True),
        (5, 10, True),
        (99, 1000, False),
        (100, 1000, True),
    ],
)
def test_a_file_that_loses_a_tenth_of_the_dossiers_is_doubted(
    gone: int, known: int, *, held: bool
) -> None:
    assert bool(list(lost_dossiers(gone, known))) is held


@pytest.mark.parametrize(
    ("unclear", "rows", "known", "held"),
    [
        (0, 0, 0, True),
        (1, 3, 0, False),
        (2, 3, 0, True),
        (2, 10, 500, False),
        (3, 20, 500, True),
        (3, 40, 500, False),
    ],
)
def test_a_file_most_of_whose_rows_are_unclear_is_doubted(
    unclear: int, rows: int, known: int, *, held: bool
) -> None:
    assert bool(list(unclear_rows(unclear, rows, known))) is held


def test_figures_that_rise_are_believed() -> None:
    assert not list(doubtful_figures(figures(1076), figures(1075, age_h=24), NOW))


def test_figures_of_another_period_may_be_smaller() -> None:
    new = figures(3, name="Tháng 12")

    assert not list(doubtful_figures(new, figures(1075, age_h=24), NOW))


def test_a_count_that_falls_within_its_period_is_doubted() -> None:
    assert list(doubtful_figures(figures(107), figures(1075, age_h=24), NOW)) == [
        "Tháng 11: số tiếp nhận giảm từ 1075 xuống 107"
    ]


def test_a_count_that_is_not_told_any_more_has_not_fallen() -> None:
    assert not list(doubtful_figures(figures(None), figures(1075, age_h=24), NOW))


def test_figures_from_the_future_are_doubted_but_not_those_of_a_clock_a_little_ahead() -> None:
    assert not list(doubtful_figures(figures(1, age_h=-0.1), None, NOW))
    assert list(doubtful_figures(figures(1, age_h=-1), None, NOW))


def test_older_figures_do_not_replace_newer_ones_unasked() -> None:
    (reason,) = doubtful_figures(figures(1075, age_h=48), figures(1075, age_h=24), NOW)

    assert reason == "cũ hơn số liệu đang dùng (lúc 09:00 28/11/2026)"


def test_a_catalogue_that_shrinks_to_little_is_doubted() -> None:
    assert not list(fewer_procedures(90, 99))
    assert list(fewer_procedures(3, 99)) == ["chỉ còn 3 thủ tục, lần trước có 99"]
