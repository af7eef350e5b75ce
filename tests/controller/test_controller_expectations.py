"""An act at a counter is bound to the person its clerk saw there: nobody else is ever moved."""

from typing import Any

import pytest

from hall.contract.requests import CallNext, CounterRequest
from hall.contract.verbs import QUEUE

World = Any
AT_A_COUNTER = [name for name, v in QUEUE.items() if issubclass(v.request, CounterRequest)]
MORE = {
    "call-ticket": {"number": "A001"},
    "transfer": {"to": {"service": "b"}},
}


def ticket_at(hall: World, counter: str = "1") -> str | None:
    held = hall.state(f"state/counter/{counter}")["ticket"]
    return held and held["id"]


def ask(hall: World, verb: str, **body: Any) -> Any:
    return hall.ask(verb, counter="1", **MORE.get(verb, {}), **body)


@pytest.mark.parametrize("verb", AT_A_COUNTER)
def test_an_act_meant_for_one_person_never_moves_the_next(hall: World, verb: str) -> None:
    hall.issue(), hall.issue()
    hall.call("1")
    seen = ticket_at(hall)
    hall.call("1")
    before = hall.books.hall

    reply = ask(hall, verb, expect_ticket=seen)

    assert reply.error.code == "conflict"
    assert reply.error.current["ticket"]["number"] == "A002"
    assert hall.books.hall == before


@pytest.mark.parametrize("verb", AT_A_COUNTER)
def test_who_saw_nobody_moves_nobody(hall: World, verb: str) -> None:
    hall.issue()
    hall.call("1")
    before = hall.books.hall

    reply = ask(hall, verb, expect_ticket=None)

    assert reply.error.code == "conflict"
    assert hall.books.hall == before


def test_what_was_seen_and_still_is_goes_through(hall: World) -> None:
    hall.issue()
    assert ask(hall, "call-next", expect_ticket=None).data["ticket"]["number"] == "A001"

    assert ask(hall, "start", expect_ticket=ticket_at(hall)).status == "ok"
    assert ask(hall, "finish", expect_ticket=ticket_at(hall)).status == "ok"
    assert ask(hall, "counter-close", expect_ticket=None).status == "ok"


def test_who_says_nothing_of_it_is_bound_to_nothing(hall: World) -> None:
    hall.issue(), hall.issue()
    hall.call("1")

    assert ask(hall, "call-next").data["ticket"]["number"] == "A002"


def test_both_expectations_must_hold(hall: World) -> None:
    hall.issue()
    hall.call("1")
    seen, ver = ticket_at(hall), hall.state("state/counter/1")["ver"]
    ask(hall, "recall")

    assert ask(hall, "start", expect_ticket=seen, expect_ver=ver).error.code == "conflict"
    assert ask(hall, "start", expect_ticket=seen).status == "ok"


def test_two_hands_at_one_counter_call_one_person(hall: World) -> None:
    """A keypad and a page press at the same moment: both saw the same empty counter."""
    hall.issue(), hall.issue()

    first = hall.ask("call-next", "bridge-1", counter="1", expect_ticket=None)
    second = hall.ask("call-next", "counters", counter="1", expect_ticket=None)

    assert first.data["ticket"]["number"] == "A001"
    assert second.error.code == "conflict"
    assert second.error.current["ticket"]["number"] == "A001"


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ((), "recall"),
        ((), "finish"),
        ((), "transfer"),
        (("call-next", "start"), "no-show"),
        (("call-next", "start"), "counter-close"),
        (("call-next", "start"), "counter-pause"),
        (("call-next",), "call-ticket"),
    ],
)
def test_what_does_not_fit_though_nobody_was_faster_has_a_code_of_its_own(
    hall: World, before: tuple[str, ...], verb: str
) -> None:
    """Closing while serving is not "somebody changed it": its words say what to do first."""
    hall.issue()
    for each in before:
        ask(hall, each)

    reply = ask(hall, verb)

    assert reply.error.code == "not_now"
    assert hall.state("state/counter/1").items() >= reply.error.current.items()
    assert "vừa" not in reply.error.text


def test_what_is_left_out_and_what_is_null_are_two_requests(hall: World) -> None:
    hall.issue()
    hall.ask("call-next", id="key-1", counter="1")

    reply = hall.ask("call-next", id="key-1", counter="1", expect_ticket=None)

    assert reply.error.code == "id_reused"


def test_our_own_clients_write_null_only_where_they_saw_nobody() -> None:
    unsaid = CallNext(id="a", counter="1")
    nobody = CallNext(id="a", counter="1", expect_ticket=None)

    assert "expect_ticket" not in unsaid.model_dump()
    assert nobody.model_dump()["expect_ticket"] is None
    assert unsaid.model_copy(update={"expect_ticket": None}).model_dump() == nobody.model_dump()
