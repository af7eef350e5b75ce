"""How old figures may be on a screen, and the words for the time they were taken."""

from datetime import datetime, timedelta
from enum import Enum

from hall.contract.onestop_messages import Figures
from hall.figures.shares import NO_DATA


class Age(Enum):
    """How a screen treats figures: as they are, in grey, in amber, or not at all."""

    FRESH = "fresh"
    GREY = "grey"
    AMBER = "amber"
    HIDDEN = "hidden"


_GREY = timedelta(minutes=2)
_AMBER = timedelta(minutes=15)
_HIDDEN = timedelta(hours=24)


def age(figures: Figures | None, now: datetime) -> Age:
    """Figures from a clock that runs ahead of ours by more than the grey limit are amber."""
    if figures is None:
        return Age.HIDDEN
    old = now - figures.as_of
    if old > _HIDDEN:
        return Age.HIDDEN
    if old > _AMBER or -old > _GREY:
        return Age.AMBER
    return Age.GREY if old > _GREY else Age.FRESH


def as_of_text(figures: Figures | None, now: datetime) -> str:
    """The hall's time zone is that of `now`."""
    if figures is None:
        return NO_DATA
    local = figures.as_of.astimezone(now.tzinfo)
    same_day = local.date() == now.date()
    return f"số liệu lúc {local:%H:%M}" if same_day else f"số liệu lúc {local:%H:%M ngày %d/%m/%Y}"
