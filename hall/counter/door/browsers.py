"""The browsers of the staff as they are kept: what each is paired with, until when it counts."""

import re
from dataclasses import dataclass

from hall.counter.door.access import Place, Stranger

# Nobody has opened a page there for half a year: another one pairs in a minute.
UNUSED_S = 180 * 24 * 3600
LONGEST_NAME = 60
_KINDS = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox")),
    *(("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
_SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class PairedBrowser:
    """`made`, `seen`, `ended`: seconds since 1970 by the hall's clock. `address`: seen there last.

    `clerk`: the id of who is signed in, since `clerk_since`.
    """

    id: int
    name: str
    address: str
    places: frozenset[Place]
    made: int
    seen: int
    clerk: str | None = None
    clerk_since: int = 0
    ended: int | None = None

    def stranger(self, now: float) -> Stranger | None:
        """Why it counts no more; None: it counts."""
        if self.ended is not None:
            return Stranger.REVOKED
        return Stranger.UNUSED if now - self.seen > UNUSED_S else None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A browser that asks to be paired: what it is called in the list, and where it is."""

    name: str
    address: str


def clean_name(given: str) -> str:
    """Without what no name has, and no longer than one line of a list."""
    return " ".join(_CONTROLS.sub(" ", given).split())[:LONGEST_NAME]


def name_of(given: str, agent: str) -> str:
    """What its owner calls it, else what its user agent says of it."""
    return clean_name(given) or " – ".join(
        next((word for sign, word in words if sign in agent), "?") for words in (_KINDS, _SYSTEMS)
    )
