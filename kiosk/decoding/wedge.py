"""Tells a scanner that plays keyboard from a person who types: a fast burst of letters. Pure."""

from dataclasses import dataclass

_BURST_S = 0.06
_FEWEST = 8
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class DecodedKeys:
    """What the keys meant: letters a person typed, or the text of a scan."""

    letters: str = ""
    scan: str | None = None


@dataclass(slots=True)
class Wedge:
    """Letters are held for a moment, until the pace shows who typed them."""

    _held: str = ""
    _at: float = float("-inf")
    _void: bool = False

    def wipe(self) -> None:
        """The person has gone: nothing of theirs is kept, nor taken of a burst that goes on."""
        self._void = self._void or bool(self._held)
        self._held = ""

    def typed(self, text: str, now: float) -> DecodedKeys:
        self._void = self._void and now - self._at <= _BURST_S
        if self._void:
            self._at = now
            return DecodedKeys()
        before = self.tick(now)
        self._held = (self._held + text)[:_LONGEST]
        self._at = now
        return before

    def entered(self) -> DecodedKeys | None:
        """The end of a burst, also of a void one; None when it was a person's Enter."""
        if self._void:
            self._void = False
            return DecodedKeys()
        if not self._held:
            return None
        return self._out() if len(self._held) >= _FEWEST else None

    def tick(self, now: float) -> DecodedKeys:
        """What is held and has come to rest; a void burst ends by it too."""
        self._void = self._void and now - self._at <= _BURST_S
        return self._out() if self._held and now - self._at > _BURST_S else DecodedKeys()

    def _out(self) -> DecodedKeys:
        held, self._held = self._held, ""
        return DecodedKeys(scan=held) if len(held) >= _FEWEST else DecodedKeys(letters=held)
