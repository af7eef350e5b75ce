"""Nothing personal leaves the hall: each field that goes up is on this list, with a reason."""

import json
import re
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from hall.contract import codec
from hall.contract.events import EVENTS, EventType
from hall.contract.messages import (
    Alert,
    CounterState,
    DeviceStatus,
    HallState,
    PublicTicket,
    Sent,
    ServiceState,
    TicketEvent,
    UnitHealth,
)
from hall.contract.onestop_messages import Figures, OnestopStatus, Period
from hall.contract.province import UP_EVENTS, UpEvents
from hall.contract.roles import ROLES
from hall.contract.topics import CHANNELS, Channel, Kind
from hall.contract.upward import QUOTING, STATES, event_up, state_up
from hall.contract.words import WireModel
from hall.uplink.batching import Sender, batch_of

# Alerts whose words are all ours: names of machines, counters, files; never what a person wrote.
IN_OUR_WORDS = {
    *("assets_missing", "backup_late", "broker_full", "bus_down", "button_stuck", "buttons_lost"),
    *("certificate_expires", "clips_damaged", "clips_missing", "clock_unsure", "cover_open"),
    *("cutter_error", "disk_low", "display_lost", "face_unfit", "guessing", "journal_restored"),
    *("keypad_lost", "lamps_lost", "loudspeaker", "offline", "onestop_down", "pages_down"),
    *("paper_low", "paper_out", "printer_error", "province_down", "province_refuses"),
    *("province_twin", "scanner_offline", "screen_lost", "screen_size", "speech_lost"),
    *("turn_page_down", "unit_lost", "update_failed"),
}
AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
# What a person is: their class of priority, their language, what a clerk typed, who the clerk is.
SECRET = "Nguyễn Văn A 001099000001"
CLASS, LANGUAGE = "khuyet-tat-nang", "hmn"
TICKET = PublicTicket(
    id="1-7-42", number="A042", service="ho-tich", priority=CLASS, day="2026-11-30",
    issued_at=AT, channel="kiosk", lang=LANGUAGE,
)  # fmt: skip
# A turn in a queue, known to the hall and on paper that names nobody.
OF_TICKET = {"id", "number", "service", "day", "issued_at", "channel", "preferred"}
OF_EVENT = {
    *("seq", "type", "at", "by", "ticket", "counter", "wait_s", "serve_s", "cause", "how", "of"),
    *("service", "score", "question", "reason"),
}
OF_BATCH = {"source", "host", "after", "epoch", "from_seq", "last_seq", "events"}
# Of states: counts, names of counters and services, machines.
OF_STATE: dict[str, set[str]] = {
    "state-hall": {
        *("epoch", "ver", "day", "open", "closed_by", "clock", "evt_seq", "waiting"),
        *("served_today", "opens_next", "notice"),
    },
    "state-service": {
        *("epoch", "ver", "service", "name", "open", "waiting", "last_issued", "wait_min", "left"),
    },
    "state-counter": {
        *("epoch", "ver", "counter", "name", "status", "ticket", "called_at", "recalls"),
    },
    "dev-status": {"state", "conn", "host", "sw", "alerts", "source"},
    "dev-alert": {"code", "text", "advice", "since"},
    "ext-status": {"state", "source", "conn"},
    "ext-figures": {"as_of", "source", "periods", "unit"},
}
# Figures are counts over many people, by periods and fields of law.
OF_FIGURES = re.compile(
    r"periods(\.(id|name|from|to|received|to_resolve|resolved|pending|paused|postal|digitised|stated"
    r"|fields|field|total|carried_over|online|direct|postal|direct_or_postal|early|on_time"
    r"|early_or_on_time|overdue|kind|unclear|reappointed|indicators|in_time|returned|done|percent|as_of|unit|title))*"
)


def told(kind: EventType) -> TicketEvent:
    """An event of this kind with everything that any kind may carry, and a clerk's own words."""
    return TicketEvent(
        epoch=1, seq=5, type=kind, ticket=TICKET, counter="1", by="counters", at=AT, wait_s=60,
        serve_s=30, cause=SECRET, how="served", of=3, service="ho-tich", score=5,
        question="chung", reason="thai-do",
    )  # fmt: skip


