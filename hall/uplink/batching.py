"""A page of the journal as a batch that goes up: of one epoch, within so many bytes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hall.contract.messages import TicketEvent
from hall.contract.province import MOST_EVENTS, JournalPlace, UpEvents
from hall.contract.upward import UpEvent, event_up

# What a batch has beside its events: envelope, source, host, places.
_FRAME = 1024


@dataclass(frozen=True, slots=True)
class Sender:
    """As in UpEvents."""

    source: str
    host: str


def batch_of(
    events: Sequence[TicketEvent], after: JournalPlace, sender: Sender, most_bytes: int
) -> UpEvents | None:
    """Of the first events above `after` as many as fit, at least one; None: there are none."""
    chosen: list[UpEvent] = []
    size, epoch = _FRAME, 0
    for event in events:
        if (event.epoch, event.seq) <= after.order:
            continue
        if chosen and (event.epoch != epoch or event.seq != chosen[-1].seq + 1):
            break
        lean = event_up(event)
        size += len(lean.model_dump_json()) + 1
        if chosen and (size > most_bytes or len(chosen) == MOST_EVENTS):
            break
        epoch = event.epoch
        chosen.append(lean)
    if not chosen:
        return None
    return UpEvents(
        source=sender.source,
        host=sender.host,
        after=after,
        epoch=epoch,
        from_seq=chosen[0].seq,
        last_seq=chosen[-1].seq,
        events=tuple(chosen),
    )
