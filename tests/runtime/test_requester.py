"""One id per human act: tried after 1 s, 1 s and 2 s, answered exactly once. Virtual time."""

import json
from typing import Any

import pytest

from hall.contract.messages import Refusal, Reply
from hall.contract.requests import Ping
from hall.contract.topics import REQ_DEV, REQ_ONESTOP, REQ_QUEUE, Channel
from hall.runtime.requester import LOOKUP_PATIENCE_S, Requester, new_id

ASKED = Ping(id="a1")


class Act:
    """A daemon that asks, and what it heard; `sent` is when it asked, in seconds."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.daemon = world.daemon("kiosk-1")
        self.answers: list[Reply] = []
        self.start = world.clock.monotonic()
        self.sent: list[float] = []

    def ask(self, **more: Any) -> None:
        self.requester.send_request(REQ_QUEUE, "ping", ASKED, self.answers.append, self.now, **more)
        self.note()

    @property
    def requester(self) -> Requester:
        requester: Requester = self.daemon.context.requester
        return requester

    @property
    def now(self) -> float:
        return float(self.world.clock.monotonic())

    def note(self) -> None:
        count = sum(b'"a1"' in payload and b'"src"' in payload for payload in self.payloads())
        self.sent += [round(self.now - self.start, 3)] * (count - len(self.sent))

    def payloads(self) -> list[bytes]:
        return [payload for topic, payload in self.world.broker.log if "/req/" in topic]

    def run(self, seconds: float, step: float = 0.25) -> None:
        for _ in range(int(seconds / step)):
            self.world.clock.advance(step)
            self.world.settle(self.daemon)
            self.note()

    def reply(self, request: str = "a1") -> None:
        content = {"schema": 1, "hall": "thu", "src": "controller", "id": request, "status": "ok"}
        self.world.say("rsp/kiosk-1", json.dumps(content | {"data": {}}))
        self.world.settle(self.daemon)


@pytest.fixture
def act(world: Any) -> Act:
    return Act(world)


def test_without_an_answer_the_same_request_goes_out_at_0_1_2_and_4_seconds(act: Act) -> None:
    act.ask()
    act.run(10)

    assert act.sent == [0.0, 1.0, 2.0, 4.0]


def test_then_the_person_is_told_once_after_6_seconds(act: Act) -> None:
    act.ask()
    act.run(5.75)
    assert act.answers == []

    act.run(10)

    [answer] = act.answers
    assert (answer.id, answer.status) == ("a1", "error")
    assert answer.error is not None
    assert answer.error.code == "unavailable"
    assert "thử lại" in answer.error.text


def test_an_answer_ends_it_and_a_second_one_is_not_heard(act: Act) -> None:
    act.ask()
    act.run(1.5)

    act.reply()
    act.reply()
    act.run(10)

    assert [answer.status for answer in act.answers] == ["ok"]
    assert act.sent == [0.0, 1.0]


def test_the_answer_to_another_act_is_not_ours(act: Act) -> None:
    act.ask()

    act.reply("b2")

    assert act.answers == []
    assert act.requester.pending("a1")


def test_an_answer_after_giving_up_changes_nothing(act: Act) -> None:
    act.ask()
    act.run(7)

    act.reply()

    assert [answer.status for answer in act.answers] == ["error"]


def test_an_act_that_is_under_way_is_not_done_twice(act: Act) -> None:
    act.ask()
    act.ask()

    act.reply()

    assert act.sent == [0.0]
    assert len(act.answers) == 1


def test_what_was_asked_while_the_broker_was_away_goes_out_when_it_is_back(act: Act) -> None:
    act.daemon.context.bus.drop()
    act.world.settle(act.daemon)
    act.ask()
    act.run(0.5)
    assert act.sent == []

    act.daemon.context.bus.connect()
    act.run(0.25)

    assert act.sent == [0.75]


def test_an_act_that_was_given_up_is_not_sent_when_the_broker_is_back(act: Act) -> None:
    act.daemon.context.bus.drop()
    act.ask()
    act.run(20)
    assert [answer.status for answer in act.answers] == ["error"]

    act.daemon.context.bus.connect()
    act.run(10)

    assert act.sent == []


def test_a_look_up_is_tried_again_after_one_and_a_half_seconds_and_given_up_after_five(
    act: Act,
) -> None:
    act.ask(patience=LOOKUP_PATIENCE_S)
    act.run(4.75)
    assert act.sent == [0.0, 1.5]
    assert act.answers == []

    act.run(0.25)

    assert len(act.answers) == 1


def test_what_nobody_waits_for_any_more_is_not_sent_again(act: Act) -> None:
    act.ask()
    act.requester.forget("a1")

    act.run(10)

    assert (act.sent, act.answers) == ([0.0], [])


def test_it_says_when_to_look_again(act: Act) -> None:
    assert act.requester.tick(100.0) == 3700.0

    act.ask()

    assert act.requester.tick(act.now) == act.now + 1.0


def test_an_answer_may_ask_again_at_once(act: Act) -> None:
    """`done` is called after the act has ended: a new one under the same id may begin."""

    def again(_: Reply) -> None:
        act.requester.send_request(REQ_QUEUE, "ping", ASKED, act.answers.append, act.now)

    act.requester.send_request(REQ_QUEUE, "ping", ASKED, again, act.now)
    act.reply()
    act.reply()

    assert [answer.status for answer in act.answers] == ["ok"]


def test_the_request_is_addressed_and_signed(act: Act) -> None:
    to_ask = ((REQ_DEV, "test-print", "printer-1"), (REQ_ONESTOP, "ping", None))
    for channel, verb, target in to_ask:
        request = Ping(id=new_id())
        act.requester.send_request(
            channel, verb, request, act.answers.append, act.now, target=target
        )

    assert [topic for topic, _ in act.world.broker.log if "/req/" in topic] == [
        "motcua/1/thu/req/dev/printer-1/test-print/kiosk-1",
        "motcua/1/thu/req/onestop/ping/kiosk-1",
    ]
    assert all(json.loads(payload)["src"] == "kiosk-1" for payload in act.payloads())


@pytest.mark.parametrize(
    ("channel", "verb", "target"),
    [(REQ_QUEUE, "call-next", None), (REQ_DEV, "say", "printer-1"), (REQ_DEV, "ping", "nobody")],
)
def test_what_our_role_does_not_name_is_refused_at_once_and_not_sent(
    act: Act, channel: Channel, verb: str, target: str | None
) -> None:
    act.requester.send_request(channel, verb, ASKED, act.answers.append, act.now, target=target)

    assert [answer.error.code for answer in act.answers if answer.error] == ["unauthorized"]
    assert act.payloads() == []
    assert not act.requester.pending("a1")


def test_a_refusal_is_an_answer(act: Act) -> None:
    act.ask()
    refusal = Refusal(code="closed", text="Quầy đã đóng.")

    act.requester.take_reply(Reply(id="a1", status="error", error=refusal))

    assert act.answers[0].error == refusal


def test_ids_are_never_the_same() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
