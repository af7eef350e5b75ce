"""A slip at a counter is taken back: states, events, board and journal say the same."""

from typing import Any

import pytest

World = Any


def a_second_person_called(hall: World) -> None:
    """A001 is being served at counter 1, then A002 is called by mistake."""
    hall.issue(), hall.issue()
    hall.call("1")
    hall.ask("start", counter="1")
    hall.call("1")


def test_faces_and_board_follow(hall: World) -> None:
    a_second_person_called(hall)

    reply = hall.ask("undo", counter="1")

    assert reply.data["ticket"]["number"] == "A002"
    counter = hall.state("state/counter/1")
    assert (counter["status"], counter["ticket"]["number"]) == ("serving", "A001")
    board = hall.state("state/board")
    assert [call["number"] for call in board["recent"]] == ["A001"]
    assert board["counters"][0] == reply.data["counter"]
    assert board["waiting"][0] == {"service": "a", "count": 1, "next": ["A002"]}
    assert hall.state("state/hall")["served_today"] == 0


def test_nobody_is_announced_by_it(hall: World) -> None:
    a_second_person_called(hall)
    before = len(hall.said("evt/call"))

    hall.ask("undo", counter="1")

    assert len(hall.said("evt/call")) == before


def test_the_stream_tells_what_was_taken_back(hall: World) -> None:
    a_second_person_called(hall)
    finished, called = hall.said("evt/ticket")[-2:]

    hall.ask("undo", "counters", counter="1")

    undone = hall.said("evt/ticket")[-2:]
    assert [e["type"] for e in undone] == ["undone", "undone"]
    assert [(e["cause"], e["of"]) for e in undone] == [
        ("called", called["seq"]),
        ("finished", finished["seq"]),
    ]
    assert [e["ticket"]["number"] for e in undone] == ["A002", "A001"]
    assert {(e["counter"], e["by"]) for e in undone} == {("1", "counters")}


def test_a_counter_says_until_when(hall: World) -> None:
    hall.issue()
    hall.call("1")
    state = hall.state("state/counter/1")
    assert (state["called_at"], state["undo_until"]) == (
        "2026-11-23T08:00:00+07:00",
        "2026-11-23T08:00:10+07:00",
    )

    hall.ask("start", counter="1")

    assert hall.state("state/counter/1")["undo_until"] is None


def test_once_its_time_is_over_no_state_says_so_any_more(hall: World) -> None:
    """The next heartbeat tells it, with no new version: nothing has happened at the counter."""
    hall.issue()
    hall.call("1")
    before = hall.state("state/counter/1")

    hall.wait(11)
    hall.wait(5)

    assert hall.state("state/counter/1") == before | {
        "undo_until": None,
        "ts": hall.state("state/counter/1")["ts"],
    }
    assert hall.state("state/board")["counters"][0]["undo_until"] is None
    assert hall.ask("board").data["counters"]["1"]["undo_until"] is None


def test_a_refused_act_does_not_offer_an_undo_whose_time_is_over(hall: World) -> None:
    hall.issue()
    hall.call("1")
    hall.clock.advance(11)

    reply = hall.ask("undo", counter="1")

    assert reply.error.current["undo_until"] is None


@pytest.mark.parametrize("seconds", [9.9, 10.1])
def test_ten_seconds_are_given(hall: World, seconds: float) -> None:
    hall.issue()
    hall.call("1")
    hall.clock.advance(seconds)

    reply = hall.ask("undo", counter="1")

    assert reply.status == ("ok" if seconds < 10 else "error")
    assert seconds < 10 or reply.error.code == "not_now"


@pytest.mark.parametrize(
    "after",
    [
        ("undo", {"counter": "1"}),
        ("recall", {"counter": "1"}),
        ("start", {"counter": "1"}),
        ("counter-pause", {"counter": "1"}),
    ],
)
def test_it_is_refused_once_the_counter_went_on(hall: World, after: Any) -> None:
    hall.issue()
    hall.call("1")
    verb, body = after
    hall.ask(verb, **body)
    before = hall.books.hall

    reply = hall.ask("undo", counter="1")

    assert reply.error.code == "not_now"
    assert reply.error.current["counter"] == "1"
    assert hall.books.hall == before


