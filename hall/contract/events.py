"""The kinds of line in the journal, as `evt/ticket` carries them: one row a kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Literal

EventType = Literal[
    "issued",
    "printed",
    "print_unknown",
    "called",
    "recalled",
    "started",
    "finished",
    "no_show",
    "returned",
    "transferred",
    "parked",
    "resumed",
    "cancelled",
    "undone",
    "voided",
    "expired",
    "rated",
    "unrated",
    "counter_opened",
    "counter_paused",
    "counter_closed",
    "day_opened",
    "day_dated",
    "recovered",
    "numbers_skipped",
    "appointed",
    "unbooked",
    "service_closed",
    "service_opened",
    "intake_closed",
]


class TicketPlace(Enum):
    """Where an event leaves its ticket."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ASIDE = "set aside"
    ENDED = "ended"
    SAME = "where it was"
    BEFORE = "where it was before the event taken back"


@dataclass(frozen=True, slots=True)
class EventRow:
    """`words`: Vietnamese, for a list of what happened; `place` None: about no ticket.

    `announced`: followed by `evt/call`.
    """

    type: EventType
    words: str
    place: TicketPlace | None
    announced: bool = False


_ROWS = (
    EventRow("issued", "lấy số", TicketPlace.WAITING),
    EventRow("printed", "đã in", TicketPlace.SAME),
    EventRow("print_unknown", "chưa rõ đã in", TicketPlace.SAME),
    EventRow("called", "gọi", TicketPlace.CALLED, announced=True),
    EventRow("recalled", "gọi lại", TicketPlace.SAME, announced=True),
    EventRow("started", "bắt đầu", TicketPlace.SERVING),
    EventRow("finished", "xong", TicketPlace.ENDED),
    EventRow("no_show", "vắng mặt", TicketPlace.ASIDE),
    EventRow("returned", "trở lại hàng", TicketPlace.WAITING),
    EventRow("transferred", "chuyển", TicketPlace.WAITING),
    EventRow("parked", "tạm gác", TicketPlace.ASIDE),
    EventRow("resumed", "vào lại hàng", TicketPlace.WAITING),
    EventRow("cancelled", "huỷ", TicketPlace.ENDED),
    EventRow("undone", "hoàn tác", TicketPlace.BEFORE),
    EventRow("voided", "phiếu in hỏng", TicketPlace.ENDED),
    EventRow("expired", "hết ngày", TicketPlace.ENDED),
    EventRow("rated", "đánh giá", TicketPlace.SAME),
    EventRow("unrated", "rút lại đánh giá", TicketPlace.SAME),
    EventRow("counter_opened", "mở quầy", None),
    EventRow("counter_paused", "tạm nghỉ", None),
    EventRow("counter_closed", "đóng quầy", None),
    EventRow("service_closed", "ngừng cấp số dịch vụ", None),
    EventRow("service_opened", "cấp số lại dịch vụ", None),
    EventRow("intake_closed", "ngừng cấp số", None),
    EventRow("day_opened", "ngày mới", None),
    EventRow("day_dated", "rõ ngày", None),
    EventRow("recovered", "lập lại nhật ký", None),
    EventRow("numbers_skipped", "bỏ qua số", None),
    EventRow("appointed", "đặt hẹn", None),
    EventRow("unbooked", "bỏ hẹn", None),
)
EVENTS: Mapping[str, EventRow] = MappingProxyType({row.type: row for row in _ROWS})
