"""What the province's broker lets through, asked of a real mosquitto with the files we write."""

import queue
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from own_province import OWN_WORD, UNIT, VENDOR_WORD, OwnProvince

from hall.contract.downward import CENTRAL_VERBS, DOWN_LINK, TO_HALL, desk_topic
from hall.contract.province import UP_ACK, UP_EVENTS, filters_of_all, shared_by, unit_filter
from hall.contract.topics import REQ_ONESTOP, REQ_QUEUE, RSP, STATE_HALL
from hall.province import broker_files
from hall.province.broker_files import ProvinceFiles
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import SystemClock
from hall.runtime.far_link import FarDown, FarHeard, FarSent, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions

pytestmark = pytest.mark.broker
PATIENCE_S = 60.0


@dataclass
class Line:
    link: FarMqttLink
    come: "queue.Queue[object]" = field(default_factory=queue.Queue)

    def next(self, kind: type) -> object:
        """The next of this kind; others are passed over."""
        while True:
            item = self.come.get(timeout=PATIENCE_S)
            if isinstance(item, kind):
                return item

    def may_write(self, topic: str, payload: bytes = b"{}", *, retain: bool = False) -> bool:
        token = self.link.publish(topic, payload, retain=retain)
        assert token is not None
        while True:
            sent = self.next(FarSent)
            assert isinstance(sent, FarSent)
            if sent.token == token:
                return sent.taken

    def hears(self) -> str:
        found = self.next(FarHeard)
        assert isinstance(found, FarHeard)
        return found.topic


@contextmanager
def line(
    province: OwnProvince, user: str, word: str, client: str = "", **more: tuple[str, ...]
) -> Iterator[Line]:
    options = FarOptions(client=client or user, user=user, pauses_s=(0.1, 0.2), **more)  # type: ignore[arg-type]
    server = Server("127.0.0.1", province.port, word)
    made = Line(FarMqttLink(options, lambda: server, SystemClock()))
    made.link.open(made.come.put)
    try:
        yield made
    finally:
        made.link.close()


@pytest.fixture
def province(tmp_path: Path, dsn: str) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn)
    made.folder.mkdir()
    made.make(["a", "b"])
    yield made
    made.stop()


def test_a_hall_writes_its_own_tree_and_no_other(province: OwnProvince) -> None:
    with line(province, "a", province.words["a"]) as a:
        a.next(FarUp)
        allowed = [
            *("state/hall", "state/counter/1", "state/service/x", "dev/uplink/status"),
            *("dev/printer-1/alert/paper_out", "ext/onestop/figures", "up/events"),
            *("req/onestop/dossier-lookup/kiosk-1", "down/link", "rsp/onestop"),
        ]
        assert [t for t in allowed if not a.may_write(f"motcua/1/a/{t}")] == []
        refused = [
            *("motcua/1/b/state/hall", "motcua/1/b/up/events", "motcua/1/a/up/ack"),
            *("motcua/1/a/rsp/kiosk-1", f"motcua/1/unit/{UNIT}/figures", "motcua/1/a/face/1"),
            *("motcua/1/a/evt/ticket", "anything", "motcua/1/a/down/figures"),
            *("motcua/1/b/req/onestop/dossier-lookup/kiosk-1", "motcua/1/b/rsp/onestop"),
            *("motcua/1/province/onestop/status", "motcua/1/b/down/link"),
            *("motcua/1/a/req/queue/appoint/onestop", "motcua/1/b/req/queue/appoint/onestop"),
        ]
        assert [t for t in refused if a.may_write(t)] == []


def test_a_hall_reads_its_own_answers_and_its_unit_s_figures(province: OwnProvince) -> None:
    ears = (*filters_of_all((UP_ACK, RSP, STATE_HALL)), unit_filter())
    with (
        line(province, "a", province.words["a"], filters=ears) as a,
        line(province, "province", OWN_WORD, "province-x") as own,
    ):
        a.next(FarUp)
        own.next(FarUp)
        for topic in ("motcua/1/b/up/ack", "motcua/1/b/rsp/kiosk-1", "motcua/1/unit/khac/notice"):
            assert own.may_write(topic)
        assert own.may_write("motcua/1/a/up/ack")
        assert own.may_write(f"motcua/1/unit/{UNIT}/notice")

        assert a.hears() == "motcua/1/a/up/ack"
        assert a.hears() == f"motcua/1/unit/{UNIT}/notice"


def test_a_hall_hears_neither_look_ups_nor_answers_nor_appointments_of_another(
    province: OwnProvince,
) -> None:
    ears = (
        *filters_of_all((RSP, REQ_ONESTOP, REQ_QUEUE, *TO_HALL.values(), DOWN_LINK)),
        desk_topic(),
    )
    with (
        line(province, "a", province.words["a"], filters=ears) as a,
        line(province, "b", province.words["b"]) as b,
        line(province, "province", OWN_WORD, "province-x") as own,
        line(province, "onestop", VENDOR_WORD) as vendor,
    ):
        for each in (a, b, own, vendor):
            each.next(FarUp)
        assert b.may_write("motcua/1/b/req/onestop/dossier-lookup/kiosk-1")
        assert own.may_write("motcua/1/b/rsp/kiosk-1")
        assert own.may_write("motcua/1/b/down/figures")
        assert b.may_write("motcua/1/b/down/link")
        assert vendor.may_write("motcua/1/b/req/queue/appoint/onestop")
        assert own.may_write(desk_topic())
        assert own.may_write("motcua/1/a/down/figures")
        assert vendor.may_write("motcua/1/a/req/queue/appoint/onestop")

        assert a.hears() == desk_topic()
        assert a.hears() == "motcua/1/a/down/figures"
        assert a.hears() == "motcua/1/a/req/queue/appoint/onestop"