def test_it_is_refused_once_another_counter_called_the_person(hall: World) -> None:
    hall.issue()
    hall.call("1")
    hall.ask("transfer", counter="1", to={"counter": "3"})
    assert hall.call("3") == "A001"

    assert hall.ask("undo", counter="1").error.code == "not_now"


def test_it_is_bound_to_what_was_seen_like_every_act(hall: World) -> None:
    hall.issue()
    hall.call("1")

    assert hall.ask("undo", counter="1", expect_ver=1).error.code == "conflict"
    assert hall.ask("undo", counter="1", expect_ticket=None).error.code == "conflict"


def test_a_retry_gets_the_same_reply_and_takes_back_nothing_more(hall: World) -> None:
    hall.issue(), hall.issue()
    hall.call("1")
    hall.ask("finish", counter="1")
    hall.call("1")
    first = hall.ask("undo", id="u1", counter="1")
    before = hall.books.hall

    assert hall.ask("undo", id="u1", counter="1") == first
    assert hall.books.hall == before


@pytest.mark.parametrize("client", ["printer-1", "kiosk-1", "display", "uplink"])
def test_only_who_calls_may_take_back(hall: World, refusal: Any, client: str) -> None:
    assert refusal(hall.ask("undo", client, counter="1")) == "unauthorized"


def test_a_client_of_another_counter_may_not(hall: World, refusal: Any) -> None:
    hall.issue("b")
    hall.ask("call-next", "bridge-2", counter="2")

    assert refusal(hall.ask("undo", "counters", counter="2")) == "unauthorized"


def test_after_a_power_cut_it_can_still_be_taken_back(hall: World) -> None:
    a_second_person_called(hall)
    before = hall.books.hall
    hall.crash()
    hall.start()
    assert hall.books.hall == before

    assert hall.ask("undo", counter="1").status == "ok"
    assert hall.state("state/counter/1")["ticket"]["number"] == "A001"


def test_what_was_taken_back_stays_so_after_a_power_cut(hall: World) -> None:
    a_second_person_called(hall)
    hall.ask("undo", counter="1")
    before = hall.books.hall
    hall.crash()

    assert hall.start().books.hall == before


def test_a_cancelled_ticket_comes_back_to_its_place(hall: World) -> None:
    hall.issue(), hall.issue()
    ticket = hall.said("evt/ticket")[-1]["ticket"]["id"]
    hall.issue()
    hall.ask("cancel", "counters", ticket=ticket, counter="1")

    assert hall.ask("undo", "bridge-1", counter="1").error.code == "not_now"
    assert hall.ask("undo", "counters", counter="1").data["ticket"]["number"] == "A002"
    assert hall.state("state/board")["waiting"][0]["next"] == ["A001", "A002", "A003"]


def test_a_counter_cancels_no_ticket_of_another_service(hall: World, refusal: Any) -> None:
    hall.issue("b")
    ticket = hall.said("evt/ticket")[-1]["ticket"]["id"]

    assert refusal(hall.ask("cancel", "counters", ticket=ticket, counter="1")) == "unauthorized"
    assert hall.state("state/service/b")["waiting"] == 1


def test_undone_acts_leave_no_trace_in_the_figures_of_the_hall(hall: World) -> None:
    hall.issue()
    hall.call("1")
    hall.ask("start", counter="1")
    hall.clock.advance(60)
    hall.ask("finish", counter="1")
    assert hall.books.hall.pace["a"] == (60_000,)

    hall.ask("undo", counter="1")

    assert hall.books.hall.pace == {}
    assert hall.state("state/hall")["served_today"] == 0


def test_a_clerk_who_names_no_counter_cancels_for_their_own_alone(world: World) -> None:
    world.text = world.text.replace(
        '{id: "1", serves: [a]}', '{id: "1", serves: [a], clients: [counters]}'
    )
    world.text = world.text.replace(
        '{id: "3", serves: [a, b]}', '{id: "3", serves: [a, b], clients: [counters]}'
    )
    world.text = world.text.replace("serves: [b], helps: [a], clients", "serves: [b], clients")
    hall = world.start()
    theirs, others = (
        hall.ask("issue", service=service, channel="button").data["ticket"]["id"]
        for service in ("b", "a")
    )

    assert hall.ask("cancel", "bridge-2", ticket=others).error.code == "unauthorized"
    assert hall.ask("cancel", "bridge-2", ticket=theirs).status == "ok"
    assert hall.ask("cancel", "tech-cli", ticket=others).status == "ok"
