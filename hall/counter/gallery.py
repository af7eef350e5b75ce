"""The folder of pictures that simulated devices and screens write, as names with versions."""

import re
from dataclasses import dataclass
from pathlib import Path

_LAST_TICKETS = 8
_NAME = re.compile(r"(tickets/)?[A-Za-z0-9][A-Za-z0-9._-]*\.png", re.ASCII)


@dataclass(slots=True)
class Gallery:
    """Tickets are listed again only when their folder changed: there may be thousands."""

    folder: Path
    _listed_at: int = -1
    _tickets: tuple[str, ...] = ()

    def look(self) -> dict[str, object]:
        """Screens by name with their version, and the last tickets, newest first."""
        tickets = self.folder / "tickets"
        changed_at = _version(tickets)
        if changed_at != self._listed_at:
            names = sorted((path.name for path in tickets.glob("[!.]*.png")), reverse=True)
            self._listed_at, self._tickets = changed_at, tuple(names[:_LAST_TICKETS])
        return {
            "screens": {path.stem: _version(path) for path in sorted(self.folder.glob("*.png"))},
            "tickets": [
                {"name": name, "version": _version(tickets / name)} for name in self._tickets
            ],
        }


def picture(folder: Path, name: str) -> bytes | None:
    """A picture by the name it was shown with; nothing outside the folder."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _version(path: Path) -> int:
    """When it was written, in microseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns // 1000
    except FileNotFoundError:
        return 0
