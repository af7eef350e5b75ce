"""A web service is asked in time and within bounds; whatever it answers, the hall goes on."""

import queue
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from web_services import CODE, Asked, Fault, Opencps, Service, igate, serving

from hall.contract.messages import PublicTicket, TicketEvent
from hall.onestop.askers import Askers
from hall.onestop.dossiers import Dossier, dossier_data
from hall.onestop.drivers.opencps import OpencpsSection, OpencpsSupplier
from hall.onestop.drivers.rest import RestSection, RestSupplier
from hall.onestop.places import OfHall, OfUnit, Place
from hall.onestop.ports import Away, Booked, DossierAnswered, FiguresTold, LinkDown, LinkUp
from hall.onestop.web import Breaker, ServiceDenied, Unreachable, Unreadable, WebService, at
from hall.runtime.clock import SystemClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def rest(url: str, state: Path, *, secret: str = "s3cret") -> RestSupplier:
    """iGate's public look-up, as docs/onestop.md shows it."""
    section = RestSection.model_validate(
        {
            "driver": "rest",
            "url": url,
            "source": "iGate",
            "token": {"url": f"{url}/token", "client_id": "motcua", "credential": "igate"},
            "lookup": {
                "path": "/pa/dossier-search/dvc",
                "query": {"page": "0", "size": "10", "spec": "slice", "code": "{code}"},
                "found": "content",
                "fields": {
                    "code": "code",
                    "status": "statusCurrentTask",
                    "procedure_code": "procedure.code",
                    "procedure_name": "procedure.translate.0.name",
                    "received": "appliedDate",
                    "due": "appointmentDate",
                    "done": "completedDate",
                },
            },
        }
    )
    (state / "credentials").mkdir(exist_ok=True)
    (state / "credentials" / "igate").write_text(f"{secret}\n")
    return RestSupplier(section, state, ZONE, SystemClock())


def opencps(url: str, state: Path) -> OpencpsSupplier:
    section = OpencpsSection.model_validate(
        {
            "driver": "opencps",
            "url": url,
            "group_id": 55301,
            "user": "motcua",
            "credential": "opencps",
            "services": {"ho-tich": "1.001193"},
            "gates": {"1": "Q01"},
            "poll_s": 5,
        }
    )
    (state / "credentials").mkdir(exist_ok=True)
    (state / "credentials" / "opencps").write_text("mat-khau")
    return OpencpsSupplier(section, state, ZONE, SystemClock())


@pytest.fixture
def vnpt() -> Iterator[Service]:
    with serving(igate) as service:
        yield service


def test_igate_tells_a_dossier_and_nothing_of_a_person(vnpt: Service, tmp_path: Path) -> None:
    found = rest(vnpt.url, tmp_path).find(CODE)

    assert found is not None
    assert (found.status, found.procedure_code, found.procedure_name) == (
        5,
        "1.001193",
        "Đăng ký khai sinh",
    )
    assert found.due == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    for private in ("Giàng", "011203004567"):
        assert private not in str(found)
        assert private not in dossier_data(found).model_dump_json()


def test_only_the_very_code_is_found_where_the_service_finds_by_beginnings(
    vnpt: Service, tmp_path: Path
) -> None:
    supplier = rest(vnpt.url, tmp_path)

    assert supplier.find("H38.12-261120") is None
    assert supplier.find("H38.12-261120-0006") is None


def test_the_token_is_kept_while_it_lasts_and_asked_for_anew_when_refused(
    vnpt: Service, tmp_path: Path
) -> None:
    supplier = rest(vnpt.url, tmp_path)
    supplier.find(CODE)
    supplier.find(CODE)
    assert [asked.path for asked in vnpt.asked].count("/token") == 1
    accepted = vnpt.answer
    refused = iter([(401, {})])
    vnpt.answer = lambda asked: (
        next(refused, accepted(asked)) if asked.path != "/token" else accepted(asked)
    )

    assert supplier.find(CODE) is not None
    assert [asked.path for asked in vnpt.asked].count("/token") == 2


def test_a_wrong_secret_is_told_as_such_and_heals_when_it_is_mended(
    vnpt: Service, tmp_path: Path
) -> None:
    supplier = rest(vnpt.url, tmp_path, secret="sai")
    with pytest.raises(ServiceDenied, match="HTTP 401"):
        supplier.find(CODE)
    (tmp_path / "credentials" / "igate").write_text("s3cret")

    assert supplier.find(CODE) is not None


@pytest.mark.parametrize(
    ("fault", "error", "why"),
    [
        ("down", Unreachable, "HTTP 500"),
        ("busy", Unreachable, "HTTP 503"),
        ("html", Unreadable, "HTML"),
        ("redirect", Unreadable, "chuyển hướng"),
        ("not json", Unreadable, "không phải JSON"),
        ("nan", Unreadable, "không phải JSON"),
        ("cut", Unreachable, "không nối được"),
        ("huge", Unreadable, "dài hơn 1 MB"),
        ("drip", Unreachable, "quá chậm"),
        ("silent", Unreachable, "không nối được"),
    ],
)
def test_every_fault_of_a_service_is_named(
    vnpt: Service, fault: Fault, error: type[Exception], why: str
) -> None:
    vnpt.fault, vnpt.answer = fault, lambda _asked: (200, {"content": ["x" * 100]})
    service = WebService(vnpt.url, SystemClock())

    with pytest.raises(error, match=why):
        service.get("/token", {})


