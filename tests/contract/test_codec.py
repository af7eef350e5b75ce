"""Bytes from anybody become a message or Garbled; what we write is always JSON that others read."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.contract import MAX_BYTES, codec
from hall.contract.messages import HallState, Refusal, Reply
from hall.contract.onestop_messages import Figures, Notice
from hall.contract.requests import Issue, Nothing
from hall.contract.topics import CHANNELS
from hall.contract.verbs import DEVICE, ONESTOP, QUEUE
from hall.contract.words import WireModel, clean

HALL = "mu-cang-chai"
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MODELS: list[type[WireModel]] = [
    *(channel.model for channel in CHANNELS),
    *(verb.request for table in (QUEUE, ONESTOP, DEVICE) for verb in table.values()),
    *(verb.data for table in (QUEUE, ONESTOP, DEVICE) for verb in table.values()),
]
ENVELOPE = {"schema": 1, "hall": HALL, "src": "controller", "ts": "2026-11-22T12:00:00+07:00"}
WORDS = sorted({name for model in MODELS for name in model.model_fields} | {"schema", "from"})

plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["ready", "ok", "2026-11-22", "2026-11-22T12:00:00+07:00", "A017"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


def take(model: type[WireModel], payload: bytes) -> WireModel | codec.Garbled:
    try:
        return codec.read(model, codec.open_payload(payload, hall=HALL).content)
    except codec.Garbled as err:
        return err


def why(payload: bytes) -> str:
    with pytest.raises(codec.Garbled) as caught:
        codec.open_payload(payload, hall=HALL)
    return caught.value.why


def wrapped(**content: Any) -> bytes:
    return json.dumps(ENVELOPE | content).encode()


@given(st.sampled_from(MODELS), st.binary(max_size=200))
def test_any_bytes_are_a_message_or_garbled(model: type[WireModel], payload: bytes) -> None:
    assert take(model, payload)


@given(st.sampled_from(MODELS), st.dictionaries(st.sampled_from(WORDS), plain_values, max_size=8))
def test_any_json_is_a_message_or_garbled_and_a_message_can_be_written_again(
    model: type[WireModel], content: dict[str, Any]
) -> None:
    taken = take(model, json.dumps(ENVELOPE | content).encode())

    if isinstance(taken, WireModel):
        again = json.loads(
            codec.pack(taken, hall=HALL, src="controller", ts=NOON), parse_constant=pytest.fail
        )
        assert codec.read(model, again) == taken


@given(st.sampled_from(MODELS), st.data())
def test_a_message_with_a_few_bytes_changed_is_a_message_or_garbled(
    model: type[WireModel], data: st.DataObject
) -> None:
    payload = bytearray(wrapped(id="1", service="ho-tich", channel="kiosk", state="ready"))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    assert take(model, bytes(payload))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"[" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"":' * 10_000,
        b'{"":' * 9_000 + b"1" + b"}" * 9_000,
        wrapped(x="a").replace(b'"a"', b"NaN"),
        wrapped(x="a").replace(b'"a"', b"-Infinity"),
        wrapped(x="a").replace(b'"a"', b'"\\ud800"'),
        wrapped(x="a").replace(b'"a"', b'"\xed\xa0\x80"'),
        wrapped(x="a").replace(b'"a"', b'"\xc0\xaf"'),
        wrapped(x="a").replace(b'"a"', b'"\n"'),
        wrapped(x="a").replace(b'"a"', b"9" * 6000),
        wrapped() + b"{}",
    ],
)
def test_what_is_no_json_object_in_utf_8_is_garbled(payload: bytes) -> None:
    assert why(payload) in ("not JSON", "not an object")


def test_of_a_key_given_twice_the_last_holds() -> None:
    payload = wrapped(lines=[]).replace(b'"lines": []', b'"lines": ["1"], "lines": ["2"]')

    assert take(Notice, payload) == Notice(lines=("2",))


def test_a_number_beyond_all_floats_is_no_number_of_the_contract() -> None:
    payload = wrapped(as_of="2026-11-22T12:00:00+07:00", periods=[{"id": "day", "to_resolve": 7}])

    assert isinstance(take(Figures, payload), Figures)
    assert isinstance(take(Figures, payload.replace(b": 7", b": 1e999")), codec.Garbled)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": 2}, "schema 2"),
        ({"schema": 0}, "schema"),
        ({"schema": True}, "schema"),
        ({"schema": "1"}, "schema"),
        ({"hall": "nam-dinh"}, "another hall"),
        ({"hall": "Nam Định"}, "hall"),
        ({"src": ""}, "src"),
        ({"src": "printer-1/x"}, "src"),
        ({"src": None}, "src"),
        ({"ts": "10:32"}, "ts"),
        ({"ts": 1795318320}, "ts"),
    ],
)
def test_a_wrong_envelope_is_garbled(change: dict[str, Any], reason: str) -> None:
    assert reason in why(wrapped(**change))


def test_a_reason_names_the_field_and_never_its_content() -> None:
    with pytest.raises(codec.Garbled) as caught:
        codec.read(Issue, {"id": "Nguyễn Văn A", "service": "079123456789"})

    assert "id" in caught.value.why
    assert "Nguyễn" not in caught.value.why


def test_48_kib_pass_and_one_byte_more_does_not() -> None:
    room = MAX_BYTES - len(wrapped(lines=[""]))

    assert isinstance(take(Notice, wrapped(lines=["a" * room])), Notice)
    assert why(wrapped(lines=["a" * (room + 1)])) == f"{MAX_BYTES + 1} bytes"


def test_48_kib_are_sent_and_one_byte_more_is_not() -> None:
    def sized(letters: int) -> Reply:
        return Reply(id="1", status="ok", data={"x": "a" * letters})

    room = MAX_BYTES - len(codec.pack(sized(0), hall=HALL, src="onestop", ts=NOON))

    assert len(codec.pack(sized(room), hall=HALL, src="onestop", ts=NOON)) == MAX_BYTES
    with pytest.raises(codec.TooLarge):
        codec.pack(sized(room + 1), hall=HALL, src="onestop", ts=NOON)


def test_a_message_without_a_field_is_an_envelope_alone() -> None:
    payload = codec.pack(Nothing(), hall=HALL, src="onestop", ts=NOON)

    assert json.loads(payload).keys() == {"schema", "hall", "src", "ts"}


@pytest.mark.parametrize(("size", "known"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_who_sends_a_little_too_much_is_still_known_by_the_id(size: int, *, known: bool) -> None:
    payload = wrapped(id="7", x="")
    payload = payload.replace(b'"x": ""', b'"x": "' + b"a" * (size - len(payload)) + b'"')

    with pytest.raises(codec.Garbled) as caught:
        codec.open_payload(payload, hall=HALL)

    assert len(payload) == size
    assert ((caught.value.content or {}).get("id") == "7") is known


def test_a_message_too_large_to_send_is_refused_before_it_is_sent() -> None:
    with pytest.raises(codec.TooLarge, match="Notice"):
        codec.pack(Notice(lines=("ngày " * 300,) * 40), hall=HALL, src="onestop", ts=NOON)


def test_what_is_written_carries_the_envelope_and_is_read_back_the_same() -> None:
    state = HallState(
        epoch=2,
        ver=7,
        day="2026-11-22",
        open=True,
        clock="trusted",
        board_ver=7,
        evt_seq=7,
        waiting=1,
        served_today=0,
    )

    payload = codec.pack(state, hall=HALL, src="controller", ts=NOON)
    opened = codec.open_payload(payload, hall=HALL)

    assert json.loads(payload)["ts"] == "2026-11-22T05:00:00.000+00:00"
    assert (opened.envelope.src, opened.envelope.ts) == ("controller", NOON)
    assert codec.read(HallState, opened.content) == state


@pytest.mark.parametrize(
    ("reply", "fields"),
    [
        (Reply(id="1", status="ok", data={"ticket": None}), {"data": {"ticket": None}}),
        (
            Reply(id="1", status="error", error=Refusal(code="limit", text="Quá nhiều.")),
            {"error": {"code": "limit", "text": "Quá nhiều."}},
        ),
        (
            Reply(
                id="1",
                status="error",
                error=Refusal(code="conflict", text="Đã khác.", current={"ticket": None}),
            ),
            {"error": {"code": "conflict", "text": "Đã khác.", "current": {"ticket": None}}},
        ),
    ],
)
def test_a_reply_has_data_or_error_and_nothing_empty(reply: Reply, fields: dict[str, Any]) -> None:
    written = json.loads(codec.pack(reply, hall=HALL, src="controller", ts=NOON))
    envelope = {"schema": 1, "hall": HALL, "src": "controller", "ts": written["ts"]}

    assert written == envelope | {"id": "1", "status": reply.status} | fields


def test_a_reply_that_writes_what_is_absent_is_read_the_same() -> None:
    lean = {"id": "1", "status": "ok", "data": {}}

    assert codec.read(Reply, lean | {"error": None}) == codec.read(Reply, lean)


def test_a_reply_never_carries_what_is_not_json() -> None:
    reply = Reply(id="1", status="ok", data={"wait": float("nan"), "far": float("inf")})

    payload = codec.pack(reply, hall=HALL, src="controller", ts=NOON)

    assert json.loads(payload, parse_constant=pytest.fail)["data"] == {"wait": None, "far": None}


@given(st.text())
def test_a_clean_text_is_nfc_has_one_line_and_stays_as_it_is(text: str) -> None:
    shown = clean(text)

    assert shown == unicodedata.normalize("NFC", shown) == clean(shown)
    assert not any(unicodedata.category(c)[0] == "C" for c in shown)
    assert len(shown.splitlines()) <= 1
