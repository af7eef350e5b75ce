"""Where more streams are asked for than there is room, each that ends is told why."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hall.counter import streams
from hall.counter.streams import FULL, MOST_OF_BROWSER, OTHER_PERSON, TOO_MANY_TABS, Streams


def quiet() -> Streams:
    return Streams(lambda _counters: None)


async def begun(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One that has been told the hall's first picture."""
    await anext(stream)
    await anext(stream)
    return stream


async def last_of(stream: AsyncIterator[bytes]) -> bytes:
    said = b""
    async for each in stream:
        said = each
    return said


def test_a_browsers_oldest_stream_gives_way_to_its_newest() -> None:
    async def open_many() -> tuple[bytes, int]:
        kept = quiet()
        opened = [await begun(kept.watch(7)) for _ in range(MOST_OF_BROWSER + 1)]
        return await last_of(opened[0]), kept.count()

    said, count = asyncio.run(open_many())
    assert TOO_MANY_TABS.encode() in said
    assert count == MOST_OF_BROWSER


def test_who_finds_no_room_is_told_and_those_who_are_here_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 3)

    async def open_one_more() -> tuple[bytes, int]:
        kept = quiet()
        _here = [await begun(kept.watch(number)) for number in range(3)]
        return await last_of(kept.watch(99)), kept.count()

    said, count = asyncio.run(open_one_more())
    assert said == b'event: end\ndata: {"cause": "%s"}\n\n' % FULL.encode()
    assert count == 3


def test_whoever_is_revoked_is_told_in_every_stream_and_nobody_else() -> None:
    async def revoke() -> tuple[bytes, bytes, int]:
        kept = quiet()
        first, second, _other = [await begun(kept.watch(number)) for number in (1, 1, 2)]
        kept.end({1}, "thu-hoi")
        return await last_of(first), await last_of(second), kept.count()

    first, second, left = asyncio.run(revoke())
    assert b"thu-hoi" in first
    assert b"thu-hoi" in second
    assert left == 1


def test_where_another_person_signs_in_what_began_before_ends() -> None:
    async def change() -> tuple[bytes, int]:
        kept = quiet()
        first = await begun(kept.watch(1, clerk="nv.07"))
        _same = await begun(kept.watch(2, clerk="nv.08"))
        kept.end_others({1: None, 2: "nv.08"})
        return await last_of(first), kept.count()

    said, left = asyncio.run(change())
    assert OTHER_PERSON.encode() in said
    assert left == 1
