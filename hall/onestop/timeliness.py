"""Early, on time or overdue: how a dossier stands to its time limit. Pure."""

from datetime import datetime, time
from enum import Enum

from hall.onestop.workdays import SESSIONS, HalfDay, day_end, session_start


class Standing(Enum):
    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"
    UNCLASSIFIED = "unclassified"


def due_moment(due: datetime, sessions: tuple[HalfDay, ...] = SESSIONS) -> datetime:
    """A due date without a time of day means the end of that day's last half-day."""
    return day_end(due, sessions) if due.time() == time.min else due


def standing(
    due: datetime | None, done: datetime, sessions: tuple[HalfDay, ...] = SESSIONS
) -> Standing:
    """Early: before the half-day that contains the due moment. Overdue: strictly after it."""
    if due is None:
        return Standing.UNCLASSIFIED
    limit = due_moment(due, sessions)
    if done > limit:
        return Standing.OVERDUE
    return Standing.EARLY if done < session_start(limit, sessions) else Standing.ON_TIME


def is_overdue(
    due: datetime | None, now: datetime, sessions: tuple[HalfDay, ...] = SESSIONS
) -> bool:
    """Whether a dossier that is not resolved yet is past its limit."""
    return due is not None and now > due_moment(due, sessions)
