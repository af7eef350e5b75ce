"""The rows on their way to browsers: once, then what changed, and nothing kept for who is slow."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from hall.province.page import streams
from hall.province.page.streams import FULL, MOST_OF_ONE, OVER, RowStreams

NAMES = {"halls": [{"id": "a"}, {"id": "b"}], "units": []}


async def told(stream: AsyncIterator[bytes]) -> Any:
    async with asyncio.timeout(20):
        text = (await anext(stream)).decode()
    return json.loads(text.split("data: ", 1)[1])


def shown() -> RowStreams:
    made = RowStreams()
    made.show_names(NAMES)
    made.show_rows({"a": [1], "b": [2]}, 100.0, "")
    return made


def test_a_browser_gets_all_rows_and_then_only_what_changed() -> None:
    async def scene() -> None:
        rows = shown()
        stream = rows.watch("leader x")
        assert await told(stream) == {
            "now": 100.0, "note": "", "names": NAMES, "rows": {"a": [1], "b": [2]},
        }  # fmt: skip
        rows.show_rows({"b": [3]}, 101.0, "")
        assert await told(stream) == {"now": 101.0, "note": "", "rows": {"b": [3]}}

    asyncio.run(scene())


def test_who_did_not_read_for_a_while_gets_the_newest_of_each_row_once() -> None:
    async def scene() -> None:
        rows = shown()
        stream = rows.watch("leader x")
        await told(stream)
        for value in range(1000):
            rows.show_rows({"a": [value]}, float(value), "")
        assert (await told(stream))["rows"] == {"a": [999]}

    asyncio.run(scene())


def test_new_names_begin_the_picture_anew_without_who_is_gone() -> None:
    async def scene() -> None:
        rows = shown()
        stream = rows.watch("leader x")
        await told(stream)
        rows.show_names({"halls": [{"id": "b"}], "units": []})
        again = await told(stream)
        assert again["rows"] == {"b": [2]}
        assert again["names"]["halls"] == [{"id": "b"}]

    asyncio.run(scene())


def test_streams_of_one_session_and_of_all_are_bounded(monkeypatch: Any) -> None:
    async def scene() -> None:
        rows = shown()
        own = [rows.watch("leader x") for _ in range(MOST_OF_ONE + 1)]
        for each in own:
            await told(each)
        assert await anext(own[0]) == FULL
        monkeypatch.setattr(streams, "MOST_STREAMS", rows.count())
        assert await anext(rows.watch("leader y")) == FULL

    asyncio.run(scene())


def test_whose_session_is_over_is_told_and_ends() -> None:
    async def scene() -> None:
        rows = shown()
        stream = rows.watch("leader x")
        await told(stream)
        rows.end_of("leader x")
        assert [each async for each in stream][-1] == OVER
        assert rows.count() == 0

    asyncio.run(scene())


def test_a_browser_that_takes_nothing_any_more_is_ended(monkeypatch: Any) -> None:
    monkeypatch.setattr(streams, "SLOW_S", 0.0)

    async def scene() -> None:
        rows = shown()
        stream = rows.watch("leader x")
        await told(stream)
        await asyncio.sleep(0)
        assert [each async for each in stream] == []
        assert rows.count() == 0

    asyncio.run(scene())
