"""What became of each file, and what of it a person must see to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall.contract.onestop_requests import ImportReport, ImportsData
from hall.onestop.intake import report
from hall.onestop.intake.report import What

_MOST = 20
_HELD: Mapping[What, str] = {
    "dossiers": "held_dossiers",
    "procedures": "held_procedures",
    "figures": "held_figures",
}
_BAD: Mapping[What, str] = {
    "dossiers": "bad_dossiers",
    "procedures": "bad_procedures",
    "figures": "bad_figures",
    "notice": "bad_notice",
    "other": "bad_other",
}


@dataclass(frozen=True, slots=True)
class AlertText:
    """An alert: what is wrong and what to do."""

    text: str
    advice: str


@dataclass(slots=True)
class Receipts:
    """The last report of each file; one that is being read keeps its last one beside it."""

    _judged: dict[str, ImportReport] = field(default_factory=dict)
    _reading: dict[str, ImportReport] = field(default_factory=dict)

    def put_report(self, told: ImportReport) -> None:
        if told.state == "reading":
            self._reading[told.file] = told
        else:
            self._reading.pop(told.file, None)
            self._judged[told.file] = told

    def drop(self, file: str) -> None:
        self._judged.pop(file, None)
        self._reading.pop(file, None)

    def imports_data(self) -> ImportsData:
        """For a page: newest first, at most twenty."""
        shown = {**self._judged, **self._reading}.values()
        newest = sorted(shown, key=lambda each: each.at, reverse=True)
        return ImportsData(imports=tuple(newest[:_MOST]))

    def troubles(self) -> Mapping[str, AlertText]:
        """By the alert's code: what waits for a person, what could not be read."""
        found: dict[str, AlertText] = {}
        for each in sorted(self._judged.values(), key=lambda told: told.at):
            code = _code(each)
            if code is None:
                continue
            before = f"{found[code].text}; " if code in found else ""
            found[code] = AlertText(f"{before}{report.summary(each)}", each.advice)
        return found


def _code(told: ImportReport) -> str | None:
    if told.state == "held":
        return _HELD.get(told.what, "held_other")
    return _BAD[told.what] if told.state == "refused" or told.refused else None
