"""A number is called as people say it; one that is not there is told from one not issued yet."""

from typing import Any

import pytest

from hall.queueing import commands as cmd
from hall.queueing.refusals import Reason
from hall.queueing.rules import Band, Service

Day = Any


def called(day: Day, said: str, counter: str = "1") -> str:
    number: str = day.ticket(day.do(cmd.CallTicket("c", counter, said))).number
    return number


@pytest.mark.parametrize("said", ["A006", "A6", "A06", "A0006", "6", "006"])
def test_a_number_is_found_as_it_is_said(day: Day, said: str) -> None:
    for _ in range(7):
        day.issue()

    assert called(day, said) == "A006"


def test_digits_alone_mean_the_counters_own_service(day: Day) -> None:
    for service in "ab":
        day.issue(service)

    assert called(day, "1", "1") == "A001"


def test_digits_that_fit_two_services_of_the_counter_name_nobody(day: Day) -> None:
    for service in "ab":
        day.issue(service)

    assert day.refused(cmd.CallTicket("c", "3", "1")) is Reason.SEVERAL_TICKETS
    assert called(day, "B1", "3") == "B001"


def test_digits_that_fit_only_another_service_are_that_ones(day: Day) -> None:
    day.issue("b")

    assert called(day, "1", "1") == "B001"


def test_who_was_sent_to_the_counter_is_its_own(day: Day) -> None:
    for service in "ab":
        day.issue(service)
    day.call("2")
    day.do(cmd.Transfer("c", "2", None, "1"))

    assert day.refused(cmd.CallTicket("c", "1", "1")) is Reason.SEVERAL_TICKETS
    assert called(day, "B1", "1") == "B001"


def test_a_whole_number_is_that_ticket_whatever_else_it_could_mean(day: Day) -> None:
    """A service without a letter: 001 is its own number, and a part of A001."""
    bare = Service("b", (Band(1, 99),))
    day.with_rules(services={**day.rules.services, "b": bare})
    for service in "ab":
        day.issue(service)

    assert called(day, "001", "3") == "001"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("A008", Reason.NOT_ISSUED_YET),
        ("8", Reason.NOT_ISSUED_YET),
        ("B001", Reason.NOT_ISSUED_YET),
        ("A100", Reason.UNKNOWN_TICKET),
        ("A0", Reason.UNKNOWN_TICKET),
        ("Z6", Reason.UNKNOWN_TICKET),
        ("AB6", Reason.UNKNOWN_TICKET),
        ("A", Reason.UNKNOWN_TICKET),
    ],
)
def test_what_was_never_issued_is_told_from_what_does_not_exist(
    day: Day, said: str, why: Reason
) -> None:
    for _ in range(7):
        day.issue()

    assert day.refused(cmd.CallTicket("c", "1", said)) is why
    assert why.code == "unknown"


def test_a_ticket_of_a_service_that_is_gone_is_found_by_its_whole_number(day: Day) -> None:
    day.issue("b")
    day.with_rules(services={"a": day.rules.services["a"]})

    assert called(day, "B001", "1") == "B001"
