"""Why the queue says no. The words for people are the shell's."""

from enum import Enum

from hall.queueing.decision import Decision


class Reason(Enum):
    """`value`: the contract's error code, and what exactly is meant."""

    UNKNOWN_SERVICE = ("unknown", "service")
    UNKNOWN_COUNTER = ("unknown", "counter")
    UNKNOWN_TICKET = ("unknown", "ticket")
    UNKNOWN_PRIORITY = ("unknown", "priority")
    UNKNOWN_BOOKING = ("unknown", "appointment")
    NOT_ITS_SERVICE = ("bad_request", "not its service")
    NO_DESTINATION = ("bad_request", "destination")
    NO_TICKET_NAMED = ("bad_request", "ticket")
    VERSION = ("conflict", "version")
    HOLDS_NOTHING = ("conflict", "holds nothing")
    NOT_CALLED = ("conflict", "not called")
    STILL_SERVING = ("conflict", "still serving")
    NOT_CALLABLE = ("conflict", "not callable")
    NOT_WAITING = ("conflict", "not waiting")
    NOT_ASIDE = ("conflict", "not aside")
    PAPER_SETTLED = ("conflict", "paper settled")
    CHECKED_IN = ("conflict", "checked in")
    OTHER_DAY = ("conflict", "other day")
    SLOT_PAST = ("expired", "slot")
    EXPIRED = ("expired", "ticket")
    HALL_CLOSED = ("closed", "hall")
    SERVICE_CLOSED = ("closed", "service")
    COUNTER_CLOSED = ("closed", "counter")
    NUMBERS_USED_UP = ("limit", "numbers")
    QUOTA = ("limit", "quota")
    RECALLS = ("limit", "recalls")
    BOOKINGS = ("limit", "appointments")

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
