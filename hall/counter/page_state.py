"""What browsers are shown: entries by key, out of the bus's states. Pure.

Of a state of the controller the greatest (epoch, ver) is kept; older ones are ignored.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.events import EVENTS, TicketPlace
from hall.contract.messages import CounterState, DeviceStatus, TicketEvent, Versioned
from hall.contract.topics import EXT_FIGURES, Channel
from hall.contract.words import WireModel
from hall.counter.guards import guards
from hall.counter.undoable import Undoable
from hall.runtime.picture import holds
from hall.runtime.served import ServedThere, ServedToday

_FEED = 12
_ASIDE = 30


@dataclass(slots=True)
class PageState:
    """`changed` holds what was not handed out yet, as JSON; None for what went away.

    `undoable`: what stood of a ticket among those set aside.
    """

    _states: dict[str, Versioned] = field(default_factory=dict)
    _event_at: tuple[int, int] = (0, 0)
    _values: dict[str, str] = field(default_factory=dict)
    _changed: dict[str, str | None] = field(default_factory=dict)
    _feed: list[object] = field(default_factory=list)
    _aside: dict[str, object] = field(default_factory=dict)
    _undoable: Undoable[object] = field(default_factory=Undoable)
    _ended: ServedToday = field(default_factory=ServedToday)
    _passed: dict[str, None] = field(default_factory=dict)

    def take_changes(self) -> Mapping[str, str | None]:
        """What changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    def put(self, key: str, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False)
        if self._values.get(key) != text:
            self._values[key] = self._changed[key] = text

    def remove(self, key: str) -> None:
        if self._values.pop(key, None) is not None:
            self._changed[key] = None

    def take_message(self, channel: Channel, levels: Mapping[str, str], message: WireModel) -> None:
        if isinstance(message, TicketEvent):
            self._event(message)
            return
        if channel is EXT_FIGURES:
            # Of these the head of the hall is shown what is worked out of them.
            return
        key = key_of(channel, levels)
        if isinstance(message, Versioned):
            if not holds(message, self._states.get(key)):
                return
            self._states[key] = message
        if isinstance(message, DeviceStatus):
            message = message.model_copy(update={"conn": ""})
        self.put(key, codec.plain(message))
        if isinstance(message, CounterState):
            # In the same change, so that no page holds a state without what may be done in it.
            self.put(f"guard/{message.counter}", guards(message))

    def gone(self, channel: Channel, levels: Mapping[str, str]) -> None:
        self.remove(key_of(channel, levels))

    def _event(self, event: TicketEvent) -> None:
        """An event that comes twice is heard once."""
        if (event.epoch, event.seq) <= self._event_at:
            return
        self._event_at = (event.epoch, event.seq)
        if event.type == "day_opened":
            self._aside.clear()
            self._passed.clear()
        if event.ticket is not None:
            self._remember(event)
            self._pass_over(event, event.ticket.number)
        if event.counter is not None and event.type != "undone":
            number = event.ticket.number if event.ticket else None
            self.put(f"act/{event.counter}", {"type": event.type, "number": number})
        self._ended = self._ended.after(event)
        plain = codec.plain(event)
        told = {key: plain[key] for key in ("seq", "type", "counter", "at", "cause")}
        number = event.ticket.number if event.ticket else None
        self._feed = [told | {"number": number}, *self._feed][:_FEED]
        self.put("feed", self._feed)
        self.put("ended", {c: _people(ended) for c, ended in self._ended.by_counter.items()})
        self.put("aside", list(self._aside.values())[-_ASIDE:])

    def _pass_over(self, event: TicketEvent, number: str) -> None:
        """Who was called and passed over without a word cannot be called again by number."""
        if event.type == "finished" and event.how == "unclear":
            self._passed[number] = None
        else:
            self._passed.pop(number, None)
        self.put("passed", list(self._passed))

    def _remember(self, event: TicketEvent) -> None:
        """Tickets set aside today, to be called again by number."""
        ticket = event.ticket
        if ticket is None:
            return
        place, was = EVENTS[event.type].place, self._aside.get(ticket.id)
        if place is TicketPlace.BEFORE:
            self._put_aside(ticket.id, self._undoable.before(event.of))
            return
        if place is TicketPlace.SAME:
            return
        self._undoable.note(event.seq, was)
        known = {"ticket": ticket.id, "number": ticket.number, "service": ticket.service}
        now = known | {"why": event.type, "counter": event.counter}
        self._put_aside(ticket.id, now if place is TicketPlace.ASIDE else None)

    def _put_aside(self, ticket: str, entry: object | None) -> None:
        if entry is None:
            self._aside.pop(ticket, None)
        else:
            self._aside[ticket] = entry


def _people(ended: Sequence[ServedThere]) -> list[dict[str, str]]:
    """Whom a counter has finished with, newest last, as its tablet asks them."""
    return [{"ticket": each.ticket, "number": each.number} for each in ended]


def key_of(channel: Channel, levels: Mapping[str, str]) -> str:
    """The entry's name: the branch and the levels that tell one from another."""
    return "/".join(_key_parts(channel, levels))


def _key_parts(channel: Channel, levels: Mapping[str, str]) -> Iterator[str]:
    yield channel.name.removeprefix("state-")
    yield from levels.values()
