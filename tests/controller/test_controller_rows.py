"""Every verb and every event of the contract reaches the core and comes back, one by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from hall.contract.events import EVENTS
from hall.contract.verbs import QUEUE
from hall.controller import translation
from hall.queueing.commands import COMMANDS
from hall.queueing.events import KINDS

World = Any
WIRE = Path(__file__).parents[1] / "data" / "wire.json"
ASKED = {
    rest.split("/")[2]: content
    for rest, content in json.loads(WIRE.read_text(encoding="utf-8"))["requests"]
    if rest.startswith("req/queue/")
}
CHANGING = [name for name, verb in QUEUE.items() if not verb.reads]


def test_every_verb_that_changes_something_is_a_command_of_the_core() -> None:
    missing, unasked = set(CHANGING) - COMMANDS.keys(), COMMANDS.keys() - set(CHANGING)

    assert not missing, f"hall/queueing/commands.py has no command for {missing}"
    assert not unasked, f"hall/contract/verbs.py has no changing verb {unasked}"


@pytest.mark.parametrize("verb", CHANGING)
def test_every_field_of_a_command_is_read_from_its_request(verb: str) -> None:
    needed = translation.fields_of(verb) - translation.READ.keys()
    missing = needed - QUEUE[verb].request.model_fields.keys()

    assert not missing, f"{QUEUE[verb].request.__name__} has no {missing} for {COMMANDS[verb]}"


def test_every_event_of_the_core_is_one_of_the_contract() -> None:
    unknown, missing = KINDS.keys() - EVENTS.keys(), EVENTS.keys() - KINDS.keys()

    assert not unknown, f"hall/contract/events.py has no row for {unknown}"
    assert not missing, f"hall/queueing/events.py has no event {missing}"


@pytest.mark.parametrize("verb", CHANGING)
def test_every_verb_is_answered_as_its_row_says_and_can_be_read_again(
    hall: World, verb: str
) -> None:
    ticket = hall.ask("issue", service="a", channel="button").data["ticket"]["id"]
    hall.issue()
    hall.call("1")
    here = {"counter": "1", "service": "a", "ticket": ticket, "to": {"service": "b"}}
    body = {key: here.get(key, value) for key, value in ASKED[verb].items()}

    reply = hall.ask(
        verb, **{k: v for k, v in body.items() if k not in ("id", "expect_ver", "expect_ticket")}
    )

    assert reply.error is None or reply.error.code != "internal"
    if reply.data is not None:
        QUEUE[verb].data.model_validate(reply.data)
    before = hall.books.hall
    assert hall.ask("replay", from_seq=1, epoch=1).status == "ok"
    hall.stop()
    assert hall.start().books.hall == before
