"""A network that resets, or falls silent one way: the newest state gets through."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from broken_link import BrokenLink
from lossy_wire import FAR, NEAR, lossy_wire

from hall.contract.onestop_messages import Notice
from hall.contract.topics import EXT_NOTICE
from hall.runtime import bus_mqtt
from hall.runtime.bus import Connected, Received, Subscription
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.inbox import Inbox

pytestmark = pytest.mark.broker
Wait = Callable[..., Any]


@pytest.fixture
def link(calm: Any) -> Iterator[BrokenLink]:
    made = BrokenLink(calm.place.port)
    yield made
    made.close()


@pytest.fixture
def board(calm: Any, link: BrokenLink, wait: Wait) -> Iterator[Inbox]:
    """It reads its state over the link."""
    server = Server("127.0.0.1", link.port, calm.passwords["board"])
    bus, inbox = MqttBus("board", "thu", server, SystemClock()), Inbox()
    bus.open(inbox, [Subscription(EXT_NOTICE)], [])
    wait(inbox, lambda item: isinstance(item, Connected))
    yield inbox
    bus.close()


@pytest.fixture
def say(calm: Any, wait: Wait) -> Iterator[Callable[[str], None]]:
    """The owner of the state, whose own way to the broker is good."""
    bus, inbox = calm.bus("onestop"), Inbox()
    bus.open(inbox, [], [])
    wait(inbox, lambda item: isinstance(item, Connected))

    def publish(text: str) -> None:
        assert bus.publish(EXT_NOTICE, Notice(lines=(text,)))

    yield publish
    bus.clear(EXT_NOTICE)


def is_notice(text: str) -> Callable[[Any], bool]:
    return lambda item: isinstance(item, Received) and item.message == Notice(lines=(text,))


def is_any_notice(item: Any) -> bool:
    return isinstance(item, Received) and isinstance(item.message, Notice)


def test_after_each_reset_a_reader_has_the_newest_state(
    board: Inbox, say: Callable[[str], None], link: BrokenLink, wait: Wait
) -> None:
    for number in range(3):
        link.reset()
        say(f"lần {number}")
        wait(board, is_notice(f"lần {number}"))


def test_a_reader_to_whom_nothing_comes_any_more_finds_out_and_connects_anew(
    say: Callable[[str], None],
    link: BrokenLink,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(bus_mqtt, "KEEPALIVE_S", 1)
    board = request.getfixturevalue("board")
    say("trước")
    wait(board, is_notice("trước"))
    link.deafen()
    say("sau")

    wait(board, is_notice("sau"))


def test_where_every_tenth_packet_is_lost_the_last_word_comes_and_all_in_its_order(
    calm: Any, say: Callable[[str], None], wait: Wait
) -> None:
    """Lost on a wire of this machine, so that TCP itself sends again, late and by bursts."""
    with (
        lossy_wire() as wire,
        closing(BrokenLink(calm.place.port, NEAR)) as link,
        ExitStack() as ends,
    ):
        server = Server(FAR, link.port, calm.passwords["board"])
        bus, inbox = MqttBus("board", "thu", server, SystemClock()), Inbox()
        ends.callback(bus.close)
        bus.open(inbox, [Subscription(EXT_NOTICE)], [])
        wait(inbox, lambda item: isinstance(item, Connected))
        wire.loss = 0.1
        said = [f"lần {number}" for number in range(40)]
        for each in said:
            say(each)
        came = [""]
        while came[-1] != said[-1]:
            came.append(wait(inbox, is_any_notice).message.lines[0])

        # Where the wire is mute for too long the bus connects anew, and has the newest alone.
        assert list(dict.fromkeys(came[1:])) == [each for each in said if each in came]
        while not wire.lost:
            say("nữa")
            wait(inbox, is_notice("nữa"))
        wire.loss = 0.0
