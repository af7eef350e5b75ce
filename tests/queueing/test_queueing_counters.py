"""Counters: whom they call, in which order, and what they may not do."""

from dataclasses import replace
from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing import views
from hall.queueing.refusals import Reason
from hall.queueing.rules import MINUTE, Band, Counter, Order, PolicyName, Service
from hall.queueing.state import Status
from hall.queueing.tickets import State

Day = Any


def status(day: Day, counter: str = "1") -> Status:
    found: Status = day.hall.counters[counter].status
    return found


def test_a_counter_calls_whoever_came_first_to_its_services(day: Day) -> None:
    day.issue("b"), day.issue("a")

    assert [day.call("3") for _ in range(3)] == ["B001", "A001", None]


def test_priority_goes_before_who_came_less_than_a_head_start_earlier(day: Day) -> None:
    day.issue()
    day.wait(19)
    day.issue(priority="uu-tien")
    day.wait(2)
    day.issue(priority="uu-tien")

    assert [day.call() for _ in range(3)] == ["A002", "A001", "A003"]


def test_the_next_call_finishes_the_one_before(day: Day) -> None:
    day.issue(), day.issue()
    day.call()
    day.do(cmd.Start("b", "1"))
    day.call()

    assert day.hall.served == 1
    finished = next(e for e in day.events if type(e).__name__ == "Finished")
    assert finished.cause == "next"


def test_calling_with_nobody_waiting_finishes_and_leaves_the_counter_open(day: Day) -> None:
    day.issue()
    day.call()

    assert day.call() is None
    assert status(day) is Status.OPEN


def test_a_helper_helps_when_its_own_queue_is_empty(day: Day) -> None:
    day.issue("a")

    assert day.call("2") == "A001"


def test_a_helper_helps_early_only_who_has_waited_long(day: Day) -> None:
    day.issue("a")
    day.wait(9)
    day.issue("b"), day.issue("b")
    assert day.call("2") == "B001"
    day.wait(2)

    assert day.call("2") == "A001"


def test_a_helper_waits_until_the_others_have_waited_longer_than_its_time(day: Day) -> None:
    waiting = day.issue("a")
    day.issue("b"), day.issue("b")
    day.at(waiting.arrived + 10 * MINUTE)
    assert day.call("2") == "B001"
    day.at(waiting.arrived + 10 * MINUTE + 1)

    assert day.call("2") == "A001"


def test_a_counter_may_prefer_its_services_in_the_order_listed(day: Day) -> None:
    listed = {**day.rules.counters, "3": Counter("3", ("b", "a"), order=Order.LISTED)}
    day.with_rules(counters=listed)
    day.issue("a"), day.issue("b")

    assert day.call("3") == "B001"


def test_call_next_for_chosen_services_takes_only_those(day: Day) -> None:
    day.issue("a"), day.issue("b")
    chosen = cmd.CallNext("b", "3", services=("b",))
    assert day.ticket(day.do(chosen)).number == "B001"
    assert day.do(chosen).serial is None

    assert day.refused(cmd.CallNext("b", "3", services=("x",))) is Reason.UNKNOWN_SERVICE
    assert day.refused(cmd.CallNext("b", "1", services=("b",))) is Reason.NOT_ITS_SERVICE


def test_a_helper_may_choose_the_services_it_helps_with(day: Day) -> None:
    day.issue("a"), day.issue("b")

    assert day.ticket(day.do(cmd.CallNext("b", "2", services=("a",)))).number == "A001"


def test_call_next_for_chosen_services_leaves_others_in_the_counters_own_queue(day: Day) -> None:
    day.issue("a")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_counter="3"))

    assert day.do(cmd.CallNext("b", "3", services=("b",))).serial is None


def test_call_next_for_chosen_services_sees_the_counters_own_queue_too(day: Day) -> None:
    day.issue("a"), day.issue("b")
    day.call("1")
    day.do(cmd.Transfer("b", "1", to_counter="3"))

    assert day.ticket(day.do(cmd.CallNext("b", "3", services=("a",)))).number == "A001"


def test_strict_ratio_lets_a_normal_one_through_after_so_many_priorities(day: Day) -> None:
    day.with_rules(policy=PolicyName.STRICT_RATIO, ratio=2)
    day.issue(), day.issue()
    for _ in range(4):
        day.issue(priority="uu-tien")

    assert [day.call() for _ in range(7)] == [
        "A003",
        "A004",
        "A001",
        "A005",
        "A006",
        "A002",
        None,
    ]


def test_strict_ratio_calls_normal_ones_where_nobody_has_priority(day: Day) -> None:
    day.with_rules(policy=PolicyName.STRICT_RATIO, ratio=2)
    day.issue(), day.issue()

    assert [day.call() for _ in range(3)] == ["A001", "A002", None]


