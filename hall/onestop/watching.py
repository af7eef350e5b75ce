"""A folder as supplier: a file is taken when it is whole and can be believed, else it is told."""

import contextlib
import logging
import queue
import threading
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from hall.onestop import store
from hall.onestop.dossiers import Dossier
from hall.onestop.file_intake import FileIntake
from hall.onestop.folder import Folder, FolderEntry, Watched
from hall.onestop.held_imports import Agreed, HeldImports
from hall.onestop.ports import (
    Away,
    DiskTold,
    DossierAnswered,
    LinkDown,
    LinkUp,
    Post,
    Told,
)
from hall.onestop.shelf import ImportShelf, Stamp
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

_FAR_S = 3600.0
_AGAIN_S = 2.0


def _nobody(_told: object) -> None:
    """Before the start."""


@dataclass(slots=True)
class FileSupplier:
    """One thread watches the folder; look-ups read the store in the loop, a row by its key."""

    watched: Watched
    state: Path
    zone: tzinfo
    clock: Clock
    source: str = field(init=False)
    _shelf: ImportShelf = field(init=False)
    _held: HeldImports = field(init=False)
    _intake: FileIntake = field(init=False)
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
        self._intake = FileIntake(
            self.watched,
            self.zone,
            self.clock,
            self._shelf,
            self._held,
            self._tell_news,
            self._ended,
        )

    def start(self, post: Post) -> None:
        self._post = post
        self._intake.tell_last_good()
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

    def _tell_news(self, told: Told) -> None:
        self._post(told)

    # --- the worker's thread --------------------------------------------------------------------

    def _work(self) -> None:
        while not self._ended.is_set():
            growing = self._looked()
            every_s = self.watched.every_s
            pause = min(_AGAIN_S, every_s) if growing else every_s
            with contextlib.suppress(queue.Empty):
                if agreed := self._orders.get(timeout=pause):
                    self._intake.take_held(agreed)

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
        """While the disk takes no write nothing is imported: each try would be in vain."""
        if bool(why) != bool(self._disk_told):
            self._post(DiskTold(why))
        self._disk_told = why

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
                self._intake.take_file(entry, mapping)
        return any(entry.growing for entry in fresh)

    def _is_known(self, entry: FolderEntry, mapping: Stamp | None) -> bool:
        seen = self._shelf.ledger.files.get(entry.path.name)
        return seen is not None and (seen.stamp, seen.mapping) == (entry.stamp, mapping)

    def _miss(self, names: set[str]) -> None:
        for name, seen in self._shelf.ledger.files.items():
            if name not in names:
                self._intake.drop_file(name, seen)

    def _tell_slow(self, entry: FolderEntry) -> None:
        """A copy that takes long is shown, or people think that nobody saw their file."""
        name = entry.path.name
        known = self._shelf.ledger.files.get(name)
        if name in self._slow or (known is not None and known.report.state == "taken"):
            return
        self._slow.add(name)
        self._intake.tell_reading(name, "đang chờ: chép xong thì đọc, lần lượt từng tệp")
