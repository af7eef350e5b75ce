"""Takes one file of the watched folder: read, judged, put on the shelf or held, reported."""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from hall.contract.onestop_requests import ImportReport
from hall.contract.words import clean
from hall.onestop import store
from hall.onestop.folder import MAPPING, FolderEntry, Watched, is_notice, stamp_of
from hall.onestop.held_imports import Agreed, HeldImports
from hall.onestop.intake import report
from hall.onestop.intake.cells import UnusableTable
from hall.onestop.intake.importing import ImportJob, ImportOutcome
from hall.onestop.intake.lettering import encoding_of
from hall.onestop.intake.workshop import Workshop
from hall.onestop.ports import (
    FiguresTold,
    FileGone,
    Imported,
    NoticeTold,
    ProceduresTold,
    Told,
)
from hall.onestop.shelf import ImportShelf, SeenFile, Stamp
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

_NOTICE_LINES = 20
_NOTICE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileIntake:
    """Used by the worker's thread alone, but for `tell_last_good`. `ended`: give up reading.

    A file is read by a process of its own, so that no file takes the gateway's memory or time.
    """

    watched: Watched
    zone: tzinfo
    clock: Clock
    shelf: ImportShelf
    held: HeldImports
    post: Callable[[Told], None]
    ended: threading.Event

    def tell_last_good(self) -> None:
        for seen in self.shelf.ledger.files.values():
            self.post(Imported(seen.report))
        if procedures := self.shelf.procedures():
            self.post(ProceduresTold(procedures))
        self.tell_figures()
        if not any(seen.report.what == "notice" for seen in self.shelf.ledger.files.values()):
            self.post(NoticeTold(()))

    def tell_figures(self) -> None:
        own = any(
            seen.report.what == "figures" and seen.report.state == "taken"
            for seen in self.shelf.ledger.files.values()
        )
        if figures := self.shelf.figures(own=own):
            self.post(FiguresTold(figures))

    def drop_file(self, name: str, seen: SeenFile) -> None:
        """The file is no more in the folder."""
        self.shelf.forget(name)
        self.held.drop(name)
        self.post(FileGone(name))
        if seen.report.what == "notice":
            self.post(NoticeTold(()))
        elif seen.report.what == "figures":
            self.tell_figures()

    def take_file(self, entry: FolderEntry, mapping: Stamp | None) -> None:
        if is_notice(entry.path):
            self._note_outcome(entry, mapping, self._read_notice(entry.path))
            return
        job = self._job(entry)
        self.tell_reading(entry.path.name, "")
        told = Workshop(self.ended).run(
            job, lambda rows: self.tell_reading(entry.path.name, "", rows)
        )
        if told is None or stamp_of(entry.path) != entry.stamp:
            return  # It was replaced while it was read: what was read is of no file any more.
        outcome = self._doubted(told, entry)
        try:
            self._settle(outcome, job)
        except store.DossierStoreError as err:
            outcome = ImportOutcome(
                report=report.refusal(entry.path.name, outcome.report.what, job.now, str(err))
            )
        self._note_outcome(entry, mapping, outcome)

    def _job(self, entry: FolderEntry) -> ImportJob:
        written = datetime.fromtimestamp(entry.stamp[0] / 1e9, UTC)
        now = self.clock.now()
        if not self.clock.trusted():
            now = max(now, written)
        return ImportJob(
            path=entry.path,
            mapping=self.watched.folder / MAPPING,
            store=self.shelf.dossiers,
            folder=self.shelf.work,
            zone=str(self.zone),
            source=self.watched.source,
            written=written,
            now=now.astimezone(self.zone),
            known=self.shelf.known(),
            late=self.watched.late,
        )

    def _doubted(self, told: ImportOutcome, entry: FolderEntry) -> ImportOutcome:
        """A file saved before the one in use is most likely an old copy."""
        newer = [
            name
            for name, seen in self.shelf.ledger.files.items()
            if seen.report.what == told.report.what
            and seen.report.state == "taken"
            and seen.stamp[0] > entry.stamp[0]
            and name != entry.path.name
        ]
        if not newer or told.report.state == "refused":
            return told
        reasons = (*told.report.reasons, f"được lưu trước tệp đang dùng ({newer[0]})")
        held = told.report.model_copy(update={"state": "held", "reasons": reasons})
        advised = held.model_copy(update={"advice": report.advice(held)})
        return told.model_copy(update={"report": advised})

    def _settle(self, outcome: ImportOutcome, job: ImportJob) -> None:
        match outcome.report.state:
            case "taken":
                self.shelf.take_import(outcome, job.folder)
                self._tell_taken(outcome)
            case "held":
                self.held.hold(outcome, job)
            case "reading" | "refused":
                self.shelf.drop(job.folder)

    def _tell_taken(self, outcome: ImportOutcome) -> None:
        if outcome.procedures:
            self.post(ProceduresTold(outcome.procedures))
        if outcome.figures is not None:
            self.tell_figures()

    def take_held(self, agreed: Agreed) -> None:
        for taken in self.held.take_agreed(agreed, self.clock.now().astimezone(self.zone)):
            self._tell_taken(taken)
            self._write_report(taken)
            self.post(Imported(taken.report))

    def _note_outcome(
        self, entry: FolderEntry, mapping: Stamp | None, outcome: ImportOutcome
    ) -> None:
        told = outcome.report
        log.info("%s: %s, %d of %d rows", told.what, told.state, told.taken, told.rows)
        self.shelf.note(entry.path.name, SeenFile(stamp=entry.stamp, mapping=mapping, report=told))
        self._write_report(outcome)
        self.post(Imported(told))

    def _write_report(self, outcome: ImportOutcome) -> None:
        """Beside the file, if the folder lets us; the page and doctor tell it anyway."""
        place = self.watched.folder / f"{outcome.report.file}{report.SUFFIX}"
        with contextlib.suppress(OSError):
            place.write_text(report.text(outcome.report, outcome.cells), "utf-8-sig")

    def tell_reading(self, name: str, why: str, rows: int = 0) -> None:
        told = ImportReport(
            file=name,
            what="other",
            state="reading",
            at=self.clock.now().astimezone(self.zone),
            rows=rows,
            reasons=(why,) if why else (),
        )
        self.post(Imported(told))

    def _read_notice(self, path: Path) -> ImportOutcome:
        now = self.clock.now().astimezone(self.zone)
        try:
            content = path.read_bytes()[:_NOTICE_BYTES]
            text = content.decode(encoding_of(content), "replace")
        except (OSError, UnusableTable) as err:
            return ImportOutcome(report=report.refusal(path.name, "notice", now, str(err)))
        lines = [line for raw in text.splitlines() if (line := clean(raw)[:2000])]
        self.post(NoticeTold(tuple(lines[:_NOTICE_LINES])))
        told = ImportReport(
            file=path.name,
            what="notice",
            state="taken",
            at=now,
            rows=len(lines),
            taken=len(lines[:_NOTICE_LINES]),
        )
        return ImportOutcome(report=told)
