"""What the staff pages' service needs of the web, and what the web asks of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import Channel


@dataclass(frozen=True, slots=True)
class PageAct:
    """One act of a person at a page; `answer` is called once, from the service's loop."""

    channel: Channel
    verb: str
    request: Request
    target: str | None
    answer: Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Guessing:
    """Somebody at this address has given so many wrong codes or PINs that they have to wait.

    `what`: of which, in words.
    """

    address: str
    what: str


@dataclass(frozen=True, slots=True)
class PartsWatched:
    """What some browser has asked for beside what all are sent (streams.py)."""

    parts: frozenset[str]


Post = Callable[[PageAct | Guessing | PartsWatched], None]


class PageServer(Protocol):
    """Serves an address to browsers."""

    def start(self, post: Post) -> str:
        """Serve from now on and return the address to open, or raise PagesDown."""

    def is_up(self) -> bool:
        """Whether browsers are served; a server may die by itself."""

    def trouble(self) -> str:
        """Why nobody new can be served just now; "" = nothing."""

    def stop(self) -> None:
        """End; may be called twice."""


class Pages(PageServer, Protocol):
    """Shows entries, JSON by key, to every browser that watches."""

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        """Entries that changed; None takes one away."""
