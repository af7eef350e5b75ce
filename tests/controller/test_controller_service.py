"""The controller on the bus: what it answers, what it refuses, what it tells."""

import json
from typing import Any

import pytest

from hall.contract.topics import STATE_HALL
from hall.controller import translation
from hall.queueing.refusals import Reason

World = Any


def test_a_number_is_given_and_everyone_is_told(hall: World) -> None:
    reply = hall.ask("issue", "printer-1", service="a", channel="button")

    assert reply.data["ticket"]["number"] == "A001"
    assert reply.data["ahead"] == 0
    assert reply.data["counters"] == ["1", "3"]
    assert hall.state("state/service/a")["last_issued"] == "A001"
    assert hall.state("state/hall")["waiting"] == 1
    assert [e["type"] for e in hall.said("evt/ticket")] == ["day_opened", "issued"]


def test_a_call_reaches_counter_board_and_voice(hall: World) -> None:
    hall.issue()

    assert hall.call("1") == "A001"
    assert hall.state("state/counter/1")["ticket"]["number"] == "A001"
    assert hall.state("state/board")["recent"][0]["counter"] == "1"
    [call] = hall.said("evt/call")
    assert (call["number"], call["counter_name"], call["recall"]) == ("A001", "Quầy 1", False)
    hall.ask("recall", counter="1")
    assert hall.said("evt/call")[-1]["recall"] is True
    assert hall.said("evt/call")[-1]["call"] != call["call"]


def test_it_is_committed_before_it_is_told_and_told_before_it_is_answered(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    journal, append = hall.books.journal, hall.books.journal.append
    publish = hall.broker.publish

    def appended(*args: Any) -> None:
        append(*args)
        order.append("commit")

    def published(topic: str, payload: bytes, *, retain: bool = False) -> None:
        order.append(topic.split("/")[3])
        publish(topic, payload, retain=retain)

    monkeypatch.setattr(type(journal), "append", lambda _, *args: appended(*args))
    monkeypatch.setattr(hall.broker, "publish", published)
    hall.ask("issue", service="a", channel="button")
    heard = [word for word in order if word != "req"]

    assert heard[0] == "commit"
    assert heard[1] == "evt"
    assert heard[-1] == "rsp"
    assert heard.count("commit") == 1


def test_the_same_request_again_gets_the_same_reply_and_does_nothing(hall: World) -> None:
    first = hall.ask("issue", id="press-1", service="a", channel="button")
    again = hall.ask("issue", id="press-1", service="a", channel="button")

    assert again == first
    assert hall.state("state/hall")["waiting"] == 1


def test_only_the_time_may_differ_in_a_retry(hall: World) -> None:
    body = {"id": "press-1", "service": "a", "channel": "button", "desk": {"b": 1, "a": 2}}
    first = hall.ask("issue", **body)
    again = hall.ask(
        "issue", **body | {"ts": "2026-11-23T08:00:01+07:00", "desk": {"a": 2, "b": 1}}
    )

    assert again == first
    assert hall.state("state/hall")["waiting"] == 1


def test_nobody_waiting_is_a_reply_that_stands(hall: World) -> None:
    first = hall.ask("call-next", id="key-1", counter="1")
    hall.issue()

    assert hall.ask("call-next", id="key-1", counter="1") == first


def test_a_refusal_stands_as_well(hall: World, refusal: Any) -> None:
    first = hall.ask("recall", id="key-1", counter="1")
    hall.issue()
    hall.call("1")

    assert refusal(hall.ask("recall", id="key-1", counter="1")) == refusal(first) == "not_now"


@pytest.mark.parametrize(
    ("verb", "client", "body"),
    [
        ("issue", "tech-cli", {"service": "b", "channel": "button"}),
        ("issue", "printer-1", {"service": "a", "channel": "button"}),
        ("call-next", "tech-cli", {"counter": "1"}),
        ("issue", "tech-cli", {"service": "a", "channel": "button", "lang": "en"}),
        ("issue", "tech-cli", {"service": "a", "channel": "button", "desk": 3}),
    ],
)
def test_an_id_used_for_something_else_is_refused(
    hall: World, refusal: Any, verb: str, client: str, body: Any
) -> None:
    hall.ask("issue", id="press-1", service="a", channel="button")

    assert refusal(hall.ask(verb, client, id="press-1", **body)) == "id_reused"
    assert hall.state("state/hall")["waiting"] == 1


def test_replies_are_kept_for_two_days(hall: World) -> None:
    first = hall.ask("issue", id="press-1", service="a", channel="button")
    for _ in range(47):
        hall.wait(3600)
    assert hall.ask("issue", id="press-1", service="a", channel="button") == first
    for _ in range(2):
        hall.wait(3600)

    assert hall.ask("issue", id="press-1", service="a", channel="button") != first


@pytest.mark.parametrize(
    ("verb", "client", "body"),
    [
        ("call-next", "kiosk-1", {"counter": "1"}),
        ("call-next", "counters", {"counter": "2"}),
        ("call-next", "bridge-1", {"counter": "2"}),
        ("issue", "display", {"service": "a", "channel": "button"}),
        ("appoint", "kiosk-1", {"code": "x", "service": "a", "slot": "2026-11-23T09:00:00+07:00"}),
        ("replay", "kiosk-1", {"from_seq": 1, "epoch": 1}),
    ],
)
def test_a_client_may_do_only_what_is_its_to_do(
    hall: World, refusal: Any, verb: str, client: str, body: Any
) -> None:
    assert refusal(hall.ask(verb, client, **body)) == "unauthorized"


def test_the_clients_named_for_a_counter_may_act_for_it(hall: World) -> None:
    hall.issue("b")

    assert hall.ask("call-next", "bridge-2", counter="2").status == "ok"
    assert hall.ask("start", "bridge-2", counter="2").status == "ok"
    assert hall.ask("rate", "kiosk-1", counter="2", score=5).status == "ok"


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("issue", {"service": "x", "channel": "button"}, "unknown"),
        ("call-next", {"counter": "9"}, "unknown"),
        ("recall", {"counter": "1"}, "not_now"),
        ("call-ticket", {"counter": "1"}, "bad_request"),
        ("call-ticket", {"counter": "1", "number": "A099"}, "unknown"),
        ("check-in", {"code": "nobody", "channel": "kiosk"}, "unknown"),
        ("issue", {"service": "a"}, "bad_request"),
        ("no-such-verb", {}, "bad_request"),
    ],
)
def test_a_refusal_has_its_code(hall: World, refusal: Any, verb: str, body: Any, code: str) -> None:
    reply = hall.ask(verb, **body)

    assert refusal(reply) == code
    assert reply.error.text


