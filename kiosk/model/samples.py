"""A page of every kind, filled as full as a hall may fill it, in a hall where all is well. Pure.

Panels are judged by these pages, and fonts are opened for them before anybody comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.messages import CounterState, HallState, PublicTicket, ServiceState
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.onestop_requests import DossierData, Procedure, Step
from hall.contract.requests import Appointment, IssueData, Promised
from hall.runtime.picture import Presence
from hall.runtime.served import ServedThere, ServedToday
from kiosk.model.pages import (
    Attract,
    CheckingIn,
    CheckInPage,
    Dashboard,
    Detail,
    DossierResult,
    Fields,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoCheckIn,
    NoResult,
    NotCheckedIn,
    NoTicket,
    Page,
    PickPriority,
    PickService,
    Pin,
    PrintingTicket,
    Procedures,
    Rating,
    RatingFaces,
    RatingSent,
    Tech,
    Thanks,
    TicketTaken,
)
from kiosk.model.procedure_catalogue import ProcedureCatalogue, shelve
from kiosk.model.setup import KioskSetup
from kiosk.model.state import KioskModel
from kiosk.model.world import World

WALL = datetime(2026, 11, 25, 10, 32, tzinfo=UTC)
NOW = 1000.0
CODE = "H38.12.000.00.00.0000-20261110-0092637"
_BOOKING = "HEN-20261125-0092637"
_OF_APPOINTMENT = frozenset({"early", "other_day", "used"})
_WAITING, _LONG_WAIT = 188, (100, 120)
_NAME = (
    "Liên thông thủ tục đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em "
    "dưới 6 tuổi đối với trường hợp cha mẹ đăng ký thường trú khác nơi đăng ký khai sinh"
)
_FIELDS = ("Hộ tịch – Chứng thực", "Thành lập và hoạt động của hộ kinh doanh", "Bảo trợ xã hội")
_PROCEDURE = CatalogueProcedure(
    code="1.001193",
    name=_NAME,
    field=_FIELDS[1],
    level="Cấp xã",
    time_limit="Ngay trong ngày; nhận sau 15 giờ thì trả ngày làm việc tiếp theo",
    fee_vnd=400_000,
    fee_note="Miễn cho người thuộc hộ nghèo, người cao tuổi, người khuyết tật, trẻ em",
    documents=(
        "Tờ khai đăng ký khai sinh theo mẫu",
        "Giấy chứng sinh; không có thì nộp văn bản của người làm chứng xác nhận về việc sinh",
        "Giấy tờ tuỳ thân của người đi đăng ký",
    ),
    where="Quầy 1, hoặc nộp trực tuyến trên Cổng dịch vụ công quốc gia",
    url="https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-nganh-doc.html?ma_thu_tuc=1.001193",
)
_FIGURES = {
    "as_of": WALL.isoformat(),
    "source": "Phần mềm một cửa điện tử của tỉnh",
    "periods": [
        {
            "id": name,
            "from": first,
            "to": "2026-12-31",
            "received": {"total": 349_247},
            "resolved": {"total": 345_282, "early": 199_843, "on_time": 145_000, "overdue": 439},
            "pending": {"total": 13_965, "in_time": 13_960, "overdue": 1_005},
            "fields": [
                {"field": field, "resolved": {"early": 99_500, "on_time": 21_000, "overdue": 139}}
                for field in _FIELDS
            ],
        }
        for name, first in (("year", "2026-01-01"), ("quarter", "2026-10-01"))
    ],
}


def model(setup: KioskSetup, number: str) -> KioskModel:
    """A hall at its busiest: every counter calls, every queue is long."""
    return KioskModel(setup, now=NOW, wall=WALL, touched=NOW, world=_world(setup, number))


def pages(setup: KioskSetup, number: str) -> Mapping[str, Page]:
    """By the name a technician would call them. `number`: the longest the hall gives."""
    service = max(setup.services, key=lambda each: len(each.name)).id
    issued = IssueData(
        ticket=_ticket(number, service, setup.priorities[0].id if setup.priorities else None),
        ahead=_WAITING,
        wait_min=_LONG_WAIT,
        counters=tuple(counter.id for counter in setup.counters),
    )
    results: dict[str, Page] = {f"kết quả {s}": DossierResult(_dossier(s)) for s in range(1, 11)}
    return {
        "đầu": Home(),
        "lời chào": Attract(),
        "chọn việc": PickService(),
        "hỏi ưu tiên": PickPriority(service),
        "đang in": PrintingTicket(service, None, "i", NOW - 1),
        "số thứ tự": TicketTaken(issued, NOW, "printed"),
        "số trên màn hình": TicketTaken(issued, NOW, "unknown"),
        "hết giấy": NoTicket("unavailable", service, None, "paper_out"),
        "phiếu hỏng": NoTicket("voided", service),
        "hết số": NoTicket("limit", service),
        "ngoài giờ": NoTicket("closed", service),
        "mất bộ điều khiển": NoTicket("offline", service),
        **(_of_appointments(issued) if setup.booked else {}),
        "tra cứu": Lookup(),
        "tra cứu, đã nhập": Lookup(CODE),
        "tra cứu, phím chữ": Lookup(CODE, letters=True),
        "đang hỏi": LookingUp(CODE, "i", NOW - 1),
        **results,
        "không tìm thấy": NoResult("unknown", CODE),
        "chưa tra được": NoResult("unavailable", CODE),
        "tra quá nhiều": NoResult("limit", CODE),
        "chưa phải mã": NoResult("not_a_code"),
        "chờ tra lại": NoResult("wait", CODE, NOW + 99),
        "lĩnh vực": Fields(),
        "danh sách thủ tục": Procedures(_FIELDS[1]),
        "tìm thủ tục": Procedures(None, "khai sinh", keyboard=True),
        "tìm không thấy": Procedures(None, "zzzz", keyboard=True),
        "thủ tục": Detail(_PROCEDURE.code),
        "số liệu": Dashboard(),
        "đánh giá": Rating(),
        "đánh giá, năm mức": RatingFaces(_served(setup, number), _longest_question(setup)),
        "đánh giá, đã chọn": RatingSent(_served(setup, number), 2, NOW),
        "cảm ơn": Thanks(NOW),
        "mã kỹ thuật": Pin("12"),
        "kỹ thuật": Tech(),
        "bảo trì": Maintenance(),
    }


def _longest_question(setup: KioskSetup) -> int:
    places = range(len(setup.questions))
    return max(places, key=lambda place: len(setup.questions[place].name), default=0)


def _served(setup: KioskSetup, number: str) -> ServedThere:
    return ServedThere(setup.counters[-1].id, "t", number, 1)


def _of_appointments(issued: IssueData) -> Mapping[str, Page]:
    late = issued.model_copy(update={"promised": Promised(slot=WALL, kept=False)})
    refused = dict(_not_checked_in(issued.ticket))
    return {
        "mã hẹn": CheckInPage(),
        "mã hẹn, đã nhập": CheckInPage(_BOOKING),
        "mã hẹn, phím chữ": CheckInPage(_BOOKING, letters=True),
        "lấy số theo hẹn": CheckingIn(_BOOKING, "i", NOW - 1),
        "số theo hẹn": TicketTaken(late, NOW, "printed"),
        **{f"chưa lấy được số theo hẹn, {why}": page for why, page in refused.items()},
    }


def _not_checked_in(ticket: PublicTicket) -> Iterator[tuple[str, NoCheckIn]]:
    told = Appointment.model_validate(
        {
            "slot": WALL + timedelta(hours=1),
            "from": WALL + timedelta(minutes=45),
            "service": ticket.service,
            "ticket": ticket.model_dump(),
        }
    )
    for why in get_args(NotCheckedIn):
        yield (
            why,
            NoCheckIn(why, _BOOKING, told if why in _OF_APPOINTMENT else None, until=NOW + 99),
        )
    yield "paper_out", NoCheckIn("unavailable", _BOOKING, fault="paper_out")


def troubles(world: World) -> Mapping[str, World]:
    """The same hall when something is wrong, by what the head line of its first page says."""
    closed = (
        world.hall.model_copy(update={"open": False, "closed_by": "hours"}) if world.hall else None
    )
    return {
        "mất kết nối": replace(world, presence=Presence()),
        "hết giờ": replace(world, hall=closed),
        "hết giấy": replace(world, printer_alerts=frozenset({"paper_out"})),
        "mất một cửa": replace(world, onestop=None),
        "chưa biết gì": replace(world, counters={}, services={}, figures=None),
    }


def refusals(world: World) -> Mapping[str, World]:
    """The same hall without numbers, with services closed, or with nobody at its counters."""

    def services(**changes: object) -> Mapping[str, ServiceState]:
        return {i: state.model_copy(update=changes) for i, state in world.services.items()}

    shut = {"status": "closed", "ticket": None}
    counters = {i: state.model_copy(update=shut) for i, state in world.counters.items()}
    return {
        "hết số": replace(world, services=services(open=False, left=0)),
        "ngừng": replace(world, services=services(open=False)),
        "quầy đóng": replace(world, counters=counters),
    }


def _ticket(number: str, service: str, priority: str | None = None) -> PublicTicket:
    return PublicTicket(
        id="t",
        number=number,
        service=service,
        priority=priority,
        day="2026-11-25",
        issued_at=WALL,
        channel="kiosk",
    )


def _dossier(status: int) -> DossierData:
    return DossierData(
        code=CODE,
        status=status,
        procedure=Procedure(code=_PROCEDURE.code, name=_NAME),
        received_on="2026-11-10",
        due_on="2026-11-20",
        due_original="2026-11-15",
        done_on="2026-11-24" if status in (9, 10) else None,
        collect_at="Quầy 6 – Trả kết quả",
        missing=("Giấy chứng sinh",) if status == 5 else (),  # noqa: PLR2004 - papers are wanted
        steps=tuple(Step(at=WALL - timedelta(days=n), text="Đang thẩm định") for n in range(5)),
    )


def _world(setup: KioskSetup, number: str) -> World:
    first = setup.services[0].id
    counters = {
        counter.id: CounterState(
            epoch=1,
            ver=1,
            counter=counter.id,
            name=counter.name,
            status="called",
            ticket=_ticket(number, first),
        )
        for counter in setup.counters
    }
    services = {
        service.id: ServiceState(
            epoch=1,
            ver=1,
            service=service.id,
            name=service.name,
            open=True,
            waiting=_WAITING,
            wait_min=_LONG_WAIT,
        )
        for service in setup.services
    }
    served = ServedToday(
        {c.id: (ServedThere(c.id, "t", number, place),) for place, c in enumerate(setup.counters)}
    )
    hall = HallState(
        epoch=1,
        ver=1,
        day="2026-11-25",
        open=True,
        clock="trusted",
        board_ver=1,
        evt_seq=1,
        waiting=_WAITING,
        served_today=_WAITING,
    )
    return World(
        presence=Presence(linked=True, heard_at=NOW),
        hall=hall,
        counters=counters,
        services=services,
        onestop=OnestopStatus(state="ready", conn="c"),
        figures=Figures.model_validate(_FIGURES),
        shelf=_shelf(),
        served=served,
    )


def _shelf() -> ProcedureCatalogue:
    others = (
        _PROCEDURE.model_copy(update={"code": f"1.{n:06d}", "field": _FIELDS[n % len(_FIELDS)]})
        for n in range(24)
    )
    return shelve("1", (_PROCEDURE, *others))
