"""How the edges of one held line come about, and what its contact tells of them.

kernel ──events──────────────────────────────┬─▶ as they come, where the kernel settles them
no interrupts: the level looked at each 10 ms ─┴─▶ debounce, where it does not
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from gpiod import EdgeEvent

from hall.runtime.gpio.debounce import Edge, SwitchContact, due_ns, move, settle
from hall.runtime.gpio.requesting import Input, LineRequest, Wish

# A press of 30 ms is seen, and a USB expander is not kept busy.
LOOK_NS = 10_000_000

EdgeHandler = Callable[[Edge], None]


@dataclass(slots=True)
class HeldLine:
    """`wish`: as granted. `contact`: None where the kernel's events are told as they come."""

    line: int
    request: LineRequest
    wish: Wish
    heard: EdgeHandler | None = None
    contact: SwitchContact | None = None
    period_ns: int = 0
    looked_ns: int = 0


def listen(held: HeldLine, debounce_s: float, heard: EdgeHandler, now_ns: int) -> None:
    """Hear the line from now on, settled for `debounce_s`. Raises OSError."""
    by_kernel = held.wish.debounce_s if isinstance(held.wish, Input) else 0.0
    held.period_ns = round((debounce_s - by_kernel) * 1e9)
    raw = held.period_ns > 0 or _has_no_interrupts(held)
    held.contact = SwitchContact.at_rest(_look(held, now_ns)) if raw else None
    held.heard = heard


def turn_away(held: HeldLine) -> None:
    held.heard = held.contact = None


def due(held: HeldLine) -> Iterator[int]:
    """When the line has to be read again without an event (ns)."""
    if held.contact is None:
        return
    if _has_no_interrupts(held):
        yield held.looked_ns + LOOK_NS
    if (settled := due_ns(held.contact, held.period_ns)) is not None:
        yield settled


def settled_edges(held: HeldLine, ready: AbstractSet[LineRequest], now_ns: int) -> list[Edge]:
    """What there is to tell; `ready`: the requests with events to read. Raises OSError."""
    if held.contact is None:
        return list(_events(held)) if held.request in ready else []
    news: list[Edge] = []
    for edge in _raw(held, held.contact, ready, now_ns):
        held.contact, more = move(held.contact, edge, held.period_ns)
        news += more
    held.contact, more = settle(held.contact, now_ns, held.period_ns)
    return [*news, *more]


def _raw(
    held: HeldLine, contact: SwitchContact, ready: AbstractSet[LineRequest], now_ns: int
) -> list[Edge]:
    if not _has_no_interrupts(held):
        return list(_events(held)) if held.request in ready else []
    if now_ns < held.looked_ns + LOOK_NS:
        return []
    held.looked_ns = now_ns
    seen = _look(held, now_ns)
    return [seen] if seen.level != contact.wire.level else []


def _has_no_interrupts(held: HeldLine) -> bool:
    return isinstance(held.wish, Input) and not held.wish.edges


def _look(held: HeldLine, now_ns: int) -> Edge:
    return Edge(bool(held.request.get_value(held.line)), now_ns)


def _events(held: HeldLine) -> Iterator[Edge]:
    for event in held.request.read_edge_events():
        yield Edge(event.event_type is EdgeEvent.Type.RISING_EDGE, event.timestamp_ns)
