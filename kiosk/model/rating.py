"""How satisfied somebody is: which counter, five faces, why, and five seconds to take it back.

    Rating (which counter) ──▶ RatingFaces ──face: sent at once──▶ RatingSent ──5 s──▶ Thanks
                                    ▲                                  │
                                    └── taken back, or another question ┘

A score is sent at the touch and taken back by a second message: a power cut within the seconds of
doubt loses nothing that somebody has said.
"""

from dataclasses import dataclass, replace

from hall.runtime.served import ServedThere
from kiosk.model.actions import Effects, SendScore, TakeBackScore
from kiosk.model.pages import Page, Rating, RatingFaces, RatingSent, Thanks
from kiosk.model.setup import CounterLabel, RatingOption
from kiosk.model.state import KioskModel

UNDO_S = 5.0
# Time to read the reasons; within the controller's ten seconds of taking back.
REASONS_S = 9.0


@dataclass(frozen=True, slots=True)
class RatedCounter:
    """A counter that has finished with somebody today, and with whom last."""

    label: CounterLabel
    served: ServedThere


def counters(model: KioskModel) -> tuple[RatedCounter, ...]:
    """In the order of the YAML."""
    last = {label.id: model.world.served.last(label.id) for label in model.setup.counters}
    found = ((label, last[label.id]) for label in model.setup.counters)
    return tuple(RatedCounter(label, served) for label, served in found if served is not None)


def first_page(model: KioskModel) -> Page:
    """Where nobody has been served yet the hall as a whole is asked about."""
    return Rating() if counters(model) else RatingFaces()


def question(model: KioskModel, page: RatingFaces | RatingSent) -> RatingOption | None:
    """What of being served is asked about; None: all of it, or the hall as a whole."""
    asked = model.setup.questions if page.about is not None else ()
    return asked[page.question] if page.question < len(asked) else None


def _question_id(model: KioskModel, page: RatingFaces | RatingSent) -> str:
    asked = question(model, page)
    return "" if asked is None else asked.id


def score(model: KioskModel, score: int, act_id: str) -> tuple[KioskModel, Effects]:
    page = model.page
    if not isinstance(page, RatingFaces):
        return model, ()
    sent = RatingSent(page.about, score, model.now, question=page.question)
    told = SendScore(act_id, score, page.about, question=_question_id(model, page))
    return replace(model, page=sent, trail=()), (told,)


def reason(model: KioskModel, reason: str, act_id: str) -> tuple[KioskModel, Effects]:
    """The score again with its reason, in place of the one without: nobody counts twice."""
    page = model.page
    if not isinstance(page, RatingSent) or page.reason:
        return model, ()
    told, asked = replace(page, reason=reason, since=model.now), _question_id(model, page)
    again = SendScore(act_id, page.score, page.about, reason, asked)
    return model.swap(told), (TakeBackScore(f"{act_id}-b", page.about, asked), again)


def take_back(model: KioskModel, act_id: str) -> tuple[KioskModel, Effects]:
    page = model.page
    if not isinstance(page, RatingSent):
        return model, ()
    taken = TakeBackScore(act_id, page.about, _question_id(model, page))
    return model.swap(RatingFaces(page.about, page.question)), (taken,)


def stays_s(model: KioskModel, page: RatingSent) -> float:
    """How long the page of a given score stays, and with it the way back."""
    asks_why = model.setup.reasons and not page.reason
    return REASONS_S if asks_why else UNDO_S


def passed(model: KioskModel, page: RatingSent) -> KioskModel:
    """The next question, or thanks for all of them."""
    if model.now - page.since < stays_s(model, page):
        return model
    following = RatingFaces(page.about, page.question + 1)
    if question(model, following) is None:
        return model.swap(Thanks(model.now))
    return replace(model.swap(following), touched=model.now)
