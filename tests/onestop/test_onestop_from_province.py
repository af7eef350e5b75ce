"""A hall's end of the line to its province, without a broker: what is believed of what comes."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from hall.contract import catalogue, codec
from hall.contract.catalogue import CatalogueContent
from hall.contract.downward import DOWN_FIGURES, UNIT, UNIT_CATALOGUE, UNIT_FIGURES, desk_topic
from hall.contract.messages import Refusal, Reply
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.onestop_requests import CatalogueChunkData, DossierData, Procedure
from hall.contract.requests import Ping
from hall.contract.topics import REQ_QUEUE, RSP
from hall.contract.words import WireModel
from hall.onestop.from_province.kept import KeptDownward
from hall.onestop.from_province.lookups_above import PATIENCE_S
from hall.onestop.from_province.supplier import START_S, ProvinceSupplier
from hall.onestop.ports import (
    Away,
    CentralAsked,
    DossierAnswered,
    FiguresTold,
    FileGone,
    Imported,
    LinkDown,
    LinkUp,
    LookupLimit,
    ProceduresTold,
)
from hall.onestop.sample.profiles import sample_procedures
from hall.runtime.clock import SetClock
from hall.runtime.far_link import FarDown, FarHeard, FarUp, Post
from hall.runtime.link_faults import SILENT
from hall.runtime.picture import LEASE_S

T = TypeVar("T")
HALL = "thu"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
CODE = "H38.12-261120-0010"
DOSSIER = DossierData(code=CODE, status=4, procedure=Procedure(code="1.001193", name="Khai sinh"))


@dataclass
class Line:
    is_up: bool = False
    said: list[tuple[str, bytes]] = field(default_factory=list)

    def open(self, post: Post) -> None:
        """The test says when it is up."""

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        del retain
        if not self.is_up:
            return None
        self.said.append((topic, payload))
        return len(self.said)

    def acknowledge(self, heard: FarHeard) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        self.is_up = False


class Hall:
    def __init__(self, folder: Path) -> None:
        self.clock, self.line = SetClock(at=NOON), Line()
        self.told: list[object] = []
        kept = KeptDownward(folder)
        self.supplier = ProvinceSupplier(HALL, "xa", self.line, self.clock, kept)
        self.supplier.start(self.told.append)

    def connect(self) -> None:
        self.line.is_up = True
        self.supplier.take_item(FarUp("c1"))
        self.say(desk_topic(), OnestopStatus(state="ready", source="Tỉnh", conn="d1"), "province")

    def say(self, topic: str, message: WireModel, hall: str = HALL, src: str = "province") -> None:
        self.raw(topic, codec.pack(message, hall=hall, src=src, ts=self.clock.now()))

    def raw(self, topic: str, payload: bytes) -> None:
        self.supplier.take_item(FarHeard(topic, payload))

    def answer(self, reply: Reply, **other: str) -> None:
        self.say(RSP.topic(HALL, client=other.pop("client", "kiosk-1")), reply, **other)

    def of(self, kind: type[T]) -> list[T]:
        return [each for each in self.told if isinstance(each, kind)]

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.supplier.tick(self.clock.monotonic())


def found(data: DossierData = DOSSIER, request_id: str = "l1") -> Reply:
    return Reply(id=request_id, status="ok", data=codec.plain(data))


def test_a_look_up_travels_unchanged(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    hall.supplier.look_up("kiosk-1/l1", CODE)
    topic, payload = hall.line.said[-1]
    opened = codec.open_payload(payload, hall=HALL)

    assert topic == f"motcua/1/{HALL}/req/onestop/dossier-lookup/kiosk-1"
    assert (opened.envelope.src, opened.content["id"]) == ("kiosk-1", "l1")
    hall.answer(found())
    hall.answer(found())
    assert hall.of(DossierAnswered) == [DossierAnswered("kiosk-1/l1", DOSSIER)]


def test_hostile_answers_are_no_answers(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    hall.supplier.look_up("kiosk-1/l1", CODE)
    hall.answer(found(request_id="l2"))
    hall.answer(found(), client="kiosk-2")
    hall.answer(found(), hall="khac")
    hall.answer(found(), src="khac")
    hall.say(RSP.topic("khac", client="kiosk-1"), found(), hall="khac")
    topic = RSP.topic(HALL, client="kiosk-1")
    for payload in (b"\xff", b"x" * 60_000, b"[]", b"{}", b'{"id":"l1"}', b""):
        hall.raw(topic, payload)
    assert hall.of(DossierAnswered) == []

    hall.wait(PATIENCE_S)
    assert hall.of(DossierAnswered) == [DossierAnswered("kiosk-1/l1", Away())]
    hall.answer(found())
    assert len(hall.of(DossierAnswered)) == 1


def test_another_dossier_or_none_at_all_is_not_shown(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    other = DOSSIER.model_copy(update={"code": "H38.12-261120-0011"})
    replies = [
        found(other),
        Reply(id="l1", status="ok", data={"code": CODE}),
        Reply(id="l1", status="error", error=Refusal(code="unknown", text="…")),
        Reply(id="l1", status="error", error=Refusal(code="limit", text="…")),
        Reply(id="l1", status="error", error=Refusal(code="internal", text="…")),
    ]
    for reply in replies:
        hall.supplier.look_up("kiosk-1/l1", CODE)
        hall.answer(reply)

    outcomes = [each.outcome for each in hall.of(DossierAnswered)]
    assert outcomes == [Away(), Away(), None, LookupLimit(), Away()]


def test_without_a_line_nobody_waits_and_nothing_is_sent_later(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.supplier.look_up("kiosk-1/l1", CODE)
    assert hall.of(DossierAnswered) == [DossierAnswered("kiosk-1/l1", Away())]
    hall.connect()
    hall.supplier.look_up("kiosk-1/l2", CODE)
    hall.supplier.take_item(FarDown(SILENT))
    assert hall.of(DossierAnswered)[-1] == DossierAnswered("kiosk-1/l2", Away())

    before = [topic for topic, _ in hall.line.said if "dossier-lookup" in topic]
    hall.connect()
    assert [topic for topic, _ in hall.line.said if "dossier-lookup" in topic] == before


def test_whether_the_gateway_is_there_is_told_once_and_what_still_works(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.wait(START_S)
    hall.wait(START_S)
    assert len(hall.of(LinkDown)) == 1
    assert "tra cứu hồ sơ tạm dừng" in hall.of(LinkDown)[0].why
    hall.connect()
    hall.connect()
    assert len(hall.of(LinkUp)) == 1
    assert hall.supplier.source == "Tỉnh"
    hall.wait(LEASE_S)
    assert len(hall.of(LinkDown)) == 2
    hall.connect()
    hall.say(desk_topic(), OnestopStatus(state="lost", conn="d1"), "province")
    assert "phần mềm một cửa" in hall.of(LinkDown)[-1].why


def test_the_hall_s_own_figures_win_and_the_unit_s_come_back(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    unit, own = UNIT_FIGURES.topic(UNIT, unit="xa"), DOWN_FIGURES.topic(HALL)
    hall.say(unit, Figures(as_of=NOON, source="đơn vị"), UNIT)
    hall.say(own, Figures(as_of=NOON, source="riêng"))
    hall.say(unit, Figures(as_of=NOON, source="đơn vị 2"), UNIT)
    hall.say(UNIT_FIGURES.topic(UNIT, unit="khac"), Figures(as_of=NOON, source="khác"), UNIT)
    hall.raw(own, b"")

    told = [each.figures.source for each in hall.of(FiguresTold)]
    assert told == ["đơn vị", "riêng", "đơn vị 2"]


def test_figures_that_cannot_be_right_leave_those_that_are_held(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    topic = UNIT_FIGURES.topic(UNIT, unit="xa")
    hall.say(topic, Figures(as_of=NOON), UNIT)
    hall.say(topic, Figures(as_of=NOON - timedelta(days=1)), UNIT)
    hall.say(topic, Figures(as_of=NOON + timedelta(days=1)), UNIT)
    for payload in (b"x" * 60_000, b"\xff", b'{"schema":1}'):
        hall.raw(topic, payload)
    hall.say(topic, Figures(as_of=NOON), HALL)
    assert len(hall.of(FiguresTold)) == 1
    refused = hall.of(Imported)
    assert {(each.report.what, each.report.state) for each in refused} == {("figures", "refused")}

    hall.say(topic, Figures(as_of=NOON + timedelta(minutes=1)), UNIT)
    assert hall.of(FileGone)
    assert len(hall.of(FiguresTold)) == 2


def test_the_catalogue_is_fetched_checked_and_kept(tmp_path: Path) -> None:
    procedures = sample_procedures()
    packed = catalogue.pack(CatalogueContent(procedures=procedures))
    announced = catalogue.announce(packed, len(procedures))
    hall = Hall(tmp_path)
    hall.connect()
    hall.say(UNIT_CATALOGUE.topic(UNIT, unit="xa"), announced, UNIT)
    for index in range(announced.chunks):
        topic, payload = hall.line.said[-1]
        assert topic.endswith("/catalogue-chunk/gateway")
        asked = codec.open_payload(payload, hall=HALL).content
        assert asked["index"] == index
        piece = catalogue.chunk(packed, index) or ""
        data = CatalogueChunkData(ver=announced.ver, index=index, data=piece)
        reply = Reply(id=str(asked["id"]), status="ok", data=codec.plain(data))
        hall.answer(reply, client="gateway")
    assert hall.of(ProceduresTold) == [ProceduresTold(procedures)]

    again = Hall(tmp_path)
    assert again.of(ProceduresTold) == [ProceduresTold(procedures)]
    asked_before = len(again.line.said)
    again.connect()
    again.say(UNIT_CATALOGUE.topic(UNIT, unit="xa"), announced, UNIT)
    assert not [t for t, _ in again.line.said[asked_before:] if "catalogue-chunk" in t]


def test_a_damaged_catalogue_is_not_taken(tmp_path: Path) -> None:
    packed = catalogue.pack(CatalogueContent(procedures=sample_procedures()[:1]))
    announced = catalogue.announce(packed, 1)
    hall = Hall(tmp_path)
    hall.connect()
    hall.say(UNIT_CATALOGUE.topic(UNIT, unit="xa"), announced, UNIT)
    asked = codec.open_payload(hall.line.said[-1][1], hall=HALL).content
    bad = base64.b64encode(packed[:-1]).decode()
    data = CatalogueChunkData(ver=announced.ver, index=0, data=bad)
    hall.answer(Reply(id=str(asked["id"]), status="ok", data=codec.plain(data)), client="gateway")

    assert hall.of(ProceduresTold) == []
    assert [each.report.what for each in hall.of(Imported)] == ["procedures"]


def test_what_was_told_is_there_after_a_start_without_the_province(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()
    hall.say(DOWN_FIGURES.topic(HALL), Figures(as_of=NOON, source="riêng"))

    assert [each.figures.source for each in Hall(tmp_path).of(FiguresTold)] == ["riêng"]


def test_only_the_vendor_asks_the_controller_and_only_for_appointments(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.connect()

    def ask(request_id: str, verb: str, hall_named: str = HALL, src: str = "onestop") -> None:
        topic = REQ_QUEUE.topic(HALL, verb=verb, client="onestop")
        hall.say(topic, Ping(id=request_id), hall_named, src)

    ask("r1", "slots")
    ask("r2", "issue")
    ask("r3", "cancel-appointment", "khac")
    ask("r4", "cancel-appointment", HALL, "kiosk-1")
    assert hall.of(CentralAsked) == []
    told = [Reply.model_validate_json(p) for t, p in hall.line.said if t.endswith("rsp/onestop")]
    codes = {each.id: each.error.code for each in told if each.error is not None}
    assert codes == {
        "r1": "bad_request", "r2": "bad_request", "r3": "bad_request", "r4": "unauthorized",
    }  # fmt: skip