def test_any_waiting_ticket_can_be_called_by_its_number(day: Day) -> None:
    day.issue(), day.issue()
    day.do(cmd.CallTicket("b", "2", number="A002"))
    held = day.hall.held("2")

    assert held is not None
    assert held.number == "A002"
    assert day.call("1") == "A001"


@pytest.mark.parametrize("number", ["A009", "Z001", "A0002", "002", "B001"])
def test_a_number_that_was_not_issued_today_cannot_be_called(day: Day, number: str) -> None:
    day.issue()

    assert day.refused(cmd.CallTicket("b", "1", number=number)).code == "unknown"


def test_a_number_whose_service_has_left_the_yaml_can_still_be_called(day: Day) -> None:
    day.issue("b")
    day.with_rules(services={"a": day.rules.services["a"]})
    day.do(cmd.CallTicket("b", "1", number="B001"))

    assert status(day) is Status.CALLED


def test_a_number_whose_prefix_was_changed_is_found_as_it_was_printed(day: Day) -> None:
    day.issue()
    day.with_rules(services={"a": Service("a", (Band(1, 99),), "C")})
    day.do(cmd.CallTicket("b", "1", number="A001"))

    assert status(day) is Status.CALLED
    assert day.refused(cmd.CallTicket("b", "2", number="C001")) is Reason.UNKNOWN_TICKET


def test_call_ticket_needs_a_ticket(day: Day) -> None:
    assert day.refused(cmd.CallTicket("b", "1")) is Reason.NO_TICKET_NAMED


def test_no_ticket_is_called_at_two_counters(day: Day) -> None:
    ticket = day.issue()
    day.call("1")

    assert day.refused(cmd.CallTicket("b", "2", ticket=ticket.id)) is Reason.HELD_ELSEWHERE
    assert day.call("3") is None


def test_a_counter_that_calls_whom_it_holds_is_told_that_they_are_here(day: Day) -> None:
    ticket = day.issue()
    day.call("1")

    assert day.refused(cmd.CallTicket("b", "1", number="A1")) is Reason.HELD_HERE
    day.do(cmd.Start("b", "1"))
    assert day.refused(cmd.CallTicket("b", "1", ticket=ticket.id)) is Reason.HELD_HERE


def test_whose_turn_is_over_is_not_called_again(day: Day) -> None:
    ticket = day.issue()
    day.call("1")
    day.do(cmd.Finish("b", "1"))

    assert day.refused(cmd.CallTicket("b", "1", ticket=ticket.id)) is Reason.NOT_CALLABLE


def test_who_did_not_come_can_be_called_by_number(day: Day) -> None:
    day.issue()
    day.call("1")
    day.do(cmd.MarkNoShow("b", "1"))
    day.do(cmd.CallTicket("b", "1", number="A001"))

    assert status(day) is Status.CALLED
    assert len(day.hall.recent) == 1


def test_recalls_have_a_limit_that_begins_anew_with_each_call(day: Day) -> None:
    day.with_rules(recall_limit=1)
    day.issue()
    day.call()
    day.do(cmd.Recall("b", "1"))
    assert day.refused(cmd.Recall("b", "1")) is Reason.RECALLS
    day.do(cmd.MarkNoShow("b", "1"))
    day.do(cmd.CallTicket("b", "1", number="A001"))
    day.do(cmd.Recall("b", "1"))

    assert day.hall.held("1").recalls == 1
    assert day.hall.held("1").calls == 2


def test_a_person_at_the_counter_is_neither_recalled_nor_absent(day: Day) -> None:
    day.issue()
    day.call()
    day.do(cmd.Start("b", "1"))

    assert status(day) is Status.SERVING
    for command in (cmd.Recall("b", "1"), cmd.Start("b", "1"), cmd.MarkNoShow("b", "1")):
        assert day.refused(command) is Reason.NOT_CALLED


def test_a_person_who_was_served_is_done(day: Day) -> None:
    day.issue()
    day.call()
    day.do(cmd.Start("b", "1"))
    day.do(cmd.Finish("b", "1", "xong"))

    assert (status(day), day.hall.served) == (Status.OPEN, 1)


def test_the_board_remembers_the_last_ten_calls(day: Day) -> None:
    for _ in range(12):
        day.issue()
        day.call()

    assert [call.number for call in day.hall.recent] == [f"A{n:03}" for n in range(12, 2, -1)]