@pytest.mark.parametrize("said", ["a 001", "A1", "1", " a-001", "Ａ００１", "A001\n", "a.1"])
def test_a_number_is_taken_as_people_type_it(hall: World, said: str) -> None:
    hall.issue()

    reply = hall.ask("call-ticket", counter="1", number=said)

    assert reply.data["ticket"]["number"] == "A001"


def test_a_number_not_issued_yet_has_other_words_than_one_that_does_not_exist(hall: World) -> None:
    hall.issue()
    later, never = (hall.ask("call-ticket", counter="1", number=n).error for n in ("A9", "Q9"))

    assert (later.code, never.code) == ("unknown", "unknown")
    assert "chưa được phát" in later.text
    assert later.text != never.text


def test_a_conflict_shows_how_the_counter_stands(hall: World) -> None:
    hall.issue()
    hall.call("1")
    reply = hall.ask("call-next", counter="1", expect_ver=1)

    assert reply.error.code == "conflict"
    assert reply.error.current["ticket"]["number"] == "A001"
    assert reply.error.current["ver"] == hall.state("state/counter/1")["ver"]


def test_every_refusal_has_words_for_people() -> None:
    assert set(translation.WORDS) == set(Reason)


def test_a_client_that_asks_too_often_harms_only_itself(world: World, refusal: Any) -> None:
    world.text = world.text.replace(
        "requests_per_s: 1000, burst: 1000", "requests_per_s: 1, burst: 2"
    )
    hall = world.start()
    replies = [hall.ask("issue", "printer-1", service="a", channel="button") for _ in range(3)]

    assert refusal(replies[-1]) == "limit"
    assert hall.ask("issue", "printer-2", service="a", channel="button").status == "ok"
    hall.wait(1)
    assert hall.ask("issue", "printer-1", service="a", channel="button").status == "ok"


def test_who_never_stops_asking_is_told_so_only_so_often(world: World) -> None:
    world.text = world.text.replace(
        "requests_per_s: 1000, burst: 1000", "requests_per_s: 1, burst: 2"
    )
    hall = world.start()
    for number in range(600):
        hall.send("ping", "printer-1", {"id": f"p{number}"})

    codes = [r["error"]["code"] if "error" in r else "ok" for r in hall.said("rsp/printer-1")]
    assert codes == ["ok"] * 2 + ["limit"]


@pytest.mark.parametrize("stored", [False, True])
def test_a_retained_request_is_dropped(world: World, stored: bool) -> None:  # noqa: FBT001
    if not stored:
        world.start()
    body = {"id": "old", "service": "a", "channel": "button"}
    envelope = {"schema": 1, "hall": "thu", "src": "tech"}
    topic = "motcua/1/thu/req/queue/issue/tech"
    world.broker.publish(topic, json.dumps(envelope | body).encode(), retain=True)
    if stored:
        world.start()
    world.settle()

    assert world.said("rsp/tech") == []
    assert world.state("state/hall")["waiting"] == 0


def test_a_request_in_anothers_name_is_refused(hall: World) -> None:
    body = {"schema": 1, "hall": "thu", "src": "tech-cli", "id": "x", "service": "a"}
    topic = "motcua/1/thu/req/queue/issue/printer-1"
    hall.broker.publish(topic, json.dumps(body | {"channel": "button"}).encode())
    hall.settle()

    assert hall.state("state/hall")["waiting"] == 0


