"""One request and its reply on a line: settle, send, listen; never longer than the deadline."""

from collections.abc import Callable

from firmware_bridge import timing
from firmware_bridge.ports import BusLine
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.rtu import Ask, NoRtuResponse, Outcome

_SETTLE_S = 0.05
_MOST_BYTES = 4096
Clock = Callable[[], float]


def settle(line: BusLine, baud: int, clock: Clock, gap_s: float = 0.0) -> None:
    """Let the line fall silent; a babbler is not waited for longer than 50 ms."""
    quiet = max(timing.t35_s(baud), gap_s)
    until, dropped = clock() + _SETTLE_S + quiet, 0
    while clock() < until and dropped < _MOST_BYTES:
        heard = line.read(quiet)
        if not heard:
            return
        dropped += len(heard)


def hears_itself(line: BusLine, unit: int, baud: int, clock: Clock) -> bool:
    """Whether the adapter gives back what it sends. Raises LinkLost.

    Told by a read, whose answer never looks like its request; that of a write of one register does.
    """
    probe = rtu.read(unit, rtu.READ_HOLDING, 0, 1)
    settle(line, baud, clock)
    line.write(probe.request)
    heard = listen(line, probe, rtu.find_reply, baud, clock)[1]
    return probe.request in heard


def without_echo(request: bytes, heard: bytes) -> bytes:
    """What was heard beside our own request."""
    before, found, after = heard.partition(request)
    if found:
        return before + after
    # As much of it as has come so far.
    return b"" if request.startswith(heard) else heard


def listen(
    line: BusLine, ask: Ask, judge: Callable[[Ask, bytes], Outcome], baud: int, clock: Clock
) -> tuple[Outcome, bytes]:
    """The outcome of a request that was just sent, and all that was heard."""
    wait = timing.deadline_s(len(ask.request), ask.reply_length, baud)
    if not ask.reply_length:
        wait = timing.wire_s(len(ask.request), baud)
    until, heard, outcome = clock() + wait, b"", judge(ask, b"")
    left = wait
    # Looked at once more after the deadline: a busy machine may wake us late, with the reply there.
    while isinstance(outcome, NoRtuResponse) and left > 0 and len(heard) <= _MOST_BYTES:
        left = until - clock()
        more = line.read(max(0.0, left))
        if not more:
            break
        heard += more
        outcome = judge(ask, heard)
    return outcome, heard


def ask_once(line: BusLine, ask: Ask, baud: int, clock: Clock) -> Outcome:
    """A Modbus request outside a master's schedule. Raises LinkLost."""
    settle(line, baud, clock)
    line.write(ask.request)
    return listen(line, ask, rtu.find_reply, baud, clock)[0]
