"""A supplier behind fair lanes: what one hall asks too much of waits, or is turned away."""

from dataclasses import dataclass, field

from hall.onestop.for_halls.lanes import Lanes, WaitingLookup
from hall.onestop.ports import DossierAnswered, LookupLimit, Post, Supplier
from hall.runtime.clock import Clock


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(slots=True)
class FairSupplier:
    """`patience_s`: who asked waits no longer."""

    behind: Supplier
    lanes: Lanes
    clock: Clock
    patience_s: float
    source: str = field(init=False)
    _post: Post = _nobody

    def __post_init__(self) -> None:
        self.source = self.behind.source

    def start(self, post: Post) -> None:
        self._post = post
        self.behind.start(post)

    def stop(self) -> None:
        self.behind.stop()

    def look_up(self, ref: str, code: str) -> None:
        until = self.clock.monotonic() + self.patience_s
        if self.lanes.put(WaitingLookup(ref, code, until)):
            self._ask_more()
        else:
            self._post(DossierAnswered(ref, LookupLimit()))

    def note_answered(self, ref: str) -> None:
        """There is room for another."""
        self.lanes.done(ref)
        self._ask_more()

    def tick(self, now: float) -> float:
        self._ask_more()
        return self.behind.tick(now)

    def _ask_more(self) -> None:
        while (found := self.lanes.take_next(self.clock.monotonic())) is not None:
            self.behind.look_up(found.ref, found.code)
