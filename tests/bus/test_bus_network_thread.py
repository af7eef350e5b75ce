"""The network's thread may meet an exception of paho's: the hall must not stay deaf for it."""

import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hall.contract.onestop_messages import Notice
from hall.contract.topics import EXT_NOTICE
from hall.runtime.bus import Connected, Disconnected, Received, Subscription
from hall.runtime.inbox import Inbox

Wait = Callable[..., Any]
pytestmark = pytest.mark.broker


def test_an_exception_inside_the_library_costs_a_connection_and_no_more(
    calm: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, inbox = calm.bus("board"), Inbox()
    reader.open(inbox, [Subscription(EXT_NOTICE)], [])
    wait(inbox, lambda item: isinstance(item, Connected))

    def stumble() -> None:
        raise MemoryError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(reader._paho, "loop_read", stumble)
        calm.say("onestop", calm.topic("ext/onestop/notice"), "wakes the thread")
        wait(inbox, lambda item: isinstance(item, Disconnected))
    wait(inbox, lambda item: isinstance(item, Connected))
    owner, own = calm.bus("onestop"), Inbox()
    owner.open(own, [], [])
    wait(own, lambda item: isinstance(item, Connected))
    owner.publish(EXT_NOTICE, Notice(lines=("lành",)))

    wait(inbox, lambda i: isinstance(i, Received) and i.message == Notice(lines=("lành",)))
    assert "the network thread stumbled" in caplog.text


# The thread ends by an exception, as it is meant to here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_network_thread_that_ended_is_started_again(
    calm: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, inbox = calm.bus("board"), Inbox()
    reader.open(inbox, [Subscription(EXT_NOTICE)], [])
    wait(inbox, lambda item: isinstance(item, Connected))
    network = reader._loop._thread

    def end() -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(reader._paho, "loop_read", end)
        calm.say("onestop", calm.topic("ext/onestop/notice"), "wakes the thread")
        network.join(15.0)
        assert not network.is_alive()
    reader.revive()
    owner, own = calm.bus("onestop"), Inbox()
    owner.open(own, [], [])
    wait(own, lambda item: isinstance(item, Connected))
    owner.publish(EXT_NOTICE, Notice(lines=("lành",)))

    wait(inbox, lambda i: isinstance(i, Received) and i.message == Notice(lines=("lành",)))
    assert "started again" in caplog.text


def test_a_network_thread_that_lives_is_left_alone(
    calm: Any, wait: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    bus, inbox = calm.bus("board"), Inbox()
    bus.revive()
    bus.open(inbox, [], [])
    wait(inbox, lambda item: isinstance(item, Connected))
    network = bus._loop._thread
    bus.revive()
    assert bus._loop._thread is network
    bus.close()
    bus.revive()

    assert not network.is_alive()
    assert "started again" not in caplog.text


def test_a_lost_broker_is_found_again_where_sleep_is_refused(
    lone: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under libfaketime, with which clocks are tried."""
    bus, inbox = lone.bus("kiosk-1"), Inbox()
    bus.open(inbox, [], [])
    wait(inbox, lambda item: isinstance(item, Connected))

    def refuse(_seconds: float) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("paho.mqtt.client.time", SimpleNamespace(sleep=refuse))
    lone.signal(signal.SIGKILL)
    wait(inbox, lambda item: isinstance(item, Disconnected))

    wait(inbox, lambda item: isinstance(item, Connected))
