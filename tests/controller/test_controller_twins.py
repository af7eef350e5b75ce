"""Two controllers for one hall: one of them leads, no acknowledged ticket is lost to it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.runtime.bus_memory import MemoryBus

World = Any


def spare(world: World, folder: Path) -> World:
    """Another machine with a copy of the disk as it is now, on the same bus; not started."""
    shutil.copytree(world.folder, folder)
    return replace(world, home=folder, folder=folder, daemon=None, acts=world.acts + 1000)


def at(world: World, host: str) -> World:
    """Its bus names this machine."""
    made = world.build()
    bus = made.context.bus
    assert isinstance(bus, MemoryBus)
    bus.host = host
    made.service._setup.fence.machine = host
    world.daemon = made
    made.service.start()
    made.open()
    return world.settle()


def stands_back(world: World) -> bool:
    return world.daemon.context.bus.fault is not None


@pytest.fixture
def pair(world: World, tmp_path: Path) -> tuple[World, World]:
    """The hall at work, and a spare whose card was copied an hour ago: four tickets are missing."""
    first = replace(world, folder=tmp_path / "first", home=tmp_path)
    first.folder.mkdir()
    at(first, "pi-1")
    first.issue()
    first.wait(3600)
    second = spare(first, tmp_path / "second")
    first.stop()
    at(first, "pi-1")
    for _ in range(4):
        first.issue()
    yield first, second
    for each in (first, second):
        each.stop()


def test_a_spare_with_a_copied_card_answers_nothing_and_says_who_leads(
    pair: tuple[World, World],
) -> None:
    first, second = pair
    at(second, "pi-2")

    before = len(first.broker.log)
    first.send("issue", "tech-cli", {"id": "who", "service": "a", "channel": "button"})
    second.settle()

    replies = [p for t, p in first.broker.log[before:] if t.endswith("/rsp/tech-cli")]
    assert [json.loads(p)["data"]["ticket"]["number"] for p in replies] == ["A006"]
    assert stands_back(second)
    assert "Có hai bộ điều khiển controller trên bus: pi-2 và pi-1." in second.daemon.wrong


def test_the_one_that_goes_on_names_both(pair: tuple[World, World]) -> None:
    first, second = pair
    at(second, "pi-2")
    first.settle()
    first.wait(4)

    text = first.state("dev/controller/alert/twin")["text"]
    assert text == "Có hai bộ điều khiển controller trên bus: pi-1 và pi-2."
    assert first.state("dev/controller/status")["host"] == "pi-1"
    first.wait(601)
    assert "twin" not in first.alerts()


def test_every_acknowledged_ticket_can_be_called_after_the_visit(pair: tuple[World, World]) -> None:
    first, second = pair
    at(second, "pi-2")
    first.settle()

    assert [first.call("1") for _ in range(5)] == ["A001", "A002", "A003", "A004", "A005"]
    assert first.state("state/hall")["epoch"] == 1


def test_a_spare_does_not_lead_because_the_other_is_off(pair: tuple[World, World]) -> None:
    first, second = pair
    first.crash()
    at(second, "pi-2")
    second.wait(30)

    assert stands_back(second)


def test_a_controller_that_comes_back_to_its_own_states_leads(pair: tuple[World, World]) -> None:
    first, _ = pair
    first.crash()
    at(first, "pi-1")

    assert not stands_back(first)
    assert first.issue() == "A006"


def test_who_was_visited_while_it_was_off_still_leads(pair: tuple[World, World]) -> None:
    first, second = pair
    first.crash()
    at(second, "pi-2")
    at(first, "pi-1")

    assert first.issue() == "A006"


def test_an_older_copy_of_the_disk_on_the_same_machine_leads_again_by_itself(
    pair: tuple[World, World],
) -> None:
    """A card that somebody put back: what it does not know of is skipped, not given again."""
    first, older = pair
    first.crash()
    at(older, "pi-1")
    older.wait(8)

    assert older.issue() == "A006"
    assert older.state("state/hall")["epoch"] == 2
    assert "journal_restored" in older.alerts()


def test_a_new_card_in_the_same_machine_leads_by_itself_and_repeats_no_number(
    pair: tuple[World, World], tmp_path: Path
) -> None:
    first, _ = pair
    first.crash()
    new = replace(first, folder=tmp_path / "new", home=tmp_path, daemon=None)
    new.folder.mkdir()
    at(new, "pi-1")
    assert not new.daemon.service._leadership.is_ours
    new.wait(8)

    assert new.issue() == "A006"
    assert new.state("state/hall")["epoch"] == 2
    new.stop()


def test_a_new_card_in_another_machine_waits_for_an_order(
    pair: tuple[World, World], tmp_path: Path
) -> None:
    first, _ = pair
    first.crash()
    new = replace(first, folder=tmp_path / "new", home=tmp_path, daemon=None)
    new.folder.mkdir()
    at(new, "pi-3")
    new.wait(30)

    assert stands_back(new)
    new.stop()


def test_a_copy_on_the_same_machine_stands_back_once_the_leader_has_spoken(
    pair: tuple[World, World],
) -> None:
    first, second = pair
    at(second, "pi-1")
    first.settle()
    for _ in range(4):
        first.clock.advance(5)
        first.settle()
        second.settle()

    assert stands_back(second)
    assert first.issue() == "A006"
    assert first.state("state/hall")["epoch"] == 1


def take_over(world: World, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["takeover", "--state", str(world.folder)]) == 0
    return capsys.readouterr().out


def test_a_spare_takes_over_when_a_person_orders_it_and_repeats_no_number(
    pair: tuple[World, World], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    first.crash()
    at(second, "pi-2")

    assert "bỏ qua" in take_over(second, capsys)
    second.wait(3)

    assert not stands_back(second)
    assert second.issue() == "A006"
    assert second.state("state/hall")["epoch"] == 2
    assert second.call("1") == "A001"


def test_an_order_given_before_the_start_counts_too_and_once(
    pair: tuple[World, World], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    first.crash()
    take_over(second, capsys)
    at(second, "pi-2")

    assert second.state("state/hall")["epoch"] == 2
    second.stop()
    at(second, "pi-2")
    assert second.state("state/hall")["epoch"] == 2


def test_who_was_replaced_stands_back_when_it_returns(
    pair: tuple[World, World], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair
    first.crash()
    take_over(second, capsys)
    at(second, "pi-2")
    at(first, "pi-1")
    second.settle()

    assert stands_back(first)
    assert second.issue() == "A006"


def test_two_that_are_let_in_at_once_hear_each_other_and_one_leaves(
    world: World, tmp_path: Path
) -> None:
    """On a broker that lets one id in twice, as two that are bridged do."""
    halls = []
    for name in ("first", "second"):
        each = replace(world, folder=tmp_path / name, home=tmp_path)
        each.folder.mkdir()
        halls.append(each)
        each.daemon = each.build()
        each.daemon.service.start()
    first, second = halls
    first.daemon.open()
    second.daemon.open()
    try:
        for _ in range(3):
            first.settle()
            second.settle()
            first.clock.advance(5)

        assert stands_back(first) is not stands_back(second)
    finally:
        first.stop()
        second.stop()


def test_a_mark_is_drawn_anew_while_the_hall_is_open(hall: World) -> None:
    before = hall.state("state/hall")["owner"]
    hall.wait(700).wait(6)

    assert hall.state("state/hall")["owner"] not in ("", before)


def test_a_disk_that_takes_no_mark_leads_under_its_last(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hall.state("state/hall")["owner"]

    def refuse(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("hall.controller.fence.durable.replace", refuse)
    hall.wait(700)

    assert hall.state("state/hall")["owner"] == before
    assert hall.issue() == "A001"
