"""Whatever topic and bytes come: an item of the contract, or nothing. Never an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.contract.topics import CHANNELS
from hall.runtime.bus import Cleared, Received, Unusable
from hall.runtime.sorting import Sorter

PREFIX = "motcua/1/thu/"
LEVELS = {
    "counter": "5A",
    "service": "ho-tich",
    "client": "tech",
    "target": "printer-1",
    "code": "jam",
}
topics = st.text(max_size=40) | st.sampled_from(
    [
        PREFIX + channel.pattern.format_map(LEVELS | {"verb": verb})
        for channel in CHANNELS
        for verb in ("ping", "issue", "dance")
    ]
)
envelopes = st.fixed_dictionaries(
    {"schema": st.just(1) | st.integers(), "hall": st.just("thu") | st.text(max_size=3)},
    optional={
        "src": st.sampled_from(["tech", "controller", "kiosk-1", "A", 7]),
        "id": st.sampled_from(["a1", "a b", None, 7, "x" * 65]),
        "ts": st.sampled_from(["2026-11-22T10:00:00+07:00", 7, "nay"]),
    },
)


def payload(**change: object) -> bytes:
    return json.dumps({"schema": 1, "hall": "thu", "src": "tech", "id": "a1"} | change).encode()


@given(topics, st.binary(max_size=60) | envelopes.map(lambda e: json.dumps(e).encode()))
def test_any_topic_and_any_bytes_are_sorted(topic: str, raw: bytes) -> None:
    for retained in (False, True):
        item = Sorter("thu").sort(topic, raw, retained=retained)

        assert item is None or isinstance(item, Received | Cleared | Unusable)
        assert not (retained and "/req/" in topic and item is not None)


def test_drops_are_counted_and_told_once_a_kind(caplog: pytest.LogCaptureFixture) -> None:
    sorter = Sorter("thu")

    for _ in range(3):
        sorter.sort(PREFIX + "state/hall", b"{", retained=False)
        sorter.sort(PREFIX + "nowhere", b"{}", retained=False)

    assert sorter.dropped == {"not JSON": 3, "unknown topic": 3}
    assert len(caplog.records) == 2


def test_a_flood_of_different_drops_does_not_fill_memory_or_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sorter = Sorter("thu")

    for size in range(1000):
        sorter.sort(PREFIX + "state/hall", b" " * (50_000 + size), retained=False)

    assert len(sorter.dropped) == len(caplog.records) == 101
    assert sum(sorter.dropped.values()) == 1000


def test_the_log_tells_nothing_of_the_content(caplog: pytest.LogCaptureFixture) -> None:
    raw = payload(code="Nguyễn Văn A 079123456789", src="kiosk-1")

    Sorter("thu").sort(PREFIX + "req/onestop/dossier-lookup/kiosk-1", raw[:-3], retained=False)
    Sorter("thu").sort(PREFIX + "req/onestop/dossier-lookup/kiosk-1", raw, retained=False)
    Sorter("thu").sort(PREFIX + "req/onestop/ping/tech", payload(id="079123"), retained=True)

    assert "Nguyễn" not in caplog.text
    assert "079123" not in caplog.text


@pytest.mark.parametrize(
    ("rest", "src", "comes"),
    [
        ("dev/printer-1/status", "printer-1", True),
        ("dev/printer-1/status", "printer-2", False),
        ("dev/printer-1/status", "controller", False),
        ("face/1", "display", False),
        ("rsp/kiosk-1", "onestop", False),
    ],
)
def test_a_device_speaks_for_itself_alone(rest: str, src: str, *, comes: bool) -> None:
    raw = payload(src=src, state="ready", conn="c", sw="x")

    item = Sorter("thu").sort(PREFIX + rest, raw, retained=False)

    assert (item is not None) == comes


@pytest.mark.parametrize(
    ("verb", "change", "why"),
    [
        ("issue", {"channel": "kiosk"}, "thiếu service"),
        ("issue", {"service": "a", "channel": "radio"}, "channel không hợp lệ"),
        ("park", {"counter": "1", "minutes": 0}, "minutes không hợp lệ"),
        ("transfer", {"counter": "1", "to": {"service": 7}}, "to.service không hợp lệ"),
        ("dance", {}, "không có lệnh này"),
        ("ping", {"src": "kiosk-1"}, "src khác với cấp cuối của chủ đề"),
        ("ping", {"hall": "khac"}, "hall là của hội trường khác"),
        ("ping", {"schema": 2}, "chỉ nhận schema 1"),
        ("print-result", {"src": "tech", "ticket": "1-1-0"}, "thiếu result"),
    ],
)
def test_who_asks_wrongly_is_told_why_in_vietnamese(
    verb: str, change: dict[str, object], why: str
) -> None:
    item = Sorter("thu").sort(f"{PREFIX}req/queue/{verb}/tech", payload(**change), retained=False)

    assert isinstance(item, Unusable)
    assert item.why == why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (payload(x=float("nan")), "không phải JSON đúng chuẩn"),
        (payload(x="\ud800"), "không phải JSON đúng chuẩn"),
        (payload(x="y" * 49 * 1024), "dài hơn 49152 byte"),
    ],
)
def test_a_body_of_which_only_the_sender_can_be_read_is_answered(body: bytes, why: str) -> None:
    item = Sorter("thu").sort(f"{PREFIX}req/queue/ping/tech", body, retained=False)

    assert isinstance(item, Unusable)
    assert (item.id, item.code, item.why) == ("a1", "bad_request", why)


@pytest.mark.parametrize(
    "body",
    [
        payload(x="y" * 70 * 1024),
        payload(x=1)[:-1] + b',"y":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        payload() + b"{}",
        payload(id="\ud800"),
        b'["a1"]',
    ],
)
def test_a_body_of_which_nothing_can_be_read_is_dropped(body: bytes) -> None:
    assert Sorter("thu").sort(f"{PREFIX}req/queue/ping/tech", body, retained=False) is None


@pytest.mark.parametrize("src", ["kiosk-2", "kiosk-10", "kiosk", "tech"])
def test_nobody_asks_under_the_name_of_another_of_the_same_kind(src: str) -> None:
    asked = payload(src=src, service="a", channel="kiosk")
    item = Sorter("thu").sort(f"{PREFIX}req/queue/issue/kiosk-1", asked, retained=False)

    assert isinstance(item, Unusable)
    assert item.code == "unauthorized"


def test_nobody_tells_the_state_of_another_of_the_same_kind() -> None:
    said = payload(src="printer-2", state="ready", conn="c", sw="x", host="h")
    topic = f"{PREFIX}dev/printer-1/status"

    assert Sorter("thu").sort(topic, said, retained=False) is None
    own = payload(src="printer-1", state="ready", conn="c", sw="x", host="h")
    assert isinstance(Sorter("thu").sort(topic, own, retained=False), Received)
