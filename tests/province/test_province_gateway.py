"""From a screen in a hall to the software at the province and back, over TLS; both sides killed."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from broker_of_ones_own import certificate
from own_postgres import OwnPostgres
from own_province import OWN_WORD, UNIT, VENDOR_WORD, OwnProvince, until
from whole_hall import HALL, WholeHall

from hall.cli.province import onestop
from hall.cli.province.file import WholeProvinceFile
from hall.contract import codec
from hall.contract import requests as req
from hall.contract.downward import desk_topic
from hall.contract.messages import Refusal, Reply
from hall.contract.onestop_messages import Catalogue, Figures, Notice, OnestopStatus
from hall.contract.onestop_requests import CatalogueChunk, DossierLookup
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_STATUS,
    REQ_ONESTOP,
    REQ_QUEUE,
    RSP,
)
from hall.doctor.findings import Finding
from hall.onestop.for_halls.desk_trial import (
    DeskVerdict,
    TrialForbidden,
    TrialRefused,
    TrialUnanswered,
)
from hall.onestop.sample.live import LiveDossiers
from hall.onestop.sample.profiles import profile, sample_procedures
from hall.runtime import settings
from hall.runtime.bus import Subscription
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import SystemClock
from hall.runtime.far_link import FarHeard, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import LinkFault
from hall.runtime.requester import new_id

pytestmark = pytest.mark.broker
OTHER = "khac"
FAST = {"driver": "simulated", "delay_ms": [0, 0], "every_s": 3600}
EARS = tuple(map(Subscription, (EXT_STATUS, EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE)))


def a_code() -> str:
    """Of a dossier that the simulated software has today."""
    now = SystemClock().now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    dossiers = LiveDossiers(profile("mau").org, sample_procedures())
    return max(dossiers.everything(now - timedelta(days=1)), key=lambda d: d.code).code


class Wire:
    """A client of the province's broker."""

    def __init__(self, province: OwnProvince, user: str, word: str, *filters: str) -> None:
        server = Server("127.0.0.1", province.port, word, tls=True, ca=f"{province.tls}/broker.crt")
        options = FarOptions(f"{user}-test", user, filters, pauses_s=(0.1, 0.3))
        self.inbox = Inbox()
        self.link = FarMqttLink(options, lambda: server, SystemClock())
        self.heard: list[FarHeard] = []
        self.ups = 0
        self.link.open(self.inbox.post)
        assert self.until(lambda: self.ups > 0)

    def until(self, condition: "callable[[], bool]", seconds: float = 60.0) -> bool:  # type: ignore[valid-type]
        def turn() -> bool:
            while (item := self.inbox.take_item(0.02)) is not None:
                self.heard += [item] if isinstance(item, FarHeard) else []
                self.ups += isinstance(item, FarUp)
            return condition()

        return until(turn, seconds, 0.01)

    def ask(self, hall: str, verb: str, told: req.Request, src: str = "onestop") -> Reply:
        """A request of the vendor's, tried again as the contract says; what is answered first."""
        topic = REQ_QUEUE.topic(hall, verb=verb, client="onestop")
        payload = codec.pack(told, hall=hall, src=src, ts=SystemClock().now())
        for patience in (1.0, 1.0, 2.0, 60.0):
            self.link.publish(topic, payload, retain=False)
            if self.until(lambda: bool(self.replies(told.id)), patience):
                break
        return self.replies(told.id)[0]

    def replies(self, request_id: str) -> list[Reply]:
        return [
            Reply.model_validate_json(each.payload)
            for each in self.heard
            if f'"{request_id}"'.encode() in each.payload
        ]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls") / "own")


@pytest.fixture(scope="module")
def province(
    tmp_path_factory: pytest.TempPathFactory, postgres: OwnPostgres, tls: Path
) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path_factory.mktemp("gateway") / "p", postgres.fresh("gateway"), tls)
    made.onestop = {
        "supplier": FAST,
        "units": {UNIT: FAST | {"profile": "bac-tu-liem", "unit": "Phường Thử"}},
    }
    made.folder.mkdir()
    made.make([HALL, OTHER])
    made.start_desk()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def hall(province: OwnProvince, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHall]:
    folder = tmp_path_factory.mktemp("hall")
    booking = {"slot_min": 15, "per_slot": 2, "days_ahead": 6}
    more = {
        "onestop": {"driver": "province", "lookups_per_minute": 600},
        "services": [{"id": "ho-tich", "name": "Hộ tịch", "prefix": "A", "appointments": booking}],
    }
    with WholeHall(folder, province, ("controller", "onestop"), more=more, hears=EARS) as made:
        assert made.terminal.until(
            lambda: made.terminal.state(EXT_FIGURES, Figures) is not None, 60
        )
        yield made


