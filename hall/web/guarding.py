"""Guessing at codes and PINs: so many wrong ones a minute from one place, and then it waits.

Each place waits by itself: wrong codes of one machine keep no other from pairing. What all of them
together may try against a code of eight digits that lives ten minutes is no more than chance.
"""

import ipaddress
from collections import OrderedDict, deque
from dataclasses import dataclass, field

TRIES = 5
MINUTE_S = 60.0
# Of one browser at everybody's PIN: who tries one PIN at each name has as little of it.
PIN_TRIES_OF_ALL = 20
# A PIN is shorter than a code and never ends: at this pace one of six digits lasts for years.
PIN_S = 15 * MINUTE_S
# Who takes one address after the other gains the tries of each, and no more of our memory.
_MOST_PLACES = 2000


@dataclass(slots=True)
class Guard:
    """`place` is whatever tries: an address, or a browser at somebody's PIN.

    `window_s`: so long a wrong one counts; `tries`: so many of them are let through.
    """

    window_s: float = MINUTE_S
    tries: int = TRIES
    _wrong: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def is_open(self, place: str, now: float) -> bool:
        return len(self._recent(place, now)) < self.tries

    def note_wrong(self, place: str, now: float) -> bool:
        """Whether this was the one too many."""
        recent = self._recent(place, now)
        recent.append(now)
        self._wrong[place] = recent
        self._wrong.move_to_end(place)
        while len(self._wrong) > _MOST_PLACES:
            self._wrong.popitem(last=False)
        return len(recent) == self.tries

    def take_back(self, place: str) -> None:
        """The newest one was right; those before it still count."""
        if self._wrong.get(place):
            self._wrong[place].pop()

    def forgive(self, place: str) -> None:
        """It was right after all."""
        self._wrong.pop(place, None)

    def _recent(self, place: str, now: float) -> deque[float]:
        found = self._wrong.get(place, deque())
        while found and now - found[0] >= self.window_s:
            found.popleft()
        return found


def network_of(address: str) -> str:
    """What one machine can be at: its IPv4 address, or the /64 of which it may take any."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
