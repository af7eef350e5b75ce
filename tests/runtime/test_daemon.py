"""The harness round every service: the loop's edge, answers it gives by itself, health."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from earlier_run import BEGAN, leave_alert

from hall.contract import codec
from hall.contract.messages import Alert, DeviceStatus, Reply
from hall.contract.requests import Ping
from hall.contract.topics import DEV_ALERT, DEV_STATUS, REQ_DEV, REQ_QUEUE
from hall.runtime.bus import Connected, Denied, Disconnected, Received, Subscription, expect
from hall.runtime.daemon import Daemon, Fatal
from hall.runtime.inbox import Inbox
from hall.runtime.notify import Heartbeat, Notifier

PING = Ping(id="p1")
STATUS = Subscription(DEV_STATUS, {"client": "printer-1"})
ALERTS = Subscription(DEV_ALERT, {"client": "printer-1"})


def boom(*_: object) -> Any:
    raise ValueError("planted")


def ask(world: Any, verb: str = "identify", **change: object) -> str:
    content = {"schema": 1, "hall": "thu", "src": "tech", "id": "r1"} | change
    world.say(f"req/dev/printer-1/{verb}/tech", json.dumps(content))
    return "r1"


def test_a_ping_is_answered_by_the_harness(world: Any, replies: Callable[..., Any]) -> None:
    printer = world.daemon("printer-1")
    tech, inbox = world.member("tech")

    tech.publish(REQ_DEV, PING, target="printer-1", verb="ping", client="tech")
    world.settle(printer)

    assert replies(inbox) == [Reply(id="p1", status="ok", data={})]
    assert not any(isinstance(item, Received) for item in printer.service.handled)


def test_another_verb_reaches_the_service(world: Any) -> None:
    printer = world.daemon("printer-1")

    ask(world)
    world.settle(printer)

    assert printer.service.handled[-1].levels["verb"] == "identify"


@pytest.mark.parametrize(
    ("change", "verb", "code"),
    [
        ({}, "dance", "bad_request"),
        ({"src": "kiosk-1"}, "identify", "unauthorized"),
        ({"score": 1, "action": 7}, "simulate", "bad_request"),
    ],
)
def test_what_cannot_be_obeyed_is_refused_by_the_harness(
    world: Any, replies: Callable[..., Any], change: dict[str, object], verb: str, code: str
) -> None:
    printer = world.daemon("printer-1")
    _, inbox = world.member("tech")

    ask(world, verb, **change)
    world.settle(printer)

    [reply] = replies(inbox)
    assert (reply.id, reply.status, reply.error.code) == ("r1", "error", code)
    assert "Yêu cầu" in reply.error.text or "không được phép" in reply.error.text


def test_a_kiosk_may_not_ask_for_a_reprint(world: Any, replies: Callable[..., Any]) -> None:
    printer = world.daemon("printer-1")
    _, inbox = world.member("kiosk-1")

    world.say(
        "req/dev/printer-1/reprint/kiosk-1", '{"schema":1,"hall":"thu","src":"kiosk-1","id":"r1"}'
    )
    world.settle(printer)

    assert [reply.error.code for reply in replies(inbox)] == ["unauthorized"]


def test_a_request_that_makes_the_service_fail_is_answered_internal(
    world: Any, notebook: Any, replies: Callable[..., Any]
) -> None:
    printer = world.daemon("printer-1", notebook())
    printer.service.on_handle = boom
    _, inbox = world.member("tech")

    ask(world)
    ask(world, id="r2")
    world.settle(printer)

    assert [(r.id, r.error.code) for r in replies(inbox)] == [
        ("r1", "internal"),
        ("r2", "internal"),
    ]
    assert printer.context.health.errors == 2


def test_a_failing_tick_does_not_end_the_loop(world: Any, notebook: Any) -> None:
    printer = world.daemon("printer-1", notebook(on_tick=boom))

    ask(world)
    world.settle(printer)

    assert isinstance(printer.service.handled[-1], Received)


def test_what_fails_in_every_turn_is_told_once(
    world: Any, notebook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    printer = world.daemon("printer-1", notebook(on_tick=boom))

    for _ in range(20):
        world.clock.advance(2.0)
        printer.turn(world.clock.monotonic(), 0.0)
    printer.service.on_tick = lambda *_: {}["other"]
    printer.turn(world.clock.monotonic() + 2.0, 0.0)

    told = [record.exc_text or str(record.exc_info) for record in caplog.records]
    failures = [text for text in told if "planted" in text or "KeyError" in text]
    assert printer.context.health.errors > 20
    assert len(failures) == 2


def test_a_callback_that_fails_when_nobody_answered_does_not_end_the_loop(world: Any) -> None:
    kiosk = world.daemon("kiosk-1")
    kiosk.context.requester.send_request(REQ_QUEUE, "ping", PING, boom, world.clock.monotonic())

    for _ in range(8):
        world.clock.advance(1.0)
        kiosk.turn(world.clock.monotonic(), 0.0)

    assert kiosk.context.health.errors == 1
    assert not kiosk.context.requester.pending("p1")


@pytest.mark.parametrize("place", ["on_handle", "on_tick"])
def test_fatal_goes_through_the_edge(world: Any, notebook: Any, place: str) -> None:
    def die(*_: object) -> Any:
        raise Fatal(3, "đĩa đầy")

    printer = world.daemon("printer-1", notebook())
    setattr(printer.service, place, die)
    ask(world)

    with pytest.raises(Fatal):
        world.settle(printer)


def run(daemon: Daemon) -> int:
    return daemon.run(Heartbeat(Notifier({}), 1))


def test_a_store_that_cannot_be_opened_ends_the_daemon_with_its_status(
    world: Any, notebook: Any
) -> None:
    def die() -> None:
        raise Fatal(3, "không mở được sổ")

    service = notebook(on_start=die)

    assert run(Daemon(world.context_of("controller"), service)) == 3
    assert service.ended == 1
    assert world.broker.log == []


def test_a_device_that_cannot_be_closed_does_not_keep_the_bus_open(
    world: Any, notebook: Any
) -> None:
    daemon = world.daemon("printer-1", notebook(on_stop=boom))
    _, inbox = world.member("tech", STATUS)

    with pytest.raises(ValueError, match="planted"):
        daemon.close()

    assert states_in(inbox)[-1] == "disconnected"


def states_in(inbox: Inbox) -> list[str]:
    states: list[str] = []
    while (item := inbox.take_item(0)) is not None:
        if isinstance(item, Received):
            states.append(expect(item.message, DeviceStatus).state)
    return states


def test_a_stopped_daemon_leaves_in_order(world: Any, notebook: Any) -> None:
    _, inbox = world.member("tech", STATUS)
    service = notebook()
    daemon = Daemon(world.context_of("printer-1"), service)
    result: list[int] = []
    thread = threading.Thread(target=lambda: result.append(run(daemon)))
    thread.start()
    while not isinstance(item := inbox.take_item(10), Received):
        assert item is not None

    daemon.stop()
    thread.join(10)

    assert result == [0]
    assert states_in(inbox) == ["disconnected"]
    assert service.ended == 1


def test_who_sends_nothing_of_use_is_not_answered_for_ever(
    world: Any, replies: Callable[..., Any]
) -> None:
    printer = world.daemon("printer-1")
    _, inbox = world.member("tech")
    _, other = world.member("kiosk-1")
    for number in range(290):
        ask(world, "dance", id=f"r{number}")
    world.say(
        "req/dev/printer-1/dance/kiosk-1", '{"schema":1,"hall":"thu","src":"kiosk-1","id":"k"}'
    )
    world.settle(printer)

    assert len(replies(inbox)) == 250
    assert len(replies(other)) == 1


def test_the_bus_is_revived_at_every_beat(
    world: Any, notebook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = Daemon(world.context_of("printer-1"), notebook())
    revived: list[float] = []

    def revive() -> None:
        revived.append(world.clock.monotonic())
        world.clock.advance(5.0)
        if len(revived) == 3:
            daemon.stop()

    monkeypatch.setattr(daemon.context.bus, "revive", revive)

    assert run(daemon) == 0
    assert len(revived) == 3


def test_the_service_hears_of_the_connection_after_the_harness(world: Any) -> None:
    printer = world.daemon("printer-1")

    printer.context.bus.drop()
    world.settle(printer)
    printer.context.bus.connect()
    world.settle(printer)

    assert [type(item) for item in printer.service.handled] == [
        Connected,
        Disconnected,
        Connected,
    ]


def status_of(world: Any, client: str) -> DeviceStatus:
    payload = world.broker.retained[f"motcua/1/thu/dev/{client}/status"]
    return codec.read(DeviceStatus, json.loads(payload))


def test_a_status_says_ready_and_under_which_connection(world: Any) -> None:
    printer = world.daemon("printer-1")

    status = status_of(world, "printer-1")

    assert (status.state, status.conn) == ("ready", printer.context.bus._link.conn)
    assert status.sw.startswith("motcua")


def test_an_alert_is_kept_until_solved_and_shows_in_the_status(
    world: Any, drain: Callable[..., Any]
) -> None:
    printer = world.daemon("printer-1")
    _, inbox = world.member("tech", ALERTS)

    printer.context.health.alert("paper_out", "Hết giấy.", "Thay cuộn.")
    printer.context.health.alert("paper_out", "Hết giấy.", "Thay cuộn.")
    assert status_of(world, "printer-1").state == "degraded"
    assert status_of(world, "printer-1").alerts == ("paper_out",)
    printer.context.health.solve("paper_out")
    printer.context.health.solve("paper_out")

    kinds = [type(item).__name__ for item in drain(inbox)]
    assert kinds == ["Connected", "Received", "Cleared"]
    assert status_of(world, "printer-1").state == "ready"


def test_a_new_text_keeps_the_moment_the_fault_began(world: Any) -> None:
    printer = world.daemon("printer-1")
    printer.context.health.alert("offline", "Không thấy máy in.")
    began = printer.context.health.alerts["offline"].since
    world.clock.advance(60)

    printer.context.health.alert("offline", "Không thấy máy in đã 1 phút.")

    assert printer.context.health.alerts["offline"].since == began
    payload = world.broker.retained["motcua/1/thu/dev/printer-1/alert/offline"]
    assert codec.read(Alert, json.loads(payload)).text.endswith("1 phút.")


def test_what_happened_to_alerts_offline_is_said_on_return(world: Any) -> None:
    printer = world.daemon("printer-1")
    printer.context.health.alert("paper_low", "Sắp hết giấy.")
    printer.context.bus.drop()
    world.settle(printer)
    printer.context.health.solve("paper_low")
    printer.context.health.alert("paper_out", "Hết giấy.")

    printer.context.bus.connect()
    world.settle(printer)

    alerts = {topic.rsplit("/", 1)[1] for topic in world.broker.retained if "/alert/" in topic}
    assert alerts == {"paper_out"}
    assert status_of(world, "printer-1").state == "degraded"


def test_an_alert_of_an_earlier_run_is_removed_and_others_are_left_alone(world: Any) -> None:
    for client in ("printer-1", "printer-2"):
        leave_alert(world.broker, "thu", client, "jam")

    world.daemon("printer-1")

    alerts = [topic for topic in world.broker.retained if "/alert/" in topic]
    assert alerts == ["motcua/1/thu/dev/printer-2/alert/jam"]


def alerts_in(world: Any) -> list[str]:
    return [topic.rsplit("/", 1)[1] for topic in world.broker.retained if "/alert/" in topic]


def test_an_alert_of_a_device_that_has_not_shown_itself_yet_stands(
    world: Any, notebook: Any
) -> None:
    leave_alert(world.broker, "thu", "printer-1", "cover_open")
    printer = world.daemon("printer-1", notebook(), "cover_open")

    assert alerts_in(world) == ["cover_open"]
    assert status_of(world, "printer-1").alerts == ("cover_open",)
    assert status_of(world, "printer-1").state == "degraded"

    printer.context.health.solve("cover_open")

    assert alerts_in(world) == []
    assert status_of(world, "printer-1").state == "ready"


def test_an_inherited_alert_that_was_solved_before_it_was_heard_is_removed(
    world: Any, notebook: Any
) -> None:
    leave_alert(world.broker, "thu", "printer-1", "cover_open")
    service = notebook()
    daemon = Daemon(world.context_of("printer-1"), service)
    daemon.context.health.inherit("cover_open")
    daemon.context.health.solve("cover_open")

    daemon.open()
    world.settle(daemon)

    assert alerts_in(world) == []


@pytest.mark.parametrize("inherited", [(), ("cover_open",)])
def test_a_fault_that_outlasts_a_restart_keeps_the_moment_it_began(
    world: Any, notebook: Any, inherited: tuple[str, ...]
) -> None:
    leave_alert(world.broker, "thu", "printer-1", "cover_open")
    daemon = Daemon(world.context_of("printer-1"), notebook())
    daemon.context.health.inherit(*inherited)
    daemon.context.health.alert("cover_open", "Nắp máy in đang mở.")

    daemon.open()
    world.settle(daemon)

    payload = world.broker.retained["motcua/1/thu/dev/printer-1/alert/cover_open"]
    alert = codec.read(Alert, json.loads(payload))
    assert (alert.text, alert.since) == ("Nắp máy in đang mở.", BEGAN)


def test_a_broker_whose_acl_is_old_is_an_alert_until_the_next_connection(world: Any) -> None:
    printer = world.daemon("printer-1")
    printer.context.inbox.post(Denied())
    world.settle(printer)
    assert alerts_in(world) == ["acl_denied"]
    assert "broker-config" in printer.context.health.alerts["acl_denied"].advice

    printer.context.bus.drop()
    printer.context.bus.connect()
    world.settle(printer)

    assert alerts_in(world) == []


@pytest.mark.parametrize("older", [True, False])
def test_a_late_will_does_not_stand(world: Any, *, older: bool) -> None:
    printer = world.daemon("printer-1")
    conn = "older" if older else printer.context.bus._link.conn
    late = {"schema": 1, "hall": "thu", "src": "printer-1", "state": "lost", "conn": conn}

    world.say("dev/printer-1/status", json.dumps(late | {"sw": "x"}), retain=True)
    assert status_of(world, "printer-1").state == "lost"
    world.settle(printer)

    assert status_of(world, "printer-1").state == "ready"
    assert status_of(world, "printer-1").conn == printer.context.bus._link.conn


def test_ones_own_echo_is_not_answered_for_ever(world: Any) -> None:
    printer = world.daemon("printer-1")
    before = len(world.broker.log)

    world.settle(printer)
    world.settle(printer)

    assert len(world.broker.log) == before


def test_who_floods_is_named_and_unheard_for_a_while_and_nobody_else_is(world: Any) -> None:
    printer = world.daemon("printer-1")

    def heard(client: str, request_id: str) -> bool:
        body = json.dumps({"schema": 1, "hall": "thu", "src": client, "id": request_id})
        world.say(f"req/dev/printer-1/identify/{client}", body)
        world.settle(printer)
        return printer.service.handled[-1].message.id == request_id

    assert heard("counters", "before")
    for number in range(300):
        ask(world, id=f"r{number}")
    world.clock.advance(1.0)
    world.settle(printer)

    assert "tech" in printer.context.health.alerts["flood"].text
    assert heard("counters", "meanwhile")
    assert not heard("tech", "too soon")
    world.clock.advance(10.0)
    world.settle(printer)
    assert heard("tech", "later")


def test_a_request_to_a_device_that_comes_too_late_is_told_so_and_not_done(
    world: Any, replies: Callable[..., Any]
) -> None:
    printer = world.daemon("printer-1")
    _, inbox = world.member("tech")
    ask(world, "test-print", id="late")
    world.clock.advance(6.5)
    world.settle(printer)

    assert [reply.error.code for reply in replies(inbox)] == ["expired"]
    assert not any(isinstance(item, Received) for item in printer.service.handled)