STATE_EXAMPLES: dict[str, WireModel] = {
    "state-hall": HallState(
        epoch=1, ver=2, day="2026-11-30", open=True, clock="trusted", board_ver=1, evt_seq=2,
        waiting=1, served_today=0, notice="Nghỉ chiều", owner="m",
    ),
    "state-service": ServiceState(
        epoch=1, ver=2, service="ho-tich", name="Hộ tịch", open=True, waiting=1
    ),
    "state-counter": CounterState(
        epoch=1, ver=2, counter="1", name="Quầy 1", status="serving", ticket=TICKET,
        called_at=AT, sent=Sent(count=1, next=("A043",)), undo_until=AT,
    ),
    "dev-status": DeviceStatus(
        state="ready", conn="c", host="pi", sw="motcua 1", alerts=("paper_out",),
        units=(UnitHealth(bus=1, address=1, counter="1", alive=True),),
    ),
    "dev-alert": Alert(code="paper_out", text="Hết giấy", advice="Thay cuộn", since=AT),
    "ext-status": OnestopStatus(state="ready", source="phần mềm", conn="c"),
    "ext-figures": Figures(as_of=AT, source="s", periods=(Period(id="month"),)),
}  # fmt: skip


def keys(value: Any, path: str = "") -> set[str]:
    """Every field, by its path without the numbers of lists."""
    match value:
        case dict():
            below = ((f"{path}.{k}".lstrip("."), v) for k, v in value.items())
            return {p for p, _ in below} | {
                each for k, v in value.items() for each in keys(v, f"{path}.{k}".lstrip("."))
            }
        case list():
            return {each for v in value for each in keys(v, path)}
        case _:
            return set()


def lean(message: WireModel) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.model_dump_json(by_alias=True))
    return found


@pytest.mark.parametrize("kind", EVENTS)
def test_of_an_event_only_what_is_listed_goes_up(kind: EventType) -> None:
    found = lean(event_up(told(kind)))
    ticket = found.pop("ticket")
    written = json.dumps([found, ticket], ensure_ascii=False)

    assert found.keys() <= OF_EVENT
    assert ticket.keys() == OF_TICKET
    assert ticket["preferred"] is True
    for secret in (CLASS, LANGUAGE):
        assert secret not in written
    assert SECRET not in written or kind in ("day_opened", "day_dated")


def test_the_list_has_every_kind_of_event() -> None:
    assert set(EVENTS) == set(get_args(EventType))


@pytest.mark.parametrize("word", ["next", "timer", "call", "no_show"])
def test_a_cause_in_the_words_of_the_controller_goes_up(word: str) -> None:
    event = told("finished").model_copy(update={"cause": word})

    assert event_up(event).cause == word


@pytest.mark.parametrize("channel", STATES, ids=lambda channel: channel.name)
def test_of_a_state_only_what_is_listed_goes_up(channel: Channel) -> None:
    found = state_up(channel, STATE_EXAMPLES[channel.name])
    assert found is not None
    content = lean(found)
    written = json.dumps(content)

    assert content.keys() <= OF_STATE[channel.name]
    assert set(type(found).model_fields) <= OF_STATE[channel.name]
    assert CLASS not in written
    assert LANGUAGE not in written
    if channel.name == "state-counter":
        assert content["ticket"].keys() == OF_TICKET
    if channel.name == "ext-figures":
        deep = {path for path in keys(content) if path.startswith("periods.")}
        assert not [path for path in deep if not OF_FIGURES.fullmatch(path)]


def test_no_other_state_of_the_hall_goes_up() -> None:
    states = {channel for channel in CHANNELS if channel.kind is Kind.STATE}
    silent = {"state-board", "face", "ext-catalogue", "ext-notice", "ext-refused"}

    assert {c.name for c in states - STATES.keys()} == silent
    assert OF_STATE.keys() == {c.name for c in STATES}
    assert all(state_up(c, STATE_EXAMPLES["state-hall"]) is None for c in states - STATES.keys())


def test_an_alert_that_quotes_goes_up_without_its_words() -> None:
    codes = {code for role in ROLES.values() for code in role.alerts}
    alerts = (Alert(code=c, text=SECRET, advice=SECRET, since=AT) for c in sorted(QUOTING))
    channel = next(c for c in STATES if c.name == "dev-alert")

    # A new alert is judged before its words leave a hall.
    assert codes - QUOTING == IN_OUR_WORDS
    for alert in alerts:
        found = state_up(channel, alert)
        assert found is not None
        assert lean(found).keys() == {"code", "since"}


def test_a_batch_has_what_is_listed_and_nothing_else() -> None:
    batch = batch_of([told("called")], UpEvents.model_fields["after"].default, Sender("m", "h"), 0)
    assert batch is not None
    payload = codec.pack(batch, hall="thu", src="uplink", ts=AT)
    envelope = {"schema", "hall", "src", "ts"}

    assert json.loads(payload).keys() <= OF_BATCH | envelope
    assert set(UP_EVENTS.model.model_fields) == OF_BATCH
