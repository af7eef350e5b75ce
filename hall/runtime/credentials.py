"""Secrets by the names that the YAML gives them, read at each use."""

import contextlib
import os
from pathlib import Path

# What a unit hands over in place of a file that is not there.
_NONE = "none"


class MissingCredential(Exception):
    """No such secret; the text says where it was looked for."""


def read(name: str, state: Path) -> str:
    """The secret, from what systemd hands over or from the state folder."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    places = [Path(given) / name] if given else []
    places.append(state / "credentials" / name)
    for place in places:
        with contextlib.suppress(OSError):
            text = place.read_text("utf-8").strip()
            if text not in ("", _NONE):
                return text
    raise MissingCredential(f"không có mật khẩu '{name}' trong {' hay '.join(map(str, places))}")
