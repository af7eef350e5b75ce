"""The shell lines that docs/onestop.md gives a vendor, typed as written at a hall of real parts."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from documented_shell import VENDOR, shell_lines

from hall.contract.acl import HallIds
from hall.runtime import broker

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / VENDOR).read_text("utf-8")
HALL = "mu-cang-chai"
CLIENTS = ("controller", "onestop", "kiosk-1", "tech")
YAML = """version: 1
hall: {id: mu-cang-chai, name: "Xã", hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich], clients: [onestop]}]
"""
LINES = [each.line for each in shell_lines() if each.document == VENDOR]
SETTING = [line for line in LINES if re.match(r"\w+=", line)]
ASKED = {"mosquitto_pub", "mosquitto_sub", "mosquitto_rr"}


@dataclass(frozen=True, slots=True)
class Vendor:
    """Somebody at a shell, in a folder with the examples of the document as files."""

    folder: Path
    port: int

    def word(self, client: str) -> str:
        return (self.folder / "credentials" / client).read_text("ascii").strip()

    @contextmanager
    def typing(self, line: str) -> "Iterator[subprocess.Popen[str]]":
        words = {"MAT_KHAU": self.word("onestop"), "MAT_KHAU_TECH": self.word("tech")}
        typed = "\n".join([*SETTING, f"exec {line}"]).replace("1883", str(self.port))
        child = subprocess.Popen(
            ["bash", "-euc", typed],
            cwd=self.folder,
            env=os.environ | words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield child
        finally:
            child.kill()
            child.communicate()

    def type(self, line: str) -> str:
        with self.typing(line) as child:
            said, _ = child.communicate(timeout=60)
            assert child.returncode == 0, said
        return said


def example(kind: str, name: str) -> str:
    found = re.search(rf"<!-- {kind}: {name} -->\n```json\n(.*?)```", TEXT, re.DOTALL)
    assert found, f"{VENDOR} has no example of {name}"
    return found[1]


def line_with(*words: str) -> str:
    (found,) = (line for line in LINES if all(word in line for word in words))
    return found


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    if shutil.which("mosquitto_rr") is None:
        pytest.skip("needs mosquitto-clients")
    folder = tmp_path_factory.mktemp("vendor")
    opened = broker.PrivateBroker(folder, HallIds(HALL, CLIENTS, ("1",), ("ho-tich",)))
    port = opened.start().port
    (folder / "hall.yaml").write_text(YAML, "utf-8")
    (folder / "status.json").write_text(example("topic", "ext/onestop/status"), "utf-8")
    (folder / "issue.json").write_text(example("request", "queue/issue"), "utf-8")
    run = [sys.executable, "-m", "hall.cli", "run", "controller", "-c", f"{folder}/hall.yaml"]
    run += ["--broker", f"mqtt://127.0.0.1:{port}", "--state", str(folder)]
    controller = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Vendor(folder, port)
    finally:
        controller.terminate()
        controller.wait(60)
        opened.close()


def test_every_line_of_the_document_is_typed_here() -> None:
    typed = [line for line in LINES if line not in SETTING]

    assert len(typed) == 5
    assert {line.split()[0] for line in typed} == ASKED


def hears(vendor: Vendor, line: str, word: str) -> bool:
    """Whether a line that looks on says this, for as long as it takes."""
    with vendor.typing(line) as looking:
        assert looking.stdout is not None
        return any(word in said for said in looking.stdout)


def test_who_looks_on_sees_what_was_published(vendor: Vendor) -> None:
    vendor.type(line_with("mosquitto_pub", "status.json"))

    assert hears(vendor, line_with("$XEM", '"$H/#"'), "ext/onestop/status")


def test_a_number_is_asked_for_and_the_answer_comes(vendor: Vendor) -> None:
    assert hears(vendor, line_with("$XEM", "evt/#"), "state/hall"), "there is no controller"

    told = json.loads(vendor.type(line_with("mosquitto_rr")))

    assert told["status"] == "ok", told


def test_a_question_of_the_hall_is_heard(vendor: Vendor) -> None:
    word = vendor.word("kiosk-1")
    topic = f"motcua/1/{HALL}/req/onestop/ping/kiosk-1"
    account = ["-h", "127.0.0.1", "-p", str(vendor.port), "-i", "kiosk-1", "-u", "kiosk-1"]
    asks = ["mosquitto_pub", *account, "-P", word, "-t", topic, "-m", "{}", "--repeat", "60"]
    with vendor.typing(line_with("req/onestop")) as listening:
        asking = subprocess.Popen([*asks, "--repeat-delay", "0.5"])
        try:
            assert listening.stdout is not None
            assert f"{topic} {{}}\n" in listening.stdout
        finally:
            asking.kill()
            asking.wait()
