"""What an import must tell people: the cells and rows it could not understand, by kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hall.onestop.intake.cells import Cell, CellPlace, shown

_EXAMPLES = 3
_KINDS = 40


@dataclass(slots=True)
class FaultNote:
    """One kind of fault: how often, and the first places where it stands."""

    count: int = 0
    places: list[CellPlace] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Notes:
    """Gathers while a file is read; bounded, whatever the file.

    `rows`: those that were records; `taken`: those fully understood.
    """

    rows: int = 0
    taken: int = 0
    refused: dict[str, FaultNote] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)

    def refuse(self, kind: str, place: CellPlace, cell: Cell = "") -> None:
        if kind not in self.refused and len(self.refused) >= _KINDS:
            kind = "lỗi khác"
        seen = self.refused.setdefault(kind, FaultNote())
        seen.count += 1
        if len(seen.places) < _EXAMPLES:
            seen.places.append(place)
            seen.cells.append(shown(cell))

    def refuse_clashes(self, count: int, codes: tuple[str, ...]) -> None:
        self.refused["cùng mã hồ sơ, nội dung khác nhau"] = FaultNote(count, [], list(codes))

    def remark(self, text: str) -> None:
        if len(self.remarks) < _KINDS:
            self.remarks[text] = None

    def remark_all(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.remark(text)

    @property
    def refusals(self) -> int:
        return sum(each.count for each in self.refused.values())