def test_a_device_verb_that_no_controller_has_is_refused(hall: World) -> None:
    topic = "motcua/1/thu/req/dev/controller/identify/tech"
    body = {"schema": 1, "hall": "thu", "src": "tech", "id": "act-x"}
    hall.broker.publish(topic, json.dumps(body).encode())
    hall.settle()

    [reply] = hall.said("rsp/tech")
    assert (reply["id"], reply["error"]["code"]) == ("act-x", "bad_request")


def test_the_heartbeat_comes_every_five_seconds(hall: World) -> None:
    before = len(hall.said("state/hall"))
    for _ in range(20):
        hall.wait(1)

    assert len(hall.said("state/hall")) - before == 4


def test_an_unsure_clock_is_said_and_told(hall: World) -> None:
    hall.clock.is_trusted = False
    hall.wait(6)

    assert hall.state("state/hall")["clock"] == "unsure"
    assert "clock_unsure" in hall.alerts()
    hall.clock.is_trusted = True
    hall.wait(6)
    assert "clock_unsure" not in hall.alerts()


def test_a_parked_person_comes_back_with_nobody_asking(hall: World) -> None:
    hall.issue()
    hall.call("1")
    hall.ask("park", counter="1", minutes=5)
    hall.wait(301)

    assert hall.state("state/hall")["waiting"] == 1


def test_states_of_a_lost_broker_are_told_again(hall: World) -> None:
    hall.issue()
    hall.call("1")
    before = {k: v for k, v in hall.broker.retained.items() if "/state/" in k}
    hall.daemon.context.bus.drop()
    hall.broker.retained.clear()
    hall.daemon.context.bus.connect()
    hall.settle()
    after = {k: v for k, v in hall.broker.retained.items() if "/state/" in k}

    assert {k: content(v) for k, v in after.items()} == {k: content(v) for k, v in before.items()}


def content(payload: bytes) -> Any:
    found = json.loads(payload)
    found.pop("ts")
    return found


def test_the_board_reply_is_what_the_states_say(hall: World) -> None:
    hall.issue(), hall.issue("b")
    hall.call("3")
    board = hall.ask("board", "kiosk-1").data

    assert board["counters"]["3"]["ticket"]["number"] == "A001"
    assert board["hall"]["evt_seq"] == hall.state("state/hall")["evt_seq"]
    assert board["services"]["b"]["waiting"] == 1


def test_ping_answers_and_writes_nothing(hall: World) -> None:
    seq = hall.books.hall.seq
    assert hall.ask("ping", "display").data == {}
    assert hall.books.hall.seq == seq
    assert hall.books.journal.answer("act-1") is None


# --- replay -------------------------------------------------------------------------------------


def test_the_event_stream_has_no_gap_and_can_be_read_again(hall: World) -> None:
    for _ in range(3):
        hall.issue()
        hall.call("1")
    told = hall.said("evt/ticket")
    read = hall.ask("replay", from_seq=1, epoch=1).data

    assert [e["seq"] for e in told] == list(range(1, len(told) + 1))
    assert [e["seq"] for e in read["events"]] == [e["seq"] for e in told]
    assert [e["type"] for e in read["events"]] == [e["type"] for e in told]
    assert read["last_seq"] == read["end_seq"] == len(told)


def test_a_page_of_replay_is_never_too_large(hall: World) -> None:
    for _ in range(150):
        hall.issue()
    pages, seq, end, read = 0, 1, 10**9, []
    while seq <= end:
        page = hall.ask("replay", from_seq=seq, epoch=1, limit=200).data
        read += [event["seq"] for event in page["events"]]
        seq, end, pages = page["last_seq"] + 1, page["end_seq"], pages + 1
    largest = max(len(p) for t, p in hall.broker.log if "/rsp/" in t)

    assert pages > 1
    assert read == list(range(1, end + 1)), "no event is lost between two pages, none comes twice"
    assert largest <= 48 * 1024


def test_replay_of_another_epoch_is_a_conflict(hall: World) -> None:
    reply = hall.ask("replay", from_seq=1, epoch=7)

    assert reply.error.code == "conflict"
    assert reply.error.current == {"epoch": 1, "end_seq": hall.books.hall.seq}


def test_replay_beyond_the_end_is_empty(hall: World) -> None:
    end = hall.books.hall.seq
    page = hall.ask("replay", from_seq=end + 1, epoch=1).data

    assert (page["events"], page["last_seq"], page["end_seq"]) == ([], end, end)


def test_own_states_are_not_taken_for_a_witness_while_serving(hall: World) -> None:
    hall.issue()
    topic = STATE_HALL.topic("thu")
    hall.broker.publish(topic, hall.broker.retained[topic], retain=True)
    hall.settle()

    assert hall.books.hall.epoch == 1


def test_an_ending_says_how_and_only_of_the_served_how_long(hall: World) -> None:
    hall.issue(), hall.issue()
    hall.call("1")
    hall.ask("start", counter="1")
    hall.wait(120)
    hall.call("1")
    hall.wait(120)
    hall.call("1")
    ended = [e for e in hall.said("evt/ticket") if e["type"] == "finished"]

    assert [(e["how"], e["cause"], e["serve_s"]) for e in ended] == [
        ("served", "next", 120),
        ("unclear", "next", None),
    ]
    assert hall.state("state/hall")["served_today"] == 1
