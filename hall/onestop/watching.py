"""A folder as supplier: a file is taken when it is whole and can be believed, else it is told."""

import contextlib
import logging
import queue
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from hall.contract.onestop_requests import ImportReport
from hall.contract.words import clean
from hall.onestop import store
from hall.onestop.dossiers import Dossier
from hall.onestop.folder import MAPPING, Folder, FolderEntry, is_notice, stamp_of
from hall.onestop.held_imports import Agreed, HeldImports
from hall.onestop.intake import report
from hall.onestop.intake.cells import UnusableTable
from hall.onestop.intake.importing import ImportJob, ImportOutcome
from hall.onestop.intake.lettering import encoding_of
from hall.onestop.intake.workshop import Workshop
from hall.onestop.late_intake import LateIntake
from hall.onestop.ports import (
    Away,
    DiskTold,
    DossierAnswered,
    FiguresTold,
    FileGone,
    Imported,
    LinkDown,
    LinkUp,
    NoticeTold,
    Post,
    ProceduresTold,
)
from hall.onestop.shelf import ImportShelf, SeenFile, Stamp
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

_FAR_S = 3600.0
_AGAIN_S = 2.0
_NOTICE_LINES = 20
_NOTICE_BYTES = 64 * 1024


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Which folder, how often it is looked at, and what its figures are said to come from.

    `late`: where dossiers that come in late in the day count from the next working day.
    """

    folder: Path
    every_s: float
    source: str
    late: LateIntake | None = None


@dataclass(slots=True)
class FileSupplier:
    """One worker thread watches the folder; look-ups read the store in the loop, a row by its key.

    A file is read by a process of its own, so that no file takes the gateway's memory or time.
    """

    watched: Watched
    state: Path
    zone: tzinfo
    clock: Clock
    source: str = field(init=False)
    _shelf: ImportShelf = field(init=False)
    _held: HeldImports = field(init=False)
    _folder: Folder = field(init=False)
    _post: Post = field(init=False, default=_nobody)
    _there: bool | None = field(init=False, default=None)
    _disk_told: str = field(init=False, default="")
    _slow: set[str] = field(init=False, default_factory=set)
    _orders: queue.SimpleQueue[Agreed | None] = field(init=False, default_factory=queue.SimpleQueue)
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _worker: threading.Thread | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.source = self.watched.source
        self._folder = Folder(self.watched.folder)
        self._shelf = ImportShelf(self.state)
        self._held = HeldImports(self._shelf)

    def start(self, post: Post) -> None:
        self._post = post
        self._tell_last_good()
        self._worker = threading.Thread(target=self._work, name="onestop-folder")
        self._worker.start()

    def stop(self) -> None:
        self._ended.set()
        self._orders.put(None)
        if self._worker is not None:
            self._worker.join()
            self._worker = None

    def tick(self, now: float) -> float:
        return now + _FAR_S

    def look_up(self, ref: str, code: str) -> None:
        outcome: Dossier | Away | None
        try:
            outcome = store.find(self._shelf.dossiers, code, self.zone)
        except store.DossierStoreError:
            outcome = Away()
        self._post(DossierAnswered(ref, outcome))

    def accept(self, mark: str, by: str) -> bool:
        if not self._held.waits(mark):
            return False
        self._orders.put(Agreed(mark, by))
        return True

    # --- the worker's thread --------------------------------------------------------------------

    def _work(self) -> None:
        while not self._ended.is_set():
            growing = self._looked()
            every_s = self.watched.every_s
            pause = min(_AGAIN_S, every_s) if growing else every_s
            with contextlib.suppress(queue.Empty):
                if agreed := self._orders.get(timeout=pause):
                    self._take_held(agreed)

    def _looked(self) -> bool:
        """No content of the folder, and no full disk, may end the worker's thread."""
        try:
            if self._disk_told:
                self._shelf.probe()
                self._tell_disk("")
            return self._look()
        except (OSError, store.DossierStoreError) as err:
            self._tell_disk(str(err))
        except Exception:  # the loop's edge
            log.exception("the folder could not be looked through")
        return False

    def _tell_disk(self, why: str) -> None:
        """Nothing is imported on a disk that takes nothing: it would be for nothing, each time."""
        if bool(why) != bool(self._disk_told):
            self._post(DiskTold(why))
        self._disk_told = why

    def _tell_last_good(self) -> None:
        for seen in self._shelf.ledger.files.values():
            self._post(Imported(seen.report))
        if procedures := self._shelf.procedures():
            self._post(ProceduresTold(procedures))
        self._tell_figures()
        if not any(seen.report.what == "notice" for seen in self._shelf.ledger.files.values()):
            self._post(NoticeTold(()))

    def _tell_figures(self) -> None:
        own = any(
            seen.report.what == "figures" and seen.report.state == "taken"
            for seen in self._shelf.ledger.files.values()
        )
        if figures := self._shelf.figures(own=own):
            self._post(FiguresTold(figures))

    def _look(self) -> bool:
        """Take what is new; whether something is still growing."""
        there = self._folder.can_be_read()
        if there != self._there:
            self._there = there
            why = f"không có thư mục {self._folder.path}, hoặc không được phép đọc"
            self._post(LinkUp() if there else LinkDown(why))
        if not there:
            return False
        entries = self._folder.look(self.clock.monotonic())
        self._miss({entry.path.name for entry in entries})
        mapping = self._folder.mapping_stamp()
        fresh = [entry for entry in entries if not self._is_known(entry, mapping)]
        for entry in fresh:
            if self._ended.is_set():
                break
            if entry.growing:
                self._tell_slow(entry)
            else:
                self._slow.discard(entry.path.name)
                self._take_file(entry, mapping)
        return any(entry.growing for entry in fresh)

    def _is_known(self, entry: FolderEntry, mapping: Stamp | None) -> bool:
        seen = self._shelf.ledger.files.get(entry.path.name)
        return seen is not None and (seen.stamp, seen.mapping) == (entry.stamp, mapping)

    def _miss(self, names: set[str]) -> None:
        for name, seen in self._shelf.ledger.files.items():
            if name in names:
                continue
            self._shelf.forget(name)
            self._held.drop(name)
            self._post(FileGone(name))
            if seen.report.what == "notice":
                self._post(NoticeTold(()))
            elif seen.report.what == "figures":
                self._tell_figures()

    def _tell_slow(self, entry: FolderEntry) -> None:
        """A copy that takes long is shown, or people think that nobody saw their file."""
        name = entry.path.name
        known = self._shelf.ledger.files.get(name)
        if name in self._slow or (known is not None and known.report.state == "taken"):
            return
        self._slow.add(name)
        self._tell_reading(name, "đang chờ: chép xong thì đọc, lần lượt từng tệp")

    def _take_file(self, entry: FolderEntry, mapping: Stamp | None) -> None:
        if is_notice(entry.path):
            self._note_outcome(entry, mapping, self._read_notice(entry.path))
            return
        job = self._job(entry)
        self._tell_reading(entry.path.name, "")
        told = Workshop(self._ended).run(
            job, lambda rows: self._tell_reading(entry.path.name, "", rows)
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
            mapping=self._folder.path / MAPPING,
            store=self._shelf.dossiers,
            folder=self._shelf.work,
            zone=str(self.zone),
            source=self.source,
            written=written,
            now=now.astimezone(self.zone),
            known=self._shelf.known(),
            late=self.watched.late,
        )

    def _doubted(self, told: ImportOutcome, entry: FolderEntry) -> ImportOutcome:
        """A file saved before the one in use is most likely an old copy."""
        newer = [
            name
            for name, seen in self._shelf.ledger.files.items()
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
                self._shelf.take_import(outcome, job.folder)
                self._tell_taken(outcome)
            case "held":
                self._held.hold(outcome, job)
            case "reading" | "refused":
                self._shelf.drop(job.folder)

    def _tell_taken(self, outcome: ImportOutcome) -> None:
        if outcome.procedures:
            self._post(ProceduresTold(outcome.procedures))
        if outcome.figures is not None:
            self._tell_figures()

    def _take_held(self, agreed: Agreed) -> None:
        for taken in self._held.take_agreed(agreed, self.clock.now().astimezone(self.zone)):
            self._tell_taken(taken)
            self._write_report(taken)
            self._post(Imported(taken.report))

    # --- telling --------------------------------------------------------------------------------

    def _note_outcome(
        self, entry: FolderEntry, mapping: Stamp | None, outcome: ImportOutcome
    ) -> None:
        told = outcome.report
        log.info("%s: %s, %d of %d rows", told.what, told.state, told.taken, told.rows)
        self._shelf.note(entry.path.name, SeenFile(stamp=entry.stamp, mapping=mapping, report=told))
        self._write_report(outcome)
        self._post(Imported(told))

    def _write_report(self, outcome: ImportOutcome) -> None:
        """Beside the file, if the folder lets us; the page and doctor tell it anyway."""
        place = self._folder.path / f"{outcome.report.file}{report.SUFFIX}"
        with contextlib.suppress(OSError):
            place.write_text(report.text(outcome.report, outcome.cells), "utf-8-sig")

    def _tell_reading(self, name: str, why: str, rows: int = 0) -> None:
        told = ImportReport(
            file=name,
            what="other",
            state="reading",
            at=self.clock.now().astimezone(self.zone),
            rows=rows,
            reasons=(why,) if why else (),
        )
        self._post(Imported(told))

    def _read_notice(self, path: Path) -> ImportOutcome:
        now = self.clock.now().astimezone(self.zone)
        try:
            content = path.read_bytes()[:_NOTICE_BYTES]
            text = content.decode(encoding_of(content), "replace")
        except (OSError, UnusableTable) as err:
            return ImportOutcome(report=report.refusal(path.name, "notice", now, str(err)))
        lines = [line for raw in text.splitlines() if (line := clean(raw)[:2000])]
        self._post(NoticeTold(tuple(lines[:_NOTICE_LINES])))
        told = ImportReport(
            file=path.name,
            what="notice",
            state="taken",
            at=now,
            rows=len(lines),
            taken=len(lines[:_NOTICE_LINES]),
        )
        return ImportOutcome(report=told)
