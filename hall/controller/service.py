"""The controller on the bus: opens the books, hears requests, keeps the heartbeat."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from hall.contract.messages import ErrorCode, HallState, ServiceState
from hall.contract.requests import CheckIn, Issue, Ping, Request
from hall.contract.rights import kind_of
from hall.contract.topics import REQ_QUEUE
from hall.controller import alerts
from hall.controller.answering import Answering
from hall.controller.batch import MOST_TOGETHER, NamedRequest
from hall.controller.books import Books, Open, open_books
from hall.controller.fence import Fence, QueueClaim
from hall.controller.hallclock import HallClock, newest
from hall.controller.leadership import Leadership
from hall.controller.leftovers import LOOKED_OVER, Leftovers
from hall.controller.ports import HighWaterMark, Marker, StoreBroken, StoreFull
from hall.controller.projection import Projection
from hall.controller.publishing import Publisher
from hall.controller.secret import Secret
from hall.controller.translation import Translator
from hall.controller.upkeep import Upkeep
from hall.controller.watches import Watches
from hall.controller.witnesses import RetainedMarks
from hall.queueing.decide import due
from hall.runtime import opening
from hall.runtime.admission import LATEST_S
from hall.runtime.bus import BrokerHeap, Connected, Received, Spoiled
from hall.runtime.daemon import DaemonContext, Fatal
from hall.runtime.disk_room import NO_ROOM
from hall.runtime.limits import Limits
from hall.runtime.link_faults import LinkFault, Outlook
from hall.runtime.requester import new_id
from hall.runtime.twins import twin_words

log = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
REOPEN_S = 2.0
MARK_S = 1.0
# Other syncs than a command's own wait for a lull, so that no press waits for them; but not for
# ever.
LULL_S = 1.0
LONGEST_S = 30.0
# How long the first connection may take to bring our own retained states.
RETAINED_S = 3.0
# Requests kept until the retained states of an earlier run are in; more are refused.
MOST_EARLY = 1000


@dataclass(frozen=True, slots=True)
class ControllerSetup:
    """What the YAML and the disk give. `tickets`: how many new ones each client may ask for."""

    projection: Projection
    calendar: opening.Calendar
    tickets: Limits
    may_act: Callable[[str, str], bool]
    open_journal: Open
    marker: Marker
    fence: Fence
    secret: Secret
    upkeep: Upkeep
    leftovers: Leftovers
    watches: Watches


class ControllerService:
    """Serves no request before its own retained states are in, at every connection.

            Connected                ping back: our mark, or none        Connected
    ┌─────────┐     ┌────────────────┐                       ┌────────┐
    │ offline ├────▶│ retained coming├──────────────────────▶│ served ├─▶ …
    └─────────┘     └──┬─────────────┘                       └────────┘
                  another's mark                  ▲ ▲
                       ├── of this machine: watches ┘ │ nobody came (ALONE_S)
                       ▼                              │
                    stands back, off the bus ─────────┘ `motcua takeover`
    """

    needs_main_thread = False

    def __init__(self, context: DaemonContext, setup: ControllerSetup) -> None:
        self._context = context
        self._setup = setup
        self._publisher = Publisher(context.bus, setup.projection)
        self._answering: Answering | None = None
        self._clock: HallClock | None = None
        self._sync_id: str | None = None
        self._retained_until = 0.0
        self._is_back = False
        self._leadership = Leadership(setup.fence)
        self._early: list[NamedRequest] = []
        self._witnesses = RetainedMarks(setup.projection.rules)
        self._marker_stale = False
        self._beat_at = self._reopen_at = self._mark_at = self._probe_at = 0.0
        self._asked_at = self._tidied_at = 0.0

    def start(self) -> None:
        self._context.health.inherit("clock_unsure", "journal_damaged")
        self._open()

    def stop(self) -> None:
        if self._answering is not None:
            if self._leadership.is_ours:
                self._settle(self._answering)
            self._mark(self._answering.books)
            self._answering.books.journal.close()

    def handle(self, item: object) -> None:
        match item:
            case Connected():
                self._connected()
            case Received(message=Request() as request, levels=levels) if item.channel is REQ_QUEUE:
                asked = NamedRequest(
                    levels["client"], levels["verb"], request, item.unknown, item.at
                )
                self._request(asked)
            case Received(message=Request() as request, levels=levels):
                text = "Bộ điều khiển không có việc này."
                self._context.refuse(levels["client"], request.id, "bad_request", text)
            case Received(message=HallState() as state, retained=True):
                self._witnesses.hall(state)
                self._leadership.note_retained(state, item.ts)
            case Received(message=HallState() as state):
                if self._leadership.yields_to(state, self._epoch()):
                    self._stand_back()
            case Received(retained=True) | Spoiled(retained=True):
                self._note_retained(item)
            case BrokerHeap(size):
                alerts.judge_broker(self._context.health, size)
            case _:
                pass

    def tick(self, now: float) -> float:
        if self._is_back:
            return self._look_for_order(now)
        if self._answering is None:
            return self._try_again(now)
        if self._leadership.is_ours and self._answering.pending:
            if now < self._beat_at and not self._context.inbox.is_empty:
                # Decided with what waits: nothing else is due so often as requests come.
                return now
            self._settle(self._answering)
        if self._sync_id is not None and now >= self._retained_until:
            self._retained_are_in()
        if self._leadership.was_alone(now):
            self._serve()
        if self._leadership.is_ours:
            self._work(self._answering, now)
        return min(now + MARK_S, self._beat_at or now + MARK_S)

    def _work(self, answering: Answering, now: float) -> None:
        self._time(answering)
        if now >= self._beat_at:
            self._beat(answering, now)
        if now >= self._probe_at and "disk_low" in self._context.health.alerts:
            self._probe_at = now + REOPEN_S
            self._probe(answering)
        if now >= self._mark_at:
            self._mark_at = now + MARK_S
            if self._is_lull(now) or answering.books.journal.is_swollen():
                self._tidied_at = now
                self._renew_mark(now)
                self._mark(answering.books)
                self._guarded(lambda: self._keep_up(answering, now))
                self._setup.watches.tick(self._context, now)

    def _is_lull(self, now: float) -> bool:
        return now - self._asked_at >= LULL_S or now - self._tidied_at >= LONGEST_S

    def _keep_up(self, answering: Answering, now: float) -> None:
        wrong = self._setup.upkeep.tick(answering.books, now, answering.now())
        if wrong:
            alerts.tell_damaged(self._context.health, wrong)
        elif self._setup.upkeep.is_sound:
            self._context.health.solve("journal_damaged")

    # --- the store ------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            books = open_books(
                self._setup.open_journal, self._setup.marker, self._setup.projection.rules
            )
        except StoreFull as err:
            alerts.tell_no_room(self._context.health, err)
            return
        except StoreBroken as err:
            raise Fatal(3, f"journal: {err}") from err
        self._context.health.solve("disk_low")
        zone, calendar = self._setup.projection.zone, self._setup.calendar
        last = newest(books.found.today, books.hall.date, zone, calendar)
        clock = self._clock = HallClock(self._context.clock, zone, calendar, *last)
        self._answering = Answering(
            self._context.bus,
            books,
            self._publisher,
            clock.now,
            self._setup.may_act,
            Translator(self._setup.secret.of, clock.business_date, clock.opens_after),
            self._objection,
        )

    def _try_again(self, now: float) -> float:
        if now >= self._reopen_at:
            self._reopen_at = now + REOPEN_S
            self._open()
            if self._answering is not None and self._leadership.is_ours:
                self._begin(self._answering)
        return self._reopen_at

    def _give_up(self, answering: Answering, err: OSError) -> None:
        """The store cannot take in what must be on it before anything else: open it again later."""
        answering.books.journal.close()
        self._answering = None
        alerts.tell_no_room(self._context.health, err)

    def _probe(self, answering: Answering) -> None:
        """Whether there is room again, with nobody having to press for it."""
        with suppress(OSError):
            answering.books.mark_anew()
            self._context.health.solve("disk_low")

    def _mark(self, books: Books) -> None:
        """A full disk refuses it every second: said once, not a line a second on that disk."""
        try:
            books.mark()
        except OSError as err:
            if not self._marker_stale:
                log.warning("marker not written: %s", err)
            self._marker_stale = True
        else:
            self._marker_stale = False

    # --- an earlier run -------------------------------------------------------------------------

    def _connected(self) -> None:
        """Hear our own retained states; the ping to ourselves comes back behind the last.

        Until then nothing is answered or told: another controller may have come meanwhile.
        """
        self._leadership.begin_look()
        self._setup.leftovers.begin_look()
        self._sync_id = new_id()
        self._retained_until = self._context.clock.monotonic() + RETAINED_S
        ping = Ping(id=self._sync_id)
        self._context.bus.publish(REQ_QUEUE, ping, verb="ping", client=self._context.client)

    def _retained_are_in(self) -> None:
        """Adopt what they say, then serve the requests that have waited; or stand back."""
        self._sync_id = None
        now = self._context.clock.monotonic()
        match self._leadership.judge_retained(self._epoch(), now):
            case QueueClaim.LEAD:
                self._serve()
            case QueueClaim.WATCH:
                pass
            case QueueClaim.STAND_BACK:
                self._stand_back()

    def _serve(self) -> None:
        self._leadership.take_queue()
        self._remove_leftovers()
        if self._answering is not None:
            self._begin(self._answering)
        early, self._early = self._early, []
        for asked in early:
            self._request(asked)

    def _note_retained(self, item: Received | Spoiled) -> None:
        if isinstance(item, Received) and isinstance(item.message, ServiceState):
            self._witnesses.service(item.message)
        self._setup.leftovers.note_retained(item)

    def _remove_leftovers(self) -> None:
        for subscription in LOOKED_OVER:
            self._context.bus.unsubscribe(subscription)
        for channel, levels in self._setup.leftovers.places():
            self._context.bus.clear(channel, **levels)

    def _begin(self, answering: Answering) -> None:
        self._settle(answering)
        books = answering.books
        books.found = replace(books.found, ordered=self._leadership.takes_over)
        found, marks = books.found, self._marks_outside(books)
        try:
            if answering.adopt_marks(marks):
                alerts.tell_restored(self._context.health, found.put_aside, found.why)
            if not answering.books.hall.date:
                answering.time_passed()
        except StoreFull as err:
            self._give_up(answering, err)
            return
        except StoreBroken as err:
            raise Fatal(3, f"journal: {err}") from err
        self._leadership.begin_mark(self._context.clock.monotonic())
        self._publisher.owner = self._setup.fence.mark
        with self._context.bus.together():
            self._publisher.everything(answering.books.hall, answering.now())

    def _renew_mark(self, now: float) -> None:
        self._leadership.renew_mark(now)
        self._publisher.owner = self._setup.fence.mark

    # --- another controller -----------------------------------------------------------------------

    def _epoch(self) -> int:
        return self._answering.books.hall.epoch if self._answering is not None else 0

    def _stand_back(self) -> None:
        """Leave the bus to the other one, and say so where we still can: in log and STATUS."""
        self._leadership.leave_queue()
        self._is_back = True
        self._early.clear()
        bus, health = self._context.bus, self._context.health
        text, advice = twin_words(self._context.client, bus.host, health.others_host)
        health.set_state("disconnected")
        bus.withdraw(LinkFault(f"{text} Máy này đứng lại", advice, Outlook.LASTING))

    def _look_for_order(self, now: float) -> float:
        if now >= self._reopen_at:
            self._reopen_at = now + REOPEN_S
            if self._setup.fence.is_ordered():
                self._is_back = False
                self._context.health.set_state("ready")
                self._context.bus.resume()
        return self._reopen_at

    def _marks_outside(self, books: Books) -> list[HighWaterMark]:
        marked = self._setup.marker.read()
        return [
            *self._witnesses.marks(),
            *books.found.marks,
            *([marked] if marked is not None else ()),
        ]

    # --- requests -------------------------------------------------------------------------------

    def _request(self, asked: NamedRequest) -> None:
        if asked.client == self._context.client and asked.request.id == self._sync_id:
            self._retained_are_in()
        elif not self._leadership.is_ours and len(self._early) < MOST_EARLY:
            self._early.append(asked)
        elif self._answering is None or not self._leadership.is_ours:
            self._context.refuse(asked.client, asked.request.id, "unavailable", NO_ROOM)
        else:
            self._answer(self._answering, asked)

    def _objection(self, asked: NamedRequest) -> ErrorCode | None:
        """Of a printer's numbers those of its buttons are counted apart from those of kiosks."""
        now = self._context.clock.monotonic()
        if now - asked.at > LATEST_S:
            return "expired"
        if not isinstance(asked.request, Issue | CheckIn):
            return None
        whose = asked.client
        if kind_of(whose) == "printer" and asked.request.channel == "button":
            whose += "/button"
        if self._setup.tickets.allows(whose, min(asked.at, now)):
            return None
        self._context.inbox.admission.note_refused(asked.client, asked.request.id, asked.at)
        return "limit"

    def _answer(self, answering: Answering, asked: NamedRequest) -> None:
        self._asked_at = self._context.clock.monotonic()
        self._guarded(lambda: answering.take_request(asked))
        if answering.pending >= MOST_TOGETHER:
            self._settle(answering)

    def _settle(self, answering: Answering) -> None:
        before = answering.books.hall.seq
        self._guarded(answering.settle)
        if self._clock is not None and answering.books.hall.seq != before:
            self._clock.written(answering.now().wall)
            self._context.health.solve("disk_low")

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StoreFull as err:
            alerts.tell_no_room(self._context.health, err)
        except StoreBroken as err:
            raise Fatal(3, f"journal: {err}") from err

    # --- time -----------------------------------------------------------------------------------

    def _time(self, answering: Answering) -> None:
        at = due(self._publisher.projection.rules, answering.books.hall)
        if at is not None and at <= answering.now().at:
            self._guarded(answering.time_passed)

    def _beat(self, answering: Answering, now: float) -> None:
        moment = answering.now()
        self._publisher.changed(answering.books.hall, moment)
        self._beat_at = now + HEARTBEAT_S
        alerts.tell_clock(self._context.health, trusted=moment.trusted)
