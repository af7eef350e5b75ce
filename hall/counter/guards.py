"""What a counter may be asked for now, and why not: one table for every way to ask. Pure."""

from collections.abc import Mapping

from hall.contract.messages import CounterState
from hall.contract.verbs import OFFERS

_SERVING_FIRST = "Quầy đang phục vụ {number}, mời kết thúc lượt này trước."
_CALLED_FIRST = "Đang gọi {number}: mời bấm Bắt đầu, Kết thúc hoặc Vắng mặt trước."
_NOT_CALLED = "Quầy chưa gọi ai."
_NO_LONGER = "Số {number} đang được phục vụ, không còn đang gọi."
_CLOSED = "Quầy đang đóng."
_PAUSED = "Quầy đang tạm nghỉ."
_OPEN = "Quầy đang mở."

# By what the counter is doing: about the number that it holds, and about the counter itself.
_OF_NUMBER = {
    "closed": _NOT_CALLED,
    "open": _NOT_CALLED,
    "paused": _NOT_CALLED,
    "serving": _NO_LONGER,
}
_OF_COUNTER = {
    "closed": _CLOSED,
    "open": _OPEN,
    "paused": _PAUSED,
    "called": _OPEN,
    "serving": _SERVING_FIRST,
}
_OWN: Mapping[str, Mapping[str, str]] = {
    "call-ticket": {"called": _CALLED_FIRST},
    "counter-open": {"serving": _OPEN},
}
_NOTHING_TO_UNDO = "Không có việc vừa làm nào để hoàn tác."


def guards(state: CounterState) -> dict[str, str | None]:
    """By verb: what to tell who asks for it now; None where it may be asked."""
    return {verb: _why_not(verb, state) for verb in OFFERS}


def _why_not(verb: str, state: CounterState) -> str | None:
    offer = OFFERS[verb]
    if verb == "undo":
        return _NOTHING_TO_UNDO if state.undo_until is None else None
    if state.status in offer.when:
        return None
    general: Mapping[str, str] = _OF_COUNTER if offer.of_counter else _OF_NUMBER
    words = {**general, **_OWN.get(verb, {})}
    return words[state.status].format(number=state.ticket.number if state.ticket else "")
