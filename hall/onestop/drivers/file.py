"""A folder as supplier: tables put there are taken when whole; a bad one changes nothing."""

import csv
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from pydantic import ValidationError

from hall.contract.messages import Figures
from hall.contract.words import clean
from hall.onestop import store
from hall.onestop.counting import count_period
from hall.onestop.dossiers import Dossier
from hall.onestop.figure_tables import read_figures
from hall.onestop.ports import (
    Answered,
    Away,
    FiguresTold,
    Flawed,
    LinkDown,
    LinkUp,
    NoticeTold,
    Post,
    ProceduresTold,
)
from hall.onestop.procedures import UnusableTable, read_procedures
from hall.onestop.settings import FileSection
from hall.onestop.tables import BadRow, object_rows, read_dossiers, table_rows
from hall.runtime.clock import Clock
from hall.runtime.settings_words import first_mistake

log = logging.getLogger(__name__)

# A file younger than this may still be growing.
_SETTLED_S = 2.0
_FAR_S = 3600.0
_NOTICE_LINES = 20

Stamp = tuple[int, int]


def _nobody(_told: object) -> None:
    """Nobody listens before the start."""


@dataclass(slots=True)
class FileSupplier:
    """One worker thread reads the folder; look-ups read the store in the loop (one row by key)."""

    section: FileSection
    store: Path
    zone: tzinfo
    clock: Clock
    source: str = field(init=False)
    _post: Post = field(init=False, default=_nobody)
    _taken: dict[str, Stamp] = field(init=False, default_factory=dict)
    _there: bool | None = field(init=False, default=None)
    _ended: threading.Event = field(init=False, default_factory=threading.Event)
    _worker: threading.Thread | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.source = self.section.source

    def start(self, post: Post) -> None:
        self._post = post
        self._worker = threading.Thread(target=self._work, name="onestop-folder")
        self._worker.start()

    def stop(self) -> None:
        self._ended.set()
        if self._worker is not None:
            self._worker.join()
            self._worker = None

    def tick(self, now: float) -> float:
        return now + _FAR_S

    def look_up(self, ref: str, code: str) -> None:
        outcome: Dossier | Away | None
        try:
            outcome = store.find(self.store, code)
        except store.StoreError:
            outcome = Away()
        self._post(Answered(ref, outcome))

    def _work(self) -> None:
        while not self._ended.is_set():
            self._look()
            self._ended.wait(self.section.every_s)

    def _look(self) -> None:
        folder = Path(self.section.folder)
        there = _can_be_read(folder)
        if there != self._there:
            self._there = there
            why = f"không có thư mục {folder}, hoặc không được phép đọc"
            self._post(LinkUp() if there else LinkDown(why))
        for name, take in self._takers().items():
            if there:
                self._take(folder / name, take)

    def _takers(self) -> Mapping[str, Callable[[Path], None]]:
        return {
            "procedures.csv": self._procedures,
            "dossiers.csv": self._dossier_table,
            "dossiers.json": self._dossier_objects,
            "figures.csv": self._figure_table,
            "figures.json": self._figure_object,
            "notice.txt": self._notice,
        }

    def _take(self, path: Path, take: Callable[[Path], None]) -> None:
        """A file is taken once for each of its versions, when it has stopped growing."""
        stamp = _stamp(path)
        if stamp is None or stamp == self._taken.get(path.name):
            return
        if self.clock.now().timestamp() - stamp[0] / 1e9 < _SETTLED_S:
            return
        self._taken[path.name] = stamp
        what = path.stem
        try:
            take(path)
        except (OSError, ValueError, csv.Error, RecursionError, store.StoreError) as err:
            self._post(Flawed(what, f"{path.name}: {_words(err)}"))
        else:
            self._post(Flawed(what, None))

    def _procedures(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            self._post(ProceduresTold(read_procedures(lines)))

    def _dossier_table(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            self._import(table_rows(lines), path)

    def _dossier_objects(self, path: Path) -> None:
        loaded = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(loaded, list) or not all(isinstance(each, dict) for each in loaded):
            raise UnusableTable("phải là một danh sách hồ sơ")
        self._import(object_rows(loaded), path)

    def _import(self, rows: Iterator[Mapping[str, str]], path: Path) -> None:
        bad: list[BadRow] = []
        count = store.replace_all(self.store, _good(read_dossiers(rows, self.zone), bad))
        log.info("imported %d dossiers, %d rows could not be used", count, len(bad))
        if not self._has_own_figures():
            as_of = self._written(path)
            period = count_period(store.everything(self.store), as_of, "hồ sơ đã nhập")
            self._post(FiguresTold(Figures(as_of=as_of, source=self.source, periods=(period,))))
        if bad:
            raise UnusableTable(f"{len(bad)} dòng bị bỏ qua, dòng {bad[0].line}: {bad[0].why}")

    def _has_own_figures(self) -> bool:
        folder = Path(self.section.folder)
        return (folder / "figures.csv").exists() or (folder / "figures.json").exists()

    def _figure_table(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            told = read_figures(lines, self._written(path), self.source)
        self._post(FiguresTold(told))

    def _figure_object(self, path: Path) -> None:
        self._post(FiguresTold(Figures.model_validate_json(path.read_bytes())))

    def _written(self, path: Path) -> datetime:
        """The figures are of the moment their file was written."""
        return datetime.fromtimestamp(path.stat().st_mtime, self.zone)

    def _notice(self, path: Path) -> None:
        lines = (clean(line)[:2000] for line in path.read_text("utf-8-sig").splitlines())
        self._post(NoticeTold(tuple(line for line in lines if line)[:_NOTICE_LINES]))


def _good(read: Iterator[Dossier | BadRow], bad: list[BadRow]) -> Iterator[Dossier]:
    for each in read:
        match each:
            case Dossier():
                yield each
            case BadRow():
                bad.append(each)


def _can_be_read(folder: Path) -> bool:
    """A folder behind a door that is locked to us is as good as none."""
    try:
        return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    except OSError:
        return False


def _stamp(path: Path) -> Stamp | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size


def _words(err: Exception) -> str:  # noqa: PLR0911 - one for each kind of flaw
    match err:
        case ValidationError():
            return first_mistake(err)
        case json.JSONDecodeError():
            return f"dòng {err.lineno}: không phải JSON"
        case UnicodeDecodeError():
            return "không phải UTF-8"
        case RecursionError():
            return "lồng nhau quá sâu"
        case csv.Error():
            return f"không phải CSV ({err})"
        case OSError():
            return f"không đọc được ({err.strerror})"
        case _:
            return str(err)
