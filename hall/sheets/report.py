"""The figures of days for a spreadsheet or a program.

Of a spreadsheet's cells a text is always a text: one that begins with = + - @ is no formula.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hall.figures.days import PARTS, Line
from hall.figures.satisfaction import ENOUGH
from hall.runtime.sections import Shared
from hall.sheets import table
from hall.sheets.table import SheetTable, write_cells

PART_WORDS = {
    "total": "Tất cả",
    "day": "Ngày",
    "service": "Dịch vụ",
    "counter": "Quầy",
    "hour": "Giờ",
    "staff": "Cán bộ",
    "question": "Câu hỏi đánh giá",
    "reason": "Lý do đánh giá",
}
# A sheet of its own only where a hall asks such questions.
_OPTIONAL = ("question", "reason")
_HEADINGS = {
    "issued": "Lấy số",
    "called": "Được gọi",
    "came": "Đến quầy",
    "served": "Được phục vụ",
    "left_open": "Trong đó chưa kết thúc lúc hết ngày",
    "absent": "Vắng mặt",
    "unclear": "Chưa rõ",
    "expired": "Hết ngày chưa phục vụ",
    "cancelled": "Huỷ",
    "voided": "Phiếu in hỏng",
    "here": "Đang ở hội trường",
    "wait_median_s": "Chờ, giữa (giây)",
    "wait_p90_s": "Chờ, 90 % (giây)",
    "wait_max_s": "Chờ, lâu nhất (giây)",
    "serve_median_s": "Phục vụ, giữa (giây)",
    "serve_p90_s": "Phục vụ, 90 % (giây)",
    "ratings": "Lượt đánh giá",
    "rating_mean_100": "Điểm trung bình × 100",
    "score_1": "Rất không hài lòng (1)",
    "score_2": "Chưa hài lòng (2)",
    "score_3": "Bình thường (3)",
    "score_4": "Hài lòng (4)",
    "score_5": "Rất hài lòng (5)",
}
NOTES = f"""\
Mỗi số là một người; mỗi người được đếm một lần trong mỗi cột, dù bấm bao nhiêu lần.
Lấy số = được phục vụ + vắng mặt + chưa rõ + hết ngày + huỷ + in hỏng + đang ở hội trường.
Vắng mặt: cán bộ bấm Vắng mặt, và hôm ấy không gọi lại.
Chưa rõ: đã gọi, rồi gọi người khác mà không bấm Bắt đầu, Kết thúc hay Vắng mặt.
Đánh giá: mỗi số một điểm cho mỗi câu hỏi, chấm lại thì điểm sau thay điểm trước.
Hài lòng: chấm 4 hoặc 5. Dưới {ENOUGH} lượt thì chỉ nêu số lượt, không tính tỉ lệ phần trăm.
Chờ: từ lúc lấy số đến lần gọi đầu. Phục vụ: chỉ của người được phục vụ xong."""


@dataclass(frozen=True, slots=True)
class ReportNames:
    """What people call services, counters, questions; an id stands for what nobody has named."""

    services: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def of(self, line: Line) -> str:
        name = str(line["name"])
        match line["part"]:
            case "service" | "counter" | "question" | "reason" as part:
                return self._called(part).get(name, name)
            case "hour":
                return f"{name} giờ"
            case "day":
                return _day(name)
            case "staff":
                return name
            case _:
                return "Tất cả"

    def _called(self, part: str) -> Mapping[str, str]:
        """What people call the ids of this part."""
        known = {"service": self.services, "counter": self.counters, "question": self.questions}
        return known.get(part, self.reasons)


@dataclass(frozen=True, slots=True)
class Report:
    """The lines of all days from `first` to `last` (ISO dates, both included)."""

    first: str
    last: str
    lines: Sequence[Line]
    names: ReportNames

    @property
    def title(self) -> str:
        if self.first == self.last:
            return f"Ngày {_day(self.first)}"
        return f"Từ {_day(self.first)} đến {_day(self.last)}"

    def of(self, part: str) -> list[Line]:
        return [line for line in self.lines if line["part"] == part]


def names(shared: Shared) -> ReportNames:
    return ReportNames(
        {service.id: service.name for service in shared.services},
        {counter.id: counter.title for counter in shared.counters},
        {question.id: question.name for question in shared.ratings.questions},
        {reason.id: reason.name for reason in shared.ratings.reasons},
    )


def as_json(report: Report) -> str:
    lines = [{**line, "title": report.names.of(line)} for line in report.lines]
    content = {"from": report.first, "to": report.last, "lines": lines}
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_csv(report: Report) -> str:
    headings = ("Từ ngày", "Đến ngày", "Mục", "Mã", "Tên", *_HEADINGS.values())
    rows = [
        (report.first, report.last, *_named(report, line), *_counts(line)) for line in report.lines
    ]
    return table.as_csv(SheetTable(report.title, headings, rows))


def as_xlsx(report: Report) -> bytes:
    """A sheet a part, and one that says what the columns mean."""
    # Only who wants a workbook waits for its library.
    import xlsxwriter  # noqa: PLC0415

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for part in PARTS:
            if part in _OPTIONAL and not report.of(part):
                continue
            sheet = book.add_worksheet(PART_WORDS[part])
            sheet.write_string(0, 0, report.title, bold)
            for column, heading in enumerate(("Mã", "Tên", *_HEADINGS.values())):
                sheet.write_string(1, column, heading, bold)
            sheet.freeze_panes(2, 2)
            sheet.set_column(1, 1, 32)
            for number, line in enumerate(report.of(part), start=2):
                write_cells(sheet, number, (*_named(report, line)[1:], *_counts(line)))
        notes = book.add_worksheet("Chú giải")
        for number, note in enumerate(NOTES.splitlines()):
            notes.write_string(number, 0, note)
    return written.getvalue()


def _named(report: Report, line: Line) -> tuple[str, str, str]:
    return PART_WORDS[str(line["part"])], str(line["name"]), report.names.of(line)


def _counts(line: Line) -> Iterator[str | int | None]:
    return (line[column] for column in _HEADINGS)


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
