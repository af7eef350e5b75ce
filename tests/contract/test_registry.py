"""The registry holds the contract's table and nothing else, and nobody makes topics beside it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.contract.topics import CHANNELS, Kind, find
from hall.contract.verbs import DEVICE, ONESTOP, QUEUE

ROOT = Path(__file__).parents[2]
HALL = "mu-cang-chai"
# The table "Topics" of the wire contract.
TABLE = {
    "state/hall": Kind.STATE,
    "state/board": Kind.STATE,
    "state/counter/{counter}": Kind.STATE,
    "state/service/{service}": Kind.STATE,
    "face/{counter}": Kind.STATE,
    "evt/ticket": Kind.EVENT,
    "evt/call": Kind.EVENT,
    "req/queue/{verb}/{client}": Kind.REQUEST,
    "req/onestop/{verb}/{client}": Kind.REQUEST,
    "req/dev/{target}/{verb}/{client}": Kind.REQUEST,
    "rsp/{client}": Kind.REPLY,
    "dev/{client}/status": Kind.STATE,
    "dev/{client}/alert/{code}": Kind.STATE,
    "ext/onestop/status": Kind.STATE,
    "ext/onestop/figures": Kind.STATE,
    "ext/onestop/catalogue": Kind.STATE,
    "ext/onestop/notice": Kind.STATE,
    "ext/onestop/refused": Kind.STATE,
}
QUEUE_VERBS = {
    *("issue", "print-result", "call-next", "call-ticket", "recall", "start", "finish", "no-show"),
    *("transfer", "park", "resume", "cancel", "counter-open", "counter-pause", "counter-close"),
    *("rate", "unrate", "follow", "board", "replay", "ping", "appoint", "check-in"),
}
_MAYBE_OURS = re.compile(
    r"motcua/|\$share|\$SYS|/rsp/|/req/|[\"'}](state|face|evt|req|rsp|dev|ext)/"
)
_OURS = re.compile(r"^(motcua/|\$share|\$SYS|(state|face|evt|req|rsp|dev|ext)/([a-z{+#]|$))")


def test_the_registry_is_the_table_of_the_contract() -> None:
    assert {channel.pattern: channel.kind for channel in CHANNELS} == TABLE


def test_no_verb_of_the_contract_is_ever_lost() -> None:
    assert set(QUEUE) >= QUEUE_VERBS
    assert set(ONESTOP) >= {"dossier-lookup", "catalogue-chunk", "ping"}
    assert set(DEVICE) >= {
        *("dispense", "check-in", "reprint", "test-print", "identify", "say", "ping", "simulate"),
    }


def test_only_requests_replies_and_devices_know_whose_they_are() -> None:
    for channel in CHANNELS:
        assert (channel.own is not None) == ("{client}" in channel.pattern), channel.name


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)
def test_a_topic_is_found_again_as_the_channel_that_made_it(channel) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    levels = {
        "counter": "5A",
        "service": "ho-tich",
        "verb": "ping",
        "client": "printer-1",
        "target": "display",
        "code": "paper_low",
    }

    address = find(HALL, channel.topic(HALL, **levels))

    assert address is not None
    assert address.channel is channel
    assert dict(address.levels).items() <= levels.items()


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "motcua/1/mu-cang-chai",
        "motcua/1/mu-cang-chai/",
        "motcua/1/mu-cang-chai/state",
        "motcua/1/mu-cang-chai/state/hall/",
        "/motcua/1/mu-cang-chai/state/hall",
        "motcua/2/mu-cang-chai/state/hall",
        "motcua/1/nam-dinh/state/hall",
        "motcua/1/mu-cang-chai/state/counter/",
        "motcua/1/mu-cang-chai/state/counter/Quầy 1",
        "motcua/1/mu-cang-chai/dev/printer-1/alert/Paper",
        "motcua/1/mu-cang-chai/req/queue/ping/",
        "motcua/1/mu-cang-chai/req/queue/ping/a b",
        "motcua/1/mu-cang-chai/req/dev/+/ping/tech",
        "motcua/1/mu-cang-chai/rsp/#",
        "$SYS/broker/uptime",
    ],
)
def test_a_topic_that_is_not_of_this_hall_and_version_is_not_found(topic: str) -> None:
    assert find(HALL, topic) is None


def docstrings(tree: ast.AST) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def topics_in(source: str) -> Iterator[tuple[int, str]]:
    """Texts of a program that look like topics, also inside f-strings."""
    # Only a tree tells a text from a comment, and takes a hundred times as long.
    if not _MAYBE_OURS.search(source):
        return
    tree = ast.parse(source)
    told = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told:
            text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
            if isinstance(text, str) and (_OURS.match(text) or "/rsp/" in text or "/req/" in text):
                yield node.lineno, text


def programs() -> list[Path]:
    roots = ("hall", "kiosk", "display", "printer", "firmware_bridge")
    return [
        path
        for root in roots
        for path in sorted((ROOT / root).rglob("*.py"))
        if not path.is_relative_to(ROOT / "hall" / "contract")
        and not path.is_relative_to(ROOT / "firmware_bridge" / "firmware")
    ]


def test_no_topic_is_written_outside_the_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in programs()
        for line, text in topics_in(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_topics_are_made_by_the_runtime_alone() -> None:
    """Whoever else publishes names a channel and levels, never a topic.

    At the province's broker one connection speaks in the trees of many halls: its gateway, a hall's
    way to it, and the rights of both make their own topics, out of the same channels.
    """
    made = re.compile(r"\b[A-Z_]*(channel|STATE|FACE|EVT|REQ|RSP|DEV|EXT)\w*\.(topic|filter)\(")
    found = {
        str(path.relative_to(ROOT))
        for path in programs()
        if made.search(path.read_text(encoding="utf-8"))
    }

    runtime = {f"hall/runtime/{name}.py" for name in ("bus", "bus_memory", "bus_mqtt")}
    province = ("hall/onestop/for_halls/", "hall/onestop/from_province/", "hall/province/broker_")
    assert {path for path in found if not path.startswith(province)} == runtime


@pytest.mark.parametrize(
    "source",
    [
        't = "motcua/1/x/state/hall"',
        't = f"{prefix}/rsp/{client}"',
        't = f"dev/{client}/status"',
        't = "state/counter/1"',
        "t = b'ext/onestop/figures'",
        'def f():\n    t = "$SYS/#"',
    ],
)
def test_the_search_for_stray_topics_finds_one(source: str) -> None:
    assert list(topics_in(source))


def test_the_search_for_stray_topics_leaves_devices_and_docstrings_alone() -> None:
    assert not list(topics_in('"""state/hall is heard."""\nport = "/dev/hall/bus1"\nx = "state"'))
