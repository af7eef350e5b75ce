"""What an import came to, in words: for the file beside the table, the head's page and doctor."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from hall.contract.onestop_requests import ImportRefused, ImportReport
from hall.onestop.intake.notes import Notes

What = Literal["dossiers", "procedures", "figures", "notice", "other"]
SUFFIX = ".bao-cao.txt"
KINDS = {
    "dossiers": "hồ sơ",
    "procedures": "thủ tục",
    "figures": "số liệu",
    "notice": "chữ chạy",
    "other": "chưa rõ là bảng gì",
}
_STATES = {
    "reading": "ĐANG ĐỌC",
    "taken": "ĐÃ NHẬN",
    "held": "CHỜ XÁC NHẬN, số liệu trước đó vẫn được dùng",
    "refused": "KHÔNG NHẬN, số liệu trước đó vẫn được dùng",
}


def refused_of(notes: Notes) -> tuple[ImportRefused, ...]:
    """By kind, the most frequent first."""
    order = sorted(notes.refused.items(), key=lambda each: -each[1].count)
    return tuple(
        ImportRefused(kind=kind, count=seen.count, places=tuple(map(str, seen.places)))
        for kind, seen in order
    )


def refusal(file: str, what: What, at: datetime, why: str) -> ImportReport:
    """A file nothing of which can be taken."""
    told = ImportReport(file=file, what=what, state="refused", at=at, reasons=(why,))
    return told.model_copy(update={"advice": advice(told)})


def summary(report: ImportReport) -> str:
    """One sentence, without any cell's content: it goes over the bus."""
    name = f"{report.file} ({KINDS[report.what]})"
    why = "; ".join(report.reasons)
    left_out = sum(each.count for each in report.refused)
    if report.state in ("held", "refused") and why:
        return f"{name}: {why}"
    if left_out:
        first = report.refused[0]
        at = f", {first.places[0]}" if first.places else ""
        return f"{name}: {left_out} ô hoặc dòng không đọc được; {first.kind} ({first.count}{at})"
    return f"{name}: nhận {report.taken} trong {report.rows} dòng"


def advice(report: ImportReport) -> str:
    """What a person does now; nothing where all is well."""
    if report.state == "held":
        return (
            f"Nếu tệp đúng: bấm “Đồng ý” trên trang toàn cảnh, hoặc lệnh motcua onestop accept "
            f"{report.mark}. Nếu sai: xuất lại tệp rồi chép đè."
        )
    if report.state == "refused":
        return "Sửa hoặc xuất lại tệp rồi chép đè; xem báo cáo cạnh tệp."
    if report.refused:
        return "Sửa các ô nêu trong báo cáo cạnh tệp rồi chép đè; phần đọc được đã dùng."
    return ""


def text(report: ImportReport, cells: dict[str, tuple[str, ...]]) -> str:
    """The whole report. `cells`: what stood in the places, by kind of fault."""
    return "\n".join([*_lines(report, cells), ""])


def _lines(report: ImportReport, cells: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield f"BÁO CÁO NHẬP TỆP {report.file}"
    yield f"Lúc {report.at:%H:%M:%S ngày %d/%m/%Y}"
    yield f"Nội dung: {KINDS[report.what]}"
    yield f"Kết quả: {_STATES[report.state]}"
    for reason in report.reasons:
        yield f"  – {reason}"
    yield f"Số dòng đã đọc: {report.rows}; nhận trọn vẹn: {report.taken}"
    if report.refused:
        yield ""
        yield "Không đọc được chắc chắn (không đoán, không tính vào số liệu):"
    for kind in report.refused:
        yield f"  • {kind.kind}: {kind.count}"
        where = (*kind.places, *("" for _ in cells.get(kind.kind, ())))
        for place, cell in zip(where, cells.get(kind.kind, ()), strict=False):
            yield f"      {place}{': ' if place else ''}{f'“{cell}”' if cell else ''}"
    if report.remarks:
        yield ""
        yield "Ghi chú:"
        yield from (f"  – {remark}" for remark in report.remarks)
    if report.advice:
        yield ""
        yield f"Việc cần làm: {report.advice}"
