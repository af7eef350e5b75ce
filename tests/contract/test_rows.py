"""One row a verb and one row an event: whatever else speaks of them is found from there."""

import inspect
import re
from collections import Counter
from typing import get_args

from hall.contract import requests
from hall.contract.events import EVENTS, EventType
from hall.contract.messages import CounterStatus
from hall.contract.requests import CounterRequest, QueueRequest, Request
from hall.contract.verbs import DEVICE, OFFERS, ONESTOP, QUEUE

# Stems of requests, asked by nobody.
STEMS = {Request, QueueRequest, CounterRequest}
# These have a meaning of their own on every keypad: a number, call it, begin again.
TYPING = set("0123456789#*")


def test_every_request_has_its_row() -> None:
    rows = {verb.request for table in (QUEUE, ONESTOP, DEVICE) for verb in table.values()}
    models = {model for _, model in inspect.getmembers(requests, inspect.isclass)}
    missing = {m.__name__ for m in models - rows - STEMS if issubclass(m, Request)}

    assert not missing, f"hall/contract/verbs.py has no row for {missing}"


def test_every_type_of_event_has_its_row() -> None:
    types = Counter(get_args(EventType))

    assert set(types.values()) == {1}
    assert types.keys() == EVENTS.keys(), "hall/contract/events.py: EventType and its rows differ"


def test_whatever_is_asked_at_a_counter_is_offered_to_its_clerk() -> None:
    asked = {name for name, verb in QUEUE.items() if issubclass(verb.request, CounterRequest)}

    assert asked == OFFERS.keys(), "hall/contract/verbs.py: a verb of the counter has no Offer"


def test_no_two_verbs_share_a_key_of_the_keyboard_or_of_the_keypad() -> None:
    board = Counter(offer.key for offer in OFFERS.values())
    keys = Counter(offer.keypad for offer in OFFERS.values() if offer.keypad)

    assert set(board.values()) == set(keys.values()) == {1}
    assert not keys.keys() & TYPING
    assert all(len(key) == 1 and key.isupper() for key in keys)


def test_no_key_of_the_keyboard_types_a_letter_or_belongs_to_the_browser() -> None:
    for key in (offer.key for offer in OFFERS.values()):
        assert re.fullmatch(r"F([1-9]|10)|Ctrl\+[A-Z]", key), key
        # Help, reload, address bar; new window, tab, close, copy, cut, paste, all, reload.
        assert key not in {"F1", "F5", "F6", *(f"Ctrl+{letter}" for letter in "NTWCXVAR")}


def test_at_every_moment_a_clerk_can_do_something() -> None:
    for status in get_args(CounterStatus):
        assert any(status in offer.when for offer in OFFERS.values()), status
    assert all(offer.when for offer in OFFERS.values())
