"""The one owner of whether a ticket can be had: what the printer reports, and its roll."""

import logging
from dataclasses import replace
from typing import Protocol

from hall.runtime.health import Health
from printer import faults
from printer.faults import PrinterCondition, PrinterTrouble
from printer.line.link import Down, LinkReport
from printer.line.reports import JobConfirmed, JobDropped, StatusReport, Up
from printer.line.status import PrinterFaults
from printer.plan import PrinterSetup

log = logging.getLogger(__name__)

# A slow line flushed twice at 9,600 baud is ready before.
TARDY_S = 10.0


class RollNotes(Protocol):
    """Durable notes of what the roll has given."""

    def fact(self, name: str) -> str | None: ...
    def note(self, name: str, value: str) -> None: ...


class PrinterWatch:
    """Used by the loop alone; shows each change as alerts and as the daemon's state."""

    def __init__(self, health: Health, setup: PrinterSetup, notes: RollNotes) -> None:
        self._health = health
        self._roll_tickets = setup.roll_tickets
        self._notes = notes
        self._condition = PrinterCondition(setup.device, warn_left=setup.warn_left)
        self._roll = 0
        self._dropped = False
        self._waiting_since = 0.0
        self._alerted: frozenset[str] = frozenset()

    @property
    def trouble(self) -> PrinterTrouble | None:
        """Why no number may be asked for now."""
        return faults.blocking(self._condition)

    @property
    def takes_jobs(self) -> bool:
        """Not after a dropped job, until the line says how it goes on."""
        return self._condition.up and not self._condition.blocked and not self._dropped

    @property
    def tardy_at(self) -> float:
        """From when on a printer that takes no job is no longer starting."""
        return self._waiting_since + TARDY_S

    def start(self, now: float) -> None:
        """Raises AttemptStoreError."""
        self._waiting_since = now
        self._health.inherit(*faults.OF_THE_PRINTER)
        self._roll = int(self._notes.fact("roll") or 0)
        self._count_roll()
        self._show_alerts()

    def report(self, report: LinkReport) -> None:
        known = self._condition
        self._dropped = isinstance(report, JobDropped)
        match report:
            case Up():
                self._condition = replace(known, up=True, down=None)
            case Down(why):
                self._condition = replace(known, up=False, down=why, faults=None)
            case StatusReport(None):
                self._condition = replace(known, up=False, faults=None)
            case StatusReport(PrinterFaults() as stated):
                self._watch_paper(stated)
                # A fault of its own explains more than a line that was lost for a while.
                down = None if stated.blocked else known.down
                self._condition = replace(self._condition, faults=stated, down=down)
            case JobConfirmed():
                self._roll += 1
                self._count_roll()
            case _:
                pass
        self._show_alerts()

    def memory_lacks_strips(self, short: bool) -> None:  # noqa: FBT001
        self._change(replace(self._condition, memory_short=short))

    def tick(self, now: float, stuck: tuple[str, ...]) -> None:
        """`stuck`: the buttons that count as held down."""
        known = self._condition
        if known.up or known.down is not None or known.blocked:
            self._waiting_since = now
        self._change(replace(known, stuck=stuck, tardy=now >= self.tardy_at))

    def set_state(self) -> None:
        """Nobody is told that it is ready before a ticket can be had."""
        state = "init" if self.trouble is faults.STARTING else "ready"
        if state != self._health.state:
            self._health.set_state(state)

    def _change(self, condition: PrinterCondition) -> None:
        if condition != self._condition:
            self._condition = condition
            self._show_alerts()

    def _watch_paper(self, stated: PrinterFaults) -> None:
        """Paper where there was none is a new roll."""
        before = self._condition.faults
        if before is not None and before.paper_out and not stated.paper_out:
            self._roll = 0
            self._count_roll()

    def _count_roll(self) -> None:
        if self._roll_tickets is None:
            return
        self._notes.note("roll", str(self._roll))
        left = max(0, self._roll_tickets - self._roll)
        self._condition = replace(self._condition, roll_left=left)

    def _show_alerts(self) -> None:
        found = faults.troubles(self._condition)
        codes = frozenset(t.code for t in found)
        for trouble in found:
            self._health.alert(trouble.code, trouble.text, trouble.advice)
        for code in self._alerted.union(faults.judged(self._condition)) - codes:
            self._health.solve(code)
        self._alerted = codes
