"""The gateway on the bus: what it publishes, answers and refuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent
from hall.contract.onestop_messages import Catalogue, FieldFigures, Figures, OnestopStatus, Period
from hall.contract.topics import EXT_STATUS
from hall.onestop.dossiers import Dossier
from hall.onestop.drivers.simulated import SimulatedDelays, SimulatedSupplier
from hall.onestop.ports import DossierAnswered, FiguresTold
from hall.onestop.quota import Quota, QuotaVerdict
from hall.onestop.sample.live import LiveDossiers
from hall.onestop.sample.profiles import ProfileId, sample_procedures
from hall.onestop.service import OnestopService
from hall.runtime.bus import Will
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PREFIX = "motcua/1/demo"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
RESOLVED = "H38.12-261120-0010"


@dataclass
class Office:
    """A gateway with a simulated supplier, and everyone who talks to it."""

    profile: ProfileId = "mau"
    per_minute: int = 10
    unit: str = ""
    clock: SetClock = field(default_factory=lambda: SetClock(at=NOON))
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def __post_init__(self) -> None:
        bus = self.broker.bus("onestop", "demo", self.clock)
        health, requester = Health(bus, self.clock), Requester(bus)
        context = DaemonContext("onestop", "demo", bus, Inbox(), self.clock, health, requester)
        supplier = SimulatedSupplier(
            self.clock, ZONE, self.profile, SimulatedDelays((0.2, 0.9), 30)
        )
        service = OnestopService(
            context, supplier, Quota(self.per_minute), supplier, unit=self.unit
        )
        lost = OnestopStatus(state="lost", source=supplier.source, conn="")
        self.bus = bus
        self.daemon = Daemon(context, service, (Will(EXT_STATUS, lost),))
        service.start()
        self.daemon.open()
        self.settle()

    def settle(self) -> None:
        """Turn the loop until nothing is left to do at this moment."""
        for _ in range(60):
            self.daemon.turn(self.clock.monotonic(), 0)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.settle()

    def send(self, topic: str, client: str, **body: Any) -> None:
        envelope = {"schema": 1, "hall": "demo", "src": client}
        self.broker.publish(f"{PREFIX}/{topic}/{client}", json.dumps(envelope | body).encode())
        self.settle()

    def look_up(self, code: str, request_id: str = "l1", client: str = "kiosk-1") -> None:
        self.send("req/onestop/dossier-lookup", client, id=request_id, code=code)

    def steer(self, action: str, **args: Any) -> None:
        self.send("req/dev/onestop/simulate", "tech", id=f"s-{action}", action=action, args=args)

    def retained(self, topic: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.broker.retained[f"{PREFIX}/{topic}"])
        return loaded

    def replies(self, client: str = "kiosk-1") -> list[dict[str, Any]]:
        wanted = f"{PREFIX}/rsp/{client}"
        return [json.loads(payload) for topic, payload in self.broker.log if topic == wanted]


def test_on_connecting_it_publishes_status_figures_catalogue_and_notice() -> None:
    office = Office()

    assert office.retained("ext/onestop/status")["state"] == "ready"
    assert office.retained("ext/onestop/catalogue")["count"] == 99
    assert office.retained("ext/onestop/figures")["periods"]
    assert "Dữ liệu mẫu" in office.retained("ext/onestop/notice")["lines"][0]


def test_everything_is_published_again_after_the_broker_came_back() -> None:
    office = Office()
    office.bus.drop()
    office.settle()
    office.broker.retained.clear()

    office.bus.connect()
    office.settle()

    for topic in ("status", "figures", "catalogue", "notice"):
        assert office.retained(f"ext/onestop/{topic}")


def test_a_gateway_that_is_stopped_says_so_and_leaves_nobody_waiting() -> None:
    office = Office()

    office.daemon.close()

    assert office.retained("ext/onestop/status")["state"] == "lost"
    assert office.retained("ext/onestop/figures")["periods"]


def test_a_lost_gateway_is_told_by_its_will_and_corrected_on_return() -> None:
    office = Office()
    office.bus.drop()
    assert office.retained("ext/onestop/status")["state"] == "lost"

    office.bus.connect()
    office.settle()

    assert office.retained("ext/onestop/status")["state"] == "ready"


def test_a_late_will_of_an_earlier_connection_does_not_stand() -> None:
    office = Office()
    late = office.retained("ext/onestop/status") | {"state": "lost", "conn": "earlier"}
    office.broker.publish(f"{PREFIX}/ext/onestop/status", json.dumps(late).encode(), retain=True)
    office.settle()

    assert office.retained("ext/onestop/status")["state"] == "ready"


def test_a_dossier_is_told_after_a_while_and_without_a_name() -> None:
    office = Office()
    office.look_up(RESOLVED)
    assert office.replies() == []

    office.wait(1)

    (reply,) = office.replies()
    assert reply["status"] == "ok"
    assert (reply["data"]["code"], reply["data"]["status"]) == (RESOLVED, 10)
    assert reply["data"]["steps"][-1]["text"] == "Đã trả kết quả"


def test_a_code_typed_in_small_letters_is_found() -> None:
    office = Office()
    office.look_up(" h38.12-261120-0010 ")
    office.wait(1)

    assert office.replies()[0]["status"] == "ok"


def test_an_unknown_code_is_unknown() -> None:
    office = Office()
    office.look_up("H38.12-261120-9999")
    office.wait(1)

    assert office.replies()[0]["error"]["code"] == "unknown"


def test_figures_too_long_for_a_message_are_an_alert_and_the_former_ones_stay() -> None:
    office = Office()
    before = office.retained("ext/onestop/figures")["periods"]
    fields = tuple(FieldFigures(field=f"Lĩnh vực {n}") for n in range(2000))
    period = Period(id="kỳ", fields=fields)
    office.daemon.context.inbox.post(FiguresTold(Figures(as_of=NOON, periods=(period,))))
    office.settle()

    assert "48 KiB" in office.retained("dev/onestop/alert/bad_figures")["text"]
    assert office.retained("ext/onestop/figures")["periods"] == before


def test_figures_name_the_unit_of_several_halls_unless_their_supplier_does() -> None:
    office = Office(unit="Trung tâm phường Cửa Nam")

    for named, shown in (("", "Trung tâm phường Cửa Nam"), ("Sở", "Sở")):
        office.daemon.context.inbox.post(FiguresTold(Figures(as_of=NOON, unit=named)))
        office.settle()
        assert office.retained("ext/onestop/figures")["unit"] == shown


def answer_with(status: int) -> dict[str, Any]:
    office = Office()
    office.steer("slow", seconds=3)
    office.look_up(RESOLVED)
    odd = Dossier(RESOLVED, status, "1.001193", "Khai sinh")
    office.daemon.context.inbox.post(DossierAnswered("kiosk-1/l1", odd))
    office.settle()
    (reply,) = office.replies()
    return reply


def test_a_status_the_portal_has_not_is_passed_on_and_never_a_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reply = answer_with(11)

    assert (reply["status"], reply["data"]["status"]) == ("ok", 11)
    assert "status 11" in caplog.text
    assert RESOLVED not in caplog.text


def test_a_status_that_is_no_number_is_being_updated() -> None:
    reply = answer_with(0)

    assert reply["error"]["code"] == "unavailable"
    assert "đang cập nhật" in reply["error"]["text"]


def test_a_supplier_that_is_down_is_told_to_everyone_and_look_ups_are_unavailable() -> None:
    office = Office()
    office.steer("down")
    assert office.retained("ext/onestop/status")["state"] == "lost"
    assert office.retained("dev/onestop/alert/onestop_down")["advice"]

    office.look_up(RESOLVED)
    assert office.replies()[0]["error"]["code"] == "unavailable"

    office.steer("up")
    assert office.retained("ext/onestop/status")["state"] == "ready"
    assert f"{PREFIX}/dev/onestop/alert/onestop_down" not in office.broker.retained


def test_figures_of_a_supplier_that_is_down_keep_their_time() -> None:
    office = Office()
    before = office.retained("ext/onestop/figures")["as_of"]
    office.steer("down")
    office.wait(600)
    assert office.retained("ext/onestop/figures")["as_of"] == before

    office.steer("up")
    assert office.retained("ext/onestop/figures")["as_of"] > before


def test_a_supplier_that_is_too_slow_is_given_up() -> None:
    office = Office()
    office.steer("slow", seconds=20)
    office.look_up(RESOLVED)
    office.wait(5.9)
    assert office.replies() == []

    office.wait(0.2)
    assert office.replies()[0]["error"]["code"] == "unavailable"
    office.wait(30)
    assert len(office.replies()) == 1


def test_a_supplier_made_inconsistent_publishes_what_it_says_unrepaired() -> None:
    office = Office(profile="phu-tien")
    office.steer("inconsistent")
    resolved = office.retained("ext/onestop/figures")["periods"][0]["resolved"]

    assert resolved["early_or_on_time"] + resolved["overdue"] != resolved["total"]


def test_a_kiosk_may_look_up_ten_times_a_minute() -> None:
    office = Office()
    for n in range(11):
        office.look_up(RESOLVED, f"l{n}")
    office.wait(1)

    assert sorted(reply["status"] for reply in office.replies()) == ["error"] + ["ok"] * 10
    assert [r["error"]["code"] for r in office.replies() if "error" in r] == ["limit"]

    office.look_up(RESOLVED, "other", client="kiosk-2")
    office.wait(1)
    office.wait(60)
    office.look_up(RESOLVED, "later")
    office.wait(1)
    assert office.replies("kiosk-2")[0]["status"] == "ok"
    assert office.replies()[-1]["status"] == "ok"


def test_trying_again_with_the_same_id_is_one_look_up() -> None:
    office = Office(per_minute=1)
    office.look_up(RESOLVED)
    office.look_up(RESOLVED)
    office.wait(1)
    assert len(office.replies()) == 1

    office.look_up(RESOLVED)
    office.wait(1)
    assert [reply["status"] for reply in office.replies()] == ["ok", "ok"]


def test_an_id_used_for_another_code_is_refused() -> None:
    office = Office()
    office.look_up(RESOLVED)
    office.look_up("H38.12-261120-0001")

    assert office.replies()[0]["error"]["code"] == "id_reused"


def test_the_catalogue_is_fetched_chunk_by_chunk_and_is_whole() -> None:
    office = Office()
    announced = Catalogue.model_validate(office.retained("ext/onestop/catalogue"))
    for index in range(announced.chunks):
        body = {"id": f"c{index}", "ver": announced.ver, "index": index}
        office.send("req/onestop/catalogue-chunk", "kiosk-1", **body)
    chunks = [reply["data"]["data"] for reply in office.replies()]

    assert announced.chunks > 1
    assert catalogue.unpack(announced, chunks) == CatalogueContent(procedures=sample_procedures())


@pytest.mark.parametrize(("ver", "index", "code"), [("old", 0, "conflict"), (None, 99, "unknown")])
def test_a_chunk_that_is_not_there_is_refused(ver: str | None, index: int, code: str) -> None:
    office = Office()
    ver = ver or office.retained("ext/onestop/catalogue")["ver"]
    office.send("req/onestop/catalogue-chunk", "kiosk-1", id="c", ver=ver, index=index)

    assert office.replies()[0]["error"]["code"] == code


def test_ping_is_answered_on_both_sides() -> None:
    office = Office()
    office.send("req/onestop/ping", "kiosk-1", id="p1")
    office.send("req/dev/onestop/ping", "tech", id="p2")

    assert office.replies()[0]["status"] == "ok"
    assert office.replies("tech")[0]["status"] == "ok"


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("req/dev/onestop/simulate", {"action": "dance"}),
        ("req/dev/onestop/test-print", {}),
        ("req/onestop/dossier-lookup", {"code": ""}),
        ("req/onestop/all-dossiers", {}),
    ],
)
def test_what_it_cannot_do_is_a_bad_request(topic: str, body: Mapping[str, Any]) -> None:
    office = Office()
    office.send(topic, "tech", id="x", **body)

    assert office.replies("tech")[0]["error"]["code"] == "bad_request"


def test_after_a_thousand_look_ups_no_code_is_left_in_the_gateway_or_its_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office(per_minute=600)
    live = LiveDossiers("H38.12", sample_procedures())
    codes = [live.code(date(2026, 11, day), nth) for day in (18, 19, 20) for nth in range(1, 27)]
    with caplog.at_level("DEBUG"):
        for n, code in enumerate(codes):
            office.look_up(code, f"l{n}")
        office.wait(10)

    assert len(office.replies()) == len(codes)
    state = repr(office.daemon.service) + caplog.text
    assert not [code for code in codes if code in state]
    assert not [topic for topic in office.broker.retained if "H38" in topic]


def test_the_quota_forgets_askers_and_requests_beyond_its_room() -> None:
    quota = Quota(1)
    assert quota.judge("kiosk-1", "first", "x", 0) is QuotaVerdict.FRESH
    for n in range(2001):
        assert quota.judge(f"kiosk-{n + 2}", "id", "x", 0) is QuotaVerdict.FRESH

    assert quota.judge("kiosk-1", "first", "y", 0) is QuotaVerdict.FRESH
