"""What the printer last said of itself; told on when it changes."""

from dataclasses import dataclass

from printer.line.reports import Report, StatusReport
from printer.line.status import FINE, PrinterFaults


@dataclass(slots=True)
class Statement:
    """`faults`: None while it has said nothing. `reports`: where a change is told."""

    reports: list[Report]
    faults: PrinterFaults | None = None

    @property
    def assumed(self) -> PrinterFaults:
        """A printer that has said nothing is taken to be well."""
        return self.faults or FINE

    @property
    def blocked(self) -> bool:
        return self.assumed.blocked

    def say(self, faults: PrinterFaults | None) -> None:
        if faults != self.faults:
            self.faults = faults
            self.reports.append(StatusReport(faults))
