"""A connection to a broker in topics and bytes, between halls and province: no hall's own bus.

Nothing is kept while there is no connection, and nothing of an old one is sent on a new one: who
publishes knows by FarUp, FarDown and FarSent what to say again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hall.runtime.link_faults import LinkFault


@dataclass(frozen=True, slots=True)
class FarUp:
    """All subscriptions are on their way. `conn`: this connection's own mark, also in the will."""

    conn: str


@dataclass(frozen=True, slots=True)
class FarDown:
    fault: LinkFault


@dataclass(frozen=True, slots=True)
class FarHeard:
    """A message as it came. `token`: what it is acknowledged by, where that is done by hand."""

    topic: str
    payload: bytes
    retained: bool = False
    token: int = 0


@dataclass(frozen=True, slots=True)
class FarSent:
    """The broker has what was published under this token; `taken` False: its ACL refuses it."""

    token: int
    taken: bool = True


@dataclass(frozen=True, slots=True)
class FarWill:
    """Said by the broker, retained, when the connection breaks."""

    topic: str
    payload: bytes


FarItem = FarUp | FarDown | FarHeard | FarSent
Post = Callable[[FarItem], None]


class FarLink(Protocol):
    """Posts FarUp, FarDown, FarHeard, FarSent from a thread of its own."""

    def open(self, post: Post) -> None:
        """Begin to connect and keep trying until `close`; after that it may be opened again."""

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        """Send at QoS 1: the token that FarSent will bear, or None while there is no link."""

    def acknowledge(self, heard: FarHeard) -> None:
        """The broker need not keep it any longer."""

    def close(self) -> None:
        """Leave. May be called twice, and without `open`."""
