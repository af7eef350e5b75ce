"""Turns key events of a keyboard-like scanner into text, by the US layout it is set to. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Enter, that of the number block, and Tab: makers ship scanners with any of them as the end mark.
_ENDS = frozenset({28, 96, 15})
_SHIFTS = frozenset({42, 54})
_LONGEST = 2048
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
# Some scanners type digits on the number block, whatever Shift says.
_BLOCK = ((71, "789-"), (75, "456+"), (79, "1230."), (98, "/"), (55, "*"))
_PAD = {first + i: c for first, row in _BLOCK for i, c in enumerate(row)}
_PLAIN = {first + i: c for first, plain, _ in _ROWS for i, c in enumerate(plain)}
_SHIFTED = {first + i: c for first, _, shifted in _ROWS for i, c in enumerate(shifted)}


@dataclass(slots=True)
class KeyReader:
    """A scan ends with its mark, or with a silence: what is held is never put before the next."""

    _held: str = ""
    _shift: bool = False

    def scans(self, keys: Iterable[tuple[int, int]]) -> Iterator[str]:
        """The whole scans that these events end."""
        for code, value in keys:
            text = self.key(code, value)
            if text is not None:
                yield text

    def key(self, code: int, value: int) -> str | None:
        """One event (value 1 = down, 0 = up): the whole scan at its end mark, else None."""
        if code in _SHIFTS:
            self._shift = value != 0
        elif value == 1 and code in _ENDS:
            return self.pause()
        elif value == 1:
            letter = _PAD.get(code) or (_SHIFTED if self._shift else _PLAIN).get(code, "")
            self._held = (self._held + letter)[-_LONGEST:]
        return None

    @property
    def holds(self) -> bool:
        """Whether a scan has begun."""
        return bool(self._held)

    def pause(self) -> str | None:
        """The scanner has been silent: one without an end mark has sent all."""
        held, self._held = self._held, ""
        return held or None
