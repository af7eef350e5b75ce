"""What a day leaves in the controller's memory: 5,000 tickets, at most 10 MB."""

import gc
import tracemalloc
from typing import Any

from hall.controller import records

World = Any

A_TICKET_B = 10 * 1024 * 1024 / 5000


def serve(hall: World, people: int) -> int:
    """Each is given a number and called; then what is held, but for what has a bound of its own."""
    for _ in range(people):
        hall.issue()
        hall.call("1")
        hall.broker.log.clear()
    records.public_ticket.cache_clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_a_ticket_leaves_no_more_than_its_share_of_ten_megabytes(hall: World) -> None:
    serve(hall, 40)
    tracemalloc.start()
    try:
        before = serve(hall, 40)
        after = serve(hall, 100)
    finally:
        tracemalloc.stop()

    assert 0 < (after - before) / 100 < A_TICKET_B
