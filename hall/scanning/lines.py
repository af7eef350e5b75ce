"""Cuts what a serial scanner sends into scans: CR, LF, Tab or a pause ends one. Pure."""

import re
from dataclasses import dataclass

_LONGEST = 2048
_END = re.compile(rb"[\r\n\t]")


@dataclass(slots=True)
class LineCutter:
    """UTF-8, else Latin-1: an identity card's needed fields are ASCII in any code page."""

    _held: bytes = b""

    def feed(self, received: bytes) -> tuple[str, ...]:
        """Whole scans; what is not ended yet is held. Too long a one is thrown away."""
        pieces = _END.split(self._held + received)
        self._held = pieces.pop()
        if len(self._held) > _LONGEST:
            self._held = b""
        return tuple(_text(piece) for piece in pieces if 0 < len(piece) <= _LONGEST)

    def pause(self) -> tuple[str, ...]:
        """The line has been silent: a scanner without an end mark has sent all."""
        held, self._held = self._held, b""
        return (_text(held),) if held else ()


def _text(piece: bytes) -> str:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return piece.decode("latin-1")
