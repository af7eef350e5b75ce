"""Tells a scanner that plays keyboard from a person who types: a fast burst of letters. Pure."""

from dataclasses import dataclass

_BURST_S = 0.06
_FEWEST = 8
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Heard:
    """What the keys meant: letters a person typed, or the text of a scan."""

    letters: str = ""
    scan: str | None = None


@dataclass(slots=True)
class Wedge:
    """Letters are held for a moment, until the pace shows who typed them."""

    _held: str = ""
    _at: float = float("-inf")

    def typed(self, text: str, now: float) -> Heard:
        before = self.tick(now)
        self._held = (self._held + text)[:_LONGEST]
        self._at = now
        return before

    def entered(self) -> Heard | None:
        """The end of a burst; None when it was a person's Enter and nothing is held."""
        if not self._held:
            return None
        return self._out() if len(self._held) >= _FEWEST else None

    def tick(self, now: float) -> Heard:
        """What is held and has come to rest."""
        return self._out() if self._held and now - self._at > _BURST_S else Heard()

    def _out(self) -> Heard:
        held, self._held = self._held, ""
        return Heard(scan=held) if len(held) >= _FEWEST else Heard(letters=held)
