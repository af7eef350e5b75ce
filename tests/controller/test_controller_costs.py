"""What an act costs, as exact counts: messages, writings of JSON, statements, syncs."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.topics import REQ_QUEUE

World = Any
ACTS = 8


def queue_up(hall: World, verb: str, bodies: list[dict[str, Any]]) -> None:
    for number, body in enumerate(bodies):
        asked = {"schema": 1, "hall": "thu", "src": "tech-cli", "id": f"{verb}-{number}", **body}
        topic = REQ_QUEUE.topic("thu", verb=verb, client="tech-cli")
        hall.broker.publish(topic, json.dumps(asked).encode())


def press(hall: World) -> None:
    queue_up(hall, "issue", [{"service": "a", "channel": "counter"}] * ACTS)


def call(hall: World) -> None:
    queue_up(hall, "call-next", [{"counter": "1"}] * ACTS)


@contextmanager
def told(hall: World) -> Iterator[Counter[str]]:
    """How many messages go out of each branch; those of the requests are not ours."""
    found: Counter[str] = Counter()
    begun = len(hall.broker.log)
    yield found
    for topic, _ in hall.broker.log[begun:]:
        branch = "/".join(topic.split("/")[3:5])
        if not branch.startswith("req/"):
            found[branch] += 1


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> Iterator[list[Any]]:
    found: list[Any] = []
    real = getattr(place, name)

    def count(*args: Any, **more: Any) -> Any:
        found.append(args[0])
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, count)
        yield found


def test_eight_presses_together_tell_eight_events_and_each_state_once(hall: World) -> None:
    press(hall)
    with told(hall) as found:
        hall.settle()

    assert found == {
        "evt/ticket": ACTS,
        "state/service": 1,
        "state/board": 1,
        "state/hall": 1,
        "rsp/tech-cli": ACTS,
    }


def test_eight_calls_together_tell_each_state_once(hall: World) -> None:
    press(hall)
    hall.settle()
    call(hall)
    with told(hall) as found:
        hall.settle()

    # The first opens the counter; each later one ends a turn and calls the next.
    assert found["evt/ticket"] == 2 * ACTS
    assert found["evt/call"] == found["rsp/tech-cli"] == ACTS
    states = {branch: count for branch, count in found.items() if branch.startswith("state/")}
    assert set(states.values()) == {1}


def test_a_reply_is_written_once_and_an_event_once(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(hall)
    with counted(monkeypatch, codec, "_body") as written:
        hall.settle()
    kinds = Counter(type(message).__name__ for message in written)

    assert kinds == {
        "IssueData": ACTS,
        "TicketEvent": ACTS,
        "ServiceState": 1,
        "BoardState": 1,
        "HallState": 1,
    }


def test_of_our_own_states_only_the_heartbeat_is_read_again(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(hall)
    call(hall)
    with counted(monkeypatch, codec, "open_payload") as opened:
        hall.settle()

    own = [payload for payload in opened if b'"src":"controller"' in payload]
    assert len(own) == 1
    assert len(opened) == 2 * ACTS + len(own)


def test_eight_presses_together_cost_one_transaction(hall: World) -> None:
    press(hall)
    found: list[str] = []
    hall.books.journal._db.set_trace_callback(lambda sql: found.append(sql.split("VALUES")[0]))
    hall.settle()
    hall.books.journal._db.set_trace_callback(None)
    statements = Counter(" ".join(sql.split()[:3]) for sql in found)

    assert statements["BEGIN IMMEDIATE"] == statements["COMMIT"] == 1
    assert statements["INSERT INTO event"] == statements["INSERT INTO taken"] == ACTS
    assert statements["INSERT INTO answer"] == ACTS
    assert sum(statements.values()) <= 2 + 4 * ACTS
