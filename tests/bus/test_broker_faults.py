"""What the bus promises when the broker dies, freezes, comes back, or is fed poison."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.acl import HallIds
from hall.contract.messages import DeviceStatus
from hall.contract.onestop_messages import Notice
from hall.contract.requests import Ping, TestPrint
from hall.contract.topics import DEV_STATUS, EXT_NOTICE, REQ_DEV, REQ_QUEUE
from hall.contract.words import WireModel
from hall.runtime.broker import PrivateBroker, _answers
from hall.runtime.buffered_socket import BufferedSocket
from hall.runtime.bus import Connected, Disconnected, Received, Subscription, Will
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox
from hall.runtime.sorting import Arrival

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[2]
# reliability.md 6.7: all is well again this long after the broker is.
HEALED_S = 5.0

Wait = Callable[..., Any]


def lost(client: str) -> Will:
    return Will(DEV_STATUS, DeviceStatus(state="lost", conn="", sw="x"), {"client": client})


def status(state: str, conn: str) -> DeviceStatus:
    return DeviceStatus.model_validate({"state": state, "conn": conn, "sw": "x"})


def opened(
    hall: Any, client: str, subscriptions: Sequence[Subscription], wait: Wait
) -> tuple[MqttBus, Inbox, str]:
    bus, inbox = hall.bus(client), Inbox()
    bus.open(inbox, subscriptions, [lost(client)])
    return bus, inbox, wait(inbox, lambda item: isinstance(item, Connected)).conn


def is_notice(text: str) -> Callable[[Any], bool]:
    return lambda item: isinstance(item, Received) and item.message == Notice(lines=(text,))


def is_status(state: str) -> Callable[[Any], bool]:
    return lambda item: (
        isinstance(item, Received)
        and isinstance(item.message, DeviceStatus)
        and item.message.state == state
    )


def until_told(bus: MqttBus, message: WireModel, wait: Wait, inbox: Inbox, channel: Any) -> None:
    """Publish on every connect, as an owner does, until it is on its way."""
    while not bus.publish(channel, message):
        wait(inbox, lambda item: isinstance(item, Connected))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_after_a_broker_died_everybody_is_subscribed_and_says_its_state_again(
    lone: Any, wait: Wait, number: int
) -> None:
    owner, owner_in, _ = opened(lone, "onestop", [], wait)
    _, reader_in, _ = opened(lone, "board", [Subscription(EXT_NOTICE)], wait)
    owner.publish(EXT_NOTICE, Notice(lines=("trước",)))
    wait(reader_in, is_notice("trước"))

    lone.signal(number)
    wait(owner_in, lambda item: isinstance(item, Disconnected))
    wait(reader_in, lambda item: isinstance(item, Disconnected))
    wait(owner_in, lambda item: isinstance(item, Connected), HEALED_S)
    until_told(owner, Notice(lines=("sau",)), wait, owner_in, EXT_NOTICE)

    wait(reader_in, is_notice("sau"), HEALED_S)


def test_a_frozen_broker_comes_back_with_the_newest_state(lone: Any, wait: Wait) -> None:
    owner, _, _ = opened(lone, "onestop", [], wait)
    _, reader_in, _ = opened(lone, "board", [Subscription(EXT_NOTICE)], wait)
    owner.publish(EXT_NOTICE, Notice(lines=("sẵn sàng",)))
    wait(reader_in, is_notice("sẵn sàng"))

    lone.signal(signal.SIGSTOP)
    for number in range(20):
        owner.publish(EXT_NOTICE, Notice(lines=(str(number),)))
    # A frozen broker is only noticed by time: three seconds of it, waited for and not slept.
    assert reader_in.take_item(3.0) is None
    lone.signal(signal.SIGCONT)

    # A reader whom a busy machine cut off meanwhile gets the newest alone, as it is retained.
    wait(reader_in, is_notice("19"), HEALED_S)


def test_nothing_of_an_old_connection_is_sent_on_a_new_one(lone: Any, wait: Wait) -> None:
    """A call that a clerk gave up long ago must not happen when the broker is back."""
    _, controller_in, _ = opened(lone, "controller", [Subscription(REQ_QUEUE)], wait)
    caller, caller_in, _ = opened(lone, "counters", [], wait)
    lone.signal(signal.SIGSTOP)
    caller.publish(REQ_QUEUE, Ping(id="forgotten"), verb="ping", client="counters")
    lone.signal(signal.SIGKILL)
    wait(controller_in, lambda item: isinstance(item, Connected), HEALED_S)
    wait(caller_in, lambda item: isinstance(item, Connected), HEALED_S)

    first = None
    while not isinstance(first, Received):
        # Asked again, as a requester does: the broker may hear it before the subscription.
        caller.publish(REQ_QUEUE, Ping(id="now"), verb="ping", client="counters")
        first = controller_in.take_item(1.0)
    assert first.message == Ping(id="now")


def test_of_two_under_one_name_the_one_that_stays_is_back_in_time(lone: Any, wait: Wait) -> None:
    owner, _, _ = opened(lone, "onestop", [], wait)
    _, first_in, _ = opened(lone, "board", [Subscription(EXT_NOTICE)], wait)
    second, _, _ = opened(lone, "board", [Subscription(EXT_NOTICE)], wait)
    wait(first_in, lambda item: isinstance(item, Disconnected))

    second.close()
    wait(first_in, lambda item: isinstance(item, Connected), HEALED_S)
    owner.publish(EXT_NOTICE, Notice(lines=("còn đây",)))

    wait(first_in, is_notice("còn đây"))


def test_publishing_without_a_broker_says_so_and_keeps_nothing(lone: Any, wait: Wait) -> None:
    owner, owner_in, _ = opened(lone, "onestop", [], wait)
    lone.broker.close()
    wait(owner_in, lambda item: isinstance(item, Disconnected))

    assert not owner.publish(EXT_NOTICE, Notice(lines=("mất",)))
    assert not owner.clear(EXT_NOTICE)


def test_the_last_will_tells_of_the_very_connection_that_was_lost(lone: Any, wait: Wait) -> None:
    _, watcher_in, _ = opened(lone, "tech", [Subscription(DEV_STATUS)], wait)
    silent, _, conn = opened(lone, "printer-1", [], wait)
    silent.publish(DEV_STATUS, status("ready", conn), client="printer-1")
    wait(watcher_in, is_status("ready"))

    assert silent._paho is not None
    line = silent._paho.socket()
    assert isinstance(line, BufferedSocket)
    line.raw.shutdown(socket.SHUT_RDWR)

    will = wait(watcher_in, is_status("lost"))
    assert (will.message.conn, will.src) == (conn, "printer-1")


def test_each_connection_has_a_will_of_its_own(lone: Any, wait: Wait) -> None:
    bus, inbox, first = opened(lone, "printer-1", [], wait)

    lone.signal(signal.SIGKILL)
    second = wait(inbox, lambda item: isinstance(item, Connected), HEALED_S).conn

    assert len({first, second, bus._conn}) == 2
    assert bus._conn == second


def test_closing_says_what_was_published_before_it_and_leaves_no_will(
    lone: Any, wait: Wait
) -> None:
    leaver, _, conn = opened(lone, "printer-1", [], wait)
    for _ in range(50):
        leaver.publish(DEV_STATUS, status("ready", conn), client="printer-1")
    leaver.publish(DEV_STATUS, status("disconnected", conn), client="printer-1")
    leaver.close()

    _, watcher_in, _ = opened(lone, "tech", [Subscription(DEV_STATUS)], wait)

    first = wait(watcher_in, lambda item: isinstance(item, Received))
    assert (first.message.state, first.retained) == ("disconnected", True)


def test_what_is_too_large_is_refused_and_poisons_nothing(calm: Any, wait: Wait) -> None:
    owner, owner_in, _ = opened(calm, "onestop", [], wait)
    _, reader_in, _ = opened(calm, "board", [Subscription(EXT_NOTICE)], wait)

    with pytest.raises(codec.TooLarge):
        owner.publish(EXT_NOTICE, Notice(lines=("ngày " * 300,) * 40))
    owner.publish(EXT_NOTICE, Notice(lines=("vừa",)))

    wait(reader_in, is_notice("vừa"))
    assert owner_in.take_item(0) is None


def test_a_raw_message_above_the_brokers_limit_harms_its_sender_acalm(
    calm: Any, wait: Wait, tmp_path: Path
) -> None:
    owner, _, _ = opened(calm, "onestop", [], wait)
    _, reader_in, _ = opened(calm, "board", [Subscription(EXT_NOTICE)], wait)
    (tmp_path / "huge").write_bytes(bytes(1_000_000))

    account, topic = calm.account("tech"), calm.topic("req/queue/ping/tech")
    calm.run("mosquitto_pub", *account, "-t", topic, "-f", str(tmp_path / "huge"))
    owner.publish(EXT_NOTICE, Notice(lines=("vẫn sống",)))

    wait(reader_in, is_notice("vẫn sống"))


@pytest.mark.parametrize("poison", ["{", "[]", '{"schema":1}', "\x00\x01", "x" * 60_000])
def test_poison_on_a_retained_state_does_not_end_the_network_thread(
    calm: Any, wait: Wait, poison: str, tmp_path: Path
) -> None:
    (tmp_path / "poison").write_text(poison)
    account, topic = calm.account("onestop"), calm.topic("ext/onestop/notice")
    calm.run("mosquitto_pub", *account, "-r", "-t", topic, "-f", str(tmp_path / "poison"))
    _, reader_in, _ = opened(calm, "board", [Subscription(EXT_NOTICE)], wait)
    good = codec.pack(
        Notice(lines=("lành",)), hall="thu", src="onestop", ts=datetime.now(UTC)
    ).decode()

    calm.say("onestop", calm.topic("ext/onestop/notice"), good)

    wait(reader_in, is_notice("lành"))


def test_a_callback_that_raises_does_not_end_the_network_thread(
    calm: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, reader_in, _ = opened(calm, "board", [Subscription(EXT_NOTICE)], wait)
    owner, _, _ = opened(calm, "onestop", [], wait)
    hand_in = reader._sorter.hand_in

    def stumble(inbox: Inbox, arrival: Arrival) -> None:
        if b"bad" in arrival.payload:
            raise RecursionError("planted")
        hand_in(inbox, arrival)

    monkeypatch.setattr(reader._sorter, "hand_in", stumble)
    owner.publish(EXT_NOTICE, Notice(lines=("bad",)))
    owner.publish(EXT_NOTICE, Notice(lines=("good",)))

    wait(reader_in, is_notice("good"))
    assert "planted" in caplog.text


def test_a_retained_request_is_dropped_live_and_stored(lone: Any, wait: Wait) -> None:
    _, printer_in, _ = opened(
        lone, "printer-1", [Subscription(REQ_DEV, {"target": "printer-1"})], wait
    )
    topic = lone.topic("req/dev/printer-1/ping/tech")

    def ask(request: str, *more: str) -> None:
        lone.say(
            "tech",
            topic,
            json.dumps({"schema": 1, "hall": "thu", "src": "tech", "id": request}),
            *("-q", "1", *more),
        )

    ask("old", "-r")
    ask("new")
    assert wait(printer_in, lambda item: isinstance(item, Received)).message == Ping(id="new")

    lone.signal(signal.SIGSTOP)
    lone.signal(signal.SIGCONT)
    _, late_in, _ = opened(
        lone, "printer-1", [Subscription(REQ_DEV, {"target": "printer-1"})], wait
    )
    ask("newer")
    assert wait(late_in, lambda item: isinstance(item, Received)).message == Ping(id="newer")


def test_both_ends_send_at_once(calm: Any, wait: Wait) -> None:
    """Without TCP_NODELAY a QoS 1 round trip takes 40 ms more (measured)."""
    bus, _, _ = opened(calm, "tech", [], wait)

    assert bus._paho is not None
    line = bus._paho.socket()
    assert isinstance(line, BufferedSocket)
    assert line.raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    assert "set_tcp_nodelay true" in calm.broker._files.config.read_text(encoding="ascii")


def test_properties_of_mqtt_5_say_again_what_is_in_topic_and_json(calm: Any, wait: Wait) -> None:
    calm.say("controller", calm.topic("state/hall"), "begin", "-r")
    kiosk, _, _ = opened(calm, "kiosk-1", [], wait)
    process = subprocess.Popen(
        [
            *("mosquitto_sub", *calm.account("printer-1"), "-F", "%t|%R|%D|%E|%C|%P"),
            *("-t", calm.topic("req/dev/printer-1/#"), "-t", calm.topic("state/hall")),
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert b"state/hall" in process.stdout.readline()
        levels = {"target": "printer-1", "verb": "test-print", "client": "kiosk-1"}
        kiosk.publish(REQ_DEV, TestPrint(id="p-1"), **levels)
        topic, response, correlation, expiry, content, _ = (
            process.stdout.readline().decode().split("|")
        )
    finally:
        process.kill()
        process.communicate()

    assert topic == calm.topic("req/dev/printer-1/test-print/kiosk-1")
    assert response == calm.topic("rsp/kiosk-1")
    assert correlation == "p-1"
    assert int(expiry) <= 10
    assert content == "application/json"


KEEPER = """
import pathlib, sys
from hall.contract.acl import HallIds
from hall.runtime.broker import PrivateBroker
broker = PrivateBroker(pathlib.Path(sys.argv[1]), HallIds("thu", ("controller", "tech", "onestop")))
print(broker.start().port, flush=True)
sys.stdin.read()
"""


def runs(broker: PrivateBroker) -> bool:
    return broker.pid is not None


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs the broker of this state folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    yield process
    process.kill()
    process.communicate()


def test_when_the_process_that_runs_the_broker_is_killed_another_takes_over_on_the_same_port(
    keeper: subprocess.Popen[str], tmp_path: Path, wait: Wait
) -> None:
    assert keeper.stdout is not None
    port = int(keeper.stdout.readline())
    second = PrivateBroker(tmp_path, HallIds("thu", ("controller", "tech", "onestop")))
    inbox = Inbox()
    try:
        assert second.start().port == port
        assert not runs(second)
        word = (tmp_path / "credentials" / "tech").read_text().strip()
        bus = MqttBus("tech", "thu", Server("127.0.0.1", port, word), SystemClock())
        bus.open(inbox, [], [])
        wait(inbox, lambda item: isinstance(item, Connected))

        keeper.kill()

        wait(inbox, lambda item: isinstance(item, Disconnected))
        wait(inbox, lambda item: isinstance(item, Connected), HEALED_S)
        assert runs(second)
        bus.close()
    finally:
        second.close()
    assert not _answers(port)


def test_the_private_broker_ends_with_its_process(keeper: subprocess.Popen[str]) -> None:
    assert keeper.stdout is not None
    port = int(keeper.stdout.readline())
    assert _answers(port)

    keeper.kill()
    keeper.wait()

    clock = SystemClock()
    deadline = clock.monotonic() + HEALED_S
    while _answers(port):
        assert clock.monotonic() < deadline


def test_two_processes_that_start_at_once_agree_on_the_passwords(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from hall.runtime.broker_files import write_credentials;"
        "names = tuple(f'kiosk-{n}' for n in range(40));"
        "print(sorted(write_credentials(pathlib.Path(sys.argv[1]), names).items()))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "credentials")],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(3)
    ]

    printed = {process.communicate()[0] for process in both}

    assert len(printed) == 1
    assert "''" not in printed.pop()
    assert len(list((tmp_path / "credentials").iterdir())) == 40
