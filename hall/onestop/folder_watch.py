"""One watched folder: what is new in it is taken, what cannot be believed is told."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from hall.onestop import store
from hall.onestop.dossiers import Dossier
from hall.onestop.file_intake import FileIntake
from hall.onestop.folder import Folder, FolderEntry, Watched
from hall.onestop.held_imports import Agreed, HeldImports
from hall.onestop.ports import Away, DiskTold, LinkDown, LinkUp, Told
from hall.onestop.shelf import ImportShelf, Stamp
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)


@dataclass(slots=True)
class FolderWatch:
    """Used by the worker's thread alone, but for `start`, `find` and `holds`. `post`: from there.

    `ended`: give up reading. `state`: where what was imported lies.
    """

    watched: Watched
    state: Path
    zone: tzinfo
    clock: Clock
    post: Callable[[Told], None]
    ended: threading.Event
    _shelf: ImportShelf = field(init=False)
    _held: HeldImports = field(init=False)
    _intake: FileIntake = field(init=False)
    _folder: Folder = field(init=False)
    _there: bool | None = field(init=False, default=None)
    _disk_told: str = field(init=False, default="")
    _slow: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._folder = Folder(self.watched.folder)
        self._shelf = ImportShelf(self.state)
        self._held = HeldImports(self._shelf)
        self._intake = FileIntake(
            self.watched, self.zone, self.clock, self._shelf, self._held, self.post, self.ended
        )

    def start(self) -> None:
        """With what was taken before."""
        self._intake.tell_last_good()

    def find(self, code: str) -> Dossier | Away | None:
        try:
            return store.find(self._shelf.dossiers, code, self.zone)
        except store.DossierStoreError:
            return Away()

    def holds(self, mark: str) -> bool:
        """Whether something under this mark waits for a person."""
        return self._held.waits(mark)

    def take_agreed(self, agreed: Agreed) -> None:
        self._intake.take_held(agreed)

    def look(self) -> bool:
        """Take what is new; whether something is still growing.

        No content of the folder, and no full disk, may end the worker's thread.
        """
        try:
            if self._disk_told:
                self._shelf.probe()
                self._tell_disk("")
            return self._look_through()
        except (OSError, store.DossierStoreError) as err:
            self._tell_disk(str(err))
        except Exception:  # the loop's edge
            log.exception("the folder could not be looked through")
        return False

    def _tell_disk(self, why: str) -> None:
        """While the disk takes no write nothing is imported: each try would be in vain."""
        if bool(why) != bool(self._disk_told):
            self.post(DiskTold(why))
        self._disk_told = why

    def _look_through(self) -> bool:
        there = self._folder.can_be_read()
        if there != self._there:
            self._there = there
            why = f"không có thư mục {self._folder.path}, hoặc không được phép đọc"
            self.post(LinkUp() if there else LinkDown(why))
        if not there:
            return False
        entries = self._folder.look(self.clock.monotonic())
        self._miss({entry.path.name for entry in entries})
        mapping = self._folder.mapping_stamp()
        fresh = [entry for entry in entries if not self._is_known(entry, mapping)]
        for entry in fresh:
            if self.ended.is_set():
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
