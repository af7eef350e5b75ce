"""Where the conversation with a printer stands.

    CLOSED --opened--> SYNCING --answer in order--> SETTLING --silence--> IDLE
    IDLE --submit--> SENDING --all written--> WAITING --confirmed--> IDLE

Any of them --lost--> CLOSED. A printer that cannot answer goes from CLOSED straight to SETTLING;
one that is well and answers nothing in order, from SYNCING to SETTLING.
"""

from enum import Enum


class Phase(Enum):
    CLOSED = "closed"
    SYNCING = "syncing"
    SETTLING = "settling"
    IDLE = "idle"
    SENDING = "sending"
    WAITING = "waiting"
