"""From a topic and bytes to an inbox item: the same for the real and the in-memory bus."""

import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.messages import ErrorCode
from hall.contract.requests import Request
from hall.contract.rights import is_believed, kind_of, role_of
from hall.contract.topics import Address, Channel, Kind, find
from hall.contract.words import Envelope
from hall.runtime.admission import Admission, Knock
from hall.runtime.bus import Cleared, Received, Spoiled, Unusable
from hall.runtime.inbox import Inbox

log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_REASONS = 100
_ENVELOPE = {field.alias or name for name, field in Envelope.model_fields.items()}
NOTHING_UNKNOWN: Mapping[str, Any] = MappingProxyType({})
Item = Received | Cleared | Unusable | Spoiled


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came in, at `at` (monotonic seconds); `note` hears what it says."""

    topic: str
    payload: bytes
    retained: bool = False
    at: float = math.inf
    note: Callable[[Item], None] = lambda _: None


@cache
def _known(model: type[Request]) -> frozenset[str]:
    return frozenset(_ENVELOPE | model.model_fields.keys())


def _unknown(model: type[Request], content: Mapping[str, Any]) -> Mapping[str, Any]:
    known = _known(model)
    if content.keys() <= known:
        return NOTHING_UNKNOWN
    return {name: value for name, value in content.items() if name not in known}


class Sorter:
    """Drops what is not of the contract; counts drops, logs the first of each kind.

    A channel that the client's role judges is not dropped but handed on as it came.
    """

    def __init__(self, hall: str, client: str = "") -> None:
        self._hall = hall
        self._client = client
        self._judged = frozenset(role_of(client).judges)
        self.dropped: dict[str, int] = {}

    def hand_in(self, inbox: Inbox, arrival: Arrival) -> None:
        """Post it; of a request only its sender is read before its turn has come.

        What we ask of ourselves keeps its place among the other messages.
        """
        address = self._find(arrival.topic)
        if address is None:
            return
        is_request = address.channel.kind is Kind.REQUEST and not arrival.retained
        client = address.levels.get("client", "")
        if is_request and client != self._client:
            read = partial(self._read_in_turn, inbox.admission, address, arrival)
            refuse = partial(self._one_too_many, inbox.admission, address, arrival)
            inbox.knock(Knock(client, arrival.at, len(arrival.payload), read, refuse))
        else:
            item = self._sort(address, arrival)
            if item is not None:
                arrival.note(item)
                inbox.post(item)
            elif address.channel.kind is Kind.REQUEST:
                inbox.admission.garbled(client, arrival.at)

    def sort(self, topic: str, payload: bytes, *, retained: bool) -> Item | None:
        address = self._find(topic)
        return None if address is None else self._sort(address, Arrival(topic, payload, retained))

    def _find(self, topic: str) -> Address | None:
        address = find(self._hall, topic)
        if address is None:
            self._count("unknown topic", topic)
        return address

    def _read_in_turn(
        self, admission: Admission, address: Address, arrival: Arrival
    ) -> Item | None:
        item = self._sort(address, arrival)
        if not isinstance(item, Received):
            admission.garbled(address.levels["client"], arrival.at)
        elif isinstance(item.message, Request) and admission.is_refused(
            address.levels["client"], item.message.id, arrival.at
        ):
            item = Unusable(address.channel, address.levels, item.message.id, "limit", "")
        if item is not None:
            arrival.note(item)
        return item

    def _one_too_many(
        self, admission: Admission, address: Address, arrival: Arrival
    ) -> Item | None:
        """Only the id is read, to answer; a request without one is nothing."""
        given = codec.request_id(arrival.payload)
        if given is None or not _ID.fullmatch(given):
            return None
        admission.note_refused(address.levels["client"], given, arrival.at)
        item = Unusable(address.channel, address.levels, given, "limit", "")
        arrival.note(item)
        return item

    def _sort(self, address: Address, arrival: Arrival) -> Item | None:
        payload = arrival.payload
        if address.channel.kind is Kind.REQUEST:
            return self._request(address, arrival)
        if not payload:
            return Cleared(address.channel, address.levels)
        try:
            opened = codec.open_payload(payload, hall=self._hall)
            message = codec.read(address.channel.model, opened.content)
            self._weigh(address.channel, payload)
        except Garbled as err:
            return self._drop(address, arrival, err.why)
        if not is_believed(opened.envelope.src, address.channel, address.levels):
            return self._drop(address, arrival, "not the owner")
        env = opened.envelope
        return Received(address.channel, address.levels, message, env.src, env.ts, arrival.retained)

    def _weigh(self, channel: Channel, payload: bytes) -> None:
        """What is judged here comes from other people's software. Raises Garbled."""
        if channel in self._judged and codec.name_twice(payload) is not None:
            raise Garbled("a name twice")

    def _drop(self, address: Address, arrival: Arrival, why: str) -> Spoiled | None:
        self._count(why, arrival.topic)
        if address.channel not in self._judged:
            return None
        return Spoiled(address.channel, address.levels, arrival.payload, arrival.retained)

    def _request(self, address: Address, arrival: Arrival) -> Item | None:
        topic, payload = arrival.topic, arrival.payload
        if arrival.retained:
            self._count("retained request", topic)
            return None
        verb = (address.channel.verbs or {}).get(address.levels["verb"])
        try:
            opened = codec.open_payload(payload, hall=self._hall)
            if opened.envelope.src != address.levels["client"]:
                wrong = Garbled("src", opened.content, "src khác với cấp cuối của chủ đề")
                return self._refuse(address, topic, "unauthorized", wrong)
            if verb is None:
                wrong = Garbled("verb", opened.content, "không có lệnh này")
                return self._refuse(address, topic, "bad_request", wrong)
            if kind_of(address.levels["client"]) not in verb.callers:
                wrong = Garbled("caller", opened.content)
                return self._refuse(address, topic, "unauthorized", wrong)
            message = codec.read(verb.request, opened.content)
        except Garbled as err:
            return self._refuse(address, topic, "bad_request", err)
        env, unknown = opened.envelope, _unknown(verb.request, opened.content)
        return Received(
            address.channel,
            address.levels,
            message,
            env.src,
            env.ts,
            unknown=unknown,
            at=arrival.at,
        )

    def _refuse(
        self,
        address: Address,
        topic: str,
        code: ErrorCode,
        wrong: Garbled,
    ) -> Item | None:
        self._count(wrong.why, topic)
        given = (wrong.content or {}).get("id")
        if not isinstance(given, str) or not _ID.fullmatch(given):
            return None
        return Unusable(address.channel, address.levels, given, code, wrong.said)

    def _count(self, why: str, topic: str) -> None:
        """The first of each reason is told, and no more reasons than fit: a flood is no log."""
        seen = self.dropped.get(why, 0)
        if not seen and len(self.dropped) >= _MOST_REASONS:
            why = "others"
            seen = self.dropped.get(why, 0)
        if not seen:
            log.warning("not of the contract, on %s: %s", topic, why)
        self.dropped[why] = seen + 1
