"""What a vendor's software may count on from the controller: MQTT 3.1.1, JSON written by hand."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hall.demo.staging import ApartRun, Props, environment
from hall.runtime import settings
from hall.runtime.broker import Location, PrivateBroker, hall_ids

pytestmark = pytest.mark.broker
DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
PREFIX = "motcua/1/demo"


@dataclass(slots=True)
class Vendor:
    """Somebody with a password and the contract; `ask` is mosquitto_rr."""

    place: Location
    credentials: Path
    asked: int = 0

    def account(self, user: str) -> list[str]:
        word = (self.credentials / user).read_text().strip()
        where = ["-h", self.place.host, "-p", str(self.place.port), "-V", "mqttv311"]
        return [*where, "-i", user, "-u", user, "-P", word]

    def ask(self, verb: str, *, request: str = "", **content: Any) -> Any:
        self.asked += 1
        body = {"schema": 1, "hall": "demo", "src": "onestop", "id": request or f"v{self.asked}"}
        done = self.run(
            *("mosquitto_rr", *self.account("onestop"), "-q", "1", "-W", "120"),
            *("-t", f"{PREFIX}/req/queue/{verb}/onestop", "-e", f"{PREFIX}/rsp/onestop"),
            *("-m", json.dumps(body | content)),
        )
        assert done.returncode == 0, done
        reply = json.loads(done.stdout)
        assert reply["id"] == body["id"]
        return reply

    def issue(self, **more: Any) -> Any:
        return self.ask("issue", service="ho-tich", channel="onestop", **more)

    def tell(self, rest: str, content: dict[str, Any], *more: str) -> None:
        envelope = {"schema": 1, "hall": "demo", "src": "onestop"}
        done = self.run(
            *("mosquitto_pub", *self.account("onestop"), "-q", "1", "-t", f"{PREFIX}/{rest}"),
            *("-m", json.dumps(envelope | content), *more),
        )
        assert done.returncode == 0, done.stderr

    def state(self, rest: str) -> Any:
        done = self.run(
            *("mosquitto_sub", *self.account("onestop"), "-t", f"{PREFIX}/{rest}"),
            *("-C", "1", "-W", "120"),
        )
        return json.loads(done.stdout)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def start(folder: Path, stack: ExitStack) -> Vendor:
    values = dict(settings.read(DEMO).values)
    values["onestop"] = {"driver": "mqtt"}
    config = folder / "hall.yaml"
    config.write_text(json.dumps(values), encoding="utf-8")
    broker = PrivateBroker(folder, hall_ids(values))
    place = broker.start()
    stack.callback(broker.close)
    url = f"mqtt://127.0.0.1:{place.port}"
    stage = ApartRun(Props(config, folder, folder / "out", folder / "logs", url), environment())
    stack.callback(stage.close)
    stage.start(("controller",))
    return Vendor(place, folder / "credentials")


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    with ExitStack() as stack:
        vendor = start(tmp_path_factory.mktemp("vendor"), stack)
        assert vendor.state("state/hall")["src"] == "controller"
        yield vendor


def test_states_and_replies_agree_on_who_was_called(vendor: Vendor) -> None:
    ticket = vendor.issue()["data"]["ticket"]

    called = vendor.ask("call-ticket", counter="1", number=ticket["number"])
    assert called["data"]["counter"]["status"] == "called"

    counter = vendor.state("state/counter/1")
    assert (counter["status"], counter["ticket"]["id"]) == ("called", ticket["id"])
    board = vendor.state("state/board")
    assert board["recent"][0]["number"] == ticket["number"]
    whole = vendor.ask("board")["data"]
    assert whole["counters"]["1"]["ticket"]["number"] == ticket["number"]
    assert (whole["hall"]["epoch"], whole["board"]["ver"]) == (board["epoch"], board["ver"])


def test_the_same_id_gets_the_same_ticket_and_another_body_none(vendor: Vendor) -> None:
    first = vendor.issue(request="once")

    again = vendor.issue(request="once")
    other = vendor.ask("issue", request="once", service="dat-dai", channel="onestop")

    assert again["data"] == first["data"]
    assert other["error"]["code"] == "id_reused"


@pytest.mark.parametrize(
    ("verb", "content", "code"),
    [
        ("issue", {"service": "ho-tich"}, "bad_request"),
        ("issue", {"service": "khong-co", "channel": "onestop"}, "unknown"),
        ("issue", {"service": "ho-tich", "channel": "onestop", "src": "tech"}, "unauthorized"),
        ("call-next", {"counter": "99"}, "unknown"),
        ("call-next", {"counter": "2", "expect_ver": 999}, "conflict"),
        ("replay", {"from_seq": 1, "epoch": 999}, "conflict"),
        ("replay", {"from_seq": 2**60, "epoch": 1}, "bad_request"),
        ("print-result", {"ticket": "1-1-0", "result": "printed"}, "unauthorized"),
    ],
)
def test_what_the_hall_will_not_do_is_told_in_words_for_a_person(
    vendor: Vendor, verb: str, content: dict[str, Any], code: str
) -> None:
    reply = vendor.ask(verb, **content)

    assert (reply["status"], reply["error"]["code"]) == ("error", code)
    assert reply["error"]["text"]


def test_a_retained_request_is_not_obeyed(vendor: Vendor) -> None:
    before = vendor.ask("board")["data"]["hall"]["evt_seq"]
    wish = {"id": "kept", "service": "ho-tich", "channel": "onestop"}

    vendor.tell("req/queue/issue/onestop", wish, "-r")

    assert vendor.ask("board")["data"]["hall"]["evt_seq"] == before


def test_the_events_are_followed_without_a_gap(vendor: Vendor) -> None:
    listener = subprocess.Popen(
        [
            *("mosquitto_sub", *vendor.account("uplink"), "-q", "1", "-F", "%p"),
            *("-t", f"{PREFIX}/state/hall", "-t", f"{PREFIX}/evt/ticket"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert listener.stdout is not None
        begun = json.loads(listener.stdout.readline())["evt_seq"]
        for _ in range(3):
            vendor.issue()
        heard: list[int] = []
        while len(heard) < 3:
            content = json.loads(listener.stdout.readline())
            heard += [content["seq"]] if "seq" in content else []
    finally:
        listener.kill()
        listener.communicate()

    assert heard == [begun + 1, begun + 2, begun + 3]
    page = vendor.ask("replay", from_seq=1, limit=200, epoch=1)["data"]
    assert [event["seq"] for event in page["events"]] == list(range(1, page["last_seq"] + 1))
    assert page["end_seq"] == heard[-1]
