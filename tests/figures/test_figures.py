"""Percentages as the hall shows them, on the figures of five published articles."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.contract.onestop_messages import Figures, Period
from hall.figures import freshness, shares
from hall.figures.doubts import doubts
from hall.figures.freshness import Age
from hall.figures.shares import Base

RECORDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "figures.json").read_text()
)["records"]
by_id = {record["id"]: record for record in RECORDS}


def decimals(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def as_period(record: dict[str, Any]) -> Period:
    fields = record["by_field"] or {}
    return Period.model_validate(
        {
            "id": record["id"],
            "received": {"total": record["received"]},
            "to_resolve": record["to_be_resolved"],
            "resolved": record["resolved"],
            "pending": {"total": record["pending"]},
            "postal": record["postal"],
            "digitised": {key: record["digitised"][key] for key in ("done", "total")},
            "stated": [
                {"name": each["name"], "percent": decimals(each["stated"], each["decimals"])}
                for each in record["stated_percentages"]
            ],
            "fields": [
                {"field": field, "received": {"total": count}} for field, count in fields.items()
            ],
        }
    )


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_an_article_that_agrees_with_itself_raises_no_doubt_and_the_other_does(
    record: dict[str, Any],
) -> None:
    assert (not doubts(as_period(record))) == record["consistent"]


@pytest.mark.parametrize(
    ("record", "stated"),
    [
        pytest.param(record, stated, id=f"{record['id']}-{stated['name']}")
        for record in RECORDS
        for stated in record["stated_percentages"]
        if stated["recomputed_2dp"] is not None
    ],
)
def test_a_stated_percentage_is_recomputed_from_its_own_denominator(
    record: dict[str, Any], stated: dict[str, Any]
) -> None:
    period = as_period(record)
    ours = {
        "resolved_share": shares.progress(period),
        "early_or_on_time_share": shares.timeliness(period).early_or_on_time,
        "digitised_share": shares.digitised(period),
    }[stated["name"]]

    assert (ours.count, ours.total) == (stated["numerator"], stated["denominator"])
    assert ours.percent == Decimal(str(stated["recomputed_2dp"]))


def test_bac_tu_liem_names_the_denominator_of_each_of_its_two_percentages() -> None:
    period = as_period(by_id["bac_tu_liem_2019"])
    timely = shares.timeliness(period)

    assert timely.early_or_on_time.percent_text == "99,87%"
    assert timely.early_or_on_time.base is Base.RESOLVED
    assert shares.progress(period).percent_text == "98,86%"
    assert shares.progress(period).base is Base.TO_RESOLVE
    over_all = shares.timeliness(period, Base.TO_RESOLVE).early_or_on_time
    assert (over_all.percent_text, over_all.base) == ("98,74%", Base.TO_RESOLVE)


def test_bac_tu_liem_has_an_overdue_count_that_follows_by_subtraction() -> None:
    overdue = shares.timeliness(as_period(by_id["bac_tu_liem_2019"])).overdue

    assert (overdue.count, overdue.percent_text) == (439, "0,13%")


def test_bac_tu_liem_does_not_invent_a_split_of_early_and_on_time() -> None:
    timely = shares.timeliness(as_period(by_id["bac_tu_liem_2019"]))

    assert timely.early.count_text == timely.on_time.percent_text == "chưa có số liệu"


def test_phu_tien_shows_its_real_zero_and_its_two_shares() -> None:
    timely = shares.timeliness(as_period(by_id["phu_tien_2024q3"]))

    assert timely.early.percent_text == "46,20%"
    assert timely.on_time.percent_text == "53,80%"
    assert (timely.overdue.count_text, timely.overdue.percent_text) == ("0", "0,00%")


def test_phu_tien_is_in_doubt_about_what_it_digitised_and_keeps_both_numbers() -> None:
    period = as_period(by_id["phu_tien_2024q3"])
    share = shares.digitised(period)

    assert [doubt.about for doubt in doubts(period)] == ["digitised"]
    assert "84,28" in doubts(period)[0].text
    assert "85,28%" in doubts(period)[0].text
    assert (share.count, share.total, share.percent_text) == (255, 299, "85,28%")


def test_dien_hong_shows_its_fields_and_no_timeliness() -> None:
    record = by_id["dien_hong_2016_2018"]
    period = as_period(record)

    total = shares.total_of(period, Base.RECEIVED)
    assert {
        each.field: float(shares.percent(shares.received_total(each.received), total) or 0)
        for each in period.fields
    } == record["implied"]["by_field_percent"]
    assert shares.timeliness(period).overdue.count_text == "chưa có số liệu"
    assert shares.number_text(shares.total_of(period, Base.RECEIVED)) == "11.754"


def test_hoa_binh_may_return_more_by_post_than_it_received() -> None:
    assert doubts(as_period(by_id["hoa_binh_2020q1"])) == ()


def test_mu_cang_chai_says_nothing_and_nothing_is_shown_as_zero() -> None:
    period = as_period(by_id["mu_cang_chai_2018"])
    timely = shares.timeliness(period)
    parts = (timely.early, timely.on_time, timely.early_or_on_time, timely.overdue)

    for share in (*parts, shares.progress(period), shares.digitised(period)):
        assert share.count_text == share.percent_text == "chưa có số liệu"


@pytest.mark.parametrize(
    ("count", "total", "shown"),
    [
        (99998, 100000, "99,99%"),
        (1, 100000, "0,01%"),
        (0, 100000, "0,00%"),
        (100000, 100000, "100,00%"),
        (0, 0, "chưa có số liệu"),
        (None, 5, "chưa có số liệu"),
        (5, None, "chưa có số liệu"),
        (6, 5, "chưa có số liệu"),
        (1, 8, "12,50%"),
        (1, 800, "0,13%"),
    ],
)
def test_a_percentage_never_hides_what_remains_nor_what_there_is(
    count: int | None, total: int | None, shown: str
) -> None:
    assert shares.percent_text(shares.percent(count, total)) == shown


@given(st.integers(1, 10**9), st.data())
def test_only_everything_is_one_hundred_and_only_nothing_is_zero(
    total: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    value = shares.percent(count, total)

    assert value is not None
    assert (value == 100) == (count == total)
    assert (value == 0) == (count == 0)


def test_parts_beyond_their_total_leave_nothing_overdue_and_are_in_doubt() -> None:
    period = Period.model_validate(
        {"id": "month", "resolved": {"total": 10, "early_or_on_time": 12}}
    )

    assert shares.timeliness(period).overdue.count == 0
    assert [doubt.about for doubt in doubts(period)] == ["resolved"]


def test_thousands_have_dots() -> None:
    assert shares.number_text(349247) == "349.247"
    assert shares.number_text(0) == "0"
    assert shares.number_text(None) == "chưa có số liệu"


CONTRACT = {
    "id": "month",
    "from": "2026-11-01",
    "to": "2026-11-30",
    "received": {"total": 1075, "carried_over": 12, "online": 640, "direct": 420, "postal": 3},
    "to_resolve": None,
    "resolved": {"total": 884, "early": 500, "on_time": 380, "early_or_on_time": 880, "overdue": 4},
    "pending": {"total": 185, "in_time": 180, "overdue": 5},
    "paused": {"total": 6, "in_time": 6, "overdue": 0},
    "postal": {"received": 3, "returned": 21},
    "digitised": {"done": 860, "total": 884},
    "stated": [{"name": "resolved_on_time", "percent": "99,55"}],
    "fields": [
        {
            "field": "Hộ tịch",
            "resolved": {"early": 300, "on_time": 210, "overdue": 1},
            "pending": {"in_time": 40, "overdue": 0},
        }
    ],
}


def contract_with(**changed: object) -> Period:
    return Period.model_validate(CONTRACT | changed)


def test_the_example_of_the_contract_is_free_of_doubt() -> None:
    assert doubts(contract_with()) == ()


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"received": {"total": 5, "online": 3, "direct": 3}}, "received"),
        (
            {"received": {"total": 9, "carried_over": 1, "online": 1, "direct": 1, "postal": 1}},
            "received",
        ),
        ({"resolved": {"total": 884, "early": 500, "on_time": 380, "overdue": 5}}, "resolved"),
        ({"resolved": {"early": 500, "on_time": 380, "early_or_on_time": 881}}, "resolved"),
        ({"resolved": {"total": 884, "early_or_on_time": 880, "overdue": 3}}, "resolved"),
        ({"resolved": {"total": 400, "early": 500}, "fields": []}, "resolved"),
        ({"pending": {"total": 185, "in_time": 180, "overdue": 6}}, "pending"),
        ({"paused": {"total": 6, "in_time": 7}}, "paused"),
        ({"to_resolve": 1074}, "to_resolve"),
        ({"digitised": {"done": 885, "total": 884}}, "digitised"),
        ({"stated": [{"name": "resolved_on_time", "percent": "99,57"}]}, "resolved"),
        ({"stated": [{"name": "overdue", "percent": "0,5"}, {"name": "x", "percent": "?"}]}, None),
        ({"stated": [{"name": "overdue", "percent": "0,6"}]}, "resolved"),
        ({"stated": [{"name": "resolved_on_time", "percent": "nhiều"}]}, "resolved"),
        ({"stated": [{"name": "resolved_on_time", "percent": "100"}]}, None),
        ({"stated": [{"name": "resolved_on_time", "percent": "99"}]}, "resolved"),
        ({"to_resolve": 1075}, None),
        ({"postal": {"received": 3, "returned": 2100}}, None),
    ],
)
def test_what_does_not_add_up_is_flagged_where_it_stands(
    changed: dict[str, object], about: str | None
) -> None:
    assert {doubt.about for doubt in doubts(contract_with(**changed))} == ({about} - {None})


def test_a_field_larger_than_the_hall_is_flagged_and_an_open_list_of_fields_is_not() -> None:
    large = {"field": "Đất đai", "resolved": {"total": 885}}
    broken = {"field": "Đất đai", "resolved": {"total": 3, "early": 4}}

    assert [d.about for d in doubts(contract_with(fields=[large]))] == ["fields"]
    assert [d.text for d in doubts(contract_with(fields=[broken]))] == [
        "Đất đai: 4 không khớp với tổng 3"
    ]


def test_a_total_left_out_is_the_sum_of_parts_that_are_all_known() -> None:
    split = contract_with(
        received={"carried_over": 1, "online": 2, "direct": 3, "postal": 0},
        resolved={"early": 5, "on_time": 4, "overdue": 1},
        pending={"in_time": 7, "overdue": 1},
    )

    assert shares.total_of(split, Base.RECEIVED) == 6
    assert shares.timeliness(split).overdue.total == 10
    assert shares.pending_total(split.pending) == 8


HANOI = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 22, 10, 32, tzinfo=HANOI)


def told(ago: timedelta) -> Figures:
    return Figures(as_of=(NOW - ago).astimezone(UTC))


@pytest.mark.parametrize(
    ("ago", "age"),
    [
        (timedelta(0), Age.FRESH),
        (timedelta(minutes=2), Age.FRESH),
        (timedelta(minutes=2, seconds=1), Age.GREY),
        (timedelta(minutes=15), Age.GREY),
        (timedelta(minutes=15, seconds=1), Age.AMBER),
        (timedelta(hours=24), Age.AMBER),
        (timedelta(hours=24, seconds=1), Age.HIDDEN),
        (timedelta(minutes=-2), Age.FRESH),
        (timedelta(minutes=-3), Age.AMBER),
    ],
)
def test_figures_grow_old_in_three_steps(ago: timedelta, age: Age) -> None:
    assert freshness.age(told(ago), NOW) is age


def test_figures_that_never_came_are_hidden_and_say_so() -> None:
    assert freshness.age(None, NOW) is Age.HIDDEN
    assert freshness.as_of_text(None, NOW) == "chưa có số liệu"


def test_figures_say_their_time_in_the_halls_own_zone() -> None:
    assert freshness.as_of_text(told(timedelta(minutes=5)), NOW) == "số liệu lúc 10:27"
    assert freshness.as_of_text(told(timedelta(hours=11)), NOW) == (
        "số liệu lúc 23:32 ngày 21/11/2026"
    )
