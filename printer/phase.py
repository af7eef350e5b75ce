"""Where the conversation with a printer stands."""

from enum import Enum


class Phase(Enum):
    CLOSED = "closed"
    SYNCING = "syncing"
    SETTLING = "settling"
    IDLE = "idle"
    SENDING = "sending"
    WAITING = "waiting"
