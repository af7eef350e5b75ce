"""Staff type the figures; who typed them and when stands beside them on every screen."""

import logging
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from pydantic import ValidationError

from hall.contract.onestop_messages import Figures, Period
from hall.contract.onestop_requests import EnterFigures
from hall.figures.doubts import doubts
from hall.onestop import named_counts, store
from hall.onestop.intake import plausible
from hall.onestop.intake.cells import Unclear
from hall.onestop.ports import (
    Away,
    DossierAnswered,
    Doubted,
    Entered,
    FiguresTold,
    FiguresTyped,
    LinkUp,
    NoticeTold,
    Post,
    Untaken,
)
from hall.onestop.shelf import ImportShelf
from hall.runtime.clock import Clock
from hall.runtime.settings_words import first_mistake

log = logging.getLogger(__name__)

_FAR_S = 3600.0


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(slots=True)
class ManualSupplier:
    """Keeps every period that was typed; a period typed again takes the place of its older self."""

    source: str
    state: Path
    zone: tzinfo
    clock: Clock
    _shelf: ImportShelf = field(init=False)
    _figures: Figures | None = field(init=False, default=None)
    _post: Post = field(init=False, default=_nobody)

    def __post_init__(self) -> None:
        self._shelf = ImportShelf(self.state)

    def start(self, post: Post) -> None:
        self._post = post
        post(LinkUp())
        post(NoticeTold(()))
        self._figures = self._shelf.figures(own=True)
        if self._figures is not None:
            post(FiguresTold(self._figures))

    def stop(self) -> None:
        """Nothing is open."""

    def tick(self, now: float) -> float:
        return now + _FAR_S

    def look_up(self, ref: str, code: str) -> None:  # noqa: ARG002 - a port's signature
        self._post(DossierAnswered(ref, Away()))

    def enter(self, typed: EnterFigures) -> Entered:
        """Take, doubt or refuse what somebody typed; text is read as in any table."""
        try:
            period = self._period(typed)
        except (Unclear, ValidationError) as err:
            return Untaken(first_mistake(err) if isinstance(err, ValidationError) else str(err))
        told = self._with(period, typed.staff)
        now = self.clock.now().astimezone(self.zone)
        reasons = [
            *plausible.doubtful_figures(told, self._figures, now),
            *(doubt.text for doubt in doubts(period)),
        ]
        if reasons and not typed.sure:
            return Doubted(tuple(reasons))
        try:
            self._shelf.keep_figures(told)
        except store.DossierStoreError as err:
            return Untaken(str(err))
        self._figures = told
        log.info("figures of %s typed", period.id)
        self._post(FiguresTold(told))
        return FiguresTyped(told)

    def _period(self, typed: EnterFigures) -> Period:
        head = {"id": typed.period, "from": typed.from_, "to": typed.to}
        return named_counts.period(head, {each.figure: each.text for each in typed.values})

    def _with(self, period: Period, staff: str) -> Figures:
        now = self.clock.now().astimezone(self.zone)
        others = () if self._figures is None else self._figures.periods
        return Figures(
            as_of=now,
            source=f"{self.source} ({staff}, {now:%H:%M %d/%m/%Y})",
            periods=(period, *(each for each in others if each.id != period.id)),
        )
