"""What a dossier is in the counts of a report: by its state, and how it stood to its limit. Pure.

received in a period = carried over + new
carried over   received before it, not resolved before it
resolved       the day of its result is in the period
pending        neither resolved nor paused at the period's end
paused         waits for the citizen: overdue only where its supplier says so
"""

from datetime import datetime
from enum import IntEnum

from hall.onestop.dossiers import STATUSES, Dossier
from hall.onestop.timeliness import Standing, due_moment, standing

_OUT = frozenset({1, 3, 7})
_PAUSED = frozenset({5, 6, 8})
_RESOLVED = frozenset({9, 10})


class Group(IntEnum):
    """OUT: never received, or withdrawn: in no count. UNCLEAR: in a count of its own."""

    UNCLEAR = 0
    PENDING = 1
    PAUSED = 2
    RESOLVED = 3
    OUT = 4


STANDINGS = (Standing.UNCLASSIFIED, Standing.EARLY, Standing.ON_TIME, Standing.OVERDUE)


def group_of(dossier: Dossier) -> Group:
    if dossier.status not in STATUSES:
        return Group.UNCLEAR
    if dossier.status in _OUT:
        return Group.OUT
    if dossier.status in _PAUSED:
        return Group.PAUSED
    return Group.RESOLVED if dossier.status in _RESOLVED else Group.PENDING


def standing_of(dossier: Dossier) -> Standing:
    """Without the day of the result nobody knows whether it was in time.

    Of a dossier that was appointed anew its present limit holds (NĐ 61/2018 Điều 19.9).
    """
    return Standing.UNCLASSIFIED if dossier.done is None else standing(dossier.due, dossier.done)


def limit_of(dossier: Dossier) -> datetime | None:
    """The moment after which an open dossier is overdue."""
    return None if dossier.due is None else due_moment(dossier.due)


def is_reappointed(dossier: Dossier) -> bool:
    """Whether another day was given than the first one."""
    original, due = dossier.due_original, dossier.due
    return original is not None and due is not None and original.date() != due.date()
