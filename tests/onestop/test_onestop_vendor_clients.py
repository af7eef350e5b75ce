"""The sample clients of docs/vendor as their readers run them: on a real broker, judged by us."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.contract.messages import TicketEvent
from hall.contract.requests import Replay, ReplayData
from hall.contract.topics import EVT_TICKET, REQ_QUEUE
from hall.runtime import broker
from hall.runtime.broker import Location
from hall.runtime.bus import BrokerHeap, Connected, Received, Subscription
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Ground

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "docs" / "vendor"
MQTTJS = ROOT / ".venvs" / "mqttjs"
CLIENTS = ("controller", "onestop", "onestop-feed", "gateway", "tech-cli", "tech")
KNOWN = "H38.12-261120-0005"
YAML = """version: 1
hall: {id: demo, name: "Xã"}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
onestop: {driver: mqtt}
"""


@dataclass
class Place:
    """A private broker, and a folder for whoever comes."""

    folder: Path
    port: int

    def word(self, client: str) -> str:
        return (self.folder / "credentials" / client).read_text("ascii").strip()

    def account(self, client: str) -> list[str]:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-V", "mqttv311"]
        return [*where, "-i", client, "-u", client, "-P", self.word(client)]

    def next(self, client: str, topic: str, wanted: str = "") -> dict[str, Any]:
        """The first message on the topic that holds these words; fails after 60 s."""
        command = ["mosquitto_sub", *self.account(client), "-W", "60"]
        command += ["-t", f"motcua/1/demo/{topic}"]
        with running(*command) as watching:
            assert watching.stdout is not None
            for line in watching.stdout:
                if wanted in line:
                    loaded: dict[str, Any] = json.loads(line)
                    return loaded
        pytest.fail(f"{wanted or 'nothing'} was not heard on {topic}")


@contextmanager
def running(*command: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A program that ends with the test, however that ends."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    if shutil.which("mosquitto_sub") is None:
        pytest.skip("needs mosquitto-clients")
    opened = broker.PrivateBroker(tmp_path, HallIds("demo", CLIENTS, ("1",), ("ho-tich",)))
    yield Place(tmp_path, opened.start().port)
    opened.close()


@pytest.fixture
def vendor(place: Place) -> Iterator[subprocess.Popen[str]]:
    """vendor.mjs, beside the library that a vendor would install."""
    if not (MQTTJS / "complete").is_file():
        excuse = ROOT / ".venvs" / "mqttjs.absent"
        why = excuse.read_text("utf-8").strip() if excuse.exists() else ""
        pytest.skip(f"mqttjs: {why or 'not fetched, run tests/printer/fetch-verifiers'}")
    shutil.copy(SAMPLES / "vendor.mjs", place.folder)
    (place.folder / "node_modules").symlink_to(MQTTJS / "node_modules")
    given = {
        "BROKER": f"mqtt://127.0.0.1:{place.port}",
        "PASSWORD": place.word("onestop"),
        "REPEAT_S": "2",
    }
    node = str(MQTTJS / "node")
    with running(node, "vendor.mjs", cwd=place.folder, env=os.environ | given) as child:
        yield child


def motcua(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    where = ("--broker", f"mqtt://127.0.0.1:{place.port}", "--state", str(place.folder))
    return subprocess.run(
        [sys.executable, "-m", "hall.cli", *words, *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.mark.usefixtures("vendor")
def test_the_sample_in_node_keeps_every_rule(place: Place) -> None:
    done = motcua(place, "onestop-check", "--code", KNOWN, "--wait", "30")

    assert done.returncode == 0, done.stdout + done.stderr
    # What it asks of the queue is judged where the checker is the hall: not on a foreign broker.
    untried = re.findall(r"^chưa thử (\S+)", done.stdout, re.MULTILINE)
    assert untried == ["queue.form", "queue.id", "queue.tries"]
    assert "ĐẠT      status.retained" in done.stdout


def test_our_own_simulation_of_a_vendor_keeps_every_rule(place: Place) -> None:
    """It says that it is there every 45 s: the whole check takes that long."""
    where = ("--broker", f"mqtt://127.0.0.1:{place.port}", "--state", str(place.folder))
    command = [sys.executable, "-m", "hall.cli", "onestop-simulate", *where]
    with running(*command, cwd=ROOT, stderr=subprocess.DEVNULL):
        place.next("tech", "ext/onestop/status", '"ready"')
        done = motcua(place, "onestop-check")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sample_in_node_asks_for_the_events_that_it_missed(
    place: Place, vendor: subprocess.Popen[str]
) -> None:
    place.next("tech", "ext/onestop/status", '"ready"')
    where = broker.server_for(
        "controller", Location("127.0.0.1", place.port), place.folder, "", "mqtt-password"
    )
    clock = SystemClock()
    ground = Ground("demo", clock, place.folder, lambda c: MqttBus(c, "demo", where, clock))
    context = ground.context_of("controller")
    context.bus.open(context.inbox, (Subscription(REQ_QUEUE),), ())
    try:
        assert isinstance(context.inbox.take_item(30), Connected)
        for seq in (1, 4):
            context.bus.publish(EVT_TICKET, event(seq))
        while isinstance(asked := context.inbox.take_item(30), BrokerHeap):
            pass
        assert isinstance(asked, Received)
        assert isinstance(asked.message, Replay)
        assert (asked.message.from_seq, asked.message.epoch) == (2, 3)
        missed = ReplayData(events=tuple(map(event, (2, 3, 4))), last_seq=4, end_seq=4)
        context.reply("onestop", asked.message.id, missed)
        assert vendor.stdout is not None
        told = [next(vendor.stdout).split()[1] for _ in range(4)]
    finally:
        context.bus.close()

    assert told == ["1", "2", "3", "4"]


def event(seq: int) -> TicketEvent:
    at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    return TicketEvent(seq=seq, epoch=3, type="day_opened", ticket=None, by="controller", at=at)


def test_the_sample_in_shell_feeds_figures_and_reads_what_was_refused(place: Place) -> None:
    config = place.folder / "hall.yaml"
    config.write_text(YAML, "utf-8")
    where = ("--broker", f"mqtt://127.0.0.1:{place.port}", "--state", str(place.folder))
    command = [sys.executable, "-m", "hall.onestop", "-c", str(config), *where]
    files = place.folder / "feed"
    files.mkdir()
    with running(*command, cwd=ROOT, stderr=subprocess.DEVNULL):
        place.next("tech", "dev/gateway/status", '"ready"')
        good = {"as_of": "2026-11-23T12:00:00+07:00", "source": "xã", "periods": [{"id": "T11"}]}
        (files / "figures.json").write_text(json.dumps(good))
        fed = feed(place, files)
        told = place.next("tech", "ext/onestop/figures", "T11")
        (files / "figures.json").write_text(json.dumps({**good, "as_of": "hôm nay"}))
        refused = feed(place, files)

    assert fed.returncode == 0, fed.stderr
    assert fed.stdout == ""
    assert told["src"] == "onestop-feed"
    assert json.loads(refused.stdout)["field"] == "as_of"


def feed(place: Place, files: Path) -> subprocess.CompletedProcess[str]:
    """One round of the script."""
    given = {"PORT": str(place.port), "PASSWORDS": str(place.folder / "credentials"), "TIMES": "1"}
    return subprocess.run(
        ["sh", str(SAMPLES / "feed.sh"), str(files)],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
