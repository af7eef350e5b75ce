"""A scripted morning: citizens arrive, staff call, the paper runs out, the broker restarts.

It sees and does only what a person in the hall can: presses simulated buttons and keys, asks on
the bus as a technician. One seed gives one morning.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.contract import requests as req
from hall.contract.messages import CounterState, DeviceStatus, HallState, Reply, ServiceState
from hall.contract.topics import (
    REQ_DEV,
    REQ_QUEUE,
)
from hall.contract.verbs import OFFERS, QUEUE
from hall.runtime.bus import Received
from hall.runtime.daemon import DaemonContext
from hall.runtime.picture import holds
from hall.runtime.requester import new_id

# Shares of people, as halls know them.
_HURRIED = 0.12
_BY_KIOSK = 0.3
_ABSENT = 0.08
_LATE = 0.2
_NEXT_AT_ONCE = 0.5


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: the printer's buttons, the counters, which of them have a keypad."""

    printer: str
    services: tuple[str, ...]
    priority: str | None
    counters: tuple[str, ...]
    keypads: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MorningPace:
    """Seconds: between arrivals, until a called person comes, of a service; `lasts`: all of it."""

    arrival_s: float
    coming_s: float
    service_s: float
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Incidents:
    """When, in seconds from the start, and what the stage does about the broker."""

    paper_out_s: float | None
    paper_in_s: float | None
    broker_s: float | None
    restart_broker: Callable[[], None]


@dataclass(slots=True)
class MorningTally:
    """What the people of the morning saw themselves."""

    presses: int = 0
    refused: int = 0
    refused_without_paper: int = 0
    promised: list[str] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)