@pytest.mark.parametrize(
    "command",
    [
        cmd.Recall("b", "1"),
        cmd.Start("b", "1"),
        cmd.Finish("b", "1"),
        cmd.MarkNoShow("b", "1"),
        cmd.Park("b", "1"),
        cmd.Transfer("b", "1", to_service="b"),
    ],
)
def test_a_counter_that_holds_nobody_has_nothing_to_do(day: Day, command: Any) -> None:
    assert day.refused(command) is Reason.HOLDS_NOTHING
    assert day.refused(replace(command, counter="9")) is Reason.UNKNOWN_COUNTER


def test_a_closed_counter_opens_by_itself_only_where_it_may(day: Day) -> None:
    day.with_rules(auto_open=False)
    day.issue()
    assert day.refused(cmd.CallNext("b", "1")) is Reason.COUNTER_CLOSED
    day.do(cmd.OpenCounter("b", "1"))

    assert day.call("1") == "A001"
    assert day.kinds().count("CounterOpened") == 1


def test_pausing_or_closing_returns_who_was_called_and_has_not_come(day: Day) -> None:
    ticket = day.issue()
    for leave, after in (
        (cmd.PauseCounter("b", "1"), Status.PAUSED),
        (cmd.CloseCounter("b", "1"), Status.CLOSED),
    ):
        day.call("1")
        day.do(leave)
        assert day.do(leave).events == ()
        assert status(day) is after
        assert day.again(ticket).state is State.WAITING
    assert day.call("3") == "A001"


def test_nobody_is_left_standing_at_a_counter_that_closes(day: Day) -> None:
    day.issue()
    day.call()
    day.do(cmd.Start("b", "1"))

    assert day.refused(cmd.CloseCounter("b", "1")) is Reason.STILL_SERVING
    assert day.refused(cmd.PauseCounter("b", "1")) is Reason.STILL_SERVING


def test_a_clerk_who_saw_an_older_counter_is_told_so(day: Day) -> None:
    day.issue(), day.issue()
    day.call("1")
    seen = day.hall.counters["1"].ver
    day.issue("b")
    day.call("3")
    day.do(cmd.CallNext("b", "1", expect_ver=seen))

    assert day.refused(cmd.CallNext("b", "1", expect_ver=seen)) is Reason.VERSION


def test_a_counters_version_moves_with_the_counter_and_not_with_arrivals(day: Day) -> None:
    day.issue()
    day.call("1")
    seen = day.hall.counters["1"].ver
    day.issue()
    assert day.hall.counters["1"].ver == seen
    day.do(cmd.Recall("b", "1"))

    assert day.hall.counters["1"].ver == day.hall.seq


# --- a YAML that was changed during the day -----------------------------------------------------


@pytest.mark.parametrize("started", [False, True])
def test_a_counter_that_left_the_yaml_keeps_nobody(day: Day, started: bool) -> None:  # noqa: FBT001
    ticket = day.issue()
    day.call("1")
    if started:
        day.do(cmd.Start("b", "1"))
    rest = {k: v for k, v in day.rules.counters.items() if k != "1"}
    day.with_rules(counters=rest)
    day.do(cmd.PassTime("c"))

    assert status(day) is Status.CLOSED
    assert day.again(ticket).state is (State.FINISHED if started else State.WAITING)
    assert day.do(cmd.PassTime("c")).events == ()


def test_who_was_sent_to_a_counter_that_left_the_yaml_waits_with_all_others(day: Day) -> None:
    day.issue()
    day.call("3")
    day.do(cmd.Transfer("b", "3", to_counter="1"))
    day.with_rules(counters={k: v for k, v in day.rules.counters.items() if k != "1"})

    assert day.call("3") == "A001"
    assert day.hall.waiting == 0


# --- views --------------------------------------------------------------------------------------


def test_how_many_stand_before_a_ticket(day: Day) -> None:
    first, second = day.issue(), day.issue()
    urgent = day.issue(priority="uu-tien")

    assert [views.ahead(day.hall, t) for t in (first, second, urgent)] == [1, 2, 0]
    assert views.waiting(day.hall, "a") == 3


def test_a_ticket_names_the_counters_at_work_or_else_all_that_could_serve(day: Day) -> None:
    assert views.serving_counters(day.rules, day.hall, "a") == ("1", "3")
    day.do(cmd.OpenCounter("b", "3"))

    assert views.serving_counters(day.rules, day.hall, "a") == ("3",)


def test_a_recall_moves_the_number_up_in_the_list_of_calls(day: Day) -> None:
    day.issue(), day.issue()
    day.call("1")
    day.call("3")
    assert [call.number for call in day.hall.recent] == ["A002", "A001"]
    day.wait(60)
    day.do(cmd.Recall("b", "1"))

    assert [call.number for call in day.hall.recent] == ["A001", "A002"]
    assert day.hall.recent[0].wall == day.now.wall
