"""A stranger with mosquitto's own tools and MQTT 3.1.1: contract.md in hand, no code of ours."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hall.demo.staging import ApartRun, Props, environment
from hall.runtime import broker, settings

pytestmark = pytest.mark.broker

DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
ROLES = ("controller", "display", "kiosk", "board")
ENVELOPE = {"schema": 1, "hall": "demo", "src": "onestop", "ts": "2026-11-24T08:00:00+07:00"}
MONTH = {
    "id": "Tháng 11",
    "from": "2026-11-01",
    "to": "2026-11-30",
    "received": {"total": 23456},
    "resolved": {"total": 12400, "early_or_on_time": 12345, "overdue": 55},
}


class Stranger:
    """The one-stop vendor's software, as a person would play it with mosquitto_pub."""

    def __init__(self, port: int, password: str, folder: Path) -> None:
        self._login = [
            "-p",
            str(port),
            "-u",
            "onestop",
            "-P",
            password,
            "-V",
            "mqttv311",
            "-q",
            "1",
        ]
        self._file = folder / "message.json"

    def publish(self, topic: str, **body: Any) -> None:
        self._file.write_text(json.dumps(ENVELOPE | body), "utf-8")
        command = ["mosquitto_pub", *self._login, "-i", "onestop", "-r"]
        command += ["-t", f"motcua/1/demo/{topic}", "-f", str(self._file)]
        subprocess.run(command, check=True, timeout=120)

    def ask(self, verb: str, **body: Any) -> dict[str, Any]:
        """Asks again with the same id until there is an answer, as the contract says."""
        command = ["mosquitto_rr", *self._login, "-i", "onestop", "-W", "3"]
        command += ["-t", f"motcua/1/demo/req/queue/{verb}/onestop"]
        command += ["-e", "motcua/1/demo/rsp/onestop", "-m", json.dumps(ENVELOPE | body)]
        for _ in range(15):
            answer = subprocess.run(command, check=False, timeout=15, capture_output=True)
            if answer.stdout:
                return self._data(body["id"], json.loads(answer.stdout))
        pytest.fail(f"no answer to {verb}")

    @staticmethod
    def _data(request_id: str, reply: dict[str, Any]) -> dict[str, Any]:
        assert (reply["id"], reply["status"]) == (request_id, "ok"), reply
        data: dict[str, Any] = reply["data"]
        return data


class Screens:
    """What stands on the screens, read as a person reads it."""

    def __init__(self, pictures: Path) -> None:
        self._pictures = pictures
        self._read: dict[str, int] = {}

    def words(self, name: str) -> str:
        command = ["tesseract", str(self._pictures / f"{name}.png"), "-", "--psm", "11"]
        read = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        return read.stdout

    def shows(self, name: str, wanted: str) -> Callable[[], bool]:
        """A picture that has not changed since is not read again: that takes seconds."""

        def looks() -> bool:
            taken = (self._pictures / f"{name}.png").stat().st_mtime_ns
            if self._read.get(name) == taken:
                return False
            self._read[name] = taken
            return wanted in self.words(name)

        return looks

    def is_there(self, name: str) -> bool:
        return (self._pictures / f"{name}.png").exists()


def within_a_minute(happened: Callable[[], bool]) -> None:
    """Looks twice a second, for as long as a busy machine may need."""
    pause = Event()
    for _ in range(120):
        if happened():
            return
        pause.wait(0.5)
    pytest.fail("it did not happen")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Stranger, Screens]]:
    """A hall whose one-stop software is a stranger."""
    for tool in ("mosquitto", "mosquitto_pub", "mosquitto_rr", "tesseract"):
        if shutil.which(tool, path=f"{environment().get('PATH', '')}:/usr/sbin") is None:
            pytest.skip(f"needs {tool}")
    state, pictures = tmp_path / "state", tmp_path / "pictures"
    state.mkdir()
    pictures.mkdir()
    values = dict(settings.read(DEMO).values) | {"onestop": {"driver": "mqtt"}}
    # The first page, not the greeting of a kiosk that nobody has touched.
    values["kiosks"] = [kiosk | {"attract_s": 0} for kiosk in values["kiosks"]]
    shutil.copytree(DEMO.parent / "pictures", state / "pictures")
    config = state / "hall.yaml"
    config.write_text(json.dumps(values), "utf-8")
    private = broker.PrivateBroker(state, broker.hall_ids(values))
    port = private.start().port
    props = Props(config, state, pictures, tmp_path / "logs", f"mqtt://127.0.0.1:{port}")
    stage = ApartRun(props, environment())
    try:
        stage.start(ROLES)
        password = (state / "credentials" / "onestop").read_text("ascii").strip()
        screens = Screens(pictures)
        within_a_minute(lambda: screens.is_there("board") and screens.is_there("kiosk-1"))
        yield Stranger(port, password, tmp_path), screens
    finally:
        stage.close()
        private.close()


def test_a_stranger_issues_calls_reads_the_board_and_publishes_figures(
    place: tuple[Stranger, Screens],
) -> None:
    stranger, screens = place
    ticket = stranger.ask("issue", id="s1", service="dat-dai", channel="onestop")["ticket"]
    again = stranger.ask("issue", id="s1", service="dat-dai", channel="onestop")["ticket"]
    called = stranger.ask("call-next", id="s2", counter="3")
    board = stranger.ask("board", id="s3")
    stranger.publish("ext/onestop/status", state="ready", source="Xã", conn="c1")
    as_of = board["counters"]["3"]["called_at"]
    stranger.publish("ext/onestop/figures", as_of=as_of, source="Xã", periods=[MONTH])

    assert again["id"] == ticket["id"]
    assert called["ticket"]["number"] == ticket["number"]
    assert board["counters"]["3"]["ticket"]["id"] == ticket["id"]
    assert board["board"]["recent"][0]["number"] == ticket["number"]
    for screen in ("board", "kiosk-1"):
        within_a_minute(screens.shows(screen, "12.345"))
