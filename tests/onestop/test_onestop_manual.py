"""Figures that somebody types: read as in a table, doubted where they fall, kept with who."""

import queue
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract.onestop_messages import Figures
from hall.contract.onestop_requests import EnterFigures
from hall.onestop.ports import Away, DossierAnswered, Doubted, FiguresTold, FiguresTyped, Untaken
from hall.onestop.typed_figures import ManualSupplier
from hall.runtime.clock import SetClock

NOW = datetime(2026, 11, 29, 2, 5, tzinfo=UTC)
VALUES = {"received.total": "1.075", "resolved.total": "884", "resolved.early_or_on_time": "880"}


class Office:
    """A supplier, and what it told."""

    def __init__(self, state: Path) -> None:
        self.state, self.clock = state, SetClock(at=NOW)
        self.begin()

    def begin(self) -> None:
        self.posted: queue.Queue[Any] = queue.Queue()
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
        self.supplier = ManualSupplier("Nhập tay", self.state, zone, self.clock)
        self.supplier.start(self.posted.put)

    def told(self) -> Figures | None:
        """The last figures told."""
        found = [item.figures for item in list(self.posted.queue) if isinstance(item, FiguresTold)]
        return found[-1] if found else None


def typed(values: dict[str, str], **more: Any) -> EnterFigures:
    listed = [{"figure": figure, "text": text} for figure, text in values.items()]
    told = {"id": "a1", "staff": "chị Mai", "period": "Tháng 11", "values": listed}
    return EnterFigures.model_validate(told | more)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_what_is_typed_is_told_with_who_and_when(office: Office) -> None:
    assert isinstance(office.supplier.enter(typed(VALUES)), FiguresTyped)

    told = office.told()
    assert told is not None
    assert told.source == "Nhập tay (chị Mai, 09:05 29/11/2026)"
    assert told.as_of == NOW
    (period,) = told.periods
    assert period.received is not None
    assert period.received.total == 1075


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"received.total": "1.07"}, "received.total: số lẻ"),
        ({"received.total": "nhiều"}, "received.total: không phải là số đếm"),
        ({"received.total": "-5"}, "received.total: số âm"),
        ({"received.women": "5"}, "không có chỉ tiêu “received.women”"),
        ({"from": "5"}, "không có chỉ tiêu “from”"),
        ({"received.total": "1.075", "resolved.total": "1,884"}, "received.total: không rõ dấu"),
    ],
)
def test_what_is_no_count_is_refused_by_its_name(
    office: Office, values: dict[str, str], why: str
) -> None:
    outcome = office.supplier.enter(typed(values))

    assert isinstance(outcome, Untaken)
    assert outcome.why.startswith(why)
    assert office.told() is None


def test_a_blank_is_not_known_and_not_zero(office: Office) -> None:
    office.supplier.enter(typed(VALUES | {"pending.total": ""}))

    told = office.told()
    assert told is not None
    assert told.periods[0].pending is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (VALUES | {"received.total": "107"}, "số tiếp nhận giảm từ 1075 xuống 107"),
        (VALUES | {"resolved.overdue": "40"}, "không khớp với tổng"),
    ],
)
def test_a_doubt_is_told_and_taken_only_from_who_is_sure(
    office: Office, values: dict[str, str], reason: str
) -> None:
    office.supplier.enter(typed(VALUES))
    office.clock.advance(60)
    doubted = office.supplier.enter(typed(values))

    assert isinstance(doubted, Doubted)
    assert any(reason in each for each in doubted.reasons)
    assert isinstance(office.supplier.enter(typed(values, sure=True)), FiguresTyped)


def test_a_period_typed_again_takes_the_place_of_its_older_self_alone(office: Office) -> None:
    office.supplier.enter(typed(VALUES, period="Tháng 10"))
    office.supplier.enter(typed(VALUES))
    office.supplier.enter(typed(VALUES | {"received.total": "1.076"}))

    told = office.told()
    assert told is not None
    assert [period.id for period in told.periods] == ["Tháng 11", "Tháng 10"]


def test_what_was_typed_outlives_a_restart(office: Office) -> None:
    office.supplier.enter(typed(VALUES))
    office.begin()

    told = office.told()
    assert told is not None
    assert told.as_of == NOW


def test_nobody_has_dossiers_here(office: Office) -> None:
    office.supplier.look_up("r", "H38.12-261120-0005")

    assert DossierAnswered("r", Away()) in list(office.posted.queue)
