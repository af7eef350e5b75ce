"""Hand-written messages of contract.md come in as they stand, and nothing that is not one does."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.messages import HallState, PublicTicket
from hall.contract.onestop_messages import Figures, Notice
from hall.contract.onestop_requests import DossierLookup
from hall.contract.requests import CallNext, Issue, Ping, Rate, Replay, Simulate
from hall.contract.topics import CHANNELS, Address, find
from hall.contract.verbs import DEVICE, ONESTOP, QUEUE
from hall.contract.words import WireModel

HALL = "mu-cang-chai"
WIRE: dict[str, list[tuple[str, dict[str, Any]]]] = json.loads(
    (Path(__file__).parents[1] / "data" / "wire.json").read_text(encoding="utf-8")
)
TABLES = {"queue": QUEUE, "onestop": ONESTOP, "dev": DEVICE}


def address_of(rest: str) -> Address:
    address = find(HALL, f"motcua/1/{HALL}/{rest}")
    assert address is not None, rest
    return address


def examples() -> Iterator[tuple[str, type[WireModel], dict[str, Any]]]:
    for rest, content in WIRE["states, events, figures"]:
        yield rest, address_of(rest).channel.model, content
    for rest, content in WIRE["requests"]:
        address = address_of(rest)
        assert address.channel.verbs is not None
        yield rest, address.channel.verbs[address.levels["verb"]].request, content
    for name, content in WIRE["reply data"]:
        branch, verb = name.split("/")
        yield f"reply to {name}", TABLES[branch][verb].data, content


EXAMPLES = list(examples())
every_example = pytest.mark.parametrize(
    ("model", "content"), [pytest.param(m, c, id=i) for i, m, c in EXAMPLES]
)


def same_time(value: object) -> object:
    """Times in one zone and one precision, so that equal moments are equal texts."""
    match value:
        case dict():
            return {key: same_time(each) for key, each in value.items()}
        case list():
            return [same_time(each) for each in value]
        case str() if len(value) > 18 and value[4] == "-" and "T" in value:
            return datetime.fromisoformat(value).astimezone(UTC).isoformat()
        case _:
            return value


def objects(content: object) -> Iterator[dict[str, Any]]:
    """Every object of a message whose keys the contract names."""
    if isinstance(content, dict):
        yield content
        for key, value in content.items():
            if key not in ("data", "current", "args", "counters", "services"):
                yield from objects(value)
    elif isinstance(content, list):
        for each in content:
            yield from objects(each)


def contains(whole: object, part: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    return whole == part


@every_example
def test_a_message_of_the_contract_comes_in_with_all_it_says(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    said = {k: v for k, v in content.items() if k not in ("schema", "hall", "src", "ts")}
    # `hall` is a field of its own in the reply to `board`.
    said |= {k: content[k] for k in ("hall",) if k in model.model_fields}

    kept = codec.plain(codec.read(model, content))

    assert contains(same_time(kept), same_time(said))


def test_every_channel_and_every_verb_has_a_hand_written_example() -> None:
    seen = {address_of(rest).channel.name for rest, _ in WIRE["states, events, figures"]}
    asked = {tuple(rest.split("/")[1:-1][i] for i in (0, -1)) for rest, _ in WIRE["requests"]}

    assert seen == {channel.name for channel in CHANNELS if channel.verbs is None}
    assert asked == {(branch, verb) for branch, table in TABLES.items() for verb in table}


@every_example
def test_unknown_fields_are_ignored_at_every_depth(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    extended = copy.deepcopy(content)
    for each in list(objects(extended)):
        each["added_in_a_later_release"] = {"deep": [1]}

    assert codec.read(model, extended) == codec.read(model, content)


WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**60,
    1.5,
    "x",
    "\ud800",
    "A" * 3000,
    [],
    {},
    [{}],
    [[1, 2, 3]],
)


@every_example
def test_a_field_of_another_type_is_garbled_or_harmless_but_never_a_crash(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    for (key, field), wrong in product(model.model_fields.items(), WRONG):
        try:
            message = codec.read(model, content | {field.alias or key: wrong})
        except codec.Garbled:
            continue
        codec.pack(message, hall=HALL, src="controller", ts=datetime.now(UTC))


@every_example
def test_a_missing_field_is_garbled_unless_the_contract_lets_it_be_absent(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    for key, field in model.model_fields.items():
        without = {k: v for k, v in content.items() if k != (field.alias or key)}
        if field.is_required():
            with pytest.raises(codec.Garbled):
                codec.read(model, without)
        else:
            codec.read(model, without)


def example(rest: str) -> dict[str, Any]:
    return next(content for i, _, content in EXAMPLES if i == rest)


@pytest.mark.parametrize("wrong", [True, "1075", 12.5, -1, 2**53, float("inf"), [1], {}])
def test_figures_are_whole_numbers_or_not_known(wrong: object) -> None:
    content = copy.deepcopy(example("ext/onestop/figures"))
    content["periods"][0]["received"]["total"] = wrong

    with pytest.raises(codec.Garbled, match=r"periods\.0\.received\.total"):
        codec.read(Figures, content)


def test_an_unknown_figure_stays_unknown_and_never_becomes_nought() -> None:
    content = copy.deepcopy(example("ext/onestop/figures"))
    content["periods"][0]["received"] = {"total": None, "online": 3.0}

    received = codec.read(Figures, content).periods[0].received

    assert received is not None
    assert (received.total, received.direct, received.online) == (None, None, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-11-22T10:32:00",
        "2026-11-22",
        1795318320,
        "1795318320",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-13-01T00:00:00Z",
        "hôm nay",
    ],
)
def test_a_time_is_iso_8601_with_offset(wrong: object) -> None:
    with pytest.raises(codec.Garbled, match="as_of"):
        codec.read(Figures, {"as_of": wrong})


@pytest.mark.parametrize(
    "wrong", ["2026-02-30", "2026-1-1", "٢٠٢٦-١١-٢٢", "20261122", "0000-01-01"]
)
def test_a_day_is_one_of_the_calendar(wrong: str) -> None:
    with pytest.raises(codec.Garbled, match="day"):
        codec.read(HallState, example("state/hall") | {"day": wrong})


@pytest.mark.parametrize("wrong", ["", "a017", "A0000017", "A 17", "А017", "A17\n", "+", "#"])
def test_a_number_is_one_to_six_capitals_and_digits(wrong: str) -> None:
    ticket = example("reply to queue/issue")["ticket"]

    with pytest.raises(codec.Garbled, match="number"):
        codec.read(PublicTicket, ticket | {"number": wrong})


@pytest.mark.parametrize("wrong", ["", "x" * 65, "a b", "a/b", "số", "a\n", 7, None])
def test_an_id_is_at_most_64_letters_digits_dashes_and_underlines(wrong: object) -> None:
    with pytest.raises(codec.Garbled, match="id"):
        codec.read(Ping, {"id": wrong})


@pytest.mark.parametrize("given", ["vi", "en", "hmn", "zh-Hant", "pt-BR"])
def test_a_language_is_a_tag(given: str) -> None:
    assert codec.read(Issue, {"id": "1", "service": "a", "channel": "kiosk", "lang": given})


@pytest.mark.parametrize(
    ("model", "content"),
    [
        (Rate, {"id": "1", "score": 0}),
        (Rate, {"id": "1", "score": 6}),
        (Rate, {"id": "1", "score": True}),
        (Replay, {"id": "1", "from_seq": 0, "epoch": 1}),
        (Replay, {"id": "1", "from_seq": 1, "epoch": 1, "limit": 201}),
        (Replay, {"id": "1", "from_seq": 2**64, "epoch": 1}),
        (Replay, {"id": "1", "from_seq": 1}),
        (CallNext, {"id": "1", "counter": "1", "services": []}),
        (CallNext, {"id": "1", "counter": 1}),
        (CallNext, {"id": "1", "counter": "1/../2"}),
        (Issue, {"id": "1", "service": "ho-tich", "channel": "phone"}),
        (Issue, {"id": "1", "service": "Hộ tịch", "channel": "kiosk"}),
        (DossierLookup, {"id": "1", "code": " \u200b "}),
        (DossierLookup, {"id": "1", "code": "9" * 65}),
        (Simulate, {"id": "1", "action": "Press"}),
        (Simulate, {"id": "1", "action": "press", "args": {"x": float("inf")}}),
        (Simulate, {"id": "1", "action": "press", "args": {"x": {}}}),
    ],
)
def test_a_request_outside_its_limits_is_garbled(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    with pytest.raises(codec.Garbled):
        codec.read(model, content)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Tie\u0302\u0301p nha\u0323\u0302n", "Tiếp nhận"),
        ("Hộ\ttịch\r\n Đất  đai ", "Hộ tịch Đất đai"),
        ("A\x1b@017\x00", "A@017"),
        ("\u202emoc\u202c.nv\u2066", "moc.nv"),
        ("a\u200d\u0301", "á"),
        ("\ufeffmới\U000e0041", "mới"),
    ],
)
def test_texts_are_made_safe_to_show(given: str, shown: str) -> None:
    assert codec.read(Notice, {"lines": [given]}).lines == (shown,)


def test_a_text_that_is_too_long_is_cut_and_does_not_hide_the_message() -> None:
    notice = codec.read(Notice, {"lines": ["lời " * 1000, "ngắn"]})

    assert len(notice.lines[0]) <= 2000
    assert notice.lines[0].endswith("…")
    assert notice.lines[1] == "ngắn"
