"""The sample dossiers add up to what the articles printed, and tell nobody's name."""

import tracemalloc
from collections import Counter
from datetime import date, datetime
from functools import cache
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from hall.contract.onestop_requests import DossierData
from hall.figures import shares
from hall.figures.doubts import doubts
from hall.figures.shares import Base
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier, dossier_data
from hall.onestop.sample.live import A_DAY, DAYS, LiveDossiers
from hall.onestop.sample.past import Fate, PastDossiers
from hall.onestop.sample.profiles import (
    Past,
    ProfileId,
    profile,
    published,
    sample_procedures,
)
from hall.onestop.sample.scatter import shuffled
from hall.onestop.timeliness import standing

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


def past_of(name: ProfileId) -> Past:
    past = profile(name).past
    assert past is not None
    return past


def dossiers_of(name: ProfileId) -> PastDossiers:
    return PastDossiers(past_of(name), sample_procedures(), ZONE)


def fate_of(dossier: Dossier) -> str:
    return "pending" if dossier.done is None else standing(dossier.due, dossier.done).value


def found(dossiers: PastDossiers, index: int) -> Dossier:
    dossier = dossiers.find(dossiers.code(index))
    assert dossier is not None
    return dossier


@cache
def all_found(name: ProfileId) -> tuple[Dossier, ...]:
    dossiers = dossiers_of(name)
    return tuple(found(dossiers, index) for index in range(len(dossiers)))


def test_ninety_procedures_and_more_are_carried_and_every_one_is_marked_as_sample() -> None:
    procedures = sample_procedures()

    assert len(procedures) == 99
    assert all(each.sample for each in procedures)
    assert len({each.code for each in procedures}) == 99


def test_the_year_of_bac_tu_liem_adds_up_to_its_article() -> None:
    dossiers = dossiers_of("bac-tu-liem")
    fates = Counter(dossiers.fate(index) for index in range(len(dossiers)))

    assert fates[Fate.EARLY] + fates[Fate.ON_TIME] == 344_843
    assert fates[Fate.OVERDUE] == 439
    assert fates[Fate.PENDING] == 3_965


@pytest.mark.parametrize("name", ["phu-tien", "dien-hong"])
def test_every_dossier_of_a_small_hall_has_dates_that_make_its_fate_true(name: ProfileId) -> None:
    fates = past_of(name).fates
    counted = Counter(map(fate_of, all_found(name)))

    assert counted == Counter(
        early=fates.early, on_time=fates.on_time, overdue=fates.overdue, pending=fates.pending
    )


def test_dates_make_the_fate_true_in_the_large_hall_too() -> None:
    dossiers = dossiers_of("bac-tu-liem")

    for index in (*range(0, len(dossiers), 997), *range(len(dossiers) - 1500, len(dossiers))):
        dossier = found(dossiers, index)
        assert fate_of(dossier) == dossiers.fate(index).value
        assert dossier.done is None or dossier.done.date() <= past_of("bac-tu-liem").last


def test_the_fields_of_dien_hong_add_up_to_its_article() -> None:
    fields = Counter(dossier.field for dossier in all_found("dien-hong"))

    assert fields == {
        "Địa chính - Xây dựng": 219,
        "Tư pháp - Hộ tịch": 11_333,
        "Lao động - Thương binh và Xã hội": 202,
    }


def test_hundreds_of_thousands_of_dossiers_cost_no_memory() -> None:
    procedures = sample_procedures()
    tracemalloc.start()
    dossiers = PastDossiers(past_of("bac-tu-liem"), procedures, ZONE)
    found(dossiers, 349_246)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 256 * 1024


def test_every_code_is_found_and_its_neighbours_beyond_the_day_are_not() -> None:
    dossiers = dossiers_of("phu-tien")
    codes = {dossiers.code(index) for index in range(len(dossiers))}

    assert len(codes) == 303
    assert all(dossiers.find(code) for code in codes)
    day = next(iter(codes)).rsplit("-", 1)[0]
    for other in (f"{day}-0000", f"{day}-9999", f"{day}-00001", "000.00.19.H26-190522-0001", "x"):
        assert dossiers.find(other) is None


@pytest.mark.parametrize("name", [each for each in get_args(ProfileId) if each != "mau"])
def test_the_published_figures_keep_the_articles_silences(name: ProfileId) -> None:
    period = published(name)

    assert period is not None
    assert bool(doubts(period)) == (name == "phu-tien")
    if name == "mu-cang-chai":
        assert shares.total_of(period, Base.RECEIVED) is None


def test_the_published_totals_are_those_of_the_dossiers() -> None:
    large, small = published("bac-tu-liem"), published("phu-tien")
    assert large is not None
    assert small is not None

    assert large.to_resolve == past_of("bac-tu-liem").fates.total
    assert shares.resolved_total(large.resolved) == past_of("bac-tu-liem").fates.resolved
    assert shares.timeliness(small).early.count == past_of("phu-tien").fates.early


@pytest.mark.parametrize("status", range(1, 11))
def test_the_first_ten_numbers_of_a_day_show_the_ten_statuses(status: int) -> None:
    live = LiveDossiers("H38.12", sample_procedures())
    dossier = live.find(live.code(date(2026, 11, 20), status), NOW)

    assert dossier is not None
    assert dossier.status == status
    assert bool(dossier.done) == (status >= 9)
    assert bool(dossier.collect_at) == (status == 9)


def test_todays_sample_knows_the_last_working_days_only() -> None:
    live = LiveDossiers("H38.12", sample_procedures())

    for day, nth in (
        (date(2026, 11, 23), 1),
        (date(2026, 11, 22), 1),
        (date(2026, 11, 20), 27),
        (date(2026, 9, 1), 1),
    ):
        assert live.find(live.code(day, nth), NOW) is None


def test_todays_sample_counts_to_figures_without_a_doubt() -> None:
    live = LiveDossiers("H38.12", sample_procedures())
    period = count_period(live.everything(NOW), NOW, "30")

    assert doubts(period) == ()
    assert shares.timeliness(period).early.count
    assert shares.timeliness(period).overdue.count
    assert period.pending is not None
    assert period.pending.overdue
    assert len(tuple(live.everything(NOW))) == DAYS * A_DAY


def test_no_sample_dossier_was_resolved_in_the_future() -> None:
    live = LiveDossiers("H38.12", sample_procedures())

    assert all(each.done <= NOW for each in live.everything(NOW) if each.done)


def test_a_told_dossier_has_no_place_for_a_name_and_no_missing_papers() -> None:
    told_fields = set(DossierData.model_fields)
    live = LiveDossiers("H38.12", sample_procedures())
    dossier = live.find("H38.12-261120-0005", NOW)
    assert dossier is not None

    assert told_fields == {
        "code",
        "status",
        "procedure",
        "received_on",
        "due_on",
        "due_original",
        "done_on",
        "collect_at",
        "missing",
        "steps",
    }
    assert dossier_data(dossier).missing == ()
    assert dossier_data(dossier).received_on == "2026-11-20"


@pytest.mark.parametrize("length", [1, 2, 3, 10, 303, 1000])
def test_shuffling_loses_no_place(length: int) -> None:
    assert {shuffled(index, length) for index in range(length)} == set(range(length))
