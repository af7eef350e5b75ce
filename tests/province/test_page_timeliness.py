"""Dossiers by hall, unit and field: what adds up, what is left out, what counts once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hall.contract.onestop_messages import Figures
from hall.province.watch.province_now import NamedHall
from hall.province.watch.timeliness import (
    HallFigures,
    by_field,
    by_hall,
    by_unit,
    periods_of,
    reduced,
)

NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)


def figures(
    hall: str, unit: str = "u1", body: str = "", old: timedelta = timedelta(0), **resolved: Any
) -> HallFigures:
    told = {
        "as_of": NOW - old,
        "unit": body,
        "periods": [
            {
                "id": "2026-11",
                "kind": "month",
                "resolved": resolved,
                "fields": [{"field": "Đất đai", "resolved": resolved}],
            }
        ],
    }
    named = NamedHall(hall, f"Xã {hall}", unit, f"Đơn vị {unit}")
    return reduced(named, Figures.model_validate(told))


def test_halls_are_added_up_by_unit_and_for_the_province() -> None:
    halls = [
        figures("a", early=140, on_time=163, overdue=0),
        figures("b", early=90, on_time=9, overdue=1),
        figures("c", "u2", early=50, on_time=40, overdue=10),
    ]
    table = by_unit(halls, "2026-11", NOW)

    assert [(line.name, line.counts.resolved) for line in table.lines] == [
        ("Đơn vị u1", 403), ("Đơn vị u2", 100),
    ]  # fmt: skip
    assert table.lines[0].on_time_share == "99,75%"
    assert table.lines[1].overdue_share == "10,00%"
    assert (table.total.counts.in_time, table.total.counts.resolved) == (492, 503)


def test_a_body_that_several_halls_tell_counts_once_by_its_newest_figures() -> None:
    halls = [
        figures("a", body="UBND xã", old=timedelta(hours=1), early=1, on_time=1, overdue=0),
        figures("b", body="ubnd  XÃ", early=200, on_time=100, overdue=3),
    ]

    assert by_unit(halls, "2026-11", NOW).total.counts.resolved == 303
    assert len(by_hall(halls, "2026-11", NOW).lines) == 2
    assert by_hall(halls, "2026-11", NOW).total.counts.resolved == 303


def test_what_contradicts_itself_or_is_old_is_in_no_sum() -> None:
    halls = [
        figures("a", early=10, on_time=10, overdue=0),
        # 10 + 10 + 0 is not 303.
        figures("b", total=303, early=10, on_time=10, overdue=0),
        figures("c", old=timedelta(days=2), early=70, on_time=7, overdue=7),
    ]
    table = by_hall(halls, "2026-11", NOW)

    assert [line.disputed for line in table.lines] == [False, True, True]
    assert table.total.counts.resolved == 20
    assert table.total.left_out == 2
    unit = by_unit(halls, "2026-11", NOW).lines[0]
    assert (unit.counts.resolved, unit.left_out, unit.disputed) == (20, 2, False)


def test_where_nothing_adds_up_the_unit_is_in_doubt_too() -> None:
    halls = [figures("b", total=303, early=10, on_time=10, overdue=0)]
    unit = by_unit(halls, "2026-11", NOW).lines[0]

    assert unit.disputed
    assert unit.doubts


def test_what_is_not_told_is_no_zero() -> None:
    halls = [figures("a", early=10, on_time=10, overdue=0), figures("b", total=99)]
    table = by_hall(halls, "2026-11", NOW)

    assert table.lines[1].counts.in_time is None
    assert table.lines[1].on_time_share == "chưa có số liệu"
    assert (table.total.counts.resolved, table.total.left_out) == (20, 1)


def test_fields_are_added_up_by_name() -> None:
    halls = [
        figures("a", early=10, on_time=10, overdue=0),
        figures("c", "u2", early=50, on_time=40, overdue=10),
    ]
    table = by_field(halls, "2026-11", NOW)

    assert [(line.name, line.counts.resolved) for line in table.lines] == [("Đất đai", 120)]


def test_periods_are_offered_widest_first_with_how_many_tell_them() -> None:
    both = {
        "as_of": NOW,
        "periods": [{"id": "2026-11", "kind": "month"}, {"id": "2026", "kind": "year"}],
    }
    named = NamedHall("d", "d", "u", "u")
    halls = [figures("a", early=1, on_time=1, overdue=0), reduced(named, Figures(**both))]

    assert periods_of(halls) == [("2026", 1), ("2026-11", 2)]
