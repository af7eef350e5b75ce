"""The hall's live states as they go up, and which of them the province lacks. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hall.contract.topics import DEV_ALERT, DEV_STATUS, STATE_HALL, Channel
from hall.contract.words import WireModel

Levels = tuple[tuple[str, str], ...]
Key = tuple[Channel, Levels]
# Faults first, then the hall as a whole.
_URGENT = (DEV_STATUS, DEV_ALERT, STATE_HALL)


@dataclass(frozen=True, slots=True)
class LiveState:
    """A state, and the client that owns it in the hall."""

    src: str
    message: WireModel


@dataclass(frozen=True, slots=True)
class StateChange:
    """`told` None: to be removed."""

    key: Key
    told: LiveState | None


@dataclass(slots=True)
class Mirror:
    """`found`: what is retained at the province from before this connection."""

    _wanted: dict[Key, LiveState] = field(default_factory=dict)
    _sent: dict[Key, LiveState] = field(default_factory=dict)
    _found: set[Key] = field(default_factory=set)

    def put(self, key: Key, told: LiveState) -> None:
        self._wanted[key] = told

    def drop(self, key: Key) -> None:
        """The hall has it no more."""
        self._wanted.pop(key, None)

    def keys_of(self, channel: Channel, client: str) -> tuple[Key, ...]:
        """The states of one client that are to be there."""
        return tuple(k for k in self._wanted if k[0] is channel and ("client", client) in k[1])

    def linked(self) -> None:
        """The province may have lost everything: all is sent again."""
        self._sent.clear()
        self._found.clear()

    def found(self, key: Key) -> None:
        self._found.add(key)

    def repeat(self, key: Key) -> None:
        """Send it once more though it has not changed."""
        self._sent.pop(key, None)

    def changes(self, *, settled: bool) -> Iterator[StateChange]:
        """What to send, the urgent first. `settled`: all that the hall retains has been heard."""
        lacking = [key for key, told in self._wanted.items() if self._sent.get(key) != told]
        for key in sorted(lacking, key=_urgency):
            yield StateChange(key, self._wanted[key])
        there = self._sent.keys() | (self._found if settled else set())
        for key in sorted(there - self._wanted.keys(), key=_urgency):
            yield StateChange(key, None)

    def sent(self, change: StateChange) -> None:
        if change.told is None:
            self._sent.pop(change.key, None)
            self._found.discard(change.key)
        else:
            self._sent[change.key] = change.told


def _urgency(key: Key) -> tuple[int, str, Levels]:
    channel, levels = key
    rank = _URGENT.index(channel) if channel in _URGENT else len(_URGENT)
    return rank, channel.name, levels
