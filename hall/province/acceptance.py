"""Whether a batch follows what the province holds of a hall, and what of it is new. Pure.

held  ────────●                    held: the place of the last event committed
batch   after ○──────●             follows a place that is held: the rest is new
batch                  after ○──●  there is a gap: the hall is told what is held, and begins there
batch ○───●                        known already: told what is held
"""

from dataclasses import dataclass

from hall.contract.province import JournalPlace, UpEvents
from hall.contract.upward import UpEvent


@dataclass(frozen=True, slots=True)
class NewEvents:
    """`known`: those of the batch that must be the same as what is held."""

    events: tuple[UpEvent, ...]
    known: tuple[UpEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class EventGap:
    """The batch follows what the province has never had, or has lost."""


def judge(held: JournalPlace, batch: UpEvents) -> NewEvents | EventGap:
    if batch.after.order > held.order:
        return EventGap()
    new = tuple(e for e in batch.events if (batch.epoch, e.seq) > held.order)
    return NewEvents(new, batch.events[: len(batch.events) - len(new)])
