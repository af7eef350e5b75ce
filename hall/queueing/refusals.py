"""Why the queue says no. The words for people are the shell's."""

from enum import Enum

from hall.queueing.decision import Decision


class Reason(Enum):
    """`value`: the contract's error code, and what exactly is meant.

    `conflict`: somebody else was there first. `not_now`: nobody was, the act does not fit.
    """

    UNKNOWN_SERVICE = ("unknown", "service")
    UNKNOWN_COUNTER = ("unknown", "counter")
    UNKNOWN_TICKET = ("unknown", "ticket")
    NOT_ISSUED_YET = ("unknown", "not issued yet")
    UNKNOWN_PRIORITY = ("unknown", "priority")
    UNKNOWN_QUESTION = ("unknown", "question")
    UNKNOWN_REASON = ("unknown", "reason")
    UNKNOWN_BOOKING = ("unknown", "appointment")
    NOT_ITS_SERVICE = ("bad_request", "not its service")
    NOT_ITS_TICKET = ("unauthorized", "not its ticket")
    NO_DESTINATION = ("bad_request", "destination")
    NOT_TODAY = ("bad_request", "not today")
    SEVERAL_TICKETS = ("bad_request", "several tickets")
    NO_TICKET_NAMED = ("bad_request", "ticket")
    VERSION = ("conflict", "version")
    OTHER_TICKET = ("conflict", "other ticket")
    HOLDS_NOTHING = ("not_now", "holds nothing")
    NOT_CALLED = ("not_now", "not called")
    STILL_SERVING = ("not_now", "still serving")
    HELD_HERE = ("not_now", "held here")
    HELD_ELSEWHERE = ("not_now", "held elsewhere")
    NOT_CALLABLE = ("not_now", "not callable")
    NOT_WAITING = ("not_now", "not waiting")
    NOT_ASIDE = ("not_now", "not aside")
    NOBODY_TO_RATE = ("not_now", "nobody to rate")
    NO_RATING_TO_UNDO = ("not_now", "no rating to undo")
    NOTHING_TO_UNDO = ("not_now", "nothing to undo")
    UNDO_TOO_LATE = ("not_now", "undo too late")
    MOVED_ON = ("not_now", "moved on")
    PAPER_SETTLED = ("not_now", "paper settled")
    CHECKED_IN = ("not_now", "checked in")
    OTHER_DAY = ("not_now", "other day")
    TOO_EARLY = ("not_now", "too early")
    SLOT_PAST = ("expired", "slot")
    EXPIRED = ("expired", "ticket")
    HALL_CLOSED = ("closed", "hall")
    SERVICE_CLOSED = ("closed", "service")
    INTAKE_CLOSED = ("closed", "intake")
    CLOSED_BY_STAFF = ("closed", "service by staff")
    COUNTER_CLOSED = ("closed", "counter")
    NO_SLOT = ("closed", "slot")
    TOO_FAR = ("closed", "days ahead")
    NUMBERS_USED_UP = ("limit", "numbers")
    QUOTA = ("limit", "quota")
    RECALLS = ("limit", "recalls")
    BOOKINGS = ("limit", "appointments")
    SLOT_FULL = ("limit", "slot")
    PERSON_QUOTA = ("limit", "person")

    @property
    def code(self) -> str:
        return self.value[0]


class Refused(Exception):
    """The command has no effect. `counter`: whose state explains it, where there is one.

    `passed`: what time alone had brought before the command was looked at.
    """

    passed: Decision | None = None

    def __init__(self, reason: Reason, counter: str | None = None) -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.counter = counter
