"""The journal's events in order and without gaps: what was missed is asked for again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from hall.contract.messages import HallState, Reply, TicketEvent
from hall.contract.requests import Replay, ReplayData
from hall.contract.topics import REQ_QUEUE
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import data_of, new_id

log = logging.getLogger(__name__)

# Enough for a day's set-aside tickets in a hall of a commune; ten pages.
_MOST = 2000
_PAGE = 200


@dataclass(slots=True)
class History:
    """`hear` is called with each event once, in order."""

    context: DaemonContext
    hear: Callable[[TicketEvent], None]
    _epoch: int = 0
    _last: int = 0
    _end: int = 0
    _behind: bool = True
    _asking: bool = False

    def fell_behind(self) -> None:
        """After a connection events may be missing; the next heartbeat tells how many there are."""
        self._behind = True

    def heartbeat(self, hall: HallState) -> None:
        if hall.epoch != self._epoch:
            self._epoch, self._behind = hall.epoch, True
        if not self._behind or self._asking:
            return
        self._behind = False
        self._end = hall.evt_seq
        if hall.evt_seq > self._last:
            self._ask_events(max(self._last + 1, hall.evt_seq - _MOST + 1))

    def event(self, event: TicketEvent) -> None:
        """An event that comes while others are asked for comes again with them."""
        if self._asking or self._behind or event.seq <= self._last:
            return
        if event.seq == self._last + 1:
            self._add_event(event)
        else:
            self._ask_events(self._last + 1)

    def _add_event(self, event: TicketEvent) -> None:
        self._last = event.seq
        self.hear(event)

    def _ask_events(self, from_seq: int) -> None:
        self._asking = True
        request = Replay(id=new_id(), from_seq=from_seq, limit=_PAGE, epoch=self._epoch)
        now = self.context.clock.monotonic()
        self.context.requester.send_request(REQ_QUEUE, "replay", request, self._answered, now)

    def _answered(self, reply: Reply) -> None:
        self._asking = False
        page = data_of(reply, ReplayData)
        if page is None:
            log.warning("missed events were not given again")
            self._last = self._end
            return
        for event in page.events:
            if event.seq > self._last:
                self._add_event(event)
        if self._last < page.end_seq and page.events:
            self._ask_events(self._last + 1)
