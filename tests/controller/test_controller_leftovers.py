"""What an earlier configuration has left on the broker."""

from typing import Any

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
