"""A change goes to a crowd of browsers a few at a time: who has pressed does not wait for it."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

from hall.counter.streams import Streams

CROWD = 30
TURN = "turn"


async def order_of(crowd: int) -> list[str]:
    """Who is told of a change at counter 1, and when the loop was free for something else."""
    streams, told = Streams(), list[str]()

    async def follow(name: str, stream: AsyncIterator[bytes]) -> None:
        async for said in stream:
            if b"counter/1" in said:
                told.append(name)
                return

    def turn() -> None:
        told.append(TURN)
        loop.call_soon(turn)

    loop = asyncio.get_running_loop()
    watched = [streams.watch(parts=frozenset({"line/2"})) for _ in range(crowd)]
    own = streams.watch(parts=frozenset({"line/1"}))
    async with asyncio.TaskGroup() as tasks:
        for each in watched:
            tasks.create_task(follow("crowd", each))
        tasks.create_task(follow("own", own))
        # Each begins in the loop's next turn and has then no entry to be sent.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert streams.count() == crowd + 1
        streams.show_changes({"counter/1": "{}", "board": "{}"})
        loop.call_soon(turn)
    return told


def test_the_page_of_the_counter_that_changed_is_told_before_a_crowd() -> None:
    told = asyncio.run(order_of(CROWD))

    assert [each for each in told if each != TURN] == ["own", *["crowd"] * CROWD]
    assert told.index("crowd") - told.index("own") > 1, "nothing else came to its turn in between"


def test_a_crowd_is_told_a_few_at_a_time() -> None:
    told = asyncio.run(order_of(CROWD))
    turns = [0, *(at for at, each in enumerate(told) if each == TURN), len(told)]

    assert max(later - earlier for earlier, later in pairwise(turns)) <= CROWD / 3


def test_a_few_pages_are_told_at_once() -> None:
    told = asyncio.run(order_of(3))

    assert told[: told.index("crowd") + 3].count(TURN) <= 1