def test_the_vendor_asks_for_appointments_and_nothing_else(province: OwnProvince) -> None:
    ears = filters_of_all((RSP, STATE_HALL, REQ_ONESTOP, UP_EVENTS))
    with (
        line(province, "onestop", VENDOR_WORD, filters=ears) as vendor,
        line(province, "a", province.words["a"]) as a,
    ):
        vendor.next(FarUp)
        a.next(FarUp)
        allowed = [f"motcua/1/a/req/queue/{v}/onestop" for v in CENTRAL_VERBS]
        assert [t for t in allowed if not vendor.may_write(t)] == []
        refused = [
            *("motcua/1/a/req/queue/issue/onestop", "motcua/1/a/req/queue/appoint/kiosk-1"),
            *("motcua/1/a/rsp/kiosk-1", "motcua/1/a/down/figures", "motcua/1/a/up/ack"),
            *(desk_topic(), f"motcua/1/unit/{UNIT}/figures"),
        ]
        assert [t for t in refused if vendor.may_write(t)] == []
        for topic in ("state/hall", "req/onestop/dossier-lookup/kiosk-1", "rsp/onestop"):
            assert a.may_write(f"motcua/1/a/{topic}")

        assert vendor.hears() == "motcua/1/a/rsp/onestop"


def test_a_shared_subscription_leaks_nothing_to_a_hall(province: OwnProvince) -> None:
    stolen = shared_by("events", filters_of_all((UP_EVENTS, REQ_ONESTOP)))
    with (
        line(province, "a", province.words["a"], shared=stolen) as a,
        line(province, "b", province.words["b"], filters=("motcua/1/b/up/ack",)) as b,
        line(province, "province", OWN_WORD, "province-x") as own,
    ):
        for each in (a, b, own):
            each.next(FarUp)
        assert b.may_write("motcua/1/b/up/events")
        assert own.may_write("motcua/1/b/up/ack")

        assert b.hears() == "motcua/1/b/up/ack"
        assert not [item for item in a.come.queue if isinstance(item, FarHeard)]


def test_batches_are_shared_and_kept_back_until_they_are_acknowledged(
    province: OwnProvince,
) -> None:
    ears = shared_by("events", filters_of_all((UP_EVENTS,)))
    options = FarOptions("province-y", "province", shared=ears, unacknowledged=1)
    server = Server("127.0.0.1", province.port, OWN_WORD)
    own = Line(FarMqttLink(options, lambda: server, SystemClock()))
    own.link.open(own.come.put)
    with line(province, "a", province.words["a"]) as a:
        own.next(FarUp)
        # Taken after the subscription, which is on its way by now.
        assert own.may_write("motcua/1/a/up/ack")
        a.next(FarUp)
        for payload in (b"1", b"2"):
            a.may_write("motcua/1/a/up/events", payload)
        first = own.next(FarHeard)
        assert isinstance(first, FarHeard)
        assert first.payload == b"1"
        # A round trip later the second one is still at the broker.
        a.may_write("motcua/1/a/state/hall")
        assert own.come.empty()
        own.link.acknowledge(first)
        second = own.next(FarHeard)
        assert isinstance(second, FarHeard)
        assert second.payload == b"2"
    own.link.close()


def test_a_second_one_under_a_name_throws_the_first_out(province: OwnProvince) -> None:
    with line(province, "a", province.words["a"]) as first:
        first.next(FarUp)
        with line(province, "a", province.words["a"]) as second:
            second.next(FarUp)

            assert first.next(FarDown)


def test_a_link_that_was_closed_is_opened_again(province: OwnProvince) -> None:
    with line(province, "a", province.words["a"]) as a:
        a.next(FarUp)
        a.link.close()
        a.link.open(a.come.put)
        a.next(FarUp)

        assert a.may_write("motcua/1/a/state/hall")


def test_a_wrong_password_is_told_in_words(province: OwnProvince) -> None:
    with line(province, "a", "sai") as a:
        down = a.next(FarDown)

    assert isinstance(down, FarDown)
    assert "mật khẩu" in down.fault.text


def test_the_written_files_are_what_mosquitto_reads(province: OwnProvince, tmp_path: Path) -> None:
    done = province.motcua("broker-config", "--write", str(tmp_path))
    assert done.returncode == 0, done.stderr
    text = ProvinceFiles(tmp_path).config.read_text(encoding="ascii")

    assert "password_file /etc/mosquitto/motcua-province.passwords" in text
    assert {*broker_files.shared_limits()} <= {*text.splitlines()}
    users = ProvinceFiles(tmp_path).passwords.read_text(encoding="ascii")
    assert [each.partition(":")[0] for each in users.splitlines()] == [
        "a",
        "b",
        "onestop",
        "province",
    ]


def test_of_two_addresses_under_one_name_the_one_that_answers_is_taken(
    province: OwnProvince, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A province's second machine may stand behind the same name."""
    asked = socket.getaddrinfo

    def of_both(host: object, port: int, *words: int, **more: int) -> object:
        if host != "tinh.test":
            return asked(host, port, *words, **more)  # type: ignore[arg-type]
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("127.0.0.2", port)), (*kind, ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", of_both)
    options = FarOptions(client="a", user="a", pauses_s=(0.1, 0.2))
    server = Server("tinh.test", province.port, province.words["a"])
    made = Line(FarMqttLink(options, lambda: server, SystemClock()))
    made.link.open(made.come.put)
    try:
        made.next(FarUp)
    finally:
        made.link.close()
