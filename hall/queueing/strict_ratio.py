"""The second policy: after `ratio` priority calls in a row at a counter, one normal call.

Within each of the two groups the smallest rank time is called. A normal ticket at the head is
overtaken by at most `ratio` priority calls of each counter that serves it.
"""

from collections.abc import Sequence

from hall.queueing import rank_time
from hall.queueing.calling import Head
from hall.queueing.rules import Counter
from hall.queueing.tickets import Ticket


def choose(found: Sequence[Head], counter: Counter, streak: int, ratio: int) -> Ticket | None:
    """Pick among the heads; `streak`: priority calls since the counter's last normal one."""
    first = [h for h in found if h.ticket.priority]
    normal = [h for h in found if not h.ticket.priority]
    group = normal if normal and (streak >= ratio or not first) else first
    return rank_time.choose(group, counter)


def streak_after(ticket: Ticket, streak: int) -> int:
    """Priority calls in a row, once this ticket is called too."""
    return streak + 1 if ticket.priority else 0
