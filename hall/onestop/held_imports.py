"""Imports that wait on the shelf until a person says that they are right after all."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hall.contract.words import clean
from hall.onestop import store
from hall.onestop.intake.importing import ImportJob, ImportOutcome
from hall.onestop.shelf import ImportShelf

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody, `by`, says that the import held under this mark is right."""

    mark: str
    by: str


@dataclass(slots=True)
class HeldImports:
    """Used by one thread, but for `waits`, which is asked by any."""

    shelf: ImportShelf
    _marks: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._marks = frozenset(outcome.report.mark for _place, outcome in self.shelf.held())

    def waits(self, mark: str) -> bool:
        return mark in self._marks

    def hold(self, outcome: ImportOutcome, job: ImportJob) -> None:
        job.outcome.write_text(outcome.model_dump_json(), "utf-8")
        self.shelf.hold(outcome.report.what, job.folder)
        self._marks |= {outcome.report.mark}

    def take_agreed(self, agreed: Agreed, now: datetime) -> Iterator[ImportOutcome]:
        """Each import that is in use from here on."""
        for place, outcome in self.shelf.held():
            if outcome.report.mark == agreed.mark:
                yield from self._settle(place, _vouched(outcome, agreed.by, now))

    def drop(self, name: str) -> None:
        """The file that brought it is gone."""
        for place, outcome in self.shelf.held():
            if outcome.report.file == clean(name):
                self._discard(place, outcome)

    def _settle(self, place: Path, taken: ImportOutcome) -> Iterator[ImportOutcome]:
        try:
            self.shelf.take_import(taken, place)
        except store.DossierStoreError as err:
            log.warning("what was agreed to cannot be taken: %s", err)
            return
        self._discard(place, taken)
        file = taken.report.file
        if (seen := self.shelf.ledger.files.get(file)) is not None:
            self.shelf.note(file, seen.model_copy(update={"report": taken.report}))
        yield taken

    def _discard(self, place: Path, outcome: ImportOutcome) -> None:
        self.shelf.drop(place)
        self._marks -= {outcome.report.mark}


def _vouched(outcome: ImportOutcome, by: str, now: datetime) -> ImportOutcome:
    """Its report says who took it in spite of what."""
    why = "; ".join(outcome.report.reasons)
    remark = f"{by} đồng ý nhận lúc {now:%H:%M ngày %d/%m/%Y}: {why}"
    remarks = (*outcome.report.remarks, remark)
    update = {"state": "taken", "reasons": (), "advice": "", "remarks": remarks}
    return outcome.model_copy(update={"report": outcome.report.model_copy(update=update)})
