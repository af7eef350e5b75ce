"""Where a role keeps what must outlive it."""

import os
from pathlib import Path


def state_folder(hall: str, given: Path | None) -> Path:
    """--state, else systemd's StateDirectory, else the user's own state folder."""
    return given or _of_systemd() or _of_user() / hall


def candidates(hall: str | None, given: Path | None) -> tuple[Path, ...]:
    """Where it may be while the hall's id is perhaps not known."""
    if hall is not None or (given or _of_systemd()) is not None:
        return (state_folder(hall or "", given),)
    return tuple(sorted(_of_user().glob("*/")))


def _of_systemd() -> Path | None:
    named = os.environ.get("STATE_DIRECTORY")
    return Path(named.split(":", 1)[0]) if named else None


def _of_user() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "motcua"