class Morning:
    """A service on the loop of a `tech-demo` client."""

    needs_main_thread = False

    def __init__(
        self,
        context: DaemonContext,
        cast: Cast,
        pace: MorningPace,
        incidents: Incidents,
        seed: int = 7,
    ) -> None:
        self.tally = MorningTally()
        self.counters: dict[str, CounterState] = {}
        self.services: dict[str, ServiceState] = {}
        self.hall: HallState | None = None
        self._context, self._cast, self._pace = context, cast, pace
        self._incidents = incidents
        self._chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._begun: float | None = None
        self._arrive_at = 0.0
        self._plans: dict[str, tuple[float, str]] = {}
        self._done: set[str] = set()
        self._paper = True
        self._devices: dict[str, bool] = {}

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""

    def handle(self, item: object) -> None:
        match item:
            case Received(message=HallState() as state):
                self.hall = state
            case Received(message=ServiceState() as state):
                self.services[state.service] = state
            case Received(message=CounterState() as state):
                self._counter(state)
            case Received(message=DeviceStatus() as status, levels={"client": client}):
                self._devices[client] = status.state in ("ready", "degraded")
            case _:
                pass

    def tick(self, now: float) -> float:
        if not self._everyone_is_there():
            return now + 0.1
        if self._begun is None:
            self._begun = self._arrive_at = now
        passed = now - self._begun
        self._incident(passed)
        while self._arrive_at <= now and passed < self._pace.lasts_s:
            self._arrive(now)
            self._arrive_at += self._chance.expovariate(1 / self._pace.arrival_s)
        for counter in self._cast.counters:
            self._staff(counter, now, passed)
        return now + 0.1

    @property
    def is_quiet(self) -> bool:
        """Nobody waits and nobody is being served."""
        busy = any(c.status in ("called", "serving") for c in self.counters.values())
        return not busy and not any(s.waiting for s in self.services.values())

    @property
    def has_begun(self) -> bool:
        """Whether every device of the play was there and the first citizen could come."""
        return self._begun is not None

    def _everyone_is_there(self) -> bool:
        if self._begun is not None:
            return True
        devices = {self._cast.printer, *self._cast.keypads.values()}
        here = {client for client, ready in self._devices.items() if ready}
        return (
            self.hall is not None
            and set(self._cast.counters) <= set(self.counters)
            and devices <= here
        )

    # --- citizens -------------------------------------------------------------------------------

    def _arrive(self, now: float) -> None:
        service = self._chance.choice(self._cast.services)
        hurried = self._cast.priority is not None and self._chance.random() < _HURRIED
        self.tally.presses += 1
        if self._chance.random() < _BY_KIOSK:
            self._ask_printer(service, self._cast.priority if hurried else None, now)
            return
        args: dict[str, str | int | float | bool] = {"service": service}
        if hurried and service == self._cast.services[0] and self._cast.priority:
            args["priority"] = self._cast.priority
        self._simulate(self._cast.printer, "press", args, now)

    def _ask_printer(self, service: str, priority: str | None, now: float) -> None:
        """As a kiosk does: the reply holds the number before the paper is out."""
        without_paper = not self._paper
        request = req.Dispense(id=new_id(), service=service, priority=priority)
        self._context.requester.send_request(
            REQ_DEV,
            "dispense",
            request,
            lambda reply: self._promised(reply, without_paper=without_paper),
            now,
            target=self._cast.printer,
        )

    def _promised(self, reply: Reply, *, without_paper: bool) -> None:
        if reply.status == "ok":
            self.tally.promised.append(req.IssueData.model_validate(reply.data).ticket.id)
            return
        self.tally.refused += 1
        self.tally.refused_without_paper += without_paper

    # --- staff ----------------------------------------------------------------------------------

    def _counter(self, state: CounterState) -> None:
        known = self.counters.get(state.counter)
        if not holds(state, known):
            return
        self.counters[state.counter] = state
        if known is None or known.ver != state.ver:
            self._plans.pop(state.counter, None)

    def _staff(self, counter: str, now: float, passed: float) -> None:
        """One clerk: what to do next, and when."""
        plan = self._plans.get(counter)
        if plan is None:
            self._plans[counter] = plan = self._plan(self.counters[counter], now, passed)
        due, act = plan
        if act and now >= due:
            self._plans[counter] = (now + 5.0, act)
            self._do_act(counter, act, now)

    def _plan(self, state: CounterState, now: float, passed: float) -> tuple[float, str]:
        draw, pace = self._chance.random(), self._pace
        match state.status:
            case "closed":
                return now + draw, "counter-open" if passed < pace.lasts_s else ""
            case "open":
                return now + pace.coming_s * (0.3 + draw * 0.4), "call-next"
            case "called":
                return now + pace.coming_s * (0.5 + draw), _after_call(draw, state.recalls)
            case "serving":
                length = self._chance.lognormvariate(0, 0.35) * pace.service_s
                return now + length, "call-next" if draw < _NEXT_AT_ONCE else "finish"
            case "paused":
                return now + pace.coming_s, "counter-open"

    def _do_act(self, counter: str, act: str, now: float) -> None:
        if act == "call-next" and self.is_quiet:
            self._plans[counter] = (now + 0.5, act)
            return
        key = OFFERS[act].keypad
        bridge = self._cast.keypads.get(counter)
        if bridge is not None and key:
            self._simulate(bridge, "key", {"counter": counter, "key": key}, now)
            return
        self._context.requester.send_request(
            REQ_QUEUE, act, self._request(act, counter), lambda _reply: None, now
        )

    def _request(self, act: str, counter: str) -> req.Request:
        asked = {"id": new_id(), "counter": counter, "expect_ver": self.counters[counter].ver}
        return QUEUE[act].request.model_validate(asked)

    # --- incidents ------------------------------------------------------------------------------

    def _incident(self, passed: float) -> None:
        plan = self._incidents
        now = self._context.clock.monotonic()
        if self._is_due("paper-out", plan.paper_out_s, passed):
            self._paper = False
            self._simulate(self._cast.printer, "paper-out", {}, now)
        if self._is_due("paper-in", plan.paper_in_s, passed):
            self._paper = True
            self._simulate(self._cast.printer, "paper-in", {}, now)
        if self._is_due("broker-restart", plan.broker_s, passed):
            plan.restart_broker()

    def _is_due(self, name: str, at: float | None, passed: float) -> bool:
        if at is None or passed < at or name in self._done:
            return False
        self._done.add(name)
        self.tally.incidents.append(f"{name} @ {passed:.0f} s")
        return True

    def _simulate(
        self, target: str, action: str, args: dict[str, str | int | float | bool], now: float
    ) -> None:
        request = req.Simulate(id=new_id(), action=action, args=args)
        self._context.requester.send_request(
            REQ_DEV, "simulate", request, lambda _reply: None, now, target=target
        )


def _after_call(draw: float, recalls: int) -> str:
    """Most come; some are called again, few do not come at all."""
    if recalls:
        return "no-show" if draw < _ABSENT / _LATE else "start"
    return "recall" if draw < _LATE else "start"
