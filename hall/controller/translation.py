"""Requests of the wire as commands of the core, and refusals as words for people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hall.contract import requests as req
from hall.queueing import commands as cmd
from hall.queueing.refusals import Reason


@dataclass(frozen=True, slots=True)
class Reader:
    """`hidden`: a code as it may be kept; `business_date`: the day a moment belongs to."""

    hidden: Callable[[str], str]
    business_date: Callable[[datetime], str]


def command(request: req.Request, by: str, reader: Reader) -> cmd.Command:  # noqa: C901, PLR0911, PLR0912 - one arm a verb
    """The command behind a request. Raises TypeError for one that asks for no change."""
    match request:
        case req.Issue():
            return cmd.Issue(by, request.service, request.channel, request.priority, request.lang)
        case req.Appoint():
            slot, date = int(request.slot.timestamp() * 1000), reader.business_date(request.slot)
            code = reader.hidden(request.code)
            return cmd.Appoint(by, code, request.service, slot, date, request.priority)
        case req.CheckIn():
            return cmd.CheckIn(by, reader.hidden(request.code), request.channel, request.lang)
        case req.PrintOutcome():
            return cmd.PrintResult(by, request.ticket, cmd.Result(request.result))
        case req.CallNext():
            return cmd.CallNext(by, request.counter, request.services, request.expect_ver)
        case req.CallTicket():
            return cmd.CallTicket(
                by, request.counter, request.number, request.ticket, request.expect_ver
            )
        case req.Recall():
            return cmd.Recall(by, request.counter, request.expect_ver)
        case req.Start():
            return cmd.Start(by, request.counter, request.expect_ver)
        case req.Finish():
            return cmd.Finish(by, request.counter, request.outcome, request.expect_ver)
        case req.NoShow():
            return cmd.MarkNoShow(by, request.counter, request.expect_ver)
        case req.Transfer(to=to):
            position = cmd.Position(request.position)
            return cmd.Transfer(
                by, request.counter, to.service, to.counter, position, request.expect_ver
            )
        case req.Park():
            return cmd.Park(
                by, request.counter, request.minutes, request.reason, request.expect_ver
            )
        case req.Resume():
            return cmd.Resume(by, request.ticket)
        case req.Cancel():
            return cmd.Cancel(by, request.ticket)
        case req.CounterOpen():
            return cmd.OpenCounter(by, request.counter, request.staff, request.expect_ver)
        case req.CounterPause():
            return cmd.PauseCounter(by, request.counter, request.staff, request.expect_ver)
        case req.CounterClose():
            return cmd.CloseCounter(by, request.counter, request.staff, request.expect_ver)
        case req.Rate():
            return cmd.Rate(by, request.score, request.ticket, request.counter)
        case _:
            raise TypeError(type(request).__name__)


WORDS = {
    Reason.UNKNOWN_SERVICE: "Không có dịch vụ này.",
    Reason.UNKNOWN_COUNTER: "Không có quầy này.",
    Reason.UNKNOWN_TICKET: "Hôm nay không có số này.",
    Reason.UNKNOWN_PRIORITY: "Không có diện ưu tiên này.",
    Reason.UNKNOWN_BOOKING: "Không thấy lịch hẹn với mã này.",
    Reason.NOT_ITS_SERVICE: "Quầy này không phục vụ dịch vụ đó.",
    Reason.NO_DESTINATION: "Chưa chọn dịch vụ hoặc quầy để chuyển đến.",
    Reason.NO_TICKET_NAMED: "Chưa nêu số cần gọi.",
    Reason.VERSION: "Quầy vừa có thay đổi khác, mời xem lại rồi bấm tiếp.",
    Reason.HOLDS_NOTHING: "Quầy đang không có số nào.",
    Reason.NOT_CALLED: "Số này không ở trạng thái đang gọi.",
    Reason.STILL_SERVING: "Quầy đang phục vụ, mời kết thúc lượt này trước.",
    Reason.NOT_CALLABLE: "Số này đã được gọi ở quầy khác hoặc đã xong.",
    Reason.NOT_WAITING: "Số này không còn đang chờ.",
    Reason.NOT_ASIDE: "Số này không ở trong danh sách tạm gác hoặc vắng mặt.",
    Reason.PAPER_SETTLED: "Phiếu này đã có kết quả in khác hoặc đã được phục vụ.",
    Reason.CHECKED_IN: "Lịch hẹn này đã được lấy số rồi.",
    Reason.OTHER_DAY: "Lịch hẹn này không phải hôm nay.",
    Reason.SLOT_PAST: "Giờ hẹn này đã qua.",
    Reason.EXPIRED: "Số này của ngày trước, đã hết hiệu lực.",
    Reason.HALL_CLOSED: "Ngoài giờ làm việc, hiện không cấp số.",
    Reason.SERVICE_CLOSED: "Dịch vụ này đã ngừng cấp số hôm nay.",
    Reason.COUNTER_CLOSED: "Quầy đang đóng, mời mở quầy trước.",
    Reason.NUMBERS_USED_UP: "Dịch vụ này đã hết số hôm nay.",
    Reason.QUOTA: "Dịch vụ này đã đủ số lượt hôm nay.",
    Reason.RECALLS: "Đã gọi lại đủ số lần cho phép.",
    Reason.BOOKINGS: "Đã nhận đủ số lịch hẹn.",
}
