"""A vendor that obeys the contract passes every rule; one that breaks one is told which."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from vendors import KNOWN, Body, H, Vendor, stage

from hall.contract.topics import EXT_CATALOGUE, EXT_FIGURES, EXT_NOTICE, EXT_STATUS, RSP
from hall.onestop.check.rules import check
from hall.onestop.check.trial_bench import RuleVerdict
from hall.runtime.bus import Subscription
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def verdicts(kind: type[Vendor], code: str = KNOWN) -> list[RuleVerdict]:
    vendor = kind(MemoryBroker(), SetClock(at=NOON))
    hall = stage(vendor, code)
    heard = [Subscription(c) for c in (EXT_STATUS, EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE)]
    replies = Subscription(RSP, {"client": "tech-cli"})
    hall.context.bus.open(hall.context.inbox, (replies, *heard), ())
    return list(check(hall))


def failed(found: list[RuleVerdict]) -> set[str]:
    return {each.rule for each in found if each.passed is False}


def test_a_vendor_that_obeys_passes_every_rule() -> None:
    found = verdicts(Vendor)

    assert failed(found) == set()
    assert [each.rule for each in found if each.passed is None] == []
    assert len(found) >= 24


def test_a_rule_that_could_not_be_tried_is_no_pass() -> None:
    class Bare(Vendor):
        def tell(self) -> None:
            """Has neither figures nor procedures."""

        def book(self) -> None:
            """Has no appointments."""

        def cut(self) -> bool:
            return False

    untried = {each.rule: each.seen for each in verdicts(Bare, code="") if each.passed is None}

    assert untried == {
        "figures.told": "không có",
        "catalogue.told": "không có",
        "lookup.known": "không ghi --code",
        "will": "không có mật khẩu của onestop",
        "queue.form": "không gửi yêu cầu nào",
        "queue.id": "không gửi yêu cầu nào",
        "queue.tries": "không gửi yêu cầu nào",
    }


class Silent(Vendor):
    def status(self, state: str) -> None:
        """Never says that it is there."""


class Unretained(Vendor):
    def say(self, topic: str, body: Body) -> None:
        self.send(f"{H}/ext/onestop/{topic}", body)


class Once(Vendor):
    repeat_s = 3600.0

    def __post_init__(self) -> None:
        self.repeat_s = 3600.0
        super().__post_init__()


class Quoted(Vendor):
    def figures(self) -> Body:
        told = super().figures()
        told["periods"][0]["resolved"]["total"] = "884"
        return told


class Naive(Vendor):
    def figures(self) -> Body:
        return super().figures() | {"as_of": "2026-11-23T11:59:00"}


class Foreign(Vendor):
    def send(self, topic: str, body: Body, *, retain: bool = False) -> None:
        super().send(topic, {"src": "igate"} | body if retain else body, retain=retain)


class Prophet(Vendor):
    def figures(self) -> Body:
        return super().figures() | {"as_of": (self.clock.now() + timedelta(days=1)).isoformat()}


class Disagreeing(Vendor):
    def figures(self) -> Body:
        told = super().figures()
        told["periods"][0]["resolved"]["overdue"] = 40
        return told


class WrongSum(Vendor):
    def catalogue(self) -> Body:
        return super().catalogue() | {"sha256": "0" * 64}


class QuotedFee(Vendor):
    def content(self) -> bytes:
        return super().content().replace(b'"fee_vnd": 0', b'"fee_vnd": "8.000"')


class Miscounted(Vendor):
    def catalogue(self) -> Body:
        return super().catalogue() | {"count": 3}


class NoChunks(Vendor):
    def chunk(self, ver: str, index: int) -> Body:  # noqa: ARG002 - a mutant of a signature
        return self.error("unavailable")


class Endless(Vendor):
    def chunk(self, ver: str, index: int) -> Body:  # noqa: ARG002 - a mutant of a signature
        return super().chunk(ver, 0)


class AnyVersion(Vendor):
    def chunk(self, ver: str, index: int) -> Body:  # noqa: ARG002 - a mutant of a signature
        return super().chunk("v1", index)


class Deaf(Vendor):
    def requested(self, verb: str, client: str, request: Body) -> None:
        """Answers nothing."""


class Slow(Vendor):
    def __post_init__(self) -> None:
        self.delay_s = 3.0
        super().__post_init__()


class Inventive(Vendor):
    def look_up(self, code: str) -> Body:
        return self.ok(self.dossier(code))


class Stammering(Vendor):
    def reply(self, client: str, body: Body) -> None:
        super().reply(client, body)
        super().reply(client, body)


class Forgetful(Vendor):
    def requested(self, verb: str, client: str, request: Body) -> None:
        self.stored.clear()
        super().requested(verb, client, request)

    def error(self, code: str) -> Body:
        told = super().error(code)
        told["error"]["text"] = f"Lần {self.clock.monotonic()}"
        return told


class Renaming(Vendor):
    def dossier(self, code: str) -> Body:
        return super().dossier(code) | {"code": f"{code}/1"}


class Eleven(Vendor):
    def dossier(self, code: str) -> Body:
        return super().dossier(code) | {"status": 11}


class Undated(Vendor):
    def dossier(self, code: str) -> Body:
        return super().dossier(code) | {"received_on": "20/11/2026"}


class Prefixing(Vendor):
    def look_up(self, code: str) -> Body:
        return self.ok(self.dossier(KNOWN)) if KNOWN.startswith(code) else self.error("unknown")


class Talkative(Vendor):
    def dossier(self, code: str) -> Body:
        return super().dossier(code) | {"chuHoSo": {"hoTen": "Nguyễn Văn Mẫu"}}


class Telling(Vendor):
    def dossier(self, code: str) -> Body:
        step = {"at": "2026-11-20T08:12:00+07:00", "text": "Gọi 0912345678"}
        return super().dossier(code) | {"steps": [step]}


class Unlimited(Vendor):
    def limited(self) -> Body | None:
        return None


class Undying(Vendor):
    def will(self) -> None:
        """Has no last will."""


class Gone(Vendor):
    def cut(self) -> bool:
        self.connections += 1  # Nothing of the old connection is repeated.
        self.listening = False
        self.broker_speaks()
        return True

    def broker_speaks(self) -> None:
        self.say("status", {"state": "lost", "source": "Xã", "conn": "c1"})


class SameConn(Vendor):
    @property
    def conn(self) -> str:
        return "c1"


class Mute(Vendor):
    def tell(self) -> None:
        if self.connections == 1:
            super().tell()


class Unsubscribed(Vendor):
    def connect(self) -> None:
        super().connect()
        self.listening = self.connections == 1


class Obedient(Vendor):
    """Does what the broker kept for it, however old."""

    def connect(self) -> None:
        super().connect()
        for topic, payload in tuple(self.broker.retained.items()):
            if topic.startswith(f"{H}/req/onestop/"):
                verb, client = topic.split("/")[-2:]
                self.requested(verb, client, json.loads(payload))


class Misspeaking(Vendor):
    def want(self, verb: str, body: Body) -> None:
        super().want(verb, body | {"days": "hai"})


class Overreaching(Vendor):
    def want(self, verb: str, body: Body) -> None:  # noqa: ARG002 - a mutant of a signature
        super().want("hall-close", {"id": body["id"], "at": "2026-11-24T10:00:00+07:00"})


class Reusing(Vendor):
    def want(self, verb: str, body: Body) -> None:
        super().want(verb, body | {"id": "moi"} | {"days": self.connections})


class Hasty(Vendor):
    def want(self, verb: str, body: Body) -> None:
        for _ in range(3):
            super().want(verb, body)


MUTANTS: list[tuple[type[Vendor], str]] = [
    (Silent, "status.ready"),
    (Unretained, "status.retained"),
    (Once, "status.repeated"),
    (Quoted, "states.readable"),
    (Naive, "states.readable"),
    (Foreign, "states.readable"),
    (Prophet, "figures.as_of"),
    (Disagreeing, "figures.agree"),
    (WrongSum, "catalogue.sha256"),
    (QuotedFee, "catalogue.content"),
    (Miscounted, "catalogue.count"),
    (NoChunks, "catalogue.chunks"),
    (Endless, "catalogue.past"),
    (AnyVersion, "catalogue.version"),
    (Deaf, "ping"),
    (Slow, "answer.soon"),
    (Inventive, "lookup.unknown"),
    (Stammering, "lookup.one_answer"),
    (Forgetful, "lookup.same_id"),
    (Renaming, "lookup.code"),
    (Eleven, "lookup.status"),
    (Undated, "lookup.known"),
    (Prefixing, "lookup.no_prefix"),
    (Talkative, "privacy"),
    (Telling, "privacy"),
    (Unlimited, "lookup.limit"),
    (Undying, "will"),
    (Gone, "reconnect"),
    (SameConn, "reconnect.conn"),
    (Mute, "reconnect.states"),
    (Unsubscribed, "reconnect.requests"),
    (Obedient, "requests.retained"),
    (Misspeaking, "queue.form"),
    (Overreaching, "queue.form"),
    (Reusing, "queue.id"),
    (Hasty, "queue.tries"),
]


@pytest.mark.parametrize(
    ("mutant", "rule"), MUTANTS, ids=lambda each: getattr(each, "__name__", each)
)
def test_a_vendor_that_breaks_a_rule_is_told_which(mutant: type[Vendor], rule: str) -> None:
    found = verdicts(mutant)

    assert rule in failed(found)
    told = next(each for each in found if each.rule == rule and each.passed is False)
    assert told.expected
    assert told.seen


def test_every_rule_is_broken_by_some_mutant() -> None:
    rules = {each.rule for each in verdicts(Vendor)}

    assert rules - {rule for _, rule in MUTANTS} == set()
