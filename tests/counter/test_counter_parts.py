"""What a page asks for beside what all are sent: to who asks, and worked out only meanwhile."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from hall.counter.page_state import PageState
from hall.counter.parts import FINDING, HEAD, WorkedPart

SmallHall = Any


def first_picture(hall: SmallHall, asked: str, **headers: str) -> dict[str, Any]:
    """What a stream begins with."""
    connection = HTTPConnection(hall.address, timeout=60)
    try:
        connection.request("GET", f"/events?{asked}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        lines: Iterator[bytes] = iter(answer.readline, b"")
        told = [line[6:] for line in lines_until_picture(lines)]
        return dict(json.loads(told[-1]))
    finally:
        connection.close()


def lines_until_picture(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.startswith(b"data: {"):
            yield line
            return


def kinds(picture: dict[str, Any]) -> set[str]:
    return {key.partition("/")[0] for key in picture}


def test_who_asks_for_nothing_is_sent_nothing_of_the_heads(open_hall: SmallHall) -> None:
    assert kinds(first_picture(open_hall, "")).isdisjoint({"line", FINDING, HEAD})


@pytest.mark.parametrize("part", [FINDING, HEAD])
def test_a_part_is_worked_out_for_as_long_as_somebody_looks(
    open_hall: SmallHall, until: Callable[..., None], part: str
) -> None:
    shown = open_hall.running["pages"].daemon.service.pages._shown

    def there() -> bool:
        return any(key.startswith(part) for key in shown)

    connection = HTTPConnection(open_hall.address, timeout=60)
    connection.request("GET", f"/events?xem={part}")
    connection.getresponse()
    until(there)
    connection.close()
    until(lambda: not there())


def test_a_clerk_asks_in_vain_for_what_is_the_heads(
    paired_hall: SmallHall, until: Callable[..., None]
) -> None:
    streams = paired_hall.running["pages"].daemon.service.pages._streams

    def asked() -> list[frozenset[str]]:
        return [each.parts for each in tuple(streams._streams)]

    for place, given in (("1", {"line/1"}), ("head", {"line/1", FINDING, HEAD})):
        line = HTTPConnection(paired_hall.address, timeout=60)
        path = f"/events?xem=line/1&xem={FINDING}&xem={HEAD}&xem=line/9"
        line.request("GET", path, headers=paired_hall.cookie(place))
        line.getresponse()
        until(lambda given=given: asked() == [frozenset(given)])
        line.close()
        until(lambda: asked() == [])


def test_an_entry_that_is_no_more_is_taken_away() -> None:
    shown, told = PageState(), {"0": 1, "1": 2}
    part = WorkedPart("finding", 2.0, lambda: dict(told))

    part.tick(0.0, {"finding"}, shown)
    assert shown.take_changes() == {"finding/0": "1", "finding/1": "2"}
    del told["1"]
    part.tick(1.0, {"finding"}, shown)
    assert shown.take_changes() == {}
    part.tick(2.0, {"finding"}, shown)
    assert shown.take_changes() == {"finding/1": None}
    part.tick(3.0, (), shown)
    assert shown.take_changes() == {"finding/0": None}
