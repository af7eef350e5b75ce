"""A folder as supplier: a file is taken when it is whole and can be believed, else it is told.

At a province the same folder may hold those of single units and halls:

    folder/procedures.csv …        of every hall
    folder/units/{unit}/…          of one unit
    folder/halls/{hall}/…          of one hall
"""

import contextlib
import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path

from hall.onestop.dossiers import Dossier
from hall.onestop.folder import Watched
from hall.onestop.folder_watch import FolderWatch
from hall.onestop.held_imports import Agreed
from hall.onestop.places import OfHall, OfUnit, Place
from hall.onestop.ports import Away, DossierAnswered, Post, Told
from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

_FAR_S = 3600.0
_AGAIN_S = 2.0
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")
PostOfPlace = Callable[[Place, Told], None]


def _nobody(_told: object) -> None:
    """Before the start."""


@dataclass(slots=True)
class FileSupplier:
    """One thread watches the folder; look-ups read the stores in the loop, a row by its key."""

    watched: Watched
    state: Path
    zone: tzinfo
    clock: Clock
    source: str = field(init=False)
    _own: FolderWatch = field(init=False)
    _placed: dict[Place, FolderWatch] = field(init=False, default_factory=dict)
    _post: Post = field(init=False, default=_nobody)
    _post_of_place: PostOfPlace | None = field(init=False, default=None)
    _unnamed: set[str] = field(init=False, default_factory=set)
    _orders: queue.SimpleQueue[Agreed | None] = field(init=False, default_factory=queue.SimpleQueue)
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _worker: threading.Thread | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.source = self.watched.source
        self._own = self._watch(self.watched.folder, self.state, self._tell_news)

    def spread(self, post: PostOfPlace) -> None:
        self._post_of_place = post

    def start(self, post: Post) -> None:
        self._post = post
        self._own.start()
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
        self._post(DossierAnswered(ref, self._find(code)))

    def _find(self, code: str) -> Dossier | Away | None:
        """In whichever folder it lies; None where one is read and none has it."""
        outcome = self._own.find(code)
        for watch in tuple(self._placed.values()):
            if isinstance(outcome, Dossier):
                break
            found = watch.find(code)
            outcome = outcome if isinstance(found, Away) else found
        return outcome

    def accept(self, mark: str, by: str) -> bool:
        if not self._own.holds(mark):
            return False
        self._orders.put(Agreed(mark, by))
        return True

    def _tell_news(self, told: Told) -> None:
        self._post(told)

    def _watch(self, folder: Path, state: Path, post: Callable[[Told], None]) -> FolderWatch:
        watched = replace(self.watched, folder=folder)
        return FolderWatch(watched, state, self.zone, self.clock, post, self._ended)

    # --- the worker's thread --------------------------------------------------------------------

    def _work(self) -> None:
        while not self._ended.is_set():
            self._find_places()
            growing = [each.look() for each in (self._own, *self._placed.values())]
            every_s = self.watched.every_s
            pause = min(_AGAIN_S, every_s) if any(growing) else every_s
            with contextlib.suppress(queue.Empty):
                if agreed := self._orders.get(timeout=pause):
                    self._own.take_agreed(agreed)

    def _find_places(self) -> None:
        """A folder that is gone stays watched: what it told last holds until it is back."""
        if self._post_of_place is None:
            return
        for place, folder in self._folders_of_places():
            if place not in self._placed:
                state = self.state / "places" / place.folder
                watch = self._watch(folder, state, partial(self._post_of_place, place))
                self._placed[place] = watch
                watch.start()

    def _folders_of_places(self) -> Iterator[tuple[Place, Path]]:
        kinds: tuple[tuple[str, Callable[[str], Place]], ...] = (
            ("units", OfUnit), ("halls", OfHall),
        )  # fmt: skip
        for kind, of in kinds:
            for folder in _folders(self.watched.folder / kind):
                if _NAME.fullmatch(folder.name):
                    yield of(folder.name), folder
                elif folder.name not in self._unnamed:
                    self._unnamed.add(folder.name)
                    log.warning("%s: not the id of a unit or hall, not read", folder)


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(each for each in parent.iterdir() if each.is_dir())
    except OSError:
        return []
