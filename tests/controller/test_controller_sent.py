"""Who was sent to one counter is told by its state, by the board and by the hall's count."""

from typing import Any

import pytest

World = Any


def send_on(hall: World, counter: str = "3", position: str = "arrival") -> Any:
    """Somebody is called at counter 1 and sent to another counter."""
    hall.issue()
    hall.call("1")
    return hall.ask("transfer", counter="1", to={"counter": counter}, position=position)


def test_a_person_sent_to_a_counter_is_told_by_its_state(hall: World) -> None:
    send_on(hall)

    assert hall.state("state/counter/3")["sent"] == {"count": 1, "next": ["A001"]}
    assert hall.state("state/counter/2")["sent"] == {"count": 0, "next": []}


def test_whoever_falls_behind_is_told_of_them_as_well(hall: World) -> None:
    send_on(hall)

    told = hall.ask("board").data
    assert told["counters"]["3"]["sent"]["next"] == ["A001"]
    assert {"counter": "3", "count": 1, "next": ["A001"]} in told["board"]["waiting"]


def test_the_board_has_a_row_for_the_counter_they_were_sent_to(hall: World) -> None:
    hall.issue("b")
    send_on(hall)

    assert hall.state("state/board")["waiting"] == [
        {"service": "a", "count": 0, "next": []},
        {"service": "b", "count": 1, "next": ["B001"]},
        {"counter": "3", "count": 1, "next": ["A001"]},
    ]


def test_no_more_than_five_of_them_are_named(hall: World) -> None:
    for _ in range(7):
        send_on(hall)

    sent = hall.state("state/counter/3")["sent"]
    assert sent == {"count": 7, "next": [f"A00{n}" for n in range(1, 6)]}


def test_they_are_named_in_the_order_in_which_they_are_called(hall: World) -> None:
    send_on(hall)
    send_on(hall, position="front")

    assert hall.state("state/counter/3")["sent"]["next"] == ["A002", "A001"]
    assert hall.call("3") == "A002"


def test_once_called_they_do_not_wait_any_more(hall: World) -> None:
    send_on(hall)
    hall.call("3")

    assert hall.state("state/counter/3")["sent"]["count"] == 0
    assert [r for r in hall.state("state/board")["waiting"] if "counter" in r] == []


def test_an_arrival_at_a_counter_is_no_act_of_its_clerk(hall: World) -> None:
    """Their next press carries the version they saw, and goes through."""
    hall.ask("counter-open", counter="3")
    seen = hall.state("state/counter/3")["ver"]
    send_on(hall)

    assert hall.state("state/counter/3")["ver"] == seen
    assert hall.ask("call-next", counter="3", expect_ver=seen).status == "ok"


def test_the_hall_counts_everyone_who_waits_for_a_service_or_a_counter(hall: World) -> None:
    for service in ("a", "a", "b"):
        hall.issue(service)
    send_on(hall)

    services = [hall.state(f"state/service/{s}")["waiting"] for s in "ab"]
    sent = [hall.state(f"state/counter/{c}")["sent"]["count"] for c in "123"]
    assert (services, sent) == ([2, 1], [0, 0, 1])
    assert hall.state("state/hall")["waiting"] == sum(services) + sum(sent)


@pytest.mark.parametrize("verb", ["counter-close", "counter-pause"])
def test_who_sends_somebody_to_a_counter_without_a_clerk_is_warned(hall: World, verb: str) -> None:
    hall.ask("counter-open", counter="3")
    hall.ask(verb, counter="3")

    reply = send_on(hall)

    assert reply.status == "ok"
    assert reply.data["warning"] == hall.state("state/counter/3")["status"]
    assert reply.data["warning"] in ("closed", "paused")


def test_a_counter_at_work_brings_no_warning(hall: World) -> None:
    hall.ask("counter-open", counter="3")

    assert "warning" not in send_on(hall).data
    hall.issue()
    hall.call("1")
    reply = hall.ask("transfer", counter="1", to={"service": "b"})
    assert "warning" not in reply.data


def to_service(hall: World, service: str = "b") -> Any:
    """Somebody is called at counter 1 and sent to another service."""
    hall.issue()
    hall.call("1")
    return hall.ask("transfer", counter="1", to={"service": service})


@pytest.mark.parametrize(
    ("verbs", "warning"),
    [
        ([("counter-close", "2"), ("counter-close", "3")], "closed"),
        ([("counter-pause", "2"), ("counter-close", "3")], "paused"),
        ([("counter-close", "2")], None),
    ],
)
def test_a_service_is_away_when_all_its_counters_are(
    hall: World, verbs: list[tuple[str, str]], warning: str | None
) -> None:
    for counter in "23":
        hall.ask("counter-open", counter=counter)
    for verb, counter in verbs:
        hall.ask(verb, counter=counter)

    assert to_service(hall).data.get("warning") == warning


def test_who_is_sent_to_a_service_that_a_person_has_closed_is_told_of_it(hall: World) -> None:
    hall.ask("counter-open", counter="3")
    hall.ask("service-close", service="b")

    reply = to_service(hall)

    assert (reply.status, reply.data["warning"]) == ("ok", "closed")
    assert hall.call("3") == "A001"


def test_sent_back_to_the_same_counter_a_person_is_called_there_again(hall: World) -> None:
    reply = send_on(hall, "1")

    assert "warning" not in reply.data
    assert hall.state("state/counter/1")["sent"] == {"count": 1, "next": ["A001"]}
    assert [hall.call("3"), hall.call("1")] == [None, "A001"]


def test_of_a_service_and_a_counter_the_counter_alone_calls(hall: World) -> None:
    for counter in "23":
        hall.ask("counter-open", counter=counter)
    hall.ask("counter-pause", counter="3")
    hall.issue()
    hall.call("1")

    reply = hall.ask("transfer", counter="1", to={"service": "b", "counter": "3"})

    assert (reply.data["ticket"]["service"], reply.data["warning"]) == ("b", "paused")
    assert [hall.call("2"), hall.call("3")] == [None, "A001"]


def test_a_counters_whole_list_is_told_in_the_order_of_calling(hall: World) -> None:
    send_on(hall, "1")
    for _ in range(6):
        hall.issue()

    told = hall.ask("turns", counter="1").data

    assert told["count"] == 7
    listed = [(turn["number"], turn["why"]) for turn in told["turns"]]
    assert listed == [("A001", "sent"), *((f"A00{n}", "arrival") for n in range(2, 8))]
    assert [hall.call("1") for _ in range(7)] == [number for number, _ in listed]


def test_of_a_long_list_as_many_are_told_as_were_asked_for(hall: World) -> None:
    for _ in range(3):
        hall.issue()

    told = hall.ask("turns", counter="1", limit=2).data

    assert (told["count"], len(told["turns"])) == (3, 2)
    assert hall.ask("turns", counter="99").error.code == "unknown"
