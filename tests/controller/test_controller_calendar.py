"""The calendar as people at the door meet it: who gets a number when, and what is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

World = Any
Opened = Callable[..., World]
HALL = "hall: {id: thu, name: Thử"


@pytest.fixture
def opened(world: World) -> Opened:
    """Start the hall at a local time, with these keys in its section or its services'."""

    def start(at: str, hall: str = "", service: str = "") -> World:
        world.clock.at = datetime.fromisoformat(f"{at}:00+07:00")
        text = world.text.replace(
            ', hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]', hall
        )
        world.text = text.replace("prefix: A", f"prefix: A{service}")
        return world.start()

    return start


def asked(hall: World) -> tuple[str, str]:
    """What a press comes to: a number, or the code and words of a refusal."""
    reply = hall.ask("issue", service="a", channel="button")
    if reply.error is not None:
        return reply.error.code, reply.error.text
    return reply.data["ticket"]["number"], ""


def test_a_make_up_saturday_gives_numbers_and_any_other_does_not(opened: Opened) -> None:
    hall = opened("2026-11-28T08:00", ", days_worked: [{date: 2026-11-28}]")

    assert asked(hall) == ("A001", "")
    hall.wait(7 * 24 * 3600)
    assert asked(hall)[0] == "closed"


def test_a_morning_only_day_gives_no_numbers_in_the_afternoon(opened: Opened) -> None:
    hall = opened("2026-11-23T14:00", ", days_worked: [{date: 2026-11-23, hours: [07:30-11:30]}]")

    assert asked(hall)[0] == "closed"
    assert hall.state("state/hall")["opens_next"] == "2026-11-24T07:30:00+07:00"


def test_a_hall_that_rests_over_tet_says_when_it_opens(opened: Opened) -> None:
    hall = opened("2027-02-05T09:00", ', days_off: ["2027-02-04..2027-02-10"]')

    assert asked(hall)[0] == "closed"
    assert hall.state("state/hall")["open"] is False
    assert hall.state("state/hall")["opens_next"] == "2027-02-11T07:30:00+07:00"


def test_an_open_hall_says_no_next_opening(opened: Opened) -> None:
    assert opened("2026-11-23T08:00").state("state/hall")["opens_next"] is None


def test_a_service_takes_papers_until_its_own_hour(opened: Opened) -> None:
    hall = opened("2026-11-23T14:59", service=', intake_until: "15:00"')

    assert asked(hall) == ("A001", "")
    assert hall.state("state/service/a")["open"] is True
    hall.wait(60)
    assert asked(hall) == ("closed", "Dịch vụ này đã ngừng cấp số hôm nay.")
    assert hall.state("state/service/a")["open"] is False
    assert hall.ask("issue", service="b", channel="button").status == "ok"
    assert hall.call() == "A001"
