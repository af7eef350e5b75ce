"""What was taken last and holds until something better comes, on disk; and what waits for a person.

STATE/onestop/dossiers.sqlite3  figures.json  counted.json  procedures.json  ledger.json
              held/WHAT/        a whole import that somebody must agree to
              work/             an import that is going on
"""

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.onestop_messages import Figures
from hall.contract.onestop_requests import ImportReport
from hall.onestop import changes, store
from hall.onestop.intake.importing import CHANGED, STAGED, ImportOutcome, Known
from hall.onestop.intake.report import What
from hall.runtime import durable

log = logging.getLogger(__name__)

B = TypeVar("B", bound=BaseModel)
Stamp = tuple[int, int]
_PROCEDURES = TypeAdapter(tuple[CatalogueProcedure, ...])


class SeenFile(BaseModel):
    """One version of a file that was judged. `stamp`: when it was saved (ns), its size."""

    model_config = ConfigDict(frozen=True)

    stamp: Stamp
    mapping: Stamp | None = None
    report: ImportReport


class SeenFiles(BaseModel):
    model_config = ConfigDict(frozen=True)

    files: dict[str, SeenFile] = {}


@dataclass(slots=True)
class ImportShelf:
    """Used by one thread, but for `dossiers`, which is read by any."""

    folder: Path
    ledger: SeenFiles = field(init=False)

    def __post_init__(self) -> None:
        # Where the disk takes nothing now, the next import makes it.
        with suppress(OSError):
            self._make_folder()
        store.recover(self.dossiers)
        self.ledger = self._load("ledger.json", SeenFiles) or SeenFiles()

    @property
    def dossiers(self) -> Path:
        return self.folder / "dossiers.sqlite3"

    @property
    def work(self) -> Path:
        """Where the next import writes."""
        return self.folder / "work"

    def figures(self, *, own: bool) -> Figures | None:
        """Those of a file of their own, while it is there, else the newest."""
        given, counted = self._load("figures.json", Figures), self._load("counted.json", Figures)
        if given is None or counted is None or own:
            return given or counted
        return max(given, counted, key=lambda each: each.as_of)

    def procedures(self) -> tuple[CatalogueProcedure, ...]:
        try:
            return _PROCEDURES.validate_json((self.folder / "procedures.json").read_bytes())
        except (OSError, ValidationError):
            return ()

    def known(self) -> Known:
        return Known(figures=self._load("figures.json", Figures), procedures=len(self.procedures()))

    def note(self, name: str, seen: SeenFile) -> None:
        """Remember that this version of a file is judged. Raises DossierStoreError: it is not."""
        self._write_ledger(SeenFiles(files={**self.ledger.files, name: seen}))

    def forget(self, name: str) -> None:
        """The file is gone; what it brought stays. Raises DossierStoreError."""
        files = {key: seen for key, seen in self.ledger.files.items() if key != name}
        self._write_ledger(SeenFiles(files=files))

    def probe(self) -> None:
        """Whether the disk takes anything. Raises DossierStoreError."""
        self._write_ledger(self.ledger)

    def _write_ledger(self, ledger: SeenFiles) -> None:
        self._save("ledger.json", ledger.model_dump_json())
        self.ledger = ledger

    def take_import(self, outcome: ImportOutcome, folder: Path) -> None:
        """Put what an import brought in place of what was there. Raises DossierStoreError."""
        if (staged := folder / STAGED).exists():
            store.take_over(staged, self.dossiers)
        elif (changed := folder / CHANGED).exists():
            changes.put_in(changed, self.dossiers)
        if outcome.figures is not None:
            name = "counted" if outcome.report.what == "dossiers" else "figures"
            self._save(f"{name}.json", outcome.figures.model_dump_json(by_alias=True))
        if outcome.procedures:
            packed = [each.model_dump(mode="json") for each in outcome.procedures]
            self._save("procedures.json", json.dumps(packed, ensure_ascii=False))

    def keep_figures(self, told: Figures) -> None:
        """Figures that came without a file. Raises StoreError."""
        self._save("figures.json", told.model_dump_json(by_alias=True))

    def hold(self, what: What, folder: Path) -> None:
        """Keep an import until a person agrees, in place of one that waited before.

        What is in use may be another one by then: the whole list is kept, not what it changes.
        Raises DossierStoreError.
        """
        if (changed := folder / CHANGED).exists():
            self._made_whole(changed, folder / STAGED)
        place = self.folder / "held" / what
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        folder.replace(place)

    def _made_whole(self, changed: Path, whole: Path) -> None:
        try:
            shutil.copyfile(self.dossiers, whole)
        except OSError as err:
            raise store.DossierStoreError(f"không ghi được {whole.name}: {err}") from err
        changes.put_in(changed, whole)
        changed.unlink()

    def held(self) -> Iterator[tuple[Path, ImportOutcome]]:
        for place in sorted((self.folder / "held").glob("*/outcome.json")):
            try:
                yield place.parent, ImportOutcome.model_validate_json(place.read_bytes())
            except (OSError, ValidationError) as err:
                log.warning("what waited in %s cannot be read: %s", place, type(err).__name__)

    def drop(self, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _load(self, name: str, model: type[B]) -> B | None:
        try:
            return model.model_validate_json((self.folder / name).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as err:
            log.warning("%s cannot be read: %s", name, type(err).__name__)
            return None

    def _save(self, name: str, text: str) -> None:
        """Whole after any power cut. Raises StoreError."""
        try:
            self._make_folder()
            durable.replace(self.folder / name, text.encode())
        except OSError as err:
            raise store.DossierStoreError(f"không ghi được {name}: {err}") from err