@contextmanager
def wire(province: OwnProvince, user: str, word: str, *filters: str) -> Iterator[Wire]:
    made = Wire(province, user, word, *filters)
    try:
        yield made
    finally:
        made.link.close()


def state_of(hall: WholeHall) -> str:
    found = hall.terminal.state(EXT_STATUS, OnestopStatus)
    return "" if found is None else found.state


def figures_of(hall: WholeHall) -> Figures:
    found = hall.terminal.state(EXT_FIGURES, Figures)
    assert found is not None
    return found


def becomes(hall: WholeHall, state: str) -> bool:
    return hall.terminal.until(lambda: state_of(hall) == state, 60.0)


def look_up(hall: WholeHall, code: str) -> Reply:
    asked = DossierLookup(id=new_id(), code=code)
    return hall.terminal.ask_hall(REQ_ONESTOP, "dossier-lookup", asked)


def test_a_look_up_goes_up_and_its_answer_comes_down(hall: WholeHall) -> None:
    assert becomes(hall, "ready")
    code = a_code()

    reply = look_up(hall, code)

    assert reply.status == "ok", reply.error
    assert reply.data is not None
    assert reply.data["code"] == code
    unknown = look_up(hall, "H99.99-260101-0001")
    assert unknown.error is not None
    assert unknown.error.code == "unknown"


def test_what_the_unit_is_told_becomes_the_hall_s_own(hall: WholeHall) -> None:
    terminal = hall.terminal
    assert terminal.until(
        lambda: (
            None
            not in (
                terminal.state(EXT_FIGURES, Figures),
                terminal.state(EXT_CATALOGUE, Catalogue),
                terminal.state(EXT_NOTICE, Notice),
            )
        ),
        60.0,
    )
    figures = terminal.state(EXT_FIGURES, Figures)
    assert figures is not None
    assert "Bắc Từ Liêm" in figures.source
    announced = terminal.state(EXT_CATALOGUE, Catalogue)
    assert announced is not None
    assert announced.count == len(sample_procedures())
    asked = CatalogueChunk(id=new_id(), ver=announced.ver, index=0)
    assert terminal.ask_hall(REQ_ONESTOP, "catalogue-chunk", asked).status == "ok"


