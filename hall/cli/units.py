"""What this machine's systemd says of a role's unit, for a role that the bus does not hear."""

import shutil
import subprocess
from dataclasses import dataclass

PATIENCE_S = 5.0
_ASKED = ("LoadState", "ActiveState", "ExecMainStatus", "StatusText")
# systemd.exec(5): the files of LoadCredential= could not be handed over.
NO_CREDENTIAL = 243
WRONG_CONFIG, NO_STORE = 2, 3


@dataclass(frozen=True, slots=True)
class SystemdUnit:
    """`said`: what the role itself says, empty = nothing is wrong; `ended`: its exit status."""

    active: str
    said: str = ""
    ended: int = 0


def ask_systemd(name: str) -> SystemdUnit | None:
    """None where there is no such unit on this machine, or no systemd."""
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return None
    asked = [part for each in _ASKED for part in ("-p", each)]
    try:
        answer = subprocess.run(  # noqa: S603
            [systemctl, "show", *asked, "--", name],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return read(answer.stdout) if answer.returncode == 0 else None


def read(shown: str) -> SystemdUnit | None:
    """From the lines of `systemctl show`."""
    known = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    if known.get("LoadState") != "loaded":
        return None
    said, ended = known.get("StatusText", ""), known.get("ExecMainStatus", "")
    return SystemdUnit(
        known.get("ActiveState", ""),
        "" if said == "sẵn sàng" else said,
        int(ended) if ended.isdigit() else 0,
    )
