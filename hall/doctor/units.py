"""What this machine's systemd says of its units, the broker's and those of roles."""

import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hall.runtime.clock import Clock, monotonic_ns

PATIENCE_S = 5.0
_ASKED = (
    *("Id", "LoadState", "ActiveState", "UnitFileState", "ExecMainStatus", "StatusText"),
    *("NRestarts", "StateChangeTimestampMonotonic"),
)
# systemd.exec(5): the files of LoadCredential= could not be handed over.
NO_CREDENTIAL = 243
WRONG_CONFIG, NO_STORE = 2, 3


@dataclass(frozen=True, slots=True)
class SystemdUnit:
    """`said`: what the role itself says, empty = nothing is wrong; `ended`: its exit status.

    `is_on`: started with the machine; `since`: when its state changed last.
    """

    active: str
    said: str = ""
    ended: int = 0
    is_on: bool = False
    restarts: int = 0
    since: datetime | None = None

    @property
    def is_up(self) -> bool:
        return self.active in ("active", "activating", "reloading")


def ask_systemd(names: Collection[str], clock: Clock) -> Mapping[str, SystemdUnit]:
    """Of these units those that are on this machine; none where there is no systemd."""
    systemctl = shutil.which("systemctl")
    if systemctl is None or not names:
        return {}
    asked = [part for each in _ASKED for part in ("-p", each)]
    try:
        answer = subprocess.run(  # noqa: S603
            [systemctl, "show", *asked, "--", *names],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return read(answer.stdout, clock)


def read(shown: str, clock: Clock) -> Mapping[str, SystemdUnit]:
    """From what `systemctl show` prints: a paragraph a unit."""
    found = {}
    for paragraph in shown.split("\n\n"):
        known = dict(line.split("=", 1) for line in paragraph.splitlines() if "=" in line)
        if known.get("LoadState") == "loaded":
            found[known.get("Id", "").removesuffix(".service")] = _unit(known, clock)
    return found


def _unit(known: Mapping[str, str], clock: Clock) -> SystemdUnit:
    said = known.get("StatusText", "")
    changed_us = _number(known.get("StateChangeTimestampMonotonic", ""))
    ago = timedelta(microseconds=monotonic_ns() / 1000 - changed_us)
    return SystemdUnit(
        known.get("ActiveState", ""),
        "" if said == "sẵn sàng" else said,
        _number(known.get("ExecMainStatus", "")),
        known.get("UnitFileState") in ("enabled", "enabled-runtime"),
        _number(known.get("NRestarts", "")),
        clock.now() - ago if changed_us else None,
    )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
