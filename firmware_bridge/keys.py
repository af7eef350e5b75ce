"""From key presses to requests, pure: what was typed so far, and what a key means with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from firmware_bridge.keypad_section import KeyAction
from hall.contract import requests as req
from hall.contract.verbs import QUEUE
from hall.runtime.sections import ServiceSection

# A clerk who was called away has not typed a number.
ENTRY_S = 8.0
_LONGEST = 6
CALL = "#"
CLEAR = "*"


@dataclass(frozen=True, slots=True)
class KeypadEntry:
    typed: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class DigitTyped:
    """A character of a number: taken, nothing to ask yet."""


@dataclass(frozen=True, slots=True)
class Do:
    action: KeyAction
    typed: str


@dataclass(frozen=True, slots=True)
class CallNumber:
    typed: str


@dataclass(frozen=True, slots=True)
class Meaningless:
    pass


Meaning = DigitTyped | Do | CallNumber | Meaningless


def press(
    entry: KeypadEntry, key: str, now: float, keys: Mapping[str, KeyAction]
) -> tuple[KeypadEntry, Meaning]:
    """What a key means after what was typed; letters without a meaning begin a number."""
    typed = entry.typed if now - entry.at < ENTRY_S else ""
    if key in keys:
        return KeypadEntry(), Do(keys[key], typed)
    if key == CALL:
        return KeypadEntry(), CallNumber(typed) if typed else Meaningless()
    if key == CLEAR:
        return KeypadEntry(), DigitTyped()
    if key.isdigit() or (key.isupper() and not typed):
        return KeypadEntry((typed + key)[-_LONGEST:], now), DigitTyped()
    return replace(entry, typed=typed), Meaningless()


def candidates(typed: str, services: Sequence[ServiceSection]) -> tuple[str, ...]:
    """The numbers that these characters can mean at a counter, the likeliest first."""
    prefix, digits = (typed[0], typed[1:]) if typed[:1].isalpha() else ("", typed)
    if not digits.isdigit():
        return ()
    fitting = [s for s in services if s.prefix == prefix] if prefix else list(services)
    found = [f"{s.prefix}{int(digits):0{s.digits}d}" for s in fitting]
    return tuple(dict.fromkeys(number for number in found if len(number) <= _LONGEST))


def request_of(action: KeyAction, counter: str, request_id: str, typed: str) -> req.Request | None:
    """The request a key stands for; None when it lacks a destination."""
    if action.do == "transfer":
        return _transfer(action, counter, request_id, typed)
    asked = {"id": request_id, "counter": counter}
    return QUEUE[action.do].request.model_validate(asked)


def _transfer(action: KeyAction, counter: str, request_id: str, typed: str) -> req.Request | None:
    """Digits typed before the key name the counter to go to."""
    to = req.Destination(service=action.service, counter=action.counter)
    if typed:
        to = req.Destination(counter=typed)
    if to.service is None and to.counter is None:
        return None
    return req.Transfer(id=request_id, counter=counter, to=to, position=action.position)
