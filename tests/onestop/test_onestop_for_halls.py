"""The gateway of a province without a broker: turns, allowances, what is told to whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from hall.contract import codec
from hall.contract.downward import DOWN_LINK, desk_topic
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Figures, Notice, OnestopStatus
from hall.contract.onestop_requests import CatalogueChunk, DossierLookup
from hall.contract.requests import Ping, Request
from hall.contract.topics import EXT_FIGURES, EXT_NOTICE, REQ_ONESTOP, REQ_QUEUE, RSP
from hall.onestop.dossiers import Dossier
from hall.onestop.for_halls.appointments import LEARNING_S, HallsThere
from hall.onestop.for_halls.lanes import Lanes, WaitingLookup
from hall.onestop.for_halls.ports import DeskLimits, HallsRead, ToldFor
from hall.onestop.for_halls.service import ProvinceDesk
from hall.onestop.for_halls.spread import Addressed, Spread
from hall.onestop.places import EveryHall, OfHall, OfUnit, Place
from hall.onestop.ports import (
    Booked,
    DossierAnswered,
    FiguresTold,
    LinkDown,
    LinkUp,
    NoticeTold,
    Post,
    ProceduresTold,
    Told,
)
from hall.onestop.sample.profiles import sample_procedures
from hall.runtime.clock import SetClock
from hall.runtime.far_link import FarHeard, FarUp
from hall.runtime.far_link import Post as FarPost

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
CODE = "H38.12-261120-0010"
UNITS = {f"hall-{n}": f"xa-{n % 10}" for n in range(50)}


@dataclass
class Software:
    """Takes look-ups, and answers when it is told to."""

    source: str = "Phần mềm thử"
    asked: list[tuple[str, str]] = field(default_factory=list)
    post: Post = lambda _told: None

    def start(self, post: Post) -> None:
        self.post = post
        post(LinkUp())

    def look_up(self, ref: str, code: str) -> None:
        self.asked.append((ref, code))

    def tick(self, now: float) -> float:
        return now + 3600

    def stop(self) -> None:
        """Nothing is open."""

    def answer_all(self) -> None:
        waiting, self.asked = self.asked, []
        for ref, code in waiting:
            self.post(DossierAnswered(ref, Dossier(code, 4, "1.001193", "Khai sinh")))


@dataclass
class Line:
    """A broker that only remembers."""

    said: list[tuple[str, bytes, bool]] = field(default_factory=list)
    post: FarPost = lambda _item: None

    def open(self, post: FarPost) -> None:
        self.post = post
        post(FarUp("c1"))

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        self.said.append((topic, payload, retain))
        return len(self.said)

    def acknowledge(self, heard: FarHeard) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Desk:
    limits: DeskLimits = field(default_factory=DeskLimits)
    clock: SetClock = field(default_factory=lambda: SetClock(at=NOON))
    software: Software = field(default_factory=Software)
    line: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        suppliers = {EveryHall(): self.software}
        self.desk = ProvinceDesk(self.line, self.clock, suppliers, self.limits)
        self.desk.start()
        self.settle()

    def settle(self) -> None:
        for _ in range(20):
            self.desk.turn(0.0)

    def send(
        self, hall: str, told: Request, verb: str, client: str = "kiosk-1", **other: str
    ) -> None:
        payload = codec.pack(
            told, hall=other.get("named", hall), src=other.get("src", client), ts=self.clock.now()
        )
        self.raw(REQ_ONESTOP.topic(hall, verb=verb, client=client), payload)

    def raw(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        self.line.post(FarHeard(topic, payload, retained))

    def look_up(self, hall: str, request_id: str, **other: str) -> None:
        self.send(hall, DossierLookup(id=request_id, code=CODE), "dossier-lookup", **other)

    def replies(self, hall: str, client: str = "kiosk-1") -> dict[str, str]:
        """Each id, and `ok` or the code of the error."""
        topic = f"motcua/1/{hall}/rsp/{client}"
        found = [Reply.model_validate_json(p) for t, p, _ in self.line.said if t == topic]
        return {each.id: "ok" if each.error is None else each.error.code for each in found}


def test_each_look_up_asks_the_software_and_none_is_kept() -> None:
    desk = Desk()
    for number in range(3):
        desk.look_up("hall-1", f"l{number}")
    desk.settle()

    assert [code for _, code in desk.software.asked] == [CODE] * 3
    desk.software.answer_all()
    desk.settle()
    assert desk.replies("hall-1") == {"l0": "ok", "l1": "ok", "l2": "ok"}
    desk.line.said.clear()
    assert CODE not in repr(desk.desk)


@pytest.mark.parametrize("times", [75, 3000])
def test_one_hall_of_fifty_pours_in_and_the_others_are_served(times: int) -> None:
    desk = Desk(DeskLimits(per_minute=120, at_once=2))
    for number in range(times):
        desk.look_up("hall-0", f"x{number}")
    for hall in list(UNITS)[1:]:
        desk.look_up(hall, "mine")
    for _ in range(40):
        desk.settle()
        desk.software.answer_all()

    assert {desk.replies(hall).get("mine") for hall in list(UNITS)[1:]} == {"ok"}
    told = [*desk.replies("hall-0").values()]
    assert told.count("ok") <= 60
    # Who pours in like that is not read at all for a while.
    assert ("limit" in told) == (times < 100)


def test_an_allowance_is_a_hall_s_and_comes_back_after_a_minute() -> None:
    desk = Desk(DeskLimits(per_minute=2))
    for number, kiosk in enumerate(("kiosk-1", "kiosk-2", "kiosk-1")):
        desk.look_up("hall-1", f"l{number}", client=kiosk)
    desk.look_up("hall-2", "l9")
    desk.settle()
    assert desk.replies("hall-1") == {"l2": "limit"}
    assert len(desk.software.asked) == 3

    desk.clock.advance(61)
    desk.look_up("hall-1", "l5")
    desk.settle()
    assert desk.software.asked[-1][0] == "hall-1/kiosk-1/l5"


def test_what_is_not_answered_in_time_is_unavailable_and_never_asked_later() -> None:
    desk = Desk(DeskLimits(at_once=1))
    for number in range(6):
        desk.look_up("hall-1", f"l{number}")
    desk.settle()
    assert len(desk.software.asked) == 2
    desk.clock.advance(5)
    desk.settle()

    assert set(desk.replies("hall-1").values()) == {"unavailable"}
    desk.software.answer_all()
    desk.settle()
    assert desk.software.asked == []
    assert len(desk.replies("hall-1")) == 6


def test_while_the_software_is_away_nobody_waits() -> None:
    desk = Desk()
    desk.software.post(LinkDown("thử"))
    desk.look_up("hall-1", "l1")
    desk.settle()

    assert desk.software.asked == []
    assert desk.replies("hall-1") == {"l1": "unavailable"}
    status = [p for t, p, _ in desk.line.said if t == desk_topic()][-1]
    assert OnestopStatus.model_validate_json(status).state == "lost"
    assert "thử" in desk.desk.wrong


def test_what_is_no_request_of_this_hall_is_refused() -> None:
    desk = Desk()
    desk.look_up("hall-1", "stolen", src="kiosk-2")
    desk.look_up("hall-1", "other", named="hall-2")
    desk.send("hall-1", Ping(id="what"), "wipe")
    desk.send("hall-1", Ping(id="ping"), "ping")
    topic = REQ_ONESTOP.topic("hall-1", verb="dossier-lookup", client="kiosk-1")
    for payload in (b"\xff", b"x" * 70_000, b'{"id":"no envelope"}', b"[]", b""):
        desk.raw(topic, payload)
    desk.raw(topic, codec.pack(
        DossierLookup(id="kept", code=CODE), hall="hall-1", src="kiosk-1", ts=NOON
    ), retained=True)  # fmt: skip
    desk.settle()

    wanted = {"stolen": "unauthorized", "other": "bad_request", "what": "bad_request", "ping": "ok"}
    assert desk.replies("hall-1") == wanted
    assert desk.software.asked == []


def test_the_catalogue_is_given_out_in_chunks_without_asking_the_software() -> None:
    desk = Desk()
    desk.software.post(ProceduresTold(sample_procedures()))
    desk.line.post(FarUp("c2"))
    desk.desk.inbox.post(HallsRead(UNITS))
    desk.settle()
    announced = [p for t, p, _ in desk.line.said if t == "motcua/1/unit/xa-1/catalogue"]
    assert announced
    ver = codec.open_payload(announced[-1], hall="unit").content["ver"]

    desk.send("hall-1", CatalogueChunk(id="c1", ver=ver, index=0), "catalogue-chunk", "gateway")
    desk.send("hall-1", CatalogueChunk(id="c2", ver="old", index=0), "catalogue-chunk", "gateway")
    desk.send("hall-1", CatalogueChunk(id="c3", ver=ver, index=99), "catalogue-chunk", "gateway")
    desk.settle()
    assert desk.replies("hall-1", "gateway") == {"c1": "ok", "c2": "conflict", "c3": "unknown"}


def test_figures_that_go_back_are_not_told() -> None:
    desk = Desk()
    desk.desk.inbox.post(HallsRead({"hall-1": "xa"}))
    desk.software.post(FiguresTold(Figures(as_of=NOON, source="mới")))
    desk.software.post(FiguresTold(Figures(as_of=datetime(2026, 11, 1, tzinfo=UTC), source="cũ")))
    desk.software.post(FiguresTold(Figures(as_of=datetime(2027, 11, 1, tzinfo=UTC), source="sau")))
    desk.settle()

    told = [(p, kept) for t, p, kept in desk.line.said if t == "motcua/1/unit/xa/figures"]
    assert len(told) == 1
    assert "mới".encode() in told[0][0]
    assert told[0][1]


def test_only_what_changed_is_said_and_a_unit_s_own_wins() -> None:
    spread = Spread()
    spread.register({"h": "xa", "p": "phuong"})
    spread.put(EveryHall(), EXT_NOTICE, Notice(lines=("chung",)))
    spread.put(OfUnit("xa"), EXT_NOTICE, Notice(lines=("của xã",)))
    spread.put(OfHall("h"), EXT_FIGURES, Figures(as_of=NOON))

    said = {each.topic: each.message for each in spread.due() if isinstance(each, Addressed)}
    assert said == {
        "motcua/1/unit/phuong/notice": Notice(lines=("chung",)),
        "motcua/1/unit/xa/notice": Notice(lines=("của xã",)),
        "motcua/1/h/down/figures": Figures(as_of=NOON),
    }
    assert list(spread.due()) == []
    spread.put(EveryHall(), EXT_NOTICE, Notice(lines=("chung", "hai")))
    assert [each.topic for each in spread.due()] == ["motcua/1/unit/phuong/notice"]
    spread.forget_said()
    assert len(list(spread.due())) == 3


def test_who_is_no_more_is_told_nothing_and_what_stood_is_taken_back() -> None:
    desk = Desk()
    desk.desk.inbox.post(HallsRead({"hall-1": "xa", "hall-2": "phuong"}))
    desk.software.post(NoticeTold(("chung",)))
    desk.desk.inbox.post(ToldFor(OfHall("hall-2"), NoticeTold(("của riêng",))))
    desk.settle()
    desk.line.said.clear()

    desk.line.post(FarUp("c2"))
    desk.desk.inbox.post(HallsRead({"hall-1": "xa"}))
    desk.settle()

    last = {topic: payload for topic, payload, retained in desk.line.said if retained}
    assert last["motcua/1/unit/phuong/notice"] == b""
    assert last["motcua/1/hall-2/down/notice"] == b""
    assert b"chung" in last["motcua/1/unit/xa/notice"]


@dataclass
class Spreader:
    """The one connection, which also tells of single places."""

    post: Callable[[Place, Told], None] = lambda _place, _told: None

    def spread(self, post: Callable[[Place, Told], None]) -> None:
        self.post = post


def test_the_one_connection_tells_of_each_place_that_has_no_supplier_of_its_own() -> None:
    spreader, own, line, clock = Spreader(), Software(), Line(), SetClock(at=NOON)
    suppliers = {EveryHall(): Software(), OfUnit("xa"): own}
    desk = ProvinceDesk(line, clock, suppliers, spreading=spreader)
    desk.start()
    desk.inbox.post(HallsRead({"hall-1": "xa", "hall-2": "phuong", "hall-3": "phuong"}))
    own.post(NoticeTold(("của xã",)))
    for place in (OfUnit("xa"), OfUnit("phuong"), OfHall("hall-3"), OfUnit("la")):
        spreader.post(place, NoticeTold((f"chung nguồn, {place.folder}",)))
    for _ in range(20):
        desk.turn(0.0)

    last = {topic: payload.decode() for topic, payload, retained in line.said if retained}
    assert "của xã" in last["motcua/1/unit/xa/notice"]
    assert "unit/phuong" in last["motcua/1/unit/phuong/notice"]
    assert "hall/hall-3" in last["motcua/1/hall-3/down/notice"]
    assert not any("/la/" in topic for topic in last)


def test_an_empty_ticker_of_a_unit_leaves_it_that_of_all_halls() -> None:
    desk = Desk()
    desk.desk.inbox.post(HallsRead({"hall-1": "xa"}))
    desk.software.post(NoticeTold(("chung",)))
    for lines in (("của xã",), ()):
        desk.desk.inbox.post(ToldFor(OfUnit("xa"), NoticeTold(lines)))
    desk.settle()

    told = [p for t, p, _ in desk.line.said if t == "motcua/1/unit/xa/notice"]
    assert ["của xã".encode() in each for each in told] == [False, True, False]


def test_lanes_take_turns_and_let_go_what_nobody_waits_for() -> None:
    lanes = Lanes(window=3, share=2, room=4)
    taken = [lanes.put(WaitingLookup(f"a/k/{n}", "c", 10.0)) for n in range(6)]
    assert taken == [True] * 4 + [False] * 2
    lanes.put(WaitingLookup("b/k/0", "c", 2.0))
    lanes.put(WaitingLookup("c/k/0", "c", 10.0))

    order = [found.ref for _ in range(3) if (found := lanes.take_next(1.0))]
    assert order == ["a/k/0", "b/k/0", "c/k/0"]
    assert lanes.take_next(1.0) is None
    after = lanes.take_next(3.0)
    assert after is not None, "what is given up makes room"
    assert after.ref == "a/k/1"
    lanes.done("c/k/0")
    assert lanes.take_next(3.0) is None, "a hall has its share and no more"
    assert lanes.take_next(11.0) is None


def test_a_hall_answers_for_itself_while_its_line_stands() -> None:
    there = HallsThere({"a": "xa", "b": "xa"})
    there.connected(0.0)
    there.note_line("a", "1", up=True)
    there.note_line("a", "2", up=True)
    there.note_line("a", "1", up=False)
    assert there.refusal("b", LEARNING_S / 2) is None

    codes = {hall: there.refusal(hall, LEARNING_S) for hall in ("a", "b", "la")}
    assert [None if each is None else each.code for each in codes.values()] == [
        None, "unavailable", "unknown",
    ]  # fmt: skip
    there.note_line("a", "2", up=False)
    assert there.refusal("a", LEARNING_S) is not None


def test_the_vendor_is_told_of_a_hall_that_is_not_there() -> None:
    desk = Desk()
    desk.desk.inbox.post(HallsRead({"a": "xa", "b": "xa"}))
    line = OnestopStatus(state="ready", conn="1")
    desk.raw(DOWN_LINK.topic("a"), codec.pack(line, hall="a", src="onestop", ts=NOON))
    desk.clock.advance(LEARNING_S)
    for hall in ("a", "b", "la"):
        asked = codec.pack(Ping(id="v1"), hall=hall, src="onestop", ts=NOON)
        desk.raw(REQ_QUEUE.topic(hall, verb="slots", client="onestop"), asked)
    desk.settle()

    told = [desk.replies(hall, "onestop") for hall in ("a", "b", "la")]
    assert told == [{}, {"v1": "unavailable"}, {"v1": "unknown"}]


def test_an_appointment_of_the_software_s_waits_for_its_hall_and_goes_with_one_id() -> None:
    units = {"a": "xa", "b": "phuong", "c": "phuong"}
    desk = Desk()
    desk.desk.inbox.post(HallsRead(units))
    for place in (OfUnit("xa"), OfUnit("phuong"), EveryHall()):
        desk.desk.inbox.post(ToldFor(place, Booked("DL0001", "ho-tich", NOON)))
    desk.settle()

    def sent() -> list[bytes]:
        topics = {REQ_QUEUE.topic(hall, verb="appoint", client="onestop") for hall in "abc"}
        return [payload for topic, payload, _ in desk.line.said if topic in topics]

    for hall in ("b", "c"):
        other = codec.pack(
            OnestopStatus(state="ready", conn="1"), hall=hall, src="onestop", ts=NOON
        )
        desk.raw(DOWN_LINK.topic(hall), other)
    desk.settle()
    assert sent() == []
    line = codec.pack(OnestopStatus(state="ready", conn="1"), hall="a", src="onestop", ts=NOON)
    for _ in range(2):
        desk.raw(DOWN_LINK.topic("a"), line)
    desk.settle()
    first, again = (codec.open_payload(each, hall="a").content for each in sent())
    assert first == again
    assert (first["code"], first["src"]) == ("DL0001", "onestop")

    done = Reply(id=str(first["id"]), status="ok", data={})
    answer = codec.pack(done, hall="a", src="controller", ts=NOON)
    desk.raw(RSP.topic("a", client="onestop"), answer)
    desk.raw(DOWN_LINK.topic("a"), line)
    desk.settle()
    assert len(sent()) == 2
