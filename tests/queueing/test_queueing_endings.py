"""How a person's time at a counter ends, and what of it counts as served."""

from typing import Any

from hall.queueing import commands as cmd
from hall.queueing import events
from hall.queueing.tickets import State

Day = Any


def endings(day: Day) -> list[tuple[str, str | None]]:
    """How each ended, in order, and what ended it."""
    return [(e.how, e.cause) for e in day.events if isinstance(e, events.Finished)]


def test_ten_calls_on_nobody_are_not_ten_served(day: Day) -> None:
    for _ in range(10):
        day.issue()
    for _ in range(11):
        day.call()

    assert day.hall.served == 0
    assert day.hall.pace == {}
    assert endings(day) == [("unclear", "next")] * 10


def test_who_was_started_is_served_by_the_next_call(day: Day) -> None:
    day.issue(), day.issue()
    day.call()
    day.do(cmd.Start("b", "1"))
    day.wait(6)
    day.call()

    assert day.hall.served == 1
    assert endings(day) == [("served", "next")]
    assert day.hall.pace == {"a": (6 * 60_000,)}


def test_a_clerk_who_says_finished_has_served(day: Day) -> None:
    day.issue()
    day.call()
    day.wait(3)
    day.do(cmd.Finish("b", "1"))

    assert day.hall.served == 1
    assert endings(day) == [("served", None)]


def test_an_end_within_seconds_tells_no_pace(day: Day) -> None:
    day.issue(), day.issue()
    day.call()
    day.wait(14.99 / 60)
    day.do(cmd.Finish("b", "1"))
    assert day.hall.pace == {}
    day.call()
    day.wait(15 / 60)
    day.do(cmd.Finish("b", "1"))

    assert day.hall.pace == {"a": (15_000,)}
    assert day.hall.served == 2


def test_who_is_being_served_when_the_day_turns_is_served(day: Day) -> None:
    served, called, waiting = day.issue(), day.issue(), day.issue()
    day.call("1")
    day.do(cmd.Start("b", "1"))
    day.call("3")
    day.next_day()
    before = day.hall.tickets
    day.do(cmd.PassTime("c"))

    assert before.get(served.serial).state is State.SERVING
    assert endings(day) == [("left_open", "day"), ("unclear", "day")]
    expired = [e.serial for e in day.events if isinstance(e, events.Expired)]
    assert expired == [waiting.serial]
    assert called.serial not in expired
    assert day.kinds()[-3:] == ["CounterClosed", "CounterClosed", "DayOpened"]


def test_who_is_being_served_when_the_counter_leaves_the_file_is_served(day: Day) -> None:
    day.issue()
    day.call("1")
    day.do(cmd.Start("b", "1"))
    left = {name: counter for name, counter in day.rules.counters.items() if name != "1"}
    day.with_rules(counters=left).do(cmd.PassTime("c"))

    assert endings(day) == [("left_open", "removed")]
    assert day.hall.served == 1
    assert day.hall.pace == {}
