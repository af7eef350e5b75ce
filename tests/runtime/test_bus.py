"""What every bus promises, held for the one in memory and the one on a real broker alike."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hall.contract.codec import TooLarge, pack
from hall.contract.messages import Alert, DeviceStatus, Face, Reply
from hall.contract.onestop_messages import Notice, OnestopStatus
from hall.contract.requests import Issue, Ping
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    EXT_NOTICE,
    EXT_STATUS,
    FACE,
    REQ_QUEUE,
    RSP,
    STATE_HALL,
)
from hall.runtime.bus import (
    BrokerHeap,
    Cleared,
    Connected,
    Disconnected,
    NotGranted,
    Received,
    Subscription,
    Unusable,
    Will,
)
from hall.runtime.inbox import Inbox

PATIENCE_S = 120.0


def next_of(inbox: Inbox, kind: type[Any], skip: Callable[[Any], bool] = lambda _: False) -> Any:
    while (item := inbox.take_item(PATIENCE_S)) is not None:
        if isinstance(item, kind) and not skip(item):
            return item
    raise AssertionError(f"no {kind.__name__}")


def ready(buses: Any, client: str, *subscriptions: Subscription, **more: Any) -> tuple[Any, Inbox]:
    bus, inbox = buses.open(client, *subscriptions, **more)
    next_of(inbox, Connected)
    buses.listens(bus)
    return bus, inbox


def face(text: str) -> Face:
    return Face(text=text, style="steady")


def ask(**change: object) -> bytes:
    content = {"schema": 1, "hall": "thu", "src": "tech", "id": "a1"}
    return json.dumps(content | change).encode()


def test_a_bus_says_first_that_it_is_connected_and_under_which_sign(buses: Any) -> None:
    _, inbox = buses.open("printer-1")

    first = inbox.take_item(PATIENCE_S)

    assert isinstance(first, Connected)
    assert first.conn


def test_before_it_is_open_nothing_can_be_published(buses: Any) -> None:
    bus = buses.make("display")

    assert not bus.publish(FACE, face("A1"), counter="1")
    assert not bus.clear(FACE, counter="1")
    bus.close()


def test_a_message_arrives_with_its_levels_sender_and_time(buses: Any) -> None:
    _, inbox = ready(buses, "counters", Subscription(FACE, {"counter": "9"}))
    display, _ = ready(buses, "display")

    assert display.publish(FACE, face("A017"), counter="9")

    got = next_of(inbox, Received, lambda item: item.retained)
    assert (got.channel, dict(got.levels), got.message) == (FACE, {"counter": "9"}, face("A017"))
    assert (got.src, got.retained) == ("display", False)
    assert abs((datetime.now(UTC) - got.ts).total_seconds()) < 60


def test_only_what_was_subscribed_arrives(buses: Any) -> None:
    _, inbox = ready(buses, "counters", Subscription(FACE, {"counter": "8"}))
    display, _ = ready(buses, "display")

    display.publish(FACE, face("A1"), counter="7")
    display.publish(FACE, face("A2"), counter="8")

    assert next_of(inbox, Received).message == face("A2")


def test_a_state_is_kept_for_who_comes_later_and_an_event_is_not(buses: Any) -> None:
    onestop, own = ready(buses, "onestop", Subscription(EXT_NOTICE))
    onestop.publish(EXT_NOTICE, Notice(lines=("trước",)))
    next_of(own, Received, lambda item: item.message != Notice(lines=("trước",)))

    _, inbox = ready(buses, "board", Subscription(EXT_NOTICE))

    got = next_of(inbox, Received)
    assert (got.message, got.retained) == (Notice(lines=("trước",)), True)


def test_a_state_that_is_removed_is_told_and_gone(buses: Any) -> None:
    alert = Alert(code="cover_open", text="Kẹt giấy", since=datetime(2026, 11, 22, tzinfo=UTC))
    _, inbox = ready(buses, "tech", Subscription(DEV_ALERT, {"client": "printer-1"}))
    printer, _ = ready(buses, "printer-1")

    printer.publish(DEV_ALERT, alert, client="printer-1", code="cover_open")
    printer.clear(DEV_ALERT, client="printer-1", code="cover_open")

    assert next_of(inbox, Received).message == alert
    cleared = next_of(inbox, Cleared)
    assert dict(cleared.levels) == {"client": "printer-1", "code": "cover_open"}


def test_messages_of_one_sender_keep_their_order(buses: Any) -> None:
    _, inbox = ready(buses, "counters", Subscription(FACE, {"counter": "6"}))
    display, _ = ready(buses, "display")

    for number in range(100):
        assert display.publish(FACE, face(str(number)), counter="6")

    live = [next_of(inbox, Received, lambda item: item.retained) for _ in range(100)]
    assert [item.message.text for item in live] == [str(number) for number in range(100)]


def test_a_request_and_its_reply_meet(buses: Any) -> None:
    controller, asked = ready(buses, "controller", Subscription(REQ_QUEUE))
    kiosk, answered = ready(buses, "kiosk-1", Subscription(RSP, {"client": "kiosk-1"}))
    request = Issue(id="p1", service="ho-tich", channel="kiosk")

    kiosk.publish(REQ_QUEUE, request, verb="issue", client="kiosk-1")
    got = next_of(asked, Received)
    controller.publish(RSP, Reply(id="p1", status="ok", data={}), client=got.levels["client"])

    assert (got.message, got.levels["verb"]) == (request, "issue")
    assert next_of(answered, Received).message.id == "p1"


def test_who_floods_is_kept_back_by_the_broker_and_everybody_else_is_heard(buses: Any) -> None:
    """What comes back to the one who sent it says that the broker has taken all before it."""
    clients = frozenset(("controller", "kiosk-1", "tech"))
    controller, asked = ready(buses, "controller", Subscription(REQ_QUEUE))
    kiosk, echo = ready(buses, "kiosk-1", Subscription(DEV_STATUS, {"client": "kiosk-1"}))
    tech, _ = ready(buses, "tech")

    def hear_all_but(unheard: set[str], sign: str) -> None:
        controller.hear_all_but(unheard, clients)
        controller.publish(REQ_QUEUE, Ping(id=sign), verb="ping", client="controller")
        assert next_of(asked, Received).message.id == sign

    def ask(bus: Any, name: str) -> None:
        bus.publish(REQ_QUEUE, Ping(id=name), verb="ping", client=bus.client)

    hear_all_but({"kiosk-1"}, "shut")
    ask(kiosk, "unheard")
    said = DeviceStatus.model_validate({"state": "ready", "conn": "c1", "sw": "x"})
    kiosk.publish(DEV_STATUS, said, client="kiosk-1")
    next_of(echo, Received, lambda item: item.message != said)
    ask(tech, "heard")
    assert next_of(asked, Received).message.id == "heard"

    hear_all_but(set(), "open")
    ask(kiosk, "again")
    assert next_of(asked, Received).message.id == "again"
    kiosk.clear(DEV_STATUS, client="kiosk-1")


@pytest.mark.parametrize(
    ("payload", "verb", "code"),
    [
        (ask(src="kiosk-1"), "ping", "unauthorized"),
        (ask(), "issue", "bad_request"),
        (ask(service="Hộ tịch", channel="kiosk"), "issue", "bad_request"),
        (ask(schema=9), "ping", "bad_request"),
        (ask(hall="khac"), "ping", "bad_request"),
    ],
)
def test_a_request_that_cannot_be_obeyed_is_told_with_its_id(
    buses: Any, payload: bytes, verb: str, code: str
) -> None:
    _, inbox = ready(buses, "controller", Subscription(REQ_QUEUE))

    buses.say(f"req/queue/{verb}/tech", payload)

    got = next_of(inbox, Unusable)
    assert (got.id, got.code, got.levels["client"]) == ("a1", code, "tech")


def test_a_bus_sends_and_hears_nothing_that_its_client_s_row_does_not_name(buses: Any) -> None:
    display, _ = ready(buses, "display")
    unread = buses.make("printer-1")

    with pytest.raises(NotGranted):
        display.publish(EXT_NOTICE, Notice(lines=("giả",)))
    with pytest.raises(NotGranted):
        unread.open(Inbox(), [Subscription(FACE)], [])
    assert not display.publish(RSP, Reply(id="p1", status="ok", data={}), client="printer-1")
    unread.close()


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", ask(id="a b"), ask(id=None), b"\xff"])
def test_a_request_whose_id_cannot_be_read_is_dropped(buses: Any, payload: bytes) -> None:
    _, inbox = ready(buses, "controller", Subscription(REQ_QUEUE))

    buses.say("req/queue/ping/tech", payload)
    buses.say("req/queue/ping/tech", ask(id="good"))

    # The first is read, and dropped, in its turn; the broker tells what it holds in between.
    got: object = None
    while got is None or isinstance(got, BrokerHeap):
        got = inbox.take_item(PATIENCE_S)
    assert isinstance(got, Received)
    assert got.message == Ping(id="good")


def test_a_retained_request_is_dropped_without_an_answer(buses: Any) -> None:
    _, early = ready(buses, "controller", Subscription(REQ_QUEUE))
    buses.keep("req/queue/ping/tech", ask(id="kept"))
    buses.keep("req/queue/no-such-verb/tech", ask(id="kept"))
    buses.say("req/queue/ping/tech", ask(id="live"))
    assert next_of(early, Received | Unusable).message == Ping(id="live")  # type: ignore[arg-type]

    _, late = ready(buses, "controller", Subscription(REQ_QUEUE))
    buses.say("req/queue/ping/tech", ask(id="later"))
    assert next_of(late, Received | Unusable).message == Ping(id="later")  # type: ignore[arg-type]
    buses.keep("req/queue/no-such-verb/tech", b"")


def test_what_is_too_large_is_refused_even_offline(buses: Any) -> None:
    much = Notice(lines=("ngày " * 300,) * 40)
    bus = buses.make("onestop")

    with pytest.raises(TooLarge):
        bus.publish(EXT_NOTICE, much)
    bus.close()


def test_the_will_speaks_with_the_sign_of_the_connection_that_was_cut(buses: Any) -> None:
    lost = DeviceStatus(state="lost", conn="", sw="x")
    will = Will(DEV_STATUS, lost, {"client": "display"})
    display, own = buses.open("display", wills=[will])
    conn = next_of(own, Connected).conn
    _, inbox = ready(buses, "tech", Subscription(DEV_STATUS, {"client": "display"}))

    buses.drop(display)

    got = next_of(inbox, Received)
    assert (got.message.state, got.message.conn) == ("lost", conn)
    assert next_of(own, Disconnected)


def test_of_two_wills_the_last_is_spoken(buses: Any) -> None:
    wills = [
        Will(DEV_STATUS, DeviceStatus(state="lost", conn="", sw="x"), {"client": "onestop"}),
        Will(EXT_STATUS, OnestopStatus(state="lost", conn="")),
    ]
    onestop, own = buses.open("onestop", wills=wills)
    conn = next_of(own, Connected).conn
    _, inbox = ready(
        buses, "tech", Subscription(EXT_STATUS), Subscription(DEV_STATUS, {"client": "onestop"})
    )

    buses.drop(onestop)

    assert next_of(inbox, Received).message == OnestopStatus(state="lost", conn=conn)


def test_closing_is_no_loss_and_may_be_done_twice(buses: Any) -> None:
    will = Will(DEV_STATUS, DeviceStatus(state="lost", conn="", sw="x"), {"client": "kiosk-1"})
    kiosk, own = buses.open("kiosk-1", wills=[will])
    conn = next_of(own, Connected).conn
    heard = (Subscription(DEV_STATUS, {"client": "kiosk-1"}), Subscription(FACE, {"counter": "5"}))
    _, inbox = ready(buses, "tech", *heard)
    display, _ = ready(buses, "display")

    last = DeviceStatus(state="disconnected", conn=conn, sw="x")
    kiosk.publish(DEV_STATUS, last, client="kiosk-1")
    kiosk.close()
    kiosk.close()
    display.publish(FACE, face("A5"), counter="5")

    assert next_of(inbox, Received).message == last
    assert next_of(inbox, Received).message == face("A5")


def test_a_foreign_or_garbled_state_never_reaches_the_loop(buses: Any) -> None:
    _, inbox = ready(buses, "board", Subscription(STATE_HALL), Subscription(EXT_NOTICE))
    onestop, _ = ready(buses, "onestop")
    forged = pack(Notice(lines=("giả",)), hall="thu", src="kiosk-1", ts=datetime.now(UTC))

    buses.say("ext/onestop/notice", forged)
    buses.say("state/hall", b"{}")
    onestop.publish(EXT_NOTICE, Notice(lines=("thật",)))

    got = next_of(inbox, Received, lambda item: item.retained)
    assert got.message == Notice(lines=("thật",))
