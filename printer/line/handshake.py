"""The first words on a fresh line: fill up what a broken write left open, then ask."""

from dataclasses import dataclass

from printer import commands
from printer.models import PrinterModel

# More than any band or native code needs (GS v 0 of 24 x 72 bytes and its header: 1,736).
FLUSH = 2048
# More than a strip for the printer's memory can be (GS ( L: 65,535 and its header).
LONGEST_FLUSH = 1 << 17
MORE_EACH_TIME = 8


def hello(model: PrinterModel, *, scrap: bool, answers: bool) -> bytes:
    """`scrap`: half a ticket may hang from the printer; the next must not be glued to it."""
    clear = commands.CLEAR if model.clears else b""
    cut = commands.FULL_CUT if scrap else b""
    start = commands.NUL * FLUSH + clear + commands.INIT + commands.ASB_ON + cut
    name = commands.MODEL_NAME if model.identifies else b""
    return start + name + commands.IN_ORDER if answers else start


def hello_again(flush: int) -> bytes:
    """To a printer that reports its state alone: it may wait for the end of something longer."""
    return commands.NUL * flush + commands.INIT + commands.ASB_ON + commands.IN_ORDER


@dataclass(slots=True)
class Handshake:
    """What was said on this line so far, and when (monotonic seconds).

    `scrap`: half a ticket may hang from the printer. `refill`: it was asked how it is, and may be
    given more.
    """

    model: PrinterModel
    answers: bool
    scrap: bool = False
    refill: bool = False
    flush: int = FLUSH
    opened_at: float = 0.0
    said_at: float = 0.0

    def leave_scrap(self, *, scrap: bool) -> None:
        """Whether half a ticket may hang from the printer at the next beginning."""
        self.scrap = scrap

    def allow_refill(self, *, allowed: bool) -> None:
        self.refill = allowed

    def begin(self, now: float) -> bytes:
        self.opened_at = self.said_at = now
        self.flush, self.refill = FLUSH, False
        return hello(self.model, scrap=self.scrap, answers=self.answers)

    def again(self, now: float) -> bytes:
        """Nothing, when nothing can be open any more."""
        if self.flush >= LONGEST_FLUSH:
            return b""
        self.flush *= MORE_EACH_TIME
        self.said_at, self.refill = now, False
        return hello_again(self.flush)
