"""A vendor on the bus is believed when it is right, answered when it is not, missed when silent."""

import base64
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.onestop.gateway import FeedGateway
from hall.onestop.lastgood import LastGood
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester

PREFIX = "motcua/1/demo"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "as_of": "2026-11-23T11:59:00+07:00",
    "source": "xã",
    "periods": [{"id": "Tháng 11", "resolved": {"total": 884, "overdue": 4}}],
}


# Which of the two counts is left open by JSON: a reader takes the last, and another the first.
TWICE = (
    b'{"schema": 1, "hall": "demo", "src": "onestop", "ts": "2026-11-23T12:00:00+07:00", '
    b'"as_of": "2026-11-23T11:59:30+07:00", "source": "x", '
    b'"periods": [{"id": "T", "resolved": {"total": 5, "total": 7}}]}'
)
NAIVE, FUTURE = "2026-11-23T11:59:00", "2099-01-01T00:00:00+07:00"
REPLAYED = "2026-11-23T11:58:59+07:00"


def resolved(total: object) -> dict[str, Any]:
    return {"periods": [{"id": "T", "resolved": {"total": total}}]}


def by_field(*names: str) -> dict[str, Any]:
    return {"periods": [{"id": "T", "fields": [{"field": name} for name in names]}]}


@dataclass
class Office:
    """A gateway, and a vendor that publishes whatever it likes."""

    folder: Path
    leftover: bool = False
    clock: SetClock = field(default_factory=lambda: SetClock(at=NOON))
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        bus = self.broker.bus("gateway", "demo", self.clock)
        health, requester = Health(bus, self.clock), Requester(bus)
        context = DaemonContext("gateway", "demo", bus, Inbox(), self.clock, health, requester)
        self.bus = bus
        self.daemon = Daemon(
            context, FeedGateway(context, LastGood(self.folder), leftover=self.leftover)
        )
        self.daemon.service.start()
        self.daemon.open()
        self.settle()

    def settle(self) -> None:
        """Turn the loop until nothing is left to do at this moment."""
        for _ in range(50):
            self.daemon.turn(self.clock.monotonic(), 0.0)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.settle()

    def say(self, topic: str, content: dict[str, Any] | bytes, src: str = "onestop") -> None:
        """The vendor publishes a state."""
        envelope = {"schema": 1, "hall": "demo", "src": src, "ts": "2026-11-23T12:00:00+07:00"}
        raw = content if isinstance(content, bytes) else json.dumps(envelope | content).encode()
        self.broker.publish(f"{PREFIX}/ext/onestop/{topic}", raw, retain=True)
        self.settle()

    def told(self, topic: str) -> dict[str, Any] | None:
        raw = self.broker.retained.get(f"{PREFIX}/{topic}")
        return None if raw is None else json.loads(raw)

    @property
    def refused(self) -> dict[str, Any]:
        return self.told("ext/onestop/refused") or {}

    @property
    def alerts(self) -> dict[str, str]:
        return {code: alert.text for code, alert in self.daemon.context.health.alerts.items()}

    @property
    def total(self) -> int | None:
        """The resolved total that every screen reads."""
        figures = self.told("ext/onestop/figures")
        return None if figures is None else figures["periods"][0]["resolved"]["total"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_what_is_right_passes_untouched(office: Office) -> None:
    office.say("figures", GOOD)

    assert office.total == 884
    assert office.told("ext/onestop/figures")["src"] == "onestop"  # type: ignore[index]
    assert office.alerts == {}
    assert office.refused == {}


@pytest.mark.parametrize(
    ("change", "path", "expected", "got"),
    [
        (resolved(-1), "periods[0].resolved.total", "an integer of at least 0", "-1"),
        (resolved("884"), "periods[0].resolved.total", "an integer, not quoted", '"884"'),
        (resolved(1.5), "periods[0].resolved.total", "an integer", "1.5"),
        ({"periods": {"id": "T"}}, "periods", "a list", '{"id": "T"}'),
        ({"periods": [{}]}, "periods[0].id", "this field is required", "không có"),
        ({"as_of": NAIVE}, "as_of", "a time with its offset", f'"{NAIVE}"'),
        ({"as_of": 1795000000}, "as_of", "an ISO 8601 time with its offset", "1795000000"),
        ({"as_of": FUTURE}, "as_of", "not after 2026-11-23T05:00:00+00:00", FUTURE),
        ({"as_of": REPLAYED}, "as_of", "not before 2026-11-23T11:59:00+07:00", REPLAYED),
        ({"periods": [{"id": "T"}, {"id": "T"}]}, "periods[1].id", "each name once", '"T"'),
        (by_field("Hộ tịch", "Hộ tịch"), "periods[0].fields[1].field", "each", '"Hộ tịch"'),
        (resolved(math.nan), "periods[0].resolved.total", "no NaN", "NaN"),
        ({"periods": [{"id": "T"}, -math.inf]}, "periods[1]", "no NaN", "-Infinity"),
        ({"hall": "khac"}, "hall", '"demo"', '"khac"'),
        ({"schema": 2}, "schema", "1", "2"),
        ({"src": "kiosk-1"}, "src", '"onestop", "onestop-feed"', '"kiosk-1"'),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected_and_the_last_good_is_back(
    office: Office, change: dict[str, Any], path: str, expected: str, got: str
) -> None:
    office.say("figures", GOOD)
    office.say("figures", GOOD | change)

    assert office.total == 884
    refused = office.refused
    assert (refused["topic"], refused["field"]) == ("ext/onestop/figures", path)
    assert refused["expected"].startswith(expected)
    assert refused["got"] == got
    assert path in refused["text"]
    assert path in refused["text_en"]
    assert path in office.alerts["bad_figures"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<!doctype html><html>502 Bad Gateway</html>", "valid JSON in UTF-8"),
        (b"\xef\xbb\xbf{}", "UTF-8 without a BOM"),
        (b"[1, 2]", "an object"),
        (TWICE, "each name once"),
        (b"{" + b" " * 50_000 + b"}", "at most 49152 bytes"),
        (b"\xff\xfe", "valid JSON in UTF-8"),
    ],
)
def test_bytes_that_are_no_message_do_not_stand_on_the_screens(
    office: Office, raw: bytes, expected: str
) -> None:
    office.say("figures", GOOD)
    office.say("figures", raw)

    assert office.total == 884
    assert office.refused["field"] == ""
    assert office.refused["expected"].startswith(expected)
    assert len(office.refused["got"]) <= 80


def test_without_a_last_good_one_the_bad_one_is_cleared(office: Office) -> None:
    office.say("figures", b"<html>")

    assert office.told("ext/onestop/figures") is None


def test_the_refusal_ends_with_the_next_good_message_of_that_topic(office: Office) -> None:
    office.say("figures", b"<html>")
    office.say("notice", {"lines": ["Xin chào"]})
    assert office.refused["topic"] == "ext/onestop/figures"
    office.say("figures", GOOD)

    assert office.refused == {}
    assert office.alerts == {}


def test_a_vendor_that_says_the_same_wrong_thing_all_day_fills_no_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        office.say("figures", GOOD | resolved(-1))

    gateways = [each for each in caplog.records if each.name == "hall.onestop.gateway"]
    assert len(gateways) == 1
    assert office.refused["field"] == "periods[0].resolved.total"


def test_figures_of_a_time_to_come_that_were_believed_bar_no_true_ones(office: Office) -> None:
    office.clock.is_trusted = False
    office.say("figures", GOOD | {"as_of": FUTURE})
    office.clock.is_trusted = True
    office.say("figures", GOOD | resolved(900))

    assert office.total == 900


def test_the_last_good_one_outlives_a_restart(office: Office) -> None:
    office.say("figures", GOOD)
    office.bus.close()
    office.begin()
    office.say("figures", b"<html>")

    assert office.total == 884


def test_a_hostile_message_kept_by_the_broker_is_put_right_at_the_start(office: Office) -> None:
    office.say("figures", GOOD)
    office.bus.close()
    office.broker.publish(f"{PREFIX}/ext/onestop/figures", b"<html>", retain=True)
    office.begin()

    assert office.total == 884


def test_a_vendor_that_is_silent_for_150_s_is_lost(office: Office) -> None:
    office.say("status", {"state": "ready", "source": "xã", "conn": "a1"})
    office.wait(149)
    assert office.told("ext/onestop/status")["state"] == "ready"  # type: ignore[index]
    office.wait(1)

    assert office.told("ext/onestop/status")["state"] == "lost"  # type: ignore[index]
    assert "150 giây" in office.alerts["onestop_down"]
    office.say("status", {"state": "ready", "source": "xã", "conn": "a1"})
    assert office.alerts == {}


def test_a_vendor_that_repeats_itself_is_there(office: Office) -> None:
    for _ in range(5):
        office.say("status", {"state": "ready", "conn": "a1"})
        office.wait(60)

    assert office.alerts == {}


def test_a_vendor_that_says_goodbye_is_lost_at_once(office: Office) -> None:
    office.say("status", {"state": "ready", "conn": "a1"})
    office.say("status", {"state": "lost", "conn": "a1"})

    assert "onestop_down" in office.alerts


def test_figures_that_do_not_agree_are_shown_and_their_maker_is_told(office: Office) -> None:
    broken = {
        "periods": [{"id": "T", "resolved": {"total": 884, "early_or_on_time": 800, "overdue": 4}}]
    }
    office.say("figures", GOOD | broken)

    assert office.total == 884
    assert "800 + 4 không khớp với tổng 884" in office.alerts["figures_doubt"]
    assert office.refused["field"] == "periods[0].resolved"
    office.say("figures", GOOD)
    assert (office.alerts, office.refused) == ({}, {})


def announce(office: Office, packed: bytes, count: int) -> None:
    told = catalogue.announce(packed, count)
    office.say("catalogue", told.model_dump(mode="json"))
    for index in range(told.chunks):
        asks = [raw for topic, raw in office.broker.log if "/catalogue-chunk/" in topic]
        asked = json.loads(asks[-1])
        assert asked["index"] == index
        data = {"ver": told.ver, "index": index, "data": catalogue.chunk(packed, index)}
        reply = {"schema": 1, "hall": "demo", "src": "onestop", "id": asked["id"]}
        reply |= {"status": "ok", "data": data}
        office.broker.publish(f"{PREFIX}/rsp/gateway", json.dumps(reply).encode())
        office.settle()


def test_a_catalogue_is_read_whole_and_its_wrong_procedures_named(office: Office) -> None:
    good = CatalogueProcedure(code="1.001193", name="Khai sinh", field="Hộ tịch")
    packed = catalogue.pack(CatalogueContent(procedures=(good,) * 400))
    listed = json.loads(packed)["procedures"]
    listed[7] |= {"code": "2.000815", "fee_vnd": "8.000"}
    announce(office, json.dumps({"procedures": listed}, ensure_ascii=False).encode(), 400)

    assert "procedures[7].fee_vnd (2.000815)" in office.alerts["bad_procedures"]
    assert office.refused["got"] == '"8.000"'
    announce(office, packed, 400)
    assert (office.alerts, office.refused) == ({}, {})


def test_a_catalogue_whose_digest_is_another_is_told(office: Office) -> None:
    packed = catalogue.pack(CatalogueContent(procedures=()))
    told = catalogue.announce(packed, 0).model_dump(mode="json") | {"sha256": "0" * 64}
    office.say("catalogue", told)
    asked = json.loads(
        [raw for topic, raw in office.broker.log if "/catalogue-chunk/" in topic][-1]
    )
    data = {"ver": told["ver"], "index": 0, "data": base64.b64encode(packed).decode()}
    reply = {"schema": 1, "hall": "demo", "src": "onestop", "id": asked["id"], "status": "ok"}
    office.broker.publish(f"{PREFIX}/rsp/gateway", json.dumps(reply | {"data": data}).encode())
    office.settle()

    assert office.refused["field"] == "sha256"


def test_what_another_supplier_left_behind_is_cleared(tmp_path: Path) -> None:
    broker = MemoryBroker()
    for topic in ("figures", "catalogue", "notice"):
        broker.publish(f"{PREFIX}/ext/onestop/{topic}", b"{}", retain=True)
    Office(tmp_path, leftover=True, broker=broker)

    assert not [topic for topic in broker.retained if "/ext/onestop/" in topic]


def test_a_change_of_supplier_is_noticed_once(tmp_path: Path) -> None:
    kept = LastGood(tmp_path)

    assert not kept.is_of_another("file")
    assert not kept.is_of_another("file")
    assert kept.is_of_another("mqtt")
    assert not LastGood(tmp_path).is_of_another("mqtt")
