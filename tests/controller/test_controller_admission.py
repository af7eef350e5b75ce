"""What a client may ask of the queue, and what comes too late: nobody is called minutes after."""

import json
from typing import Any

import pytest

from hall.contract.topics import REQ_QUEUE

World = Any


def put(hall: World, verb: str, client: str, **body: Any) -> None:
    """A request that waits: the loop does not turn yet."""
    envelope = {"schema": 1, "hall": "thu", "src": client}
    topic = REQ_QUEUE.topic("thu", verb=verb, client=client)
    hall.broker.publish(topic, json.dumps(envelope | body).encode())


def codes(hall: World, client: str) -> list[str]:
    return [r["error"]["code"] if "error" in r else "ok" for r in hall.said(f"rsp/{client}")]


def press(number: int, channel: str = "button") -> dict[str, Any]:
    return {"id": f"press-{number}", "service": "a", "channel": channel}


def test_a_request_whose_turn_comes_too_late_is_told_so_and_not_done(hall: World) -> None:
    hall.issue()
    put(hall, "call-next", "tech", id="late", counter="1")
    hall.wait(6.5)

    assert codes(hall, "tech") == ["expired"]
    assert hall.state("state/counter/1")["ticket"] is None
    assert hall.call("1") == "A001"


def test_a_request_that_has_waited_six_seconds_is_still_done(hall: World) -> None:
    put(hall, "issue", "printer-1", **press(1))
    hall.wait(6.0)

    assert codes(hall, "printer-1") == ["ok"]


def test_a_copy_of_what_came_too_late_is_answered_alike_even_after_a_restart(hall: World) -> None:
    put(hall, "issue", "printer-1", **press(1))
    hall.wait(7)
    hall.send("issue", "printer-1", press(1))
    hall.crash()
    hall.start()
    hall.send("issue", "printer-1", press(1))

    assert codes(hall, "printer-1") == ["expired"] * 3
    assert hall.state("state/hall")["waiting"] == 0


def test_a_late_copy_of_what_was_done_gets_its_reply(hall: World) -> None:
    hall.send("issue", "printer-1", press(1))
    put(hall, "issue", "printer-1", **press(1))
    hall.wait(7)
    first, copy = ({**reply, "ts": ""} for reply in hall.said("rsp/printer-1"))

    assert copy == first


def test_who_reads_too_late_is_told_so(hall: World) -> None:
    put(hall, "board", "tech", id="look")
    hall.wait(7)

    assert codes(hall, "tech") == ["expired"]


def test_a_wall_clock_that_is_set_makes_nothing_late(hall: World) -> None:
    put(hall, "issue", "printer-1", **press(1))
    hall.clock.at = hall.clock.at.replace(year=2027)
    hall.settle()

    assert codes(hall, "printer-1") == ["ok"]


@pytest.fixture
def few(world: World) -> World:
    """Two numbers a second a client, three at once."""
    world.text = world.text.replace(
        "issues_per_s: 1000, issue_burst: 10000", "issues_per_s: 2, issue_burst: 3"
    )
    return world.start()


def test_new_tickets_have_a_bucket_of_their_own_a_client(few: World) -> None:
    for number in range(5):
        few.send("issue", "kiosk-1", press(number, "kiosk"))
    few.send("ping", "kiosk-1", {"id": "p"})
    few.send("issue", "kiosk-2", press(9, "kiosk"))

    assert codes(few, "kiosk-1") == ["ok"] * 3 + ["limit"] * 2 + ["ok"]
    assert codes(few, "kiosk-2") == ["ok"]
    few.wait(0.5)
    assert few.ask("issue", "kiosk-1", service="a", channel="kiosk").status == "ok"


def test_a_copy_of_what_was_one_too_many_gives_no_number_to_nobody(few: World) -> None:
    """Its sender has told the person to wait, and sent copies before it knew."""
    for number in range(4):
        few.send("issue", "kiosk-1", press(number, "kiosk"))
    few.wait(2.0)
    few.send("issue", "kiosk-1", press(3, "kiosk"))

    assert codes(few, "kiosk-1") == ["ok"] * 3 + ["limit"] * 2
    few.wait(4.5)
    few.send("issue", "kiosk-1", press(3, "kiosk"))
    assert codes(few, "kiosk-1")[5:] == ["ok"]


def test_a_copy_takes_nothing_from_the_bucket(few: World) -> None:
    for _ in range(5):
        few.send("issue", "kiosk-1", press(1, "kiosk"))
    for number in (2, 3):
        few.send("issue", "kiosk-1", press(number, "kiosk"))

    assert codes(few, "kiosk-1") == ["ok"] * 7


def test_the_buttons_of_a_printer_have_a_share_no_kiosk_can_use_up(few: World) -> None:
    for number in range(5):
        few.send("issue", "printer-1", press(number, "kiosk"))
    few.send("issue", "printer-1", press(9, "button"))

    assert codes(few, "printer-1") == ["ok"] * 3 + ["limit"] * 2 + ["ok"]


def test_a_number_refused_for_too_many_can_be_asked_for_again(few: World) -> None:
    for number in range(4):
        few.send("issue", "kiosk-1", press(number, "kiosk"))
    few.wait(1)
    few.send("issue", "kiosk-1", press(4, "kiosk"))

    assert codes(few, "kiosk-1") == ["ok"] * 3 + ["limit", "ok"]


def test_who_floods_is_named_with_advice_and_no_more_when_it_is_calm(few: World) -> None:
    for step in range(60):
        few.send("issue", "kiosk-1", press(step, "kiosk"))
        few.wait(0.1)
    alert = few.state("dev/controller/alert/flood")

    assert "kiosk-1" in alert["text"]
    assert "broker-config" in alert["advice"]
    few.wait(11)
    assert "flood" not in few.alerts()


def test_others_take_turns_with_a_client_that_floods(hall: World) -> None:
    for number in range(500):
        put(hall, "ping", "kiosk-1", id=f"flood-{number}")
    put(hall, "issue", "printer-1", **press(1))
    begun = len(hall.broker.log)
    hall.settle()
    order = [topic.rsplit("/", 1)[1] for topic, _ in hall.broker.log[begun:] if "/rsp/" in topic]

    assert order.index("printer-1") <= 2
