"""A score of the kiosk's pages as the queue is asked to keep it, or to take it back. Pure."""

from typing import Any

from hall.contract.requests import Rate, Request, Unrate
from hall.runtime.served import ServedThere
from kiosk.model.actions import SendScore, TakeBackScore


def request_of(told: SendScore | TakeBackScore) -> tuple[str, Request]:
    """The verb and what it is asked with."""
    match told:
        case SendScore(id=ask_id, score=score, about=about, reason=reason, question=question):
            why, what = reason or None, question or None
            return "rate", Rate(id=ask_id, score=score, reason=why, question=what, **_whom(about))
        case TakeBackScore(id=ask_id, about=about, question=question):
            return "unrate", Unrate(id=ask_id, question=question or None, **_whom(about))


def _whom(about: ServedThere | None) -> dict[str, Any]:
    """The ticket itself: by now the counter may be serving another one."""
    return {} if about is None else {"ticket": about.ticket, "counter": about.counter}
