"""The one door into a loop: ordered, bounded, open to signal handlers."""

import signal
import threading
from typing import Any

import pytest

from hall.runtime import inbox as module
from hall.runtime.inbox import Inbox


def test_items_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox()
    for number in range(5):
        inbox.post(number)

    assert [inbox.take_item(0) for _ in range(6)] == [0, 1, 2, 3, 4, None]


def test_taking_waits_for_a_poster() -> None:
    inbox = Inbox()
    poster = threading.Timer(0.01, inbox.post, ["late"])
    poster.start()

    assert inbox.take_item(10) == "late"
    poster.join()


@pytest.mark.timeout(20)
def test_waking_ends_the_wait_of_a_full_inbox_too() -> None:
    inbox = Inbox(room=1)
    inbox.post("only")

    inbox.wake()

    assert inbox.take_item(0) == "only"
    assert inbox.take_item(1000) is None


def test_a_full_inbox_holds_its_poster_back_until_the_loop_takes() -> None:
    inbox = Inbox(room=1)
    inbox.post("first")
    poster = threading.Thread(target=inbox.post, args=["second"])
    poster.start()

    assert inbox.take_item(10) == "first"
    assert inbox.take_item(10) == "second"
    poster.join(10)
    assert inbox.lost == 0


def test_a_loop_that_takes_nothing_costs_items_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    inbox = Inbox(room=2)

    for number in range(10):
        inbox.post(number)

    assert inbox.lost == 8
    assert caplog.text.count("inbox full") == 1
    assert (inbox.take_item(0), inbox.take_item(0), inbox.take_item(0)) == (0, 1, None)


def test_many_posters_lose_nothing() -> None:
    inbox = Inbox(room=10)

    def post(k: int) -> None:
        for n in range(200):
            inbox.post((k, n))

    posters = [threading.Thread(target=post, args=[k]) for k in range(4)]
    for poster in posters:
        poster.start()

    taken: list[Any] = [inbox.take_item(10) for _ in range(800)]

    for poster in posters:
        poster.join(10)
    for k in range(4):
        assert [n for who, n in taken if who == k] == list(range(200))


def test_a_signal_handler_may_post_while_its_thread_takes() -> None:
    inbox = Inbox()
    before = signal.signal(signal.SIGUSR1, lambda *_: inbox.post("signal"))
    try:
        caller = threading.get_ident()
        timer = threading.Timer(0.01, signal.pthread_kill, [caller, signal.SIGUSR1])
        timer.start()

        assert inbox.take_item(10) == "signal"
        timer.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
