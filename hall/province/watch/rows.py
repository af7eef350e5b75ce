"""The line of one hall in the table of all halls. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from hall.province.watch.hall_now import HallNow

# A hall says every 30 s that its controller is there; after this it is mute.
MUTE = timedelta(seconds=75)


class HallLink(StrEnum):
    """Whether what is shown of a hall is now. MUTE: its line is there and its queue is not."""

    UP = "up"
    MUTE = "mute"
    DOWN = "down"
    OFF = "off"
    NEVER = "never"


class HallRow(NamedTuple):
    """Times are seconds since 1970; `since`: of who has waited longest.

    None: nobody can know. `intake`: whether tickets are given; `fault`: the first alert's text.
    """

    link: HallLink
    heard: int | None
    waiting: int | None
    since: int | None
    open: int
    counters: int
    served: int | None
    faults: int
    intake: bool
    fault: str


def link_of(hall: HallNow, now: datetime) -> HallLink:
    """By what its uplink, or the broker in its place, said last."""
    match hall.uplink:
        case "":
            return HallLink.NEVER
        case "lost":
            return HallLink.DOWN
        case "disconnected":
            return HallLink.OFF
        case _:
            beats = hall.beat_at is not None and now - hall.beat_at <= MUTE
            return HallLink.UP if beats and hall.has_controller else HallLink.MUTE


def row_of(hall: HallNow, since: datetime | None, now: datetime, day: str) -> HallRow:
    """`since`: by the events that have come; `day`: today's, of which people are counted."""
    told = hall.told if hall.told is not None and hall.told.day == day else None
    waiting = None if told is None else told.waiting
    first = min(hall.alerts.values(), key=lambda each: each.since, default=None)
    return HallRow(
        link=link_of(hall, now),
        heard=_seconds(hall.heard_at),
        waiting=waiting,
        since=_seconds(since) if waiting else None,
        open=hall.open_counters if told is not None else 0,
        counters=len(hall.counters),
        served=None if told is None else told.served_today,
        faults=hall.faults,
        intake=told is not None and told.open,
        fault="" if first is None else (first.text or first.code),
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
