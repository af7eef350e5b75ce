"""What an earlier configuration has left on the broker."""

import json
from typing import Any

import pytest

from hall.runtime.broker_files import MEMORY_LIMIT
from hall.runtime.bus import BrokerHeap

World = Any


def kept(world: World) -> set[str]:
    return {topic.split("/", 3)[3] for topic in world.broker.retained}


def test_a_counter_and_a_service_that_left_the_yaml_leave_the_broker(hall: World) -> None:
    hall.issue("b")
    hall.call("2")
    assert {"state/counter/2", "state/service/b"} <= kept(hall)
    hall.stop()
    hall.text = hall.text.replace(
        '  - {id: "2", serves: [b], helps: [a], clients: [bridge-2]}\n', ""
    )
    hall.text = hall.text.replace(
        "  - {id: b, name: Đất đai, prefix: B, first: 1, last: 499}\n", ""
    )
    hall.text = hall.text.replace("serves: [a, b]", "serves: [a]")
    hall.start()

    gone = {"state/counter/2", "state/service/b"}
    assert not gone & kept(hall)
    assert {"state/counter/1", "state/counter/3", "state/service/a"} <= kept(hall)


def test_a_counter_that_comes_back_is_shown_again(hall: World) -> None:
    whole = hall.text
    hall.stop()
    hall.text = whole.replace('  - {id: "1", serves: [a]}\n', "")
    hall.start()
    assert "state/counter/1" not in kept(hall)
    hall.stop()
    hall.text = whole
    hall.start()

    assert hall.state("state/counter/1")["status"] == "closed"


DEVICES = """
printers: [{id: printer-1, driver: simulated}]
display: {faces: [{counter: "1", width: 4, driver: bridge}]}
"""


def status(state: str) -> dict[str, object]:
    return {"state": state, "conn": "c", "sw": "other 1"}


def leave(world: World, src: str, rest: str, **body: object) -> None:
    """A retained state of somebody who may never come back."""
    envelope = {"schema": 1, "hall": "thu", "src": src, "ts": "2026-11-23T08:00:00+07:00"}
    world.broker.publish(f"motcua/1/thu/{rest}", json.dumps(envelope | body).encode(), retain=True)


def leave_much(world: World) -> None:
    for counter in ("1", "2"):
        leave(world, "display", f"face/{counter}", text="A001", style="steady")
    for printer in ("printer-1", "printer-9"):
        alert = {"code": "paper_out", "text": "Hết giấy.", "since": "2026-11-23T08:00:00+07:00"}
        leave(world, printer, f"dev/{printer}/status", **status("ready"))
        leave(world, printer, f"dev/{printer}/alert/paper_out", **alert)
    world.broker.publish("motcua/1/thu/dev/printer-8/status", b"rubbish", retain=True)


def test_displays_and_devices_that_left_the_yaml_leave_the_broker(world: World) -> None:
    world.text += DEVICES
    leave_much(world)
    world.start()

    of_devices = {rest for rest in kept(world) if rest.startswith(("face/", "dev/p"))}
    assert of_devices == {"face/1", "dev/printer-1/status", "dev/printer-1/alert/paper_out"}


def test_what_comes_while_the_hall_is_open_is_looked_over_at_the_next_connection(
    world: World,
) -> None:
    world.text += DEVICES
    world.start()
    leave_much(world)
    world.settle()
    assert "face/2" in kept(world)
    world.daemon.context.bus.drop()
    world.daemon.context.bus.connect()
    world.settle()

    assert "face/2" not in kept(world)


def test_a_one_stop_side_that_left_the_yaml_leaves_the_broker(world: World) -> None:
    leave(world, "onestop", "ext/onestop/notice", lines=["Hôm nay nghỉ"])
    leave(world, "onestop", "ext/onestop/status", state="lost", source="x", conn="c")
    leave(world, "onestop", "dev/onestop/status", **status("lost"))
    leave(world, "gateway", "dev/gateway/status", **status("disconnected"))
    world.start()

    assert not {rest for rest in kept(world) if "onestop" in rest or "gateway" in rest}


def test_a_vendor_of_whom_the_yaml_says_nothing_keeps_what_is_his_while_he_is_there(
    world: World,
) -> None:
    leave(world, "onestop", "ext/onestop/notice", lines=["Hôm nay nghỉ"])
    leave(world, "onestop", "ext/onestop/status", state="ready", source="x", conn="c")
    leave(world, "kiosk-7", "dev/kiosk-7/status", **status("ready"))
    leave(world, "kiosk-8", "dev/kiosk-8/status", **status("lost"))
    world.start()

    assert kept(world) > {"ext/onestop/notice", "ext/onestop/status", "dev/kiosk-7/status"}
    assert "dev/kiosk-8/status" not in kept(world)


def test_a_broker_that_fills_is_named_until_it_is_empty_again(hall: World) -> None:
    inbox = hall.daemon.context.inbox

    inbox.post(BrokerHeap(MEMORY_LIMIT * 3 // 4))
    hall.settle()
    assert "broker_full" in hall.alerts()
    inbox.post(BrokerHeap(MEMORY_LIMIT * 6 // 10))
    hall.settle()
    assert "broker_full" in hall.alerts()
    inbox.post(BrokerHeap(MEMORY_LIMIT // 10))
    hall.settle()
    assert "broker_full" not in hall.alerts()


@pytest.mark.parametrize("named", [True, False], ids=["by the counter", "by its clerk"])
def test_a_counter_that_only_cancelled_may_leave_the_yaml(hall: World, named: bool) -> None:  # noqa: FBT001
    """What it did that day is read at the next start, where nothing else knows of it."""
    hall.issue("b"), hall.issue("b")
    waiting = hall.ask("issue", service="b", channel="button").data["ticket"]["id"]
    where = {"counter": "2"} if named else {}
    hall.ask("cancel", "bridge-2", ticket=waiting, **where)
    assert hall.ask("undo", "bridge-2", counter="2").status == "ok"
    hall.ask("cancel", "bridge-2", ticket=waiting, **where)
    hall.stop()
    [line] = [each for each in hall.text.splitlines() if 'id: "2"' in each]
    hall.text = hall.text.replace(f"{line}\n", "")

    hall.start()

    assert hall.state("state/hall")["waiting"] == 2
    assert hall.issue("b") == "B004"


def test_who_was_sent_to_a_counter_that_left_the_yaml_is_in_a_list_at_once(hall: World) -> None:
    """Nobody need press anything first: in a quiet hall nobody does."""
    hall.issue()
    hall.call("1")
    hall.ask("transfer", counter="1", to={"counter": "2"})
    hall.stop()
    [line] = [each for each in hall.text.splitlines() if 'id: "2"' in each]
    hall.text = hall.text.replace(f"{line}\n", "")

    hall.start()

    assert hall.state("state/hall")["waiting"] == hall.state("state/service/a")["waiting"] == 1
    assert hall.state("state/board")["waiting"][0]["next"] == ["A001"]