def test_a_service_that_stumbles_once_is_asked_again(vnpt: Service) -> None:
    vnpt.answer = lambda _asked: (200, {"ok": 1})
    vnpt.fault, vnpt.heal_after = "busy", 1

    assert WebService(vnpt.url, SystemClock()).get("/", {}) == {"ok": 1}
    assert len(vnpt.asked) == 2


def test_what_changes_something_is_sent_once(vnpt: Service) -> None:
    vnpt.fault = "busy"
    with pytest.raises(Unreachable):
        WebService(vnpt.url, SystemClock()).send("POST", "/bookings", {"state": "1"})

    assert len(vnpt.asked) == 1


def test_an_answer_that_says_no_with_200_is_no_missing_dossier(
    vnpt: Service, tmp_path: Path
) -> None:
    accepted = vnpt.answer
    vnpt.answer = lambda asked: (
        accepted(asked) if asked.path == "/token" else (200, {"error_code": "-1"})
    )

    with pytest.raises(Unreadable, match="error_code = -1"):
        rest(vnpt.url, tmp_path).find(CODE)


def test_a_service_that_is_down_is_left_alone_for_longer_and_longer() -> None:
    breaker = Breaker()
    for _ in range(2):
        breaker.failed(100.0)
    assert breaker.allows(100.0)
    breaker.failed(100.0)
    assert not breaker.allows(104.9)
    assert breaker.allows(105.0)
    breaker.failed(105.0)
    assert not breaker.allows(114.9)
    for _ in range(9):
        breaker.failed(200.0)
    assert breaker.until == 260.0
    breaker.succeeded()
    assert breaker.allows(200.0)


def test_no_answer_at_all_is_a_lost_link_and_any_answer_ends_it() -> None:
    posted: queue.Queue[Any] = queue.Queue()
    up = threading.Event()

    def find(_code: str) -> Dossier | None:
        if not up.is_set():
            raise Unreachable("không nối được")
        return None

    askers = Askers(find, Breaker(), posted.put, SystemClock(), probe_s=0.05)
    askers.start()
    try:
        assert posted.get(timeout=60) == LinkDown("không nối được")
        askers.want_dossier("r", CODE)
        assert posted.get(timeout=60) == DossierAnswered("r", Away())
        up.set()
        assert posted.get(timeout=60) == LinkUp()
    finally:
        askers.stop()


def test_a_place_in_an_answer_is_found_or_nothing() -> None:
    told_content = {"content": [{"procedure": {"translate": [{"name": "Khai sinh"}]}}]}

    assert at(told_content, "content.0.procedure.translate.0.name") == "Khai sinh"
    assert at(told_content, "content.1.procedure") is None
    assert at(told_content, "content.x") is None
    assert at(told_content, "") == told_content
    assert at(None, "a") is None


# --- OpenCPS ------------------------------------------------------------------------------------


def event(kind: str, seq: int, *, counter: str | None = None) -> TicketEvent:
    ticket = PublicTicket.model_validate(
        {
            "id": "t1",
            "number": "A017",
            "service": "ho-tich",
            "day": "2026-11-23",
            "issued_at": "2026-11-23T08:00:00+07:00",
            "channel": "button",
        }
    )
    return TicketEvent.model_validate(
        {
            "epoch": 1,
            "seq": seq,
            "type": kind,
            "ticket": ticket,
            "counter": counter,
            "by": "printer-1",
            "at": "2026-11-23T08:00:00+07:00",
        }
    )


def test_opencps_tells_a_dossier_and_nothing_of_a_person(tmp_path: Path) -> None:
    with serving(Opencps().answer) as service:
        supplier = opencps(service.url, tmp_path)
        found = supplier.find(CODE)

        assert found is not None
        assert (found.status, found.field) == (9, "Hộ tịch")
        assert found.done == datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
        assert "Giàng" not in str(found)
        assert supplier.find("H38.12-261120-0006") is None


def test_a_ticket_is_followed_from_its_issue_to_its_end(tmp_path: Path) -> None:
    software = Opencps()
    with serving(software.answer) as service:
        supplier = opencps(service.url, tmp_path)
        supplier.start(lambda _told: None)
        try:
            supplier.follow_event(event("issued", 1))
            assert software.await_booking(codeNumber="A017", serviceCode="1.001193", state="1")
            supplier.follow_event(event("called", 2, counter="1"))
            assert software.await_booking(state="2", gateNumber="Q01", speaking="true")
            supplier.follow_event(event("finished", 3, counter="1"))
            assert software.await_booking(state="4")
        finally:
            supplier.stop()

    assert software.bookings["1"]["bookingName"] == ""


