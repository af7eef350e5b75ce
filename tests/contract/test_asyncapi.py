"""The AsyncAPI document is a true one, complete, and describes the very messages we read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hall.contract.asyncapi import document
from hall.contract.topics import CHANNELS, find
from hall.contract.verbs import DEVICE, ONESTOP, QUEUE

DATA = Path(__file__).parents[1] / "data"
OFFICIAL = json.loads((DATA / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8"))
WIRE = json.loads((DATA / "wire.json").read_text(encoding="utf-8"))
HALL = "mu-cang-chai"
ENVELOPE = {"schema": 1, "hall": HALL, "src": "tech", "ts": "2026-11-22T12:00:00+07:00"}


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return document("0.1.0")


def check_message(ours: dict[str, Any], name: str, content: dict[str, Any]) -> None:
    payload = ours["components"]["messages"][name]["payload"]
    schema = payload | {"components": ours["components"]}
    jsonschema.Draft202012Validator(schema).validate(content)


def test_the_document_obeys_the_official_schema(ours: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(OFFICIAL)

    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(ours)] == []


def test_the_official_schema_is_really_asked(ours: dict[str, Any]) -> None:
    spoilt = json.loads(json.dumps(ours))
    spoilt["operations"]["on-req-queue-issue"]["action"] = "listen"

    assert not jsonschema.Draft7Validator(OFFICIAL).is_valid(spoilt)


def test_every_reference_in_the_document_leads_somewhere(ours: dict[str, Any]) -> None:
    def follow(node: object) -> None:
        match node:
            case {"$ref": str(ref)}:
                place: Any = ours
                for step in ref.removeprefix("#/").split("/"):
                    place = place[step]
            case dict():
                for each in node.values():
                    follow(each)
            case list():
                for each in node:
                    follow(each)
            case _:
                pass

    follow(ours)


def test_every_channel_and_verb_is_in_the_document_with_its_topic(ours: dict[str, Any]) -> None:
    addresses = {channel["address"] for channel in ours["channels"].values()}
    expected = {
        f"motcua/1/{{hall}}/{channel.pattern.replace('{verb}', verb)}"
        for channel in CHANNELS
        for verb in (channel.verbs or [""])
    }

    assert addresses == expected


def test_every_operation_says_whether_it_is_retained_and_how_sure_it_is(
    ours: dict[str, Any],
) -> None:
    bindings = {name: o["bindings"]["mqtt"] for name, o in ours["operations"].items()}

    assert bindings["send-state-hall"] == {"qos": 1, "retain": True}
    assert bindings["send-evt-call"] == {"qos": 1, "retain": False, "messageExpiryInterval": 10}
    assert bindings["on-req-onestop-dossier-lookup"]["qos"] == 0
    assert not any(b["retain"] for name, b in bindings.items() if name.startswith("on-req"))


@pytest.mark.parametrize("row", WIRE["states, events, figures"], ids=lambda row: row[0])
def test_a_hand_written_message_obeys_the_document(ours: dict[str, Any], row: list[Any]) -> None:
    address = find(HALL, f"motcua/1/{HALL}/{row[0]}")
    assert address is not None

    check_message(ours, address.channel.model.__name__, row[1])


@pytest.mark.parametrize("row", WIRE["requests"], ids=lambda row: row[0])
def test_a_hand_written_request_obeys_the_document(ours: dict[str, Any], row: list[Any]) -> None:
    address = find(HALL, f"motcua/1/{HALL}/{row[0]}")
    assert address is not None
    assert address.channel.verbs is not None

    check_message(
        ours, address.channel.verbs[address.levels["verb"]].request.__name__, ENVELOPE | row[1]
    )


def test_every_request_tells_what_its_reply_holds(ours: dict[str, Any]) -> None:
    for branch, table in (("queue", QUEUE), ("onestop", ONESTOP), ("dev", DEVICE)):
        for verb in table.values():
            operation = ours["operations"][f"on-req-{branch}-{verb.name}"]

            assert operation["reply"]["channel"] == {"$ref": "#/channels/rsp"}
            assert operation["x-reply-data"]["$ref"].endswith(f"/{verb.data.__name__}")


def test_the_document_refuses_what_the_reader_refuses(ours: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check_message(ours, "Rate", ENVELOPE | {"id": "1", "score": 6})
    with pytest.raises(jsonschema.ValidationError):
        check_message(ours, "Issue", ENVELOPE | {"id": "a b", "service": "a", "channel": "kiosk"})
    with pytest.raises(jsonschema.ValidationError):
        check_message(ours, "Figures", {k: v for k, v in ENVELOPE.items() if k != "hall"})
