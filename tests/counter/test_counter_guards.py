"""One table says what a counter may be asked for now, and tells why not."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from hall.contract.messages import CounterState, CounterStatus
from hall.contract.verbs import OFFERS
from hall.counter.guards import guards

NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)
TICKET = {
    "id": "t-1",
    "number": "A012",
    "service": "ho-tich",
    "day": "2026-11-30",
    "issued_at": NOON,
    "channel": "button",
}


def counter(status: str, **more: Any) -> CounterState:
    held = {"ticket": TICKET} if status in ("called", "serving") else {}
    content = {"epoch": 1, "ver": 1, "counter": "1", "name": "Quầy 1", "status": status}
    return CounterState.model_validate(content | held | more)


@pytest.mark.parametrize("status", get_args(CounterStatus))
def test_what_is_offered_is_free_and_all_else_is_told_why_not(status: str) -> None:
    table = guards(counter(status, undo_until=NOON))

    assert table.keys() == OFFERS.keys()
    assert {verb for verb, why in table.items() if why is None} == {
        verb for verb, offer in OFFERS.items() if status in offer.when
    }
    assert all(why is None or why.endswith(".") for why in table.values())


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        ("called", "call-ticket", "Đang gọi A012: mời bấm Bắt đầu, Kết thúc hoặc Vắng mặt trước."),
        ("serving", "counter-close", "Quầy đang phục vụ A012, mời kết thúc lượt này trước."),
        ("serving", "counter-pause", "Quầy đang phục vụ A012, mời kết thúc lượt này trước."),
        ("serving", "counter-open", "Quầy đang mở."),
        ("serving", "recall", "Số A012 đang được phục vụ, không còn đang gọi."),
        ("open", "finish", "Quầy chưa gọi ai."),
        ("closed", "counter-close", "Quầy đang đóng."),
        ("paused", "counter-pause", "Quầy đang tạm nghỉ."),
    ],
)
def test_the_reason_names_what_to_do_first(status: str, verb: str, words: str) -> None:
    assert guards(counter(status))[verb] == words


def test_nothing_can_be_taken_back_when_nothing_was_just_done() -> None:
    assert guards(counter("open"))["undo"] == "Không có việc vừa làm nào để hoàn tác."
