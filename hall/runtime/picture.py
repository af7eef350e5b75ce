"""What a reader of the bus takes as true: newest states, who is there. Pure: time is passed in.

Every reader judges alike (contract.md, "Envelope of all"):

    state of the controller   the greatest (epoch, ver) holds; of equal ones the later
    another client            gone by `lost` or `disconnected` of its current connection;
                              a farewell of an older connection comes late and is ignored
    the controller            as another client, and gone after 20 s without a live `state/hall`
    the one-stop software     ready for 150 s from each status it tells; a retained one counts from
                              its reception

       Connected                 live state/hall, ready …
    ┌────────┐  ┌───────────────────────────────────────────┐
    │ unheard├─▶│ there ──20 s of silence──▶ gone           │
    └────────┘  │   └──lost/disconnected of its `conn`─▶────┘
                └───────────────◀ live state/hall ──────────┘
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import TypeVar

from hall.contract.messages import DeviceStatus, Versioned
from hall.contract.topics import DEV_STATUS, STATE_HALL
from hall.runtime.bus import Connected, Disconnected, Received

SILENCE_S = 20.0
LEASE_S = 150.0
CONTROLLER = "controller"
_FAREWELLS = frozenset({"lost", "disconnected"})
S = TypeVar("S", bound=Versioned)


def holds(told: Versioned, known: Versioned | None) -> bool:
    """Whether `told` takes the place of `known`.

    The same version comes again when a hall opens or a wait changes without an event.
    """
    return known is None or (told.epoch, told.ver) >= (known.epoch, known.ver)


def newest(known: Mapping[str, S], key: str, told: S) -> Mapping[str, S]:
    """`known` with `told` under its key, unless a newer state stands there."""
    return {**known, key: told} if holds(told, known.get(key)) else known


@dataclass(frozen=True, slots=True)
class Peer:
    """Another client by its status; `conn` "" while its connection is not known."""

    conn: str = ""
    gone: bool = False

    def with_status(self, status: DeviceStatus) -> "Peer":
        farewell = status.state in _FAREWELLS
        if farewell and self.conn and status.conn != self.conn:
            return self
        return Peer(status.conn, farewell)


@dataclass(frozen=True, slots=True)
class Presence:
    """The controller, and our own link to it.

    `heard_at`: monotonic second of the last live heartbeat, or of the first connection.
    """

    linked: bool = False
    heard_at: float = -inf
    peer: Peer = field(default_factory=Peer)

    def there(self, now: float) -> bool:
        """Whether what the controller published can be trusted."""
        return not self.peer.gone and now < self.heard_at + SILENCE_S

    def reachable(self, now: float) -> bool:
        """Whether a request would be answered."""
        return self.linked and self.there(now)

    @property
    def due(self) -> float:
        """When it counts as gone unless it is heard again."""
        return self.heard_at + SILENCE_S


def after(presence: Presence, item: object, now: float) -> Presence:
    """The presence after an item from the bus; what says nothing of it changes nothing."""
    match item:
        case Connected():
            # What stands retained is the newest that is known, whichever connection it names.
            first = now if presence.heard_at == -inf else presence.heard_at
            return Presence(linked=True, heard_at=first, peer=replace(presence.peer, conn=""))
        case Disconnected():
            return replace(presence, linked=False)
        case Received(channel=channel, retained=False) if channel is STATE_HALL:
            return replace(presence, heard_at=now, peer=replace(presence.peer, gone=False))
        case Received(channel=channel, levels={"client": client}, message=DeviceStatus() as status):
            if channel is DEV_STATUS and client == CONTROLLER:
                return replace(presence, peer=presence.peer.with_status(status))
            return presence
        case _:
            return presence