def test_an_online_booking_is_told_once_and_again_when_it_moves(tmp_path: Path) -> None:
    software, posted = Opencps(), queue.Queue[Any]()
    slot = datetime.now(ZONE).replace(hour=23, minute=59, second=0, microsecond=0)
    booking = {"codeNumber": "DL0001", "serviceCode": "1.001193", "bookingName": "Lò Thị Mai"}
    software.online = [booking | {"bookingDate": int(slot.timestamp() * 1000)}]
    with serving(software.answer) as service:
        supplier = opencps(service.url, tmp_path)
        supplier.start(posted.put)
        try:
            told_booking = next_of(posted, Booked)
        finally:
            supplier.stop()

    assert told_booking == Booked("DL0001", "ho-tich", slot)
    assert "Mai" not in str(told_booking)


def test_bookings_that_fail_stop_neither_look_ups_nor_the_hall(tmp_path: Path) -> None:
    software, posted = Opencps(), queue.Queue[Any]()
    real = software.answer
    with serving(lambda a: (500, {}) if "bookings" in a.path else real(a)) as service:
        supplier = opencps(service.url, tmp_path)
        supplier.start(posted.put)
        try:
            supplier.follow_event(event("issued", 1))
            supplier.look_up("r", CODE)
            outcome = next_of(posted, DossierAnswered).outcome
        finally:
            supplier.stop()

    assert isinstance(outcome, Dossier | Away)


def next_of(posted: "queue.Queue[Any]", kind: type[Any]) -> Any:
    deadline = time.monotonic() + 60
    while True:
        item = posted.get(timeout=max(0.1, deadline - time.monotonic()))
        if isinstance(item, kind):
            return item


# --- figures of many units ------------------------------------------------------------------------


def provincial(url: str, state: Path, more: dict[str, object]) -> RestSupplier:
    """One software for the province: look-ups and figures of each unit, behind one key."""
    (state / "credentials").mkdir(exist_ok=True)
    (state / "credentials" / "khoa").write_text("bi-mat")
    figures = {
        "path": "/thong-ke/{unit}",
        "query": {"tu": "{from}", "den": "{to}"},
        "found": "data.0",
        "fields": {"received.total": "tiepNhan", "resolved.overdue": "quaHan"},
        **more,
    }
    section = RestSection.model_validate(
        {
            "driver": "rest", "url": url, "credential": "khoa", "figures": figures,
            "lookup": {"path": "/ho-so", "fields": {"code": "code", "status": "status"}},
        }
    )  # fmt: skip
    return RestSupplier(section, state, ZONE, SystemClock())


def counted(asked: Asked) -> tuple[int, Any]:
    if asked.headers.get("authorization") != "Bearer bi-mat":
        return 401, {}
    match asked.path.rsplit("/", 1)[-1]:
        case "A":
            return 200, {"data": [{"tiepNhan": 1075, "quaHan": "4", "hoTen": "không đọc"}]}
        case "B%20b":
            return 200, {"data": [{"tiepNhan": "1.075.000", "quaHan": None}]}
        case "C":
            return 200, {"data": [{"tiepNhan": -1}]}
        case _:
            return 200, {"data": []}


def test_one_service_tells_figures_of_every_unit_and_hall(tmp_path: Path) -> None:
    with serving(counted) as service:
        units = {"xa-c": "C", "xa-d": "D", "xa-a": "A"}
        rest = provincial(service.url, tmp_path, {"units": units, "halls": {"so-2": "B b"}})
        told: queue.Queue[tuple[Place, object]] = queue.Queue()
        rest.spread(lambda place, news: told.put((place, news)))
        rest.start(lambda _told: None)
        try:
            first, second = told.get(timeout=60), told.get(timeout=60)
        finally:
            rest.stop()
        asked = [each for each in service.asked if each.path.startswith("/thong-ke")]

    assert (first[0], second[0]) == (OfUnit("xa-a"), OfHall("so-2")), "C and D tell nothing"
    assert isinstance(first[1], FiguresTold)
    (period,) = first[1].figures.periods
    assert period.kind == "month"
    assert period.received is not None
    assert (period.received.total, period.received.online) == (1075, None)
    assert period.resolved is not None
    assert period.resolved.overdue == 4
    assert isinstance(second[1], FiguresTold)
    assert second[1].figures.periods[0].resolved is None, "null is not known, and no 0"
    assert len(asked) == 4
    assert set(asked[0].query) == {"tu", "den"}


def test_a_hall_takes_the_figures_of_its_own_code_alone(tmp_path: Path) -> None:
    with serving(counted) as service:
        rest = provincial(service.url, tmp_path, {"own": "A", "units": {"xa": "B b"}})
        told: queue.Queue[object] = queue.Queue()
        rest.start(told.put)
        try:
            while not isinstance(found := told.get(timeout=60), FiguresTold):
                pass
        finally:
            rest.stop()
        asked = [each.path for each in service.asked if each.path.startswith("/thong-ke")]

    assert found.figures.periods[0].received is not None
    assert asked == ["/thong-ke/A"]


def test_a_figure_that_there_is_not_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="tatCa"):
        provincial("http://127.0.0.1:1", tmp_path, {"fields": {"received.tatCa": "x"}})
