"""Half-open lines and guessed codes at once: the siege that the emulated hall stands too."""

import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from page_siege import LINES, MACHINES, TRIES, besieged

from hall.web.guarding import TRIES as GUESSES


def shell(command: str) -> str:
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    return ended.stdout


def test_half_open_lines_and_guessed_codes_leave_a_clerk_working(
    paired_hall: Any, until: Any, tmp_path: Path
) -> None:
    clerk = paired_hall.cookie("1")
    port = urlsplit(paired_hall.url).port
    assert port is not None
    visits = paired_hall.running["pages"].daemon.service.pages.thread._gate.visitors._visits
    with besieged(shell, port, str(tmp_path / "siege")) as said:
        until(lambda: len(said()) > 1)

        assert sum(peer[0].startswith("127.0.7.") for peer in tuple(visits)) == LINES
        assert paired_hall.get("/quay/1", **clerk).status == 200
        opened = paired_hall.press("/api/counter/1/counter-open", {"id": "p1"}, clerk)
        assert opened.json["status"] == "ok"
        assert paired_hall.type_code(paired_hall.code("5A")).headers["location"] == "/quay/5A"
        first, *refused = said()
    assert first == "held"
    assert int(refused[0]) >= MACHINES * (TRIES - GUESSES)
    health = paired_hall.running["pages"].daemon.context.health
    until(lambda: "127.0.8." in getattr(health.alerts.get("guessing"), "text", ""))
