"""Acts that have queued up share one sync, and are all there or none: nobody hears of half."""

import json
from typing import Any

import pytest

from hall.contract.topics import REQ_QUEUE
from hall.controller.ports import StoreBroken, StoreFull
from hall.controller.replies import Replies
from hall.runtime.daemon import Fatal

World = Any


@pytest.fixture
def commits(hall: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each sync has made durable."""
    found: list[int] = []
    journal, append = hall.books.journal, hall.books.journal.append

    def appended(entries: Any) -> None:
        append(entries)
        found.append(sum(len(entry.rows) for entry in entries))

    monkeypatch.setattr(type(journal), "append", lambda _, entries: appended(entries))
    return found


def queue_up(hall: World, *asked: tuple[str, str, dict[str, Any]]) -> None:
    """Requests that lie there before the loop takes the first of them."""
    for verb, client, body in asked:
        envelope = {"schema": 1, "hall": "thu", "src": client}
        topic = REQ_QUEUE.topic("thu", verb=verb, client=client)
        hall.broker.publish(topic, json.dumps(envelope | body).encode())


def press(number: int, client: str = "printer-1") -> tuple[str, str, dict[str, Any]]:
    return "issue", client, {"id": f"press-{number}", "service": "a", "channel": "button"}


def call(counter: str, name: str) -> tuple[str, str, dict[str, Any]]:
    return "call-next", "tech-cli", {"id": name, "counter": counter}


def replies(hall: World, client: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hall.said(f"rsp/{client}")
    return found


def numbers(hall: World, client: str) -> list[str]:
    return [reply["data"]["ticket"]["number"] for reply in replies(hall, client)]


def test_what_has_queued_up_is_decided_in_order_and_shares_one_sync(
    hall: World, commits: list[int]
) -> None:
    queue_up(hall, *(press(n) for n in range(5)), call("1", "call-1"), call("3", "call-2"))
    hall.settle()

    assert len(commits) == 1
    assert numbers(hall, "printer-1") == ["A001", "A002", "A003", "A004", "A005"]
    assert numbers(hall, "tech-cli") == ["A001", "A002"]


def test_an_act_alone_has_a_sync_of_its_own(hall: World, commits: list[int]) -> None:
    for _ in range(3):
        hall.issue()

    assert len(commits) == 3


def test_of_a_batch_every_event_is_told_and_each_state_once(hall: World) -> None:
    told = {rest: len(hall.said(rest)) for rest in ("state/hall", "state/service/a")}
    queue_up(hall, *(press(n) for n in range(4)), call("1", "call-1"), call("1", "call-2"))
    hall.settle()

    kinds = [event["type"] for event in hall.said("evt/ticket")]
    assert kinds.count("issued") == 4
    assert [c["number"] for c in hall.said("evt/call")] == ["A001", "A002"]
    assert len(hall.said("state/hall")) == told["state/hall"] + 1
    assert len(hall.said("state/service/a")) == told["state/service/a"] + 1
    assert hall.state("state/counter/1")["ticket"]["number"] == "A002"


def test_everything_is_told_before_the_first_answer(hall: World) -> None:
    begun = len(hall.broker.log)
    queue_up(hall, press(1), press(2), call("1", "call-1"))
    hall.settle()
    kinds = [topic.split("/")[3] for topic, _ in hall.broker.log[begun:]]

    assert kinds[-3:] == ["rsp"] * 3
    assert "rsp" not in kinds[:-3]


def test_a_copy_in_the_same_batch_gets_the_same_reply_and_does_nothing(hall: World) -> None:
    queue_up(hall, press(1), press(1), press(2))
    hall.settle()
    first, copy, other = ({**reply, "ts": ""} for reply in replies(hall, "printer-1"))

    assert copy == first
    assert other["data"]["ticket"]["number"] == "A002"
    assert hall.state("state/hall")["waiting"] == 2


def test_an_id_used_for_another_act_in_the_same_batch_is_refused(hall: World) -> None:
    queue_up(hall, press(1), ("issue", "printer-2", press(1)[2]))
    hall.settle()

    assert replies(hall, "printer-2")[0]["error"]["code"] == "id_reused"
    assert hall.state("state/hall")["waiting"] == 1


def test_who_reads_behind_an_act_reads_what_is_on_the_disk(hall: World) -> None:
    queue_up(hall, press(1), ("board", "tech", {"id": "look"}))
    hall.settle()

    assert replies(hall, "tech")[0]["data"]["services"]["a"]["waiting"] == 1


def test_a_refusal_in_the_middle_is_its_own(hall: World, commits: list[int]) -> None:
    queue_up(hall, press(1), ("recall", "tech", {"id": "r", "counter": "1"}), press(2))
    hall.settle()

    assert replies(hall, "tech")[0]["error"]["code"] == "not_now"
    assert numbers(hall, "printer-1") == ["A001", "A002"]
    assert len(commits) == 1


def test_a_disk_without_room_refuses_all_of_a_batch_and_keeps_nothing_of_it(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Any, __: Any) -> None:
        raise StoreFull(28, "no room")

    said = len(hall.said("evt/ticket"))
    with monkeypatch.context() as patch:
        patch.setattr(type(hall.books.journal), "append", full)
        queue_up(hall, press(1), press(2), call("1", "call-1"))
        hall.settle()
    codes = [reply["error"]["code"] for reply in replies(hall, "printer-1")]

    assert codes == ["unavailable", "unavailable"]
    assert replies(hall, "tech-cli")[0]["error"]["code"] == "unavailable"
    assert hall.said("dev/controller/alert/disk_low")
    assert len(hall.said("evt/ticket")) == said
    assert hall.issue() == "A001"


def test_a_disk_that_breaks_answers_nobody_of_a_batch(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any, __: Any) -> None:
        raise StoreBroken(5, "gone")

    monkeypatch.setattr(type(hall.books.journal), "append", broken)
    queue_up(hall, press(1), press(2))

    with pytest.raises(Fatal):
        hall.settle()
    assert replies(hall, "printer-1") == []


def test_a_reply_that_cannot_be_given_keeps_nobody_else_from_theirs(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: Any) -> None:
        raise ValueError("no such day")

    monkeypatch.setattr(Replies, "_offers", unreadable)
    asked = {"id": "s", "service": "a", "from": "2026-11-23", "days": 1}
    queue_up(hall, press(1), ("slots", "tech", asked), press(2))
    hall.settle()

    assert replies(hall, "tech")[0]["error"]["code"] == "internal"
    assert numbers(hall, "printer-1") == ["A001", "A002"]


def test_a_controller_that_is_told_to_stop_finishes_what_it_has_decided(hall: World) -> None:
    queue_up(hall, press(1), press(2))
    for _ in range(2):
        hall.daemon.turn(hall.clock.monotonic(), 0.0)
    hall.stop()

    assert numbers(hall, "printer-1") == ["A001", "A002"]


def test_eight_counters_that_press_while_the_disk_is_slow_wait_for_two_syncs(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One goes on when they press; all of them share the next."""
    journal, append = hall.books.journal, hall.books.journal.append
    presses = [("recall", "tech", {"id": f"r{n}", "counter": "1"}) for n in range(8)]
    synced_at: list[float] = []

    def slow(entries: Any) -> None:
        if not synced_at:
            queue_up(hall, *presses)
        append(entries)
        hall.clock.advance(0.1)
        synced_at.append(hall.clock.monotonic())

    monkeypatch.setattr(type(journal), "append", lambda _, entries: slow(entries))
    queue_up(hall, press(1))
    hall.settle().settle()

    assert len(replies(hall, "tech")) == 8
    assert len(synced_at) == 2
