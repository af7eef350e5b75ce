"""`motcua report` for a terminal: a table a part."""

from hall.cli.tables import table
from hall.figures.days import PARTS, SCORES, Line
from hall.figures.satisfaction import Satisfaction
from hall.sheets.report import NOTES, PART_WORDS, Report

_SHORT = (
    ("lấy số", "issued"),
    ("gọi", "called"),
    ("đến", "came"),
    ("xong", "served"),
    ("vắng", "absent"),
    ("chưa rõ", "unclear"),
    ("huỷ", "cancelled"),
    ("hết ngày", "expired"),
    ("còn đây", "here"),
)
_DURATIONS = (
    ("chờ giữa", "wait_median_s"),
    ("chờ 90%", "wait_p90_s"),
    ("phục vụ giữa", "serve_median_s"),
)


def as_text(report: Report) -> str:
    head = ("", *(word for word, _ in (*_SHORT, *_DURATIONS)), "đánh giá")
    parts = [
        f"{PART_WORDS[part]}\n{table(head, [_short(report, line) for line in lines])}"
        for part in PARTS
        if (lines := report.of(part)) and not (part == "day" and len(lines) == 1)
    ]
    return "\n\n".join((report.title, *parts, NOTES))


def _short(report: Report, line: Line) -> tuple[str, ...]:
    rated = Satisfaction(tuple(int(line[score] or 0) for score in SCORES))
    return (
        report.names.of(line),
        *(str(line[column]) for _, column in _SHORT),
        *(_minutes(line[column]) for _, column in _DURATIONS),
        rated.text,
    )


def _minutes(seconds: str | int | None) -> str:
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
