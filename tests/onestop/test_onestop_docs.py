"""What docs/onestop.md shows a vendor is what the contract takes."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hall.contract import codec, verbs
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Figures
from hall.contract.topics import find
from hall.figures.doubts import doubts

TEXT = (Path(__file__).parents[2] / "docs" / "onestop.md").read_text("utf-8")
SHOWN = re.findall(r"<!-- (topic|request|reply): (\S+) -->\n```json\n(.*?)```", TEXT, re.DOTALL)
ALL_JSON = re.findall(r"```json\n", TEXT)


def verb_of(name: str) -> verbs.Verb:
    branch, verb = name.split("/")
    return {"onestop": verbs.ONESTOP, "queue": verbs.QUEUE}[branch][verb]


def test_every_example_says_what_it_is() -> None:
    assert len(SHOWN) == len(ALL_JSON) == 13


@pytest.mark.parametrize(("kind", "name", "body"), SHOWN)
def test_an_example_is_a_message_of_the_contract(kind: str, name: str, body: str) -> None:
    content = codec.open_payload(body.encode(), hall="mu-cang-chai").content
    match kind:
        case "topic":
            address = find("mu-cang-chai", f"motcua/1/mu-cang-chai/{name}")
            assert address is not None
            assert known(codec.read(address.channel.model, content), content)
        case "request":
            assert known(codec.read(verb_of(name).request, content), content)
        case _:
            reply = codec.read(Reply, content)
            if reply.data is not None:
                assert known(codec.read(verb_of(name).data, reply.data), reply.data)


def known(message: Any, content: Any) -> bool:
    """No field of the example is one the contract would ignore."""
    taken = message.model_dump(by_alias=True)
    return set(content) - {"schema", "hall", "src", "ts"} <= set(taken)


def test_the_figures_shown_agree_with_themselves() -> None:
    body = next(body for _kind, name, body in SHOWN if name.endswith("figures"))

    assert [doubts(period) for period in Figures.model_validate(json.loads(body)).periods] == [()]


@pytest.mark.parametrize("table", re.findall(r"```csv\n(.*?)```", TEXT, re.DOTALL))
def test_a_table_shown_has_as_many_cells_as_its_header(table: str) -> None:
    header, *rows = csv.reader(table.splitlines())

    assert all(len(row) == len(header) for row in rows)
