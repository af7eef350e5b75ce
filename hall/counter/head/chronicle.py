"""Reads the journal through the bus into the pages' own figures, and never holds the queue up.

    heartbeat ─▶ what is new ──────▶ block ─▶ keep ─▶ rest ─┐
                 what is old, newest first ─────────────────┘ until all, or enough days, are known

A block is a hundred lines: `replay` brings the events, `replay-staff` the marks beside them. After
each block the reader rests four times as long as the answers took, so that reading a year takes at
most a fifth of what the controller has, and less when people press. Another epoch: all anew.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

from hall.contract.messages import HallState, Reply, TicketEvent
from hall.contract.requests import Replay, ReplayData, Request
from hall.contract.staff_marks import ReplayStaff, ReplayStaffData
from hall.contract.topics import REQ_QUEUE
from hall.counter.head import kept_figures
from hall.counter.head.past_acts import PastAct, figures_of, past_act
from hall.counter.head.store import (
    Extent,
    FiguresLost,
    FiguresStore,
    KeptDay,
    open_store,
    reading,
)
from hall.counter.head.waiting import Waiting
from hall.runtime.daemon import DaemonContext
from hall.runtime.requester import data_of, new_id

log = logging.getLogger(__name__)

BLOCK = 100
_REST = 4.0
_LEAST_REST_S = 0.02
_AFTER_FAILURE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines `first` to `last` of an epoch, as far as they are here. `begun`: monotonic."""

    first: int
    last: int
    epoch: int
    begun: float
    events: tuple[TicketEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class DayWorked:
    """`figures` None: the file could not be read."""

    day: KeptDay
    figures: str | None


@dataclass(slots=True)
class Chronicle:
    """`path`: the file, made where there is none. `waiting`: None while not yet known.

    A day is worked out in a thread of its own, which posts the result: it takes tenths of a second.
    """

    context: DaemonContext
    path: Path
    zone: tzinfo
    waiting: Waiting | None = None
    _store: FiguresStore | None = None
    _hall: HallState | None = None
    _extent: Extent = field(default_factory=Extent)
    _oldest: int | None = None
    _reading: bool = False
    _to_work: bool = True
    _worker: threading.Thread | None = None
    _next_at: float = 0.0
    _failing: bool = False

    def heartbeat(self, hall: HallState) -> None:
        self._hall = hall

    def tick(self, now: float) -> float:
        """Go on where it is time; when to look again."""
        if self._reading or self._hall is None:
            return now + 1.0
        if now < self._next_at:
            return self._next_at
        try:
            self._go_on(self._hall, now)
        except FiguresLost as err:
            self._failed(err, now)
        return max(now, self._next_at)

    def close(self) -> None:
        self._join()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _go_on(self, hall: HallState, now: float) -> None:
        store = self._opened(hall)
        self._next_at = now + _LEAST_REST_S
        self._work_out_a_day(store)
        if self._oldest is None:
            self._ask("replay", Replay(id=new_id(), from_seq=1, limit=1, epoch=hall.epoch))
        elif self._extent.high < hall.evt_seq:
            first = self._extent.high + 1
            self._begin(_Block(first, min(first + BLOCK - 1, hall.evt_seq), hall.epoch, now))
        elif not self._extent.whole and not store.is_full():
            last = self._extent.low - 1
            self._begin(_Block(max(1, last - BLOCK + 1), last, hall.epoch, now))
        else:
            self._next_at = now + 1.0

    def _opened(self, hall: HallState) -> FiguresStore:
        if self._store is None:
            self._store = open_store(self.path)
            self._extent, self._to_work = self._store.known(), True
            self._see_today(self._store)
        if self._failing:
            log.warning("the pages' figures are kept again")
            self._failing = False
        if self._extent.epoch != hall.epoch or self._extent.high > hall.evt_seq:
            self._store.begin_again(hall.epoch, hall.evt_seq)
            self._extent, self._oldest, self.waiting = self._store.known(), None, None
        return self._store

    def worked(self, day: DayWorked) -> None:
        """The thread is done; without figures it is asked again later."""
        self._join()
        if self._store is None or day.figures is None:
            return
        try:
            self._store.put_figures(day.day, day.figures)
            self._extent = self._store.known()
        except FiguresLost as err:
            self._failed(err, self.context.clock.monotonic())

    def _work_out_a_day(self, store: FiguresStore) -> None:
        if self._worker is not None or not self._to_work:
            return
        day = store.unworked_day()
        if day is None:
            self._to_work = False
            return
        self._worker = threading.Thread(target=self._work_out, args=(day,), name="figures")
        self._worker.start()

    def _work_out(self, day: KeptDay) -> None:
        figures: str | None = None
        with suppress(FiguresLost), reading(self.path) as kept:
            acts = kept.acts(day.first_seq, day.last_seq)
            figures = kept_figures.as_text(figures_of(acts, self.zone))
        self.context.inbox.post(DayWorked(day, figures))

    def _join(self) -> None:
        if self._worker is not None:
            self._worker.join()
            self._worker = None

    # --- a block --------------------------------------------------------------------------------

    def _begin(self, block: _Block) -> None:
        if block.last < block.first:
            self._keep(replace(block, first=1, last=0), {})
            return
        self._ask_events(block, block.first)

    def _ask_events(self, block: _Block, from_seq: int) -> None:
        limit = block.last - from_seq + 1
        request = Replay(id=new_id(), from_seq=from_seq, limit=limit, epoch=block.epoch)
        self._ask("replay", request, lambda reply: self._events_came(block, reply))

    def _events_came(self, block: _Block, reply: Reply) -> None:
        page = data_of(reply, ReplayData)
        if page is None:
            self._rest(_AFTER_FAILURE_S)
            return
        within = tuple(event for event in page.events if event.seq <= block.last)
        grown = replace(block, events=(*block.events, *within))
        if within and page.last_seq < block.last:
            self._ask_events(grown, page.last_seq + 1)
            return
        marks = ReplayStaff(id=new_id(), from_seq=block.first, limit=BLOCK, epoch=block.epoch)
        self._ask("replay-staff", marks, lambda reply: self._marks_came(grown, reply))

    def _marks_came(self, block: _Block, reply: Reply) -> None:
        told = data_of(reply, ReplayStaffData)
        if told is None:
            self._rest(_AFTER_FAILURE_S)
            return
        try:
            self._keep(block, {mark.seq: mark.staff for mark in told.marks})
        except FiguresLost as err:
            self._failed(err, self.context.clock.monotonic())
            return
        took = self.context.clock.monotonic() - block.begun
        self._rest(max(_LEAST_REST_S, _REST * took))

    def _keep(self, block: _Block, marks: Mapping[int, str]) -> None:
        store = self._store
        if store is None or self._extent.epoch != block.epoch:
            return
        acts = [past_act(event, marks.get(event.seq, "")) for event in block.events]
        known = self._extent
        low, high = min(known.low, block.first), max(known.high, block.last)
        whole = known.whole or low <= (self._oldest or 1)
        self._extent = Extent(known.epoch, low, high, whole)
        store.keep(acts, self._extent)
        self._to_work = self._to_work or any(act.type == "day_opened" for act in acts)
        if self.waiting is None:
            self._see_today(store)
        elif block.first > known.high:
            self._hear_all(acts)

    # --- who waits now --------------------------------------------------------------------------

    def _see_today(self, store: FiguresStore) -> None:
        acts = store.acts_of_today()
        if acts is not None:
            self.waiting = Waiting()
            self._hear_all(acts)

    def _hear_all(self, acts: list[PastAct]) -> None:
        if self.waiting is not None:
            for act in acts:
                self.waiting.take_act(act)

    # --- the bus --------------------------------------------------------------------------------

    def _ask(
        self, verb: str, request: Request, done: Callable[[Reply], None] | None = None
    ) -> None:
        self._reading = True
        now = self.context.clock.monotonic()
        answered = done or self._oldest_came
        self.context.requester.send_request(REQ_QUEUE, verb, request, answered, now)

    def _oldest_came(self, reply: Reply) -> None:
        page = data_of(reply, ReplayData)
        if page is None:
            self._rest(_AFTER_FAILURE_S)
            return
        self._oldest = page.events[0].seq if page.events else 1
        self._rest(_LEAST_REST_S)

    def _rest(self, seconds: float) -> None:
        self._reading = False
        self._next_at = self.context.clock.monotonic() + seconds

    def _failed(self, err: FiguresLost, now: float) -> None:
        """The pages call and show the hall without figures; tried again later."""
        if not self._failing:
            log.warning("the pages' figures cannot be kept: %s", err)
        self._failing, self._reading = True, False
        self.close()
        self._next_at = now + _AFTER_FAILURE_S
