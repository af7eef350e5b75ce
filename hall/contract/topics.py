"""The registry of channels: every topic of the bus, its kind, its message.

Nothing is published, handled or subscribed that does not stand here. The ACL, the AsyncAPI
document and the tables in the docs are generated from it and from hall/contract/roles.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from hall.contract import MAJOR, messages, onestop_messages, requests, verbs
from hall.contract.verbs import Verb
from hall.contract.words import WireModel

# A level becomes part of the topics we publish: one that is no name of the contract is no topic.
_CLIENT, _ID = re.compile(r"[a-z][a-z0-9-]{0,31}"), re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_LEVELS = {
    "client": _CLIENT,
    "target": _CLIENT,
    "counter": _ID,
    "service": _ID,
    "code": re.compile(r"[a-z][a-z0-9_]{0,31}"),
    "verb": re.compile(r".{1,64}"),
}


class Kind(Enum):
    STATE = "state"
    EVENT = "event"
    REQUEST = "request"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One branch of topics below `motcua/1/{hall}/`, itself and no other: compared by identity.

    `own`: the level that must be the writer's (for replies: the reader's) own client id.
    Who writes and reads it stands in hall/contract/roles.py.
    """

    name: str
    pattern: str
    kind: Kind
    model: type[WireModel]
    title: str
    own: str | None = None
    expiry_s: int | None = None
    verbs: Mapping[str, Verb] | None = None

    @property
    def retained(self) -> bool:
        return self.kind is Kind.STATE

    def qos(self, verb: str | None = None) -> int:
        """QoS 1, but of a request what its verb says."""
        return 1 if verb is None or self.verbs is None else self.verbs[verb].qos

    def topic(self, hall: str, **levels: str) -> str:
        """The full topic. Raises KeyError when a level is missing."""
        return f"motcua/{MAJOR}/{hall}/{self.pattern.format_map(levels)}"

    def filter(self, hall: str, **levels: str) -> str:
        """The subscription filter; levels not named match anything."""
        return f"motcua/{MAJOR}/{hall}/{self.pattern.format_map(_Wild(levels))}"

    def match(self, rest: str) -> dict[str, str] | None:
        """The levels of a topic below the hall, or None when it is not this channel's."""
        wanted, given = self.pattern.split("/"), rest.split("/")
        if len(wanted) != len(given):
            return None
        levels: dict[str, str] = {}
        for want, have in zip(wanted, given, strict=True):
            name = want[1:-1] if want.startswith("{") else None
            if name is None and want != have:
                return None
            if name is not None:
                if not _LEVELS[name].fullmatch(have):
                    return None
                levels[name] = have
        return levels


class _Wild(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "+"


STATE_HALL = Channel(
    "state-hall",
    "state/hall",
    Kind.STATE,
    messages.HallState,
    "The hall and its heartbeat, every 5 s",
)
STATE_BOARD = Channel(
    "state-board",
    "state/board",
    Kind.STATE,
    messages.BoardState,
    "All counters, recent calls, who waits",
)
STATE_COUNTER = Channel(
    "state-counter",
    "state/counter/{counter}",
    Kind.STATE,
    messages.CounterState,
    "One counter",
)
STATE_SERVICE = Channel(
    "state-service",
    "state/service/{service}",
    Kind.STATE,
    messages.ServiceState,
    "One service",
)
FACE = Channel(
    "face",
    "face/{counter}",
    Kind.STATE,
    messages.Face,
    "What a counter's display shows",
)
EVT_TICKET = Channel(
    "evt-ticket",
    "evt/ticket",
    Kind.EVENT,
    messages.TicketEvent,
    "The journal, line by line",
)
EVT_CALL = Channel(
    "evt-call",
    "evt/call",
    Kind.EVENT,
    messages.CallEvent,
    "A call or recall, for chime and voice",
    expiry_s=10,
)
REQ_QUEUE = Channel(
    "req-queue",
    "req/queue/{verb}/{client}",
    Kind.REQUEST,
    requests.Request,
    "Requests to the controller",
    own="client",
    expiry_s=10,
    verbs=verbs.QUEUE,
)
REQ_ONESTOP = Channel(
    "req-onestop",
    "req/onestop/{verb}/{client}",
    Kind.REQUEST,
    requests.Request,
    "Requests to the one-stop side",
    own="client",
    expiry_s=5,
    verbs=verbs.ONESTOP,
)
REQ_DEV = Channel(
    "req-dev",
    "req/dev/{target}/{verb}/{client}",
    Kind.REQUEST,
    requests.Request,
    "Requests to a device",
    own="client",
    expiry_s=10,
    verbs=verbs.DEVICE,
)
RSP = Channel(
    "rsp",
    "rsp/{client}",
    Kind.REPLY,
    messages.Reply,
    "Replies, read by that client alone",
    own="client",
    expiry_s=30,
)
DEV_STATUS = Channel(
    "dev-status",
    "dev/{client}/status",
    Kind.STATE,
    messages.DeviceStatus,
    "A device's health; also its last will",
    own="client",
)
DEV_ALERT = Channel(
    "dev-alert",
    "dev/{client}/alert/{code}",
    Kind.STATE,
    messages.Alert,
    "A fault a person must mend; empty = solved",
    own="client",
)
EXT_STATUS = Channel(
    "ext-status",
    "ext/onestop/status",
    Kind.STATE,
    onestop_messages.OnestopStatus,
    "Is the one-stop software there",
)
EXT_FIGURES = Channel(
    "ext-figures",
    "ext/onestop/figures",
    Kind.STATE,
    onestop_messages.Figures,
    "On-time and overdue figures",
)
EXT_CATALOGUE = Channel(
    "ext-catalogue",
    "ext/onestop/catalogue",
    Kind.STATE,
    onestop_messages.Catalogue,
    "The catalogue of procedures and its version",
)
EXT_NOTICE = Channel(
    "ext-notice",
    "ext/onestop/notice",
    Kind.STATE,
    onestop_messages.Notice,
    "Lines for the ticker",
)
EXT_REFUSED = Channel(
    "ext-refused",
    "ext/onestop/refused",
    Kind.STATE,
    onestop_messages.FeedRefusal,
    "What of the one-stop software's last messages was refused; empty = accepted again",
)

CHANNELS = (
    STATE_HALL,
    STATE_BOARD,
    STATE_COUNTER,
    STATE_SERVICE,
    FACE,
    EVT_TICKET,
    EVT_CALL,
    REQ_QUEUE,
    REQ_ONESTOP,
    REQ_DEV,
    RSP,
    DEV_STATUS,
    DEV_ALERT,
    EXT_STATUS,
    EXT_FIGURES,
    EXT_CATALOGUE,
    EXT_NOTICE,
    EXT_REFUSED,
)


@dataclass(frozen=True, slots=True)
class Address:
    """A topic that the registry knows."""

    channel: Channel
    levels: Mapping[str, str]


# A hall has some hundred topics, and every message has one.
@lru_cache(maxsize=1024)
def find(hall: str, topic: str) -> Address | None:
    """What a topic of this hall is in the registry, or None."""
    prefix = f"motcua/{MAJOR}/{hall}/"
    if not topic.startswith(prefix):
        return None
    rest = topic[len(prefix) :]
    for channel in CHANNELS:
        levels = channel.match(rest)
        if levels is not None:
            return Address(channel, MappingProxyType(levels))
    return None


def is_request(hall: str, topic: str) -> bool:
    """Whether somebody asks for something there."""
    address = find(hall, topic)
    return address is not None and address.channel.kind is Kind.REQUEST
