"""A role such as any other, with a service that does nothing or what its YAML says."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEADLINE_S = 120.0
ROOT = Path(__file__).parents[2]
HALL = """\
version: 1
hall: {id: thu, name: "Xã Thử"}
services:
  - {id: ho-tich, name: "Hộ tịch"}
counters:
  - {id: "1", serves: [ho-tich]}
notebooks:
  - {id: printer-1}
  - {id: kiosk-1}
"""
ROLE = """
import os
import signal
import sys
import time
from pydantic import Field
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Fatal
from hall.runtime.notify import Notifier
from hall.runtime.sections import Shared
from hall.runtime.settings import Section

class Note(Section):
    id: str
    fails: str = ""

class File(Shared):
    notebooks: tuple[Note, ...] = Field(min_length=1)

class Service:
    subscriptions = ()
    def __init__(self, fails):
        self.fails = fails
    def start(self):
        if self.fails == "fatal":
            raise Fatal(3, "không mở được sổ")
        if self.fails == "start":
            raise ValueError("planted")
    def handle(self, item):
        pass
    def tick(self, now):
        if self.fails == "tick":
            raise Fatal(4, "đĩa đầy")
        return now + 60
    def stop(self):
        print("stopped", flush=True)

# Set before this program was started again in its process.
starts_late = bool(os.environ.pop("STARTS_LATE", ""))

def build(document, ground, only):
    global starts_late
    config = settings.check(document.part(File.model_fields), File)
    if starts_late:
        starts_late = False
        Notifier().status("the file is read")
        end = time.monotonic() + 20
        while signal.SIGHUP not in signal.sigpending() and time.monotonic() < end:
            time.sleep(0.01)
    elif "late" in (n.fails for n in config.notebooks):
        os.environ["STARTS_LATE"] = "1"
    return [Daemon(ground.context_of(n.id), Service(n.fails))
            for n in config.notebooks if only in (None, n.id)]

sys.exit(roles.main("notebook", build))
"""


@contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """What a role tells its service manager, from here on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(folder / "notify"))
        sock.settimeout(20)
        yield sock


def started(
    folder: Path, text: str | None, systemd: socket.socket, *more: str
) -> subprocess.Popen[str]:
    """The role on this text, or on what is there; its state is in the folder too."""
    (folder / "notebook.py").write_text(ROLE, encoding="utf-8")
    if text is not None:
        (folder / "hall.yaml").write_text(text, encoding="utf-8")
    return subprocess.Popen(
        [
            *(sys.executable, str(folder / "notebook.py")),
            *("-c", str(folder / "hall.yaml"), "--state", str(folder / "state"), *more),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "NOTIFY_SOCKET": systemd.getsockname(),
            "WATCHDOG_USEC": "400000",
        },
    )


def hears(systemd: socket.socket, part: str) -> str:
    """The next datagram that holds this part."""
    end = time.monotonic() + DEADLINE_S
    while part not in (told := systemd.recv(4096).decode()):
        assert time.monotonic() < end, f"not told: {part}"
    return told
