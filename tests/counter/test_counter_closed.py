"""Where the hall page is off, only counters are served."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def closed(small_hall: Any, tmp_path: Path) -> Iterator[Any]:
    hall = small_hall(tmp_path, hall_page="false")
    try:
        hall.open()
        yield hall
    finally:
        hall.close()


def test_the_first_page_tells_where_the_counters_are(closed: Any) -> None:
    answer = closed.get("/")

    assert answer.status == 200
    assert "/quay/1" in answer.body.decode()
    assert closed.get("/quay/1").status == 200
    assert closed.get("/quay/9").status == 404


@pytest.mark.parametrize("path", ["/api/hall/issue", "/api/device/printer-1/simulate"])
def test_nothing_of_the_hall_can_be_pressed(closed: Any, path: str) -> None:
    body = {"id": "a", "service": "ho-tich", "channel": "counter", "action": "press"}

    assert closed.press(path, body).status == 404
    assert not closed.requests("issue")


def test_nobody_pairs_where_everyone_at_the_machine_may_act(closed: Any) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert closed.ask("POST", "/ghep", b"code=1", form).headers["location"] == "/"
    assert not (closed.state / "doors.db").exists()
