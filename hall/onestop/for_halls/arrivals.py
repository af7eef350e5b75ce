"""What comes from the province's broker, before anything of it is read.

A request waits in the lane of its hall: who pours in fills no other's.
"""

import logging
from dataclasses import dataclass, field
from functools import partial

from hall.contract.downward import DownAddress, find_down
from hall.contract.topics import REQ_ONESTOP
from hall.runtime.admission import Admission, AdmissionSection, Knock
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarHeard, FarItem
from hall.runtime.inbox import Inbox

log = logging.getLogger(__name__)

# What one hall may send: its kiosks ask a few times a minute each.
ARRIVING = AdmissionSection(requests_per_s=20, burst=60)
WATCH_S = 1.0


@dataclass(frozen=True, slots=True)
class OneTooMany:
    """A request that is answered `limit`, unread."""

    address: DownAddress
    payload: bytes


@dataclass(slots=True)
class Arrivals:
    clock: Clock
    inbox: Inbox = field(default_factory=lambda: Inbox(admission=Admission(ARRIVING)))
    _flooding: frozenset[str] = frozenset()

    def post(self, item: FarItem) -> None:
        """From the link's thread."""
        address = find_down(item.topic) if isinstance(item, FarHeard) else None
        if isinstance(item, FarHeard) and address is not None and address.channel is REQ_ONESTOP:
            refuse = partial(OneTooMany, address, item.payload)
            knock = Knock(
                address.hall, self.clock.monotonic(), len(item.payload), lambda: item, refuse
            )
            self.inbox.knock(knock)
        else:
            self.inbox.post(item)

    def judge_floods(self, now: float) -> float:
        """Name who sends too much; let those in again who were shut out for it. When again."""
        self.inbox.admission.shut_out(now)
        flooding = frozenset(self.inbox.admission.floods(now))
        for hall in sorted(flooding - self._flooding):
            log.warning("%s sends too many requests: only some are answered", hall)
        self._flooding = flooding
        return now + WATCH_S
