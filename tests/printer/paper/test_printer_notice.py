"""The words for whoever showed a code that brings no number."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract.messages import PublicTicket, Refusal
from printer.paper import notice

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SLOT: dict[str, Any] = {"slot": "2026-11-23T09:00:00+07:00", "service": "a"}
TICKET = PublicTicket(
    id="t1",
    number="A005",
    service="a",
    day="2026-11-23",
    issued_at=datetime(2026, 11, 23, tzinfo=UTC),
    channel="button",
)


@pytest.mark.parametrize(
    ("current", "more"),
    [
        (None, ()),
        ({"epoch": 3}, ()),
        (SLOT, ("Giờ hẹn của ông/bà: 09:00 ngày 23/11/2026.",)),
        (
            SLOT | {"from": "2026-11-23T08:45:00+07:00"},
            ("Giờ hẹn của ông/bà: 09:00 ngày 23/11/2026.", "Lấy số được từ 08:45."),
        ),
        (SLOT | {"ticket": TICKET.model_dump(mode="json")}, ("Số đã lấy: A005.",)),
    ],
    ids=["no appointment", "something else", "another day", "too early", "used"],
)
def test_an_appointment_says_when_or_which(current: Any, more: tuple[str, ...]) -> None:
    refusal = Refusal(code="not_now", text="Chưa đến giờ hẹn.", current=current)

    assert notice.reasons(refusal, ZONE) == ("Chưa đến giờ hẹn.", *more)
