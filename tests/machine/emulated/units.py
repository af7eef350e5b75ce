"""The machine's units and their journal: what runs, what was refused, how long a start took."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from emulated.guest import Failed, Guest

# What a sandbox or a missing library leaves behind, however the program goes on from there. Not
# "Permission denied": until udev has seen to it, the node of a device that comes is root's.
_FAULTS = re.compile(
    r"Operation not permitted|EPERM|SIGSEGV|SEGV|dumped core|segfault|Bad system call|Traceback"
    r"|Failed at step|Failed with result|Watchdog timeout|Main process exited|not initialized"
)
_FIELDS = ("Id", "ActiveState", "NRestarts", "ActiveEnterTimestampMonotonic", "StatusText")


@dataclass(frozen=True, slots=True)
class Unit:
    """`entered`: seconds from the kernel's start until it was active."""

    name: str
    state: str
    restarts: int
    entered: float

    @property
    def is_well(self) -> bool:
        return self.state == "active" and self.restarts == 0


def look(guest: Guest, names: Iterable[str]) -> list[Unit]:
    fields = ",".join(_FIELDS)
    said = guest.ask(f"systemctl show --property={fields} {' '.join(names)}")
    return [_unit(paragraph) for paragraph in said.split("\n\n") if paragraph]


def _unit(paragraph: str) -> Unit:
    found = dict(line.split("=", 1) for line in paragraph.splitlines())
    return Unit(
        found["Id"].removesuffix(".service"),
        found["ActiveState"],
        int(found.get("NRestarts") or 0),
        int(found["ActiveEnterTimestampMonotonic"] or 0) / 1e6,
    )


def are_running(guest: Guest, names: Iterable[str]) -> bool:
    """Not yet, too, while systemd starts so much that it drops who asks."""
    try:
        return all(unit.state == "active" for unit in look(guest, names))
    except Failed:
        return False


def faults(guest: Guest) -> str:
    """Every line of this boot in which one of our units was refused something, or broke."""
    return "\n".join(line for line in journal(guest).splitlines() if _FAULTS.search(line))


def journal(guest: Guest, lines: int = 5000) -> str:
    """What our units, the broker and systemd about them have said since the start."""
    ours = "-u 'motcua-*' -u mosquitto -u seatd"
    return guest.ask(f"journalctl -b --no-pager -o short-monotonic -n {lines} {ours}")
