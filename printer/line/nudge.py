"""A byte that means nothing, for a printer that speaks only when it is spoken to.

A printer that runs Linux (f_printer) reads and writes its USB line under one lock, and holds it
while it waits to be written to:

    host    … cut, GS r ──────────────────────── NUL ──────▶
    printer             paper falls, GS r ready ┆ lock free: 00 ──▶

So an answer that is waited for is fetched with a NUL, which every printer skips.
"""

from dataclasses import dataclass
from math import inf

from printer import commands


@dataclass(slots=True)
class Nudge:
    """`every_s`: how long the answer may stay away (inf: this line needs no nudge).

    `at`: when the next one is due, in monotonic seconds.
    """

    every_s: float = inf
    at: float = inf

    def answer_due(self, at: float) -> None:
        """An answer should be here by then."""
        self.at = at + self.every_s

    def take(self, now: float) -> bytes:
        if now < self.at:
            return b""
        self.at = now + self.every_s
        return commands.NUL
