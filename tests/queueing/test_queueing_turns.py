"""The order that a counter's clerk is shown, and why each has its place in it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hall.queueing import commands as cmd
from hall.queueing import turns
from hall.queueing.rules import Counter, Order, PolicyName
from hall.queueing.turns import TurnReason

Day = Any


def shown(day: Day, counter: str = "1") -> list[tuple[str, str]]:
    rule = day.rules.counters[counter]
    return [(t.ticket.number, t.why.value) for t in turns.turns(day.rules, day.hall, rule, day.now)]


def called_to_the_end(day: Day, counter: str) -> list[str]:
    return list(takewhile(bool, iter(lambda: day.call(counter), object())))


def test_who_came_first_is_next_and_the_list_is_whole(day: Day) -> None:
    for _ in range(7):
        day.issue()

    assert shown(day) == [(f"A00{n}", "arrival") for n in range(1, 8)]


def test_a_head_start_is_named_only_where_it_passes_somebody(day: Day) -> None:
    day.issue(priority="uu-tien")
    day.issue()
    day.issue(priority="uu-tien")

    assert shown(day) == [("A001", "arrival"), ("A003", "priority"), ("A002", "arrival")]


def test_who_was_sent_to_the_counter_is_told_apart(day: Day) -> None:
    day.issue("b")
    day.call("2")
    day.do(cmd.Transfer("b", "2", None, "1", cmd.Position.ARRIVAL))
    day.issue()

    assert shown(day) == [("B001", "sent"), ("A001", "arrival")]


def test_helped_people_come_after_ones_own_until_they_have_waited_too_long(day: Day) -> None:
    day.issue("a")
    day.issue("b")
    assert shown(day, "2") == [("B001", "arrival"), ("A001", "help")]

    day.wait(11)

    assert shown(day, "2") == [("A001", "help"), ("B001", "arrival")]


def test_a_place_given_by_hand_is_told_apart(day: Day) -> None:
    for _ in range(3):
        day.issue()
    day.call()
    day.do(cmd.Transfer("b", "1", "a", None, cmd.Position.BACK))

    assert shown(day) == [("A002", "placed"), ("A003", "placed"), ("A001", "arrival")]


def test_a_counters_own_order_of_services_is_told_apart(day: Day) -> None:
    listed = Counter("3", ("b", "a"), order=Order.LISTED)
    day.rules = replace(day.rules, counters={**day.rules.counters, "3": listed})
    day.issue("a")
    day.issue("b")

    assert shown(day, "3") == [("B001", "placed"), ("A001", "arrival")]


def test_all_who_wait_for_a_counter_are_counted(day: Day) -> None:
    day.issue("a")
    day.issue("b")

    assert [turns.count(day.hall, day.rules.counters[c]) for c in "123"] == [1, 2, 2]


ISSUES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([None, None, "uu-tien"])))
POSITIONS = st.lists(st.sampled_from(cmd.Position), max_size=3)
POLICIES = st.tuples(st.sampled_from(PolicyName), st.sampled_from(Order))


@given(issues=ISSUES, sent=POSITIONS, counter=st.sampled_from("123"), chosen=POLICIES)
def test_the_list_is_the_order_of_calling(
    new_day: Callable[[], Day],
    issues: list[tuple[str, str | None]],
    sent: list[cmd.Position],
    counter: str,
    chosen: tuple[PolicyName, Order],
) -> None:
    day = new_day()
    policy, order = chosen
    rule = replace(day.rules.counters[counter], order=order)
    day.rules = replace(day.rules, policy=policy, counters={**day.rules.counters, counter: rule})
    for service, priority in issues:
        day.wait(5)
        day.issue(service, priority)
    for position in sent[: len(issues)]:
        day.do(cmd.CallNext("b", "3"))
        day.do(cmd.Transfer("b", "3", None, counter, position))
    listed = [number for number, _ in shown(day, counter)]

    assert len(listed) == turns.count(day.hall, rule)
    assert listed == called_to_the_end(day, counter)


def test_every_reason_has_its_word_on_the_wire() -> None:
    assert {why.value for why in TurnReason} == {"sent", "help", "arrival", "priority", "placed"}
