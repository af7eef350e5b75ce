"""The first policy: the smallest rank time is called.

Rank time = arrival on the hall's clock minus the head start of the class. Nobody is overtaken by
someone who comes more than one head start later, so nobody starves.
"""

from collections.abc import Sequence

from hall.queueing.calling import Head
from hall.queueing.rules import Counter, Order
from hall.queueing.tickets import Ticket


def choose(found: Sequence[Head], counter: Counter) -> Ticket | None:
    """Pick among the heads; None when nobody waits."""
    if not found:
        return None
    if counter.order is Order.LISTED:
        listed = {place: at for at, place in enumerate((f"@{counter.id}", *counter.serves))}
        last = len(listed)
        return min(found, key=lambda h: (listed.get(h.place, last), h.ticket.key)).ticket
    return min(found, key=lambda h: h.ticket.key).ticket
