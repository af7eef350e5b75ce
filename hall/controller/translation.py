"""Requests of the wire as commands of the core, and refusals as words for people."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from hall.contract import requests as req
from hall.queueing import commands as cmd
from hall.queueing.refusals import Reason


@dataclass(frozen=True, slots=True)
class Translator:
    """`hidden`: a code as it may be kept; `business_date`: the day a moment belongs to.

    `opens_after`: when the hall opens next after a moment, in ms since 1970.
    """

    hidden: Callable[[str], str]
    business_date: Callable[[datetime], str]
    opens_after: Callable[[datetime], int | None]

    def code(self, code: str) -> str:
        """The code of an appointment as it may be kept; people type it in any case."""
        return self.hidden(code.upper())


# Fields of commands that are not read from the request's field of the same name as it stands.
READ: dict[str, Callable[[Any, Translator], object]] = {
    "code": lambda request, reader: reader.code(request.code),
    "person": lambda request, reader: reader.hidden(request.person) if request.person else None,
    "slot": lambda request, _: int(request.slot.timestamp() * 1000),
    "date": lambda request, reader: reader.business_date(request.slot),
    "expect_ticket": lambda request, _: (
        (request.expect_ticket or "") if "expect_ticket" in request.model_fields_set else None
    ),
    "closes": lambda request, _: int(request.at.timestamp() * 1000),
    "on": lambda request, reader: reader.business_date(request.at),
    "reopens": lambda request, reader: reader.opens_after(request.at),
    "result": lambda request, _: cmd.PaperResult(request.result),
    "to_service": lambda request, _: request.to.service,
    "to_counter": lambda request, _: request.to.counter,
    "position": lambda request, _: cmd.Position(request.position),
}


def _as_asked(name: str) -> Callable[[Any, Translator], object]:
    return lambda request, _: getattr(request, name)


def fields_of(verb: str) -> frozenset[str]:
    """What the verb's command needs to be told; `by` is known without asking."""
    return frozenset(field.name for field in fields(cmd.COMMANDS[verb])) - {"by"}


_READERS = {
    verb: {name: READ.get(name, _as_asked(name)) for name in fields_of(verb)}
    for verb in cmd.COMMANDS
}


def command(verb: str, request: req.Request, by: str, reader: Translator) -> cmd.Command:
    """The command behind a request. Raises KeyError for a verb that asks for no change."""
    given: Any = {name: read(request, reader) for name, read in _READERS[verb].items()}
    return cmd.COMMANDS[verb](by=by, **given)


WORDS = {
    Reason.UNKNOWN_SERVICE: "Không có dịch vụ này.",
    Reason.UNKNOWN_COUNTER: "Không có quầy này.",
    Reason.UNKNOWN_TICKET: "Hôm nay không có số này.",
    Reason.NOT_ISSUED_YET: "Số này chưa được phát, mời xem lại số trên phiếu.",
    Reason.UNKNOWN_PRIORITY: "Không có diện ưu tiên này.",
    Reason.UNKNOWN_QUESTION: "Không có câu hỏi đánh giá này.",
    Reason.UNKNOWN_REASON: "Không có lý do đánh giá này.",
    Reason.UNKNOWN_BOOKING: "Không thấy lịch hẹn với mã này.",
    Reason.NOT_ITS_SERVICE: "Quầy này không phục vụ dịch vụ đó.",
    Reason.NOT_ITS_TICKET: "Số này không thuộc dịch vụ của quầy này.",
    Reason.NO_DESTINATION: "Chưa chọn dịch vụ hoặc quầy để chuyển đến.",
    Reason.NOT_TODAY: "Giờ ngừng cấp số phải ở trong hôm nay.",
    Reason.SEVERAL_TICKETS: "Nhiều dịch vụ có số này, mời nêu cả chữ, ví dụ A006.",
    Reason.NO_TICKET_NAMED: "Chưa nêu số cần gọi.",
    Reason.VERSION: "Quầy vừa có người khác thao tác, mời xem số đang hiện rồi bấm lại.",
    Reason.OTHER_TICKET: "Quầy vừa đổi sang người khác, mời xem số đang hiện rồi bấm lại.",
    Reason.HOLDS_NOTHING: "Quầy đang không có số nào.",
    Reason.NOT_CALLED: "Số này không ở trạng thái đang gọi.",
    Reason.STILL_SERVING: "Quầy đang phục vụ, mời kết thúc lượt này trước.",
    Reason.HELD_HERE: "Số này đang ở chính quầy này. Muốn loa đọc lại, mời bấm Gọi lại.",
    Reason.HELD_ELSEWHERE: "Số này đang ở quầy khác.",
    Reason.NOT_CALLABLE: "Số này đã xong hoặc đã huỷ, không gọi được nữa.",
    Reason.NOT_WAITING: "Số này không còn đang chờ.",
    Reason.NOT_ASIDE: "Số này không ở trong danh sách tạm gác hoặc vắng mặt.",
    Reason.NOBODY_TO_RATE: "Hôm nay quầy này chưa phục vụ ai để đánh giá.",
    Reason.NO_RATING_TO_UNDO: "Không có đánh giá vừa gửi nào để rút lại.",
    Reason.NOTHING_TO_UNDO: "Không có việc vừa làm nào ở quầy này để hoàn tác.",
    Reason.UNDO_TOO_LATE: "Đã quá 10 giây, không hoàn tác được nữa.",
    Reason.MOVED_ON: "Số này đã được xử lý tiếp ở nơi khác, không hoàn tác được.",
    Reason.PAPER_SETTLED: "Phiếu này đã có kết quả in khác hoặc đã được phục vụ.",
    Reason.CHECKED_IN: "Lịch hẹn này đã được lấy số rồi.",
    Reason.OTHER_DAY: "Lịch hẹn này không phải hôm nay.",
    Reason.TOO_EARLY: "Chưa đến giờ hẹn. Mời ông/bà quay lại gần giờ hẹn, hoặc lấy số thường.",
    Reason.SLOT_PAST: "Giờ hẹn này đã qua.",
    Reason.EXPIRED: "Số này của ngày trước, đã hết hiệu lực.",
    Reason.HALL_CLOSED: "Ngoài giờ làm việc, hiện không cấp số.",
    Reason.SERVICE_CLOSED: "Dịch vụ này đã ngừng cấp số hôm nay.",
    Reason.INTAKE_CLOSED: "Hội trường đã ngừng cấp số; các số đã lấy vẫn được gọi.",
    Reason.CLOSED_BY_STAFF: "Dịch vụ này tạm ngừng cấp số; các số đã lấy vẫn được gọi.",
    Reason.COUNTER_CLOSED: "Quầy đang đóng, mời mở quầy trước.",
    Reason.NUMBERS_USED_UP: "Dịch vụ này đã hết số hôm nay.",
    Reason.QUOTA: "Dịch vụ này đã đủ số lượt hôm nay.",
    Reason.RECALLS: "Đã gọi lại đủ số lần cho phép.",
    Reason.NO_SLOT: "Không có giờ hẹn này trong lịch làm việc.",
    Reason.TOO_FAR: "Chưa nhận đặt hẹn cho ngày này.",
    Reason.BOOKINGS: "Đã nhận đủ số lịch hẹn.",
    Reason.SLOT_FULL: "Khung giờ này đã đủ người đặt hẹn.",
    Reason.PERSON_QUOTA: "Đã đặt đủ số lượt hẹn trong ngày này.",
}
