"""A way out that is full: what was not sent is not forgotten."""

from typing import Any

import pytest

from hall.contract.topics import STATE_BOARD, STATE_COUNTER, STATE_SERVICE

World = Any


@pytest.mark.parametrize("channel", [STATE_COUNTER, STATE_SERVICE, STATE_BOARD])
def test_a_state_that_found_no_room_is_said_with_the_next_heartbeat(
    hall: World, monkeypatch: pytest.MonkeyPatch, channel: Any
) -> None:
    number = hall.issue()
    bus = hall.daemon.context.bus
    publish = type(bus).publish

    def crowded(self: Any, to: Any, message: Any, **levels: str) -> bool:
        return to is not channel and bool(publish(self, to, message, **levels))

    with monkeypatch.context() as patch:
        patch.setattr(type(bus), "publish", crowded)
        assert hall.call("1") == number
    hall.wait(6)

    assert hall.state("state/counter/1")["ticket"]["number"] == number
    assert hall.state("state/service/a")["waiting"] == 0
    assert hall.state("state/board")["counters"][0]["ticket"]["number"] == number


def test_what_was_sent_is_not_said_again(hall: World) -> None:
    hall.issue()
    hall.call("1")
    before = len(hall.said("state/counter/1"))
    hall.wait(6)

    assert len(hall.said("state/counter/1")) == before
