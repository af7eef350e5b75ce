"""The gateway as a process on a real broker: seen by a foreign client, missed when it is killed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.contract.acl import HallIds
from hall.runtime import broker

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
YAML = """version: 1
hall: {id: demo, name: "Xã"}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
onestop: {driver: DRIVER}
"""
CLIENTS = ("controller", "gateway", "onestop", "tech")


class Place:
    """A private broker, and what a person with mosquitto_sub sees there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = broker.PrivateBroker(folder, HallIds("demo", CLIENTS))
        self.port = self.broker.start().port

    def gateway(self, driver: str = "simulated, profile: bac-tu-liem") -> subprocess.Popen[bytes]:
        config = self.folder / "hall.yaml"
        config.write_text(YAML.replace("DRIVER", driver), "utf-8")
        command = [sys.executable, "-m", "hall.onestop", "-c", str(config)]
        command += ["--state", str(self.folder), "--broker", f"mqtt://127.0.0.1:{self.port}"]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def say(self, topic: str, text: str) -> None:
        """The vendor publishes a state, retained."""
        password = (self.folder / "credentials" / "onestop").read_text().strip()
        command = ["mosquitto_pub", "-p", str(self.port), "-u", "onestop", "-P", password, "-r"]
        command += ["-V", "mqttv311", "-i", "onestop", "-q", "1"]
        subprocess.run([*command, "-t", f"motcua/1/demo/{topic}", "-m", text], check=True)

    def next(self, topic: str, wanted: str) -> dict[str, Any]:
        """The first message on the topic that holds these words; fails after 120 s."""
        password = (self.folder / "credentials" / "tech").read_text().strip()
        command = ["mosquitto_sub", "-p", str(self.port), "-u", "tech", "-P", password]
        command += ["-V", "mqttv311", "-W", "120", "-t", f"motcua/1/demo/{topic}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            for line in watching.stdout:
                if wanted in line:
                    watching.terminate()
                    loaded: dict[str, Any] = json.loads(line)
                    return loaded
        pytest.fail(f"{wanted} was not heard on {topic}")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    if shutil.which("mosquitto_sub") is None:
        pytest.skip("needs mosquitto-clients")
    opened = Place(tmp_path)
    yield opened
    opened.broker.close()


def test_a_foreign_client_reads_the_figures_and_hears_when_the_gateway_is_killed(
    place: Place,
) -> None:
    gateway = place.gateway()
    try:
        figures = place.next("ext/onestop/figures", "periods")
        assert figures["periods"][0]["to_resolve"] == 349_247
        place.next("ext/onestop/status", '"ready"')
    finally:
        gateway.kill()
        gateway.wait()

    assert place.next("ext/onestop/status", '"lost"')["src"] == "onestop"


def test_where_the_vendor_is_on_the_bus_itself_its_bad_figures_are_answered(place: Place) -> None:
    gateway = place.gateway("mqtt")
    try:
        place.next("dev/gateway/status", '"ready"')
        place.say("ext/onestop/figures", "<html>502</html>")
        refused = place.next("ext/onestop/refused", "figures")
        assert refused["topic"] == "ext/onestop/figures"
        assert refused["got"] == "<html>502</html>"
    finally:
        gateway.kill()
        gateway.wait()