def test_an_appointment_made_at_the_province_is_the_hall_s_own(
    province: OwnProvince, hall: WholeHall
) -> None:
    assert becomes(hall, "ready")
    with wire(province, "onestop", VENDOR_WORD, RSP.filter("+", client="onestop")) as vendor:
        today = SystemClock().now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        asked = req.Slots.model_validate(
            {"id": new_id(), "service": "ho-tich", "from": str(today + timedelta(1)), "days": 2}
        )
        slots = req.SlotsData.model_validate(vendor.ask(HALL, "slots", asked).data).slots
        made = req.Appoint(
            id=new_id(), code="DL0001", service="ho-tich", slot=slots[len(slots) // 4].at
        )
        booked = vendor.ask(HALL, "appoint", made)
        again = vendor.ask(
            HALL, "cancel-appointment", req.CancelAppointment(id=new_id(), code="DL0001")
        )
        nobody = vendor.ask("la", "slots", asked.model_copy(update={"id": new_id()}))
        away = vendor.ask(OTHER, "slots", asked.model_copy(update={"id": new_id()}))
        stolen = vendor.ask(HALL, "slots", asked.model_copy(update={"id": new_id()}), src="kiosk-1")

    assert booked.status == "ok", booked.error
    assert again.status == "ok", again.error
    codes = [None if each.error is None else each.error.code for each in (nobody, away, stolen)]
    assert codes == ["unknown", "unavailable", "unauthorized"]


def test_a_message_for_another_hall_is_refused(province: OwnProvince, hall: WholeHall) -> None:
    assert becomes(hall, "ready")
    wrong = req.CancelAppointment(id=new_id(), code="DL0001")
    with wire(province, "onestop", VENDOR_WORD, RSP.filter("+", client="onestop")) as vendor:
        topic = REQ_QUEUE.topic(HALL, verb="cancel-appointment", client="onestop")
        payload = codec.pack(wrong, hall=OTHER, src="onestop", ts=SystemClock().now())
        vendor.link.publish(topic, payload, retain=False)
        assert vendor.until(lambda: bool(vendor.replies(wrong.id)))
        (reply,) = vendor.replies(wrong.id)

    assert reply.error is not None
    assert "hội trường khác" in reply.error.text


def test_hostile_figures_leave_what_is_held(province: OwnProvince, hall: WholeHall) -> None:
    assert becomes(hall, "ready")
    before = figures_of(hall)
    topic = f"motcua/1/unit/{UNIT}/figures"
    with wire(province, "province", OWN_WORD) as own:
        now = SystemClock().now()
        good = Figures(as_of=now, source="kẻ lạ")
        for payload in (
            b"\xff not JSON",
            b"x" * 60_000,
            codec.pack(good, hall=OTHER, src="province", ts=now),
            codec.pack(good, hall="unit", src=OTHER, ts=now),
        ):
            own.link.publish(topic, payload, retain=False)
        notice = Notice(lines=("xong",))
        done = codec.pack(notice, hall="unit", src="province", ts=now)
        own.link.publish(f"motcua/1/unit/{UNIT}/notice", done, retain=False)
        arrived = hall.terminal.until(
            lambda: hall.terminal.state(EXT_NOTICE, Notice) == notice, 60.0
        )

    assert arrived
    # The province's own software may have told its figures again meanwhile, with a newer as_of.
    assert figures_of(hall).model_copy(update={"as_of": before.as_of}) == before


def test_a_hall_goes_on_while_the_gateway_or_the_broker_is_dead(
    province: OwnProvince, hall: WholeHall
) -> None:
    assert becomes(hall, "ready")
    begun = SystemClock().now()
    province.kill_desk()
    assert becomes(hall, "lost")
    reply = look_up(hall, a_code())
    assert reply.error is not None
    assert reply.error.code == "unavailable"
    hall.press(3)
    province.start_desk()
    assert becomes(hall, "ready")

    assert hall.terminal.until(lambda: figures_of(hall).as_of > begun, 60.0)
    figures = figures_of(hall)
    province.kill_broker()
    assert becomes(hall, "lost")
    hall.press(3)
    hall.kill_and_start("onestop")
    assert hall.terminal.until(lambda: state_of(hall) == "lost", 60.0)
    assert figures_of(hall) == figures
    province.start_broker()
    assert becomes(hall, "ready")
    assert look_up(hall, a_code()).status == "ok"


def test_no_hall_reads_that_the_gateway_is_there_from_another(province: OwnProvince) -> None:
    with wire(province, OTHER, province.words[OTHER], desk_topic(), RSP.filter(HALL)) as other:
        assert other.until(lambda: bool(other.heard))

    assert {each.topic for each in other.heard} == {desk_topic()}


def check_of_the_gateway(province: OwnProvince) -> Finding:
    args = argparse.Namespace(config=province.config, state=province.state)
    wanted = settings.load(province.config, WholeProvinceFile)
    (found,) = (
        each
        for each in onestop.findings(args, wanted, SystemClock())
        if each.name == "cổng một cửa"
    )
    return found


def test_check_asks_the_gateway_and_says_what_is_wrong(province: OwnProvince) -> None:
    with wire(province, "province", OWN_WORD, desk_topic()) as own:

        def says(state: str) -> bool:
            last = [each.payload for each in own.heard if each.topic == desk_topic()][-1:]
            return bool(last) and f'"{state}"'.encode() in last[0]

        assert own.until(lambda: says("ready"))
        well = check_of_the_gateway(province)
        assert well.well, well
        assert "mô phỏng" in well.text

        province.kill_desk()
        assert own.until(lambda: says("lost"))
        gone = check_of_the_gateway(province)
        assert (gone.state, gone.well) == ("không chạy", False)
        assert "systemctl enable --now motcua-province-onestop" in gone.advice
        province.start_desk()
        assert own.until(lambda: says("ready"))


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (TrialRefused(Refusal(code="unavailable", text="Mời ông/bà …")), "máy chủ từ chối khoá"),
        (TrialForbidden(), "broker"),
        (TrialUnanswered(OnestopStatus(state="ready", conn="c1")), "systemctl restart"),
        (LinkFault("broker từ chối mật khẩu", "làm lại"), "broker từ chối mật khẩu"),
    ],
)
def test_each_cause_is_told_with_what_to_do(verdict: DeskVerdict, told: str) -> None:
    found = onestop.answering(verdict, "rest", "máy chủ từ chối khoá")
    assert not found.well
    assert found.advice
    assert told in found.text + found.advice
    assert "ông/bà" not in found.text, "words for a citizen help no operator"
