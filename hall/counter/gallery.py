"""The folder of pictures that simulated devices and screens write, as names with versions."""

from pathlib import Path

_LAST_TICKETS = 8


def look(folder: Path) -> dict[str, object]:
    """Screens by name with their version, and the last tickets, newest first."""
    return {
        "screens": {path.stem: _version(path) for path in sorted(folder.glob("*.png"))},
        "tickets": [
            {"name": path.name, "version": _version(path)}
            for path in sorted((folder / "tickets").glob("*.png"), reverse=True)[:_LAST_TICKETS]
        ],
    }


def picture(folder: Path, name: str) -> bytes | None:
    """A picture by the name it was shown with; nothing outside the folder."""
    known = {*folder.glob("*.png"), *(folder / "tickets").glob("*.png")}
    path = folder / name
    if path not in known:
        return None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _version(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1_000_000
    except FileNotFoundError:
        return 0
