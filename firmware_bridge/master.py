"""The master of one bus: who is asked next, who counts as lost, when the adapter is suspected.

One request at a time; nothing is ever waited for longer than its deadline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from firmware_bridge import exchange
from firmware_bridge.ports import (
    BusBack,
    BusEvent,
    BusLine,
    BusLost,
    LinkLost,
    UnitBack,
    UnitCounts,
    UnitLost,
)
from firmware_bridge.protocols import rtu
from firmware_bridge.protocols.rtu import (
    Ask,
    NoRtuResponse,
    Outcome,
    RtuExceptionResponse,
    RtuResponse,
)
from firmware_bridge.protocols.session import KeysLost, Rebooted, UnitSession, WrongShown
from firmware_bridge.protocols.unit_face import UnitFace
from hall.runtime.causes import Cause, Why, cause_of

# Three silences in a row are a lost unit; where something was heard, six: it is there, or two are.
MISSES = 6
_SILENT, _NOISY = 2, 1
URGENT_TRIES = 2
# A unit marked lost after chance errors is polled again before a fifth key overruns its four.
PROBE_FIRST_S, PROBE_GROWTH, PROBE_LAST_S = 0.25, 1.3, 10.0
REOPEN_FIRST_S, REOPEN_LAST_S = 0.2, 5.0
# A bus of few units need not be asked more often than this; a new face does not wait for it.
CYCLE_S = 0.02
NOBODY = Cause(Why.SILENT, "không bộ nào trả lời")


@dataclass(slots=True)
class Station:
    """One unit with what the master knows of its health."""

    session: UnitSession
    gap_s: float = 0.0
    alive: bool = True
    misses: int = 0
    tried: int = 0
    again: bool = False
    probe_at: float = 0.0
    probe_s: float = PROBE_FIRST_S
    asked_at: float = -1e9
    exchanges: int = 0
    timeouts: int = 0
    damaged: int = 0
    refused: int = 0
    retries: int = 0
    keys_lost: int = 0
    reboots: int = 0
    wrong_shown: int = 0
    round_trip_s: float = 0.0
    seen_at: float | None = None

    @property
    def presses_on(self) -> bool:
        return self.session.urgent and self.tried < URGENT_TRIES

    def counts(self) -> UnitCounts:
        return UnitCounts(
            self.session.address,
            self.alive,
            self.exchanges,
            self.timeouts,
            self.damaged,
            self.refused,
            self.retries,
            self.keys_lost,
            self.reboots,
            self.wrong_shown,
            round(self.round_trip_s * 1000, 1),
            self.seen_at,
        )


@dataclass(frozen=True, slots=True)
class BusTurn:
    """What one turn brought and when the next is due."""

    events: Sequence[BusEvent]
    due: float


@dataclass(slots=True)
class Master:
    """`watch` sees every exchange: what was sent and what was heard."""

    line: BusLine
    stations: Sequence[Station]
    baud: int
    clock: Callable[[], float]
    watch: Callable[[bytes, bytes], None] | None = None
    _open: bool = False
    # Whether the adapter hears itself; None: not found out yet.
    _echoes: bool | None = None
    _lost: BusLost | None = None
    _reopen_at: float = 0.0
    _reopen_s: float = REOPEN_FIRST_S
    _at: int = 0
    _round: Sequence[Station] = ()
    _cycle_at: float = -1e9
    _events: list[BusEvent] = field(default_factory=list)

    def want_face(self, address: int, look: UnitFace) -> None:
        for station in self.stations:
            if station.session.address == address:
                station.session.want_face(look)
                station.tried = 0

    def turn(self) -> BusTurn:
        """At most one exchange. Never raises for what happens on the wire."""
        self._events = []
        now = self.clock()
        try:
            due = self._turn(now)
        except LinkLost as err:
            due = self._link_lost(now, err)
        return BusTurn(self._events, due)

    def lose(self, err: Exception) -> BusTurn:
        """An unforeseen error in a turn: handled as a lost adapter."""
        cause = cause_of(err)
        self._events = []
        due = self._link_lost(self.clock(), LinkLost(cause.text, cause.why))
        return BusTurn(self._events, due)

    def close(self) -> None:
        self._open = False
        self.line.close()

    def _turn(self, now: float) -> float:
        if not self._open:
            if now < self._reopen_at:
                return self._reopen_at
            self.line.open()
            self._open, self._echoes = True, None
        station = self._choose(now)
        if station is None:
            return self._idle_until(now)
        self._exchange(station, now)
        return self.clock()

    def _choose(self, now: float) -> Station | None:
        for station in self.stations:
            if station.alive and (station.again or station.presses_on):
                return station
        if self._at >= len(self._round):
            if now < self._cycle_at + CYCLE_S:
                return None
            self._begin_round(now)
        if self._at >= len(self._round):
            return None
        self._at += 1
        return self._round[self._at - 1]

    def _begin_round(self, now: float) -> None:
        """All answering units with something due, and of the lost ones the longest unasked."""
        due = [s for s in self.stations if not s.alive and now >= s.probe_at]
        probe = min(due, key=lambda s: s.asked_at, default=None)
        live = [s for s in self.stations if s.alive and now >= s.session.due_at]
        self._round = [*live, probe] if probe else live
        self._at, self._cycle_at = 0, now

    def _idle_until(self, now: float) -> float:
        dues = [s.session.due_at if s.alive else s.probe_at for s in self.stations]
        return max(self._cycle_at + CYCLE_S, min([now + PROBE_LAST_S, *dues]), now)

    def _exchange(self, station: Station, now: float) -> None:
        urgent = station.session.urgent
        exchange.settle(self.line, self.baud, self.clock, station.gap_s)
        ask = station.session.next(now)
        if self._echoes is None and rtu.is_answered_alike(ask):
            self._echoes = exchange.hears_itself(
                self.line, station.session.address, self.baud, self.clock
            )
            exchange.settle(self.line, self.baud, self.clock, station.gap_s)
        sent_at = self.clock()
        self.line.write(ask.request)
        outcome = self._listen(station.session, ask)
        took = self.clock() - sent_at
        station.exchanges += 1
        station.asked_at = now
        station.tried = station.tried + 1 if urgent else 0
        self._judge(station, outcome, took)
        for event in station.session.take_outcome(outcome):
            self._note(station, event)
        if isinstance(outcome, RtuResponse):
            station.tried = 0

    def _listen(self, session: UnitSession, ask: Ask) -> Outcome:
        judge = self._beside_echo(session) if self._echoes else session.settle
        outcome, heard = exchange.listen(self.line, ask, judge, self.baud, self.clock)
        if self.watch is not None:
            self.watch(ask.request, heard)
        return outcome

    @staticmethod
    def _beside_echo(session: UnitSession) -> Callable[[Ask, bytes], Outcome]:
        return lambda ask, heard: session.settle(ask, exchange.without_echo(ask.request, heard))

    def _judge(self, station: Station, outcome: Outcome, took: float) -> None:
        match outcome:
            case RtuResponse():
                station.round_trip_s = took
                self._seen(station)
            case RtuExceptionResponse():
                station.refused += 1
                self._seen(station)
            case NoRtuResponse() if station.session.hidden:
                self._works()
            case NoRtuResponse(noise):
                station.timeouts += 1
                station.damaged += noise > 0
                self._missed(station, _NOISY if noise else _SILENT)

    def _seen(self, station: Station) -> None:
        station.misses, station.seen_at, station.again = 0, self.clock(), False
        if not station.alive:
            station.alive, station.probe_s = True, PROBE_FIRST_S
            self._events.append(UnitBack(station.session.address))
        self._works()

    def _works(self) -> None:
        """A unit answered, or took what it never answers."""
        if self._lost:
            self._lost, self._reopen_s = None, REOPEN_FIRST_S
            self._events.append(BusBack())

    def _missed(self, station: Station, weight: int) -> None:
        station.misses += weight
        # One damaged frame need not cost a whole round.
        station.again = not station.again
        station.retries += station.alive
        if not station.alive:
            station.probe_s = min(station.probe_s * PROBE_GROWTH, PROBE_LAST_S)
        elif station.misses >= MISSES:
            station.alive = False
            self._events.append(UnitLost(station.session.address))
        station.probe_at = self.clock() + station.probe_s
        if not any(s.alive for s in self.stations):
            self._suspect()

    def _suspect(self) -> None:
        """No unit answers: the adapter may be lost. Close it and find it again."""
        self.line.close()
        self._open = False
        self._report_lost(BusLost(adapter=False, cause=NOBODY))
        self._wait_to_reopen(self.clock())
        for station in self.stations:
            station.probe_at = min(station.probe_at, self._reopen_at)

    def _link_lost(self, now: float, err: LinkLost) -> float:
        self.line.close()
        self._open = False
        self._report_lost(BusLost(adapter=True, cause=cause_of(err)))
        self._wait_to_reopen(now)
        return self._reopen_at

    def _report_lost(self, lost: BusLost) -> None:
        """Once for each way of being away: a port that broke and one that is not there are two."""
        before = self._lost
        if before is None or (before.adapter, before.cause.why) != (lost.adapter, lost.cause.why):
            self._events.append(lost)
        self._lost = lost

    def _wait_to_reopen(self, now: float) -> None:
        self._reopen_at = now + self._reopen_s
        self._reopen_s = min(self._reopen_s * 2, REOPEN_LAST_S)

    def _note(self, station: Station, event: BusEvent) -> None:
        match event:
            case KeysLost(_, count):
                station.keys_lost += count
            case Rebooted():
                station.reboots += 1
            case WrongShown():
                station.wrong_shown += 1
            case _:
                pass
        self._events.append(event)
