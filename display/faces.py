"""What a counter's display shows for a counter's state. Pure: no clock, no wire, no device."""

from dataclasses import dataclass
from typing import Literal

from hall.contract.messages import CounterState, Face

Charset = Literal["digits", "alnum", "full"]

DASH = "-"


@dataclass(frozen=True, slots=True)
class Spec:
    """A display: how many characters (2–6) and which. `full` shows Vietnamese capitals."""

    counter: str
    width: int = 4
    charset: Charset = "alnum"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of a counter.

    `alive`: the controller's heartbeat is heard. `live`: the call came while we listened; a
    retained one is old and must not blink.
    """

    state: CounterState | None
    alive: bool
    live: bool = False


# Without an entry the display goes dark; shorter words come first where the width is small.
_WORDS: dict[tuple[str, Charset], tuple[str, ...]] = {
    ("closed", "full"): ("ĐÓNG",),
    ("closed", "alnum"): ("DONG",),
    ("paused", "full"): ("NGHỈ", "TẠM NG"),
    ("paused", "alnum"): ("NGHI",),
}


def face(spec: Spec, sight: Sight) -> Face:
    """The face; a number that was not called is never in it.

    Without the controller what stood there stays and is marked, and nothing blinks.
    """
    shown = _shown(spec, sight)
    return shown if sight.alive else Face(text=shown.text, style="stale")


def fit(number: str, spec: Spec) -> str:
    """The number in the display's characters; where it is too long the prefix goes first."""
    kept = [c for c in number if spec.charset != "digits" or c.isdigit()]
    return "".join(kept)[-spec.width :]


def fits(number: str, spec: Spec) -> bool:
    """Whether the display shows the number as it is printed."""
    return fit(number, spec) == number


def call_id(state: CounterState) -> str | None:
    """One id per call or recall, the same after a restart; None where nobody is called."""
    if state.status != "called" or state.ticket is None:
        return None
    at = int(state.called_at.timestamp()) if state.called_at else 0
    return f"{state.ticket.id[-40:]}-{at:x}-{state.recalls}"


def _shown(spec: Spec, sight: Sight) -> Face:
    state = sight.state
    if state is None:
        return Face(text=DASH * spec.width, style="steady")
    match state.status:
        case "called" | "serving" if state.ticket is not None:
            call = call_id(state) if sight.live else None
            return Face(text=fit(state.ticket.number, spec), style="steady", call=call)
        case "closed":
            return _word("closed", spec)
        case "paused":
            return _word("paused", spec)
        case _:
            return Face(text=DASH * spec.width, style="steady")


def _word(status: str, spec: Spec) -> Face:
    words = [w for w in _WORDS.get((status, spec.charset), ()) if len(w) <= spec.width]
    if words:
        return Face(text=words[0], style="message")
    # One dash for a pause: digits have no letters, and a dark display would mean a closed counter.
    return Face(text=DASH, style="message") if status == "paused" else Face(text="", style="off")
