"""What stands retained of things that the YAML has no more: found at each connection, removed.

A broker outlives a change of the YAML, and who owned such a state may never run again: the counter
would be shown for ever as it was, the alert of a printer that was taken away would stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hall.contract.messages import DeviceStatus
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.roles import ROLES
from hall.contract.topics import EXT_REFUSED, FACE, STATE_COUNTER, STATE_SERVICE, Channel
from hall.runtime.bus import Received, Spoiled, Subscription
from hall.runtime.members import Members

# Heard until what is retained is in, and no longer: who floods them costs the queue nothing.
LOOKED_OVER = tuple(Subscription(channel) for channel in ROLES["controller"].clears)
_GONE = ("lost", "disconnected")

Place = tuple[Channel, Mapping[str, str]]


@dataclass(slots=True)
class Leftovers:
    """Of a kind of which the YAML says nothing, who says to be there may be another maker's.

    Whatever is its own stands until it has gone.
    """

    members: Members
    _found: list[Place] = field(default_factory=list)
    _present: set[str] = field(default_factory=set)

    def begin_look(self) -> None:
        """A new connection: everything retained comes again."""
        self._found, self._present = [], set()

    def note_retained(self, item: Received | Spoiled) -> None:
        """A state that the broker has kept, whether it obeys the contract or not."""
        message = item.message if isinstance(item, Received) else None
        if isinstance(message, DeviceStatus | OnestopStatus) and message.state not in _GONE:
            self._present.add(_owner(item.channel, item.levels))
        if not self._is_named(item.channel, item.levels):
            self._found.append((item.channel, item.levels))

    def places(self) -> Iterator[Place]:
        """What is to be removed."""
        for channel, levels in self._found:
            owner = _owner(channel, levels)
            if not (owner in self._present and self.members.may_be_foreign(owner)):
                yield channel, levels

    def _is_named(self, channel: Channel, levels: Mapping[str, str]) -> bool:
        if channel is STATE_COUNTER:
            return levels["counter"] in self.members.counters
        if channel is STATE_SERVICE:
            return levels["service"] in self.members.services
        if channel is FACE:
            return levels["counter"] in self.members.faces
        return _owner(channel, levels) in self.members.clients


def _owner(channel: Channel, levels: Mapping[str, str]) -> str:
    """The client that writes it; of `ext/onestop/…` whoever speaks for that side."""
    return levels.get("client") or ("gateway" if channel is EXT_REFUSED else "onestop")
