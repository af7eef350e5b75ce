"""One file taken in: opened, recognised, judged, and laid beside what is in use. Swaps nothing."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.onestop_messages import Figures, Period
from hall.contract.onestop_requests import ImportReport
from hall.onestop import changes, store, tallies
from hall.onestop.changes import Changed
from hall.onestop.intake import dossiers, figures, layout, mapping, plausible, procedures, report
from hall.onestop.intake.cells import Row, Sheet, UnusableTable
from hall.onestop.intake.layout import Layout
from hall.onestop.intake.mapping import TableMapping
from hall.onestop.intake.notes import Notes
from hall.onestop.intake.opening import open_file
from hall.onestop.intake.report import What
from hall.onestop.late_intake import LateIntake
from hall.onestop.store import Compared
from hall.runtime.settings_words import first_mistake

Progress = Callable[[int], None]

# The dossiers of an import in its folder: all of them, or those that it changes.
STAGED = "dossiers.sqlite3"
CHANGED = "changes.sqlite3"
_STEP = 2000
_LARGEST_FIGURES = 1024 * 1024


class Known(BaseModel):
    """What is in use now, to compare with."""

    model_config = ConfigDict(frozen=True)

    figures: Figures | None = None
    procedures: int = 0


class ImportJob(BaseModel):
    """`folder`: an empty one for what the import writes; `store`: the dossiers in use.

    `written`: when the file was saved, `now`: the hall's clock.
    """

    model_config = ConfigDict(frozen=True)

    path: Path
    mapping: Path
    store: Path
    folder: Path
    zone: str
    source: str
    written: datetime
    now: datetime
    known: Known = Known()
    late: LateIntake | None = None

    @property
    def staged(self) -> Path:
        """The new store of dossiers, whole."""
        return self.folder / STAGED

    @property
    def changed(self) -> Path:
        """What the list changes in the store in use; in place of a whole new one."""
        return self.folder / CHANGED

    @property
    def outcome(self) -> Path:
        return self.folder / "outcome.json"


class ImportOutcome(BaseModel):
    """`cells`: what stood in the places of the report; it is for the file beside the table only."""

    model_config = ConfigDict(frozen=True)

    report: ImportReport
    cells: dict[str, tuple[str, ...]] = {}
    figures: Figures | None = None
    procedures: tuple[CatalogueProcedure, ...] = ()


def take_in(job: ImportJob, progress: Progress) -> ImportOutcome:
    """Never raises for what the file holds; `progress` hears how many rows were read."""
    work = _Work(job, progress, Notes())
    try:
        return work.outcome()
    except (UnusableTable, store.DossierStoreError) as err:
        return work.refused(str(err))
    except OSError as err:
        return work.refused(f"không đọc được ({err.strerror})")
    except (MemoryError, RecursionError):
        return work.refused("quá lớn cho bộ nhớ của máy này: hãy chia tệp theo tháng")


@dataclass(slots=True)
class _Work:
    job: ImportJob
    progress: Progress
    notes: Notes
    what: What = "other"
    count: int = 0

    def outcome(self) -> ImportOutcome:
        if told := _figures_in_our_own_form(self.job.path):
            self.what = "figures"
            return self._figures(told)
        given = mapping.load(self.job.mapping)
        tables = self._tables(given)
        kinds = {table.kind for _sheet, table in tables}
        if "dossiers" in kinds:
            self.what = "dossiers"
            return self._dossiers([t for t in tables if t[1].kind == "dossiers"], given)
        if "procedures" in kinds:
            self.what = "procedures"
            return self._procedures([t for t in tables if t[1].kind == "procedures"])
        self.what = "figures"
        return self._reports(tables, given)

    def _tables(self, given: TableMapping) -> list[tuple[Sheet, Layout]]:
        """Every sheet with a table; those without are told. Raises UnusableTable for none."""
        sheets = [self._counted(sheet) for sheet in open_file(self.job.path)]
        self.notes.remark_all(
            f"không đọc trang “{sheet.name}”: {sheet.passed_over}"
            for sheet in sheets
            if sheet.passed_over
        )
        sheets = [sheet for sheet in sheets if not sheet.passed_over]
        found = [(sheet, table) for sheet in sheets if (table := layout.find(sheet, given))]
        self.notes.remark_all(
            f"trang “{sheet.name}” có hai bảng: chỉ đọc bảng {layout.NAMES[table.kind]}, tên cột ở "
            f"dòng {table.last}"
            for sheet, table in found
            if layout.has_another(sheet, table, given)
        )
        if not found:
            layout.whole_table(sheets[0], given) if sheets else None
            raise UnusableTable("tệp không có trang nào có dữ liệu")
        named = {sheet.name for sheet, _table in found}
        self.notes.remark_all(
            f"bỏ qua trang “{sheet.name}”: không nhận ra là bảng gì"
            for sheet in sheets
            if sheet.name not in named
        )
        return found

    def _counted(self, sheet: Sheet) -> Sheet:
        def counted(rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
            for row in rows():
                self.count += 1
                if self.count % _STEP == 0:
                    self.progress(self.count)
                yield row

        return replace(
            sheet, rows=lambda: counted(sheet.rows), filled=lambda: counted(sheet.records)
        )

    # --- dossiers -------------------------------------------------------------------------------

    def _dossiers(self, tables: list[tuple[Sheet, Layout]], given: TableMapping) -> ImportOutcome:
        self._name_missing(tables[0][1])
        judged = tuple(
            dossiers.Table(
                sheet,
                table,
                dossiers.judge(sheet, table, given),
                self._zone,
                self._latest,
                self.job.late,
            )
            for sheet, table in tables
        )
        listed = self._listed(judged, dossiers.fingerprint(judged))
        written, compared = listed.written, listed.compared
        if written.clashes:
            self.notes.refuse_clashes(written.clashes, written.clashing)
        if again := written.rows - written.count:
            self.notes.remark(f"{again} dòng lặp lại mã hồ sơ đã có ở dòng trên")
        if compared.known:
            self.notes.remark(
                f"so với lần nhập trước: {compared.fresh} hồ sơ mới, {compared.changed} thay đổi, "
                f"{compared.gone} không còn"
            )
        unclear = self.notes.rows - self.notes.taken
        reasons = [
            *plausible.unclear_rows(unclear, self.notes.rows, compared.known),
            *plausible.lost_dossiers(compared.gone, compared.known),
        ]
        counted = Figures(as_of=self._as_of(), source=self.job.source, periods=self._counted_in())
        return self._ended(reasons, figures_told=counted)

    def _listed(self, tables: tuple[dossiers.Table, ...], reading: str) -> Changed:
        """Only what the list changes is written where the one in use was read in the same way."""
        if store.reading_of(self.job.store) == reading:
            return changes.write(
                self.job.changed,
                self.job.store,
                lambda is_same: dossiers.read_all(tables, self.notes, is_same),
            )
        written = store.write(self.job.staged, dossiers.read_all(tables, self.notes), reading)
        known = self.job.store.exists()
        return Changed(
            written, store.compare(self.job.store, self.job.staged) if known else Compared()
        )

    def _counted_in(self) -> tuple[Period, ...]:
        moment = self.job.written.astimezone(self._zone)
        if self.job.changed.exists():
            return tallies.periods_with(self.job.changed, self.job.store, moment)
        return tallies.periods(self.job.staged, moment)

    @property
    def _latest(self) -> date:
        """The last day on which anything can have happened, whatever the clocks differ."""
        return self.job.now.astimezone(self._zone).date() + timedelta(days=1)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.job.zone)

    def _name_missing(self, table: Layout) -> None:
        lacking = [name for name in ("received", "due", "done") if name not in table.columns]
        if "returned" in table.columns and "done" in lacking:
            lacking.remove("done")
        words = {"received": "ngày tiếp nhận", "due": "ngày hẹn trả", "done": "ngày có kết quả"}
        self.notes.remark_all(f"không có cột {words[name]}" for name in lacking)

    # --- procedures -----------------------------------------------------------------------------

    def _procedures(self, tables: list[tuple[Sheet, Layout]]) -> ImportOutcome:
        found = tuple(
            p for sheet, table in tables for p in procedures.read(sheet, table, self.notes)
        )
        if not found:
            raise UnusableTable("không đọc được thủ tục nào")
        reasons = plausible.fewer_procedures(len(found), self.job.known.procedures)
        return self._ended(list(reasons), procedures_told=found)

    # --- figures --------------------------------------------------------------------------------

    def _reports(self, tables: list[tuple[Sheet, Layout]], given: TableMapping) -> ImportOutcome:
        periods: list[Period] = []
        for sheet, table in tables:
            periods += figures.read(sheet, table, given, self.notes)
        periods = [period for period in periods if _has_counts(period)]
        if not periods:
            raise UnusableTable("không đọc được số đếm nào")
        as_of = min(figures.moment_of(table, self._as_of()) for _sheet, table in tables)
        return self._figures(Figures(as_of=as_of, source=self.job.source, periods=tuple(periods)))

    def _figures(self, told: Figures) -> ImportOutcome:
        self.notes.rows = self.notes.rows or len(told.periods)
        self.notes.taken = self.notes.taken or len(told.periods)
        doubts = [
            *plausible.unclear_counts(self.notes.rows - self.notes.taken, self.notes.rows),
            *plausible.doubtful_figures(told, self.job.known.figures, self.job.now),
        ]
        return self._ended(doubts, figures_told=told)

    def _as_of(self) -> datetime:
        """A file is of the moment it was saved; a clock ahead does not make it of tomorrow."""
        return min(self.job.written, self.job.now).astimezone(self._zone)

    # --- the end --------------------------------------------------------------------------------

    def _ended(
        self,
        reasons: list[str],
        figures_told: Figures | None = None,
        procedures_told: tuple[CatalogueProcedure, ...] = (),
    ) -> ImportOutcome:
        return ImportOutcome(
            report=self._report("held" if reasons else "taken", reasons),
            cells=self._cells(),
            figures=figures_told,
            procedures=procedures_told,
        )

    def refused(self, why: str) -> ImportOutcome:
        return ImportOutcome(report=self._report("refused", [why]), cells=self._cells())

    def _report(
        self, state: Literal["taken", "held", "refused"], reasons: list[str]
    ) -> ImportReport:
        told = ImportReport(
            file=self.job.path.name,
            what=self.what,
            state=state,
            at=self.job.now,
            rows=self.notes.rows,
            taken=self.notes.taken,
            refused=report.refused_of(self.notes),
            remarks=tuple(self.notes.remarks),
            reasons=tuple(reasons),
            mark=_mark(self.job.path),
        )
        return told.model_copy(update={"advice": report.advice(told)})

    def _cells(self) -> dict[str, tuple[str, ...]]:
        return {kind: tuple(seen.cells) for kind, seen in self.notes.refused.items()}


def _has_counts(period: Period) -> bool:
    """Whether it holds any count, of the whole or of a field."""
    return _holds(period.model_dump(exclude={"id", "from_", "to", "kind"}, exclude_defaults=True))


def _holds(told: object) -> bool:
    match told:
        case dict():
            return any(map(_holds, told.values()))
        case list() | tuple():
            return any(map(_holds, told))
        case _:
            return isinstance(told, int)


def _mark(path: Path) -> str:
    """By which a person names this very content when they agree to it."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:8]
    except OSError:
        return ""


def _figures_in_our_own_form(path: Path) -> Figures | None:
    """A file in the contract's form is checked by the contract. Raises UnusableTable."""
    if path.stat().st_size > _LARGEST_FIGURES:
        return None
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content.startswith(b"{") or b'"periods"' not in content:
        return None
    try:
        return Figures.model_validate_json(content)
    except ValidationError as err:
        raise UnusableTable(first_mistake(err)) from err
