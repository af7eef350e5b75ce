"""The hall's journal, read to its end: a reply holds as many events as fit, and never more."""

from collections.abc import Callable

from hall.contract.messages import TicketEvent
from hall.contract.requests import ReplayData


def read(page_from: Callable[[int], ReplayData], first: int) -> tuple[TicketEvent, ...]:
    """Every event from the line `first` on; `page_from` asks for the page that begins there."""
    found: list[TicketEvent] = []
    while (page := page_from(first)).events:
        found += page.events
        if page.last_seq >= page.end_seq:
            break
        first = page.last_seq + 1
    return tuple(found)
