"""The rows of a report below its headings. Headings that come again begin another block.

BÁO CÁO THÁNG 9        titles
Lĩnh vực | Tiếp nhận   headings
Hộ tịch  | 100         block 1
BÁO CÁO THÁNG 10       titles of block 2, where they name a period
Lĩnh vực | Tiếp nhận   headings again; without such titles a new page of the same block
Hộ tịch  | 120         block 2
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hall.onestop.intake import layout, periods
from hall.onestop.intake.cells import Cells, Row, Sheet, text_of
from hall.onestop.intake.layout import Layout


@dataclass(slots=True)
class ReportBlock:
    table: Layout
    rows: list[Row] = field(default_factory=list)

    def titles(self) -> tuple[str, ...]:
        """The lines of text at its end, taken from its rows: they stand above what follows."""
        taken: list[str] = []
        while self.rows and len(texts := _texts(self.rows[-1][1])) == 1:
            taken.insert(0, texts[0])
            self.rows.pop()
        return tuple(taken)


def blocks(sheet: Sheet, table: Layout) -> Iterator[ReportBlock]:
    block, headings, numbering = ReportBlock(table), None, True
    for line, cells in sheet.rows():
        if line == table.last:
            headings = _texts(cells)
        if line <= table.last or not (texts := _texts(cells)):
            continue
        if numbering and layout.is_numbering(cells):
            numbering = False
        elif texts == headings:
            titles = block.titles()
            if periods.span_of(titles) is not None:
                yield block
                block = ReportBlock(replace(table, titles=titles))
            numbering = True
        else:
            block.rows.append((line, cells))
    yield block


def _texts(cells: Cells) -> tuple[str, ...]:
    return tuple(text for cell in cells if (text := text_of(cell)))
