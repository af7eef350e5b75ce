"""The hall's own words for columns and states, as YAML over the built-in table of headings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from hall.onestop.intake import headings
from hall.onestop.intake.cells import UnusableTable, plain
from hall.onestop.intake.headings import Kind
from hall.runtime import settings
from hall.runtime.settings import Section

DossierColumn = Literal[
    "code", "status", "procedure_code", "procedure_name", "field", "received", "due",
    "due_original", "done", "returned", "collect_at",
]  # fmt: skip
ProcedureColumn = Literal[
    "code", "name", "field", "level", "time_limit", "fee_vnd", "fee_note", "documents", "where",
    "url", "source",
]  # fmt: skip


class DossierMapping(Section):
    columns: dict[DossierColumn, str] = Field(
        default_factory=dict, description="Ý nghĩa: tên cột trong tệp.", examples=[{"due": "Hẹn"}]
    )
    statuses: dict[str, int] = Field(
        default_factory=dict,
        description="Trạng thái viết trong tệp: số 1–10 của Cổng dịch vụ công quốc gia.",
        examples=[{"Hoàn thành": 10}],
    )


class ProcedureMapping(Section):
    columns: dict[ProcedureColumn, str] = Field(
        default_factory=dict, description="Ý nghĩa: tên cột trong tệp."
    )


class FigureMapping(Section):
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Chỉ tiêu (received.total, resolved.early …): tên cột trong tệp.",
    )
    period: str = Field(default="", max_length=200, description="Tên kỳ khi tệp không ghi.")


class TableMapping(Section):
    """`map.yaml` beside the files."""

    version: Literal[1] = Field(default=1, description="Phiên bản của tệp này.")
    dossiers: DossierMapping = Field(default_factory=DossierMapping, description="Bảng hồ sơ.")
    procedures: ProcedureMapping = Field(
        default_factory=ProcedureMapping, description="Bảng thủ tục."
    )
    figures: FigureMapping = Field(default_factory=FigureMapping, description="Bảng số liệu.")

    def column_of(self, kind: Kind, heading: str) -> str | None:
        """What a column is: by the hall's own words, else by the built-in table."""
        own = self._own(kind)
        key = plain(heading)
        named = next((name for name, known in own.items() if key and plain(known) == key), None)
        if named is not None:
            return named
        found = headings.column_of(kind, heading)
        # A meaning the hall gives to a column of its own is taken from every other.
        return None if found in own else found

    def figure_of(self, path: tuple[str, ...]) -> str | None:
        keys = {plain(path[-1]), plain(" ".join(path))}
        for figure, heading in self.figures.columns.items():
            if plain(heading) in keys:
                return figure
        found = headings.figure_of(path)
        return None if found in self.figures.columns else found

    def _own(self, kind: Kind) -> Mapping[str, str]:
        match kind:
            case "dossiers":
                return {str(name): text for name, text in self.dossiers.columns.items()}
            case "procedures":
                return {str(name): text for name, text in self.procedures.columns.items()}
            case "figure_list" | "figure_table":
                return {}


BUILT_IN = TableMapping()


def load(path: Path) -> TableMapping:
    """The mapping of this file; the built-in one where there is none. Raises UnusableTable."""
    if not path.exists():
        return BUILT_IN
    try:
        return settings.load(path, TableMapping)
    except settings.ConfigError as err:
        raise UnusableTable(str(err)) from err
