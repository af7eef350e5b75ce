"""A requester that waits as MQTT 5 offers it: by response topic and correlation data."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from hall.contract.messages import Reply
from hall.contract.requests import Ping, Request
from hall.contract.topics import REQ_QUEUE, RSP
from hall.runtime.bus import Connected, Received, Subscription, Unusable
from hall.runtime.correlations import LONGEST, MOST, Correlations
from hall.runtime.inbox import Inbox

Wait = Callable[..., Any]


@pytest.mark.broker
def test_correlation_data_comes_back_with_the_reply(calm: Any, wait: Wait) -> None:
    controller, inbox = calm.bus("controller"), Inbox()
    controller.open(inbox, [Subscription(REQ_QUEUE)], [])
    wait(inbox, lambda item: isinstance(item, Connected))
    body = {"schema": 1, "hall": controller.hall, "src": "tech", "id": "p-1"}
    requester = subprocess.Popen(
        [
            *("mosquitto_rr", *calm.account("tech"), "-W", "15", "-F", "%D %p"),
            *("-t", calm.topic("req/queue/ping/tech"), "-e", calm.topic("rsp/tech")),
            *("-m", json.dumps(body), "-D", "publish", "correlation-data", "no-id-of-ours"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    asked = wait(inbox, lambda item: isinstance(item, Received)).message
    controller.publish(RSP, Reply(id=asked.id, status="ok", data={}), client="tech")

    correlation, _, reply = requester.communicate()[0].partition(" ")

    assert correlation == "no-id-of-ours"
    assert json.loads(reply)["id"] == "p-1"


def received(request_id: str, client: str = "tech") -> Received:
    return Received(REQ_QUEUE, {"client": client, "verb": "ping"}, Ping(id=request_id), client)


def reply(request_id: str) -> Reply:
    return Reply(id=request_id, status="ok", data={})


def test_a_request_that_cannot_be_obeyed_gets_its_data_back_as_well() -> None:
    book = Correlations()
    levels = {"client": "tech", "verb": "sing"}
    book.remember(Unusable(REQ_QUEUE, levels, "p-1", "bad_request", "verb"), b"mine")

    assert book.of(RSP, reply("p-1"), "tech") == b"mine"


def test_data_is_given_to_nobody_else_and_only_with_a_reply() -> None:
    book = Correlations()
    book.remember(received("p-1"), b"mine")

    assert book.of(RSP, reply("p-1"), "kiosk-1") is None
    assert book.of(RSP, reply("p-2"), "tech") is None
    request: Request = Ping(id="p-1")
    assert book.of(REQ_QUEUE, request, "tech") is None


def test_what_is_remembered_has_its_bounds() -> None:
    book = Correlations()
    book.remember(received("long"), b"x" * (LONGEST + 1))
    for number in range(MOST + 1):
        book.remember(received(f"p-{number}"), b"mine")

    assert book.of(RSP, reply("long"), "tech") is None
    assert book.of(RSP, reply("p-0"), "tech") is None
    assert book.of(RSP, reply(f"p-{MOST}"), "tech") == b"mine"
