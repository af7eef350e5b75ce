"""Dossiers and days as the page shows them and as sheets hold them: from questions to tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from hall.figures.satisfaction import BEST, ENOUGH, Satisfaction
from hall.province.page.books import ChosenDays, LivedLine, ProvinceBooks
from hall.province.watch.province_now import ZONE, KeptFigures, NamedHall, read_figures
from hall.province.watch.timeliness import (
    TABLES,
    FigureLine,
    FiguresShelf,
    HallFigures,
    periods_of,
    reduced,
)
from hall.sheets.table import SheetTable

DISPUTED = "đang đối chiếu"
FIGURE_NOTES = (
    "Tỉ lệ đúng hạn, quá hạn: trên số hồ sơ đã giải quyết trong kỳ.",
    "Đúng hạn gồm trả trước hạn và đúng hạn. Để trống: phần mềm một cửa chưa có số liệu ấy.",
    "Đang đối chiếu: số liệu không khớp nhau hoặc cũ hơn một ngày; không cộng vào tổng.",
    "Một đơn vị có nhiều hội trường gửi cùng số liệu thì chỉ tính một lần, lấy bản mới nhất.",
)
LIVED_NOTES = (
    "Mỗi lượt là một phiếu số; số liệu của ngày theo giờ của hội trường.",
    "Chờ trung bình: trên số phiếu được gọi. Phục vụ trung bình: trên số phiếu đã xong.",
    f"Hài lòng: chấm 4 hoặc 5 trên số lượt đánh giá; dưới {ENOUGH} lượt thì không tính tỉ lệ.",
    "Đang đối chiếu: còn sự kiện vừa về hoặc hội trường đang im lặng, số sẽ còn đổi.",
)
BY_WORDS = {
    "hall": "Hội trường",
    "unit": "Đơn vị",
    "field": "Lĩnh vực",
    "week": "Tuần từ",
    "day": "Ngày",
}


@dataclass(frozen=True, slots=True)
class LateDay:
    """A hall's day whose figures are not final."""

    hall: str
    name: str
    unit: str
    day: date


@dataclass(slots=True)
class TableDesk:
    """`work` methods run beside the web server's loop."""

    books: ProvinceBooks
    _shelf: FiguresShelf = field(default_factory=FiguresShelf)

    def dossiers(
        self, kept: Sequence[KeptFigures], by: str, period: str, now: datetime
    ) -> dict[str, object]:
        """`period`: "" = the first that there is. Raises ValueError."""
        if by not in TABLES:
            raise ValueError(by)
        halls = tuple(self._figures(kept))
        periods = periods_of(halls)
        chosen = period or (periods[0][0] if periods else "")
        table = TABLES[by](halls, chosen, now)
        return {
            "by": by,
            "period": chosen,
            "periods": [{"id": name, "halls": count} for name, count in periods],
            "halls": table.halls,
            "lines": [_line(each) for each in table.lines],
            "total": _line(table.total),
        }

    def _figures(self, kept: Iterable[KeptFigures]) -> Iterable[HallFigures]:
        for each in kept:
            found = self._shelf.find(each.hall.id, each.payload)
            if found is None:
                figures = read_figures(each)
                if figures is None:
                    continue
                found = reduced(each.hall, figures)
                self._shelf.put_figures(each.hall.id, each.payload, found)
            yield found

    def lived(
        self, chosen: ChosenDays, by: str, silent: Mapping[str, NamedHall], today: date
    ) -> dict[str, object]:
        """`silent`: halls whose newest events may still be in the hall. Raises ValueError."""
        if by not in ("week", "day", "unit", "hall"):
            raise ValueError(by)
        lines = self.books.lived(chosen, by)
        late = self._late(chosen, silent, today)
        keys = {_key(by, each) for each in late}
        return {
            "by": by,
            "lines": [_lived(each) | {"late": each.id in keys} for each in lines],
            "total": _lived(_total(lines)) | {"late": bool(late)},
            "late": sorted({each.name for each in late}),
        }

    def _late(
        self, chosen: ChosenDays, silent: Mapping[str, NamedHall], today: date
    ) -> set[LateDay]:
        """Days whose figures will change: worked out anew just now, or not all here yet."""
        late = {LateDay(*each) for each in self.books.unfinished(chosen)}
        heard = self.books.heard_at()
        for hall in silent.values():
            last = heard.get(hall.id)
            begun = chosen.first if last is None else last.astimezone(ZONE).date()
            first, end = max(begun, chosen.first), min(today, chosen.last)
            for days in range((end - first).days + 1):
                late.add(LateDay(hall.id, hall.name, hall.unit, first + timedelta(days)))
        return late

    def services(self, chosen: ChosenDays) -> dict[str, object]:
        lines = self.books.services(chosen)
        return {"lines": [_lived(each) for each in lines], "total": _lived(_total(lines))}


def _key(by: str, late: LateDay) -> str:
    """The line that a late day is a part of."""
    match by:
        case "week":
            return (late.day - timedelta(days=late.day.weekday())).isoformat()
        case "day":
            return late.day.isoformat()
        case "unit":
            return late.unit
        case _:
            return late.hall


def _line(line: FigureLine) -> dict[str, object]:
    return {
        "id": line.id,
        "name": line.name,
        "unit": line.unit,
        **asdict(line.counts),
        "on_time_share": line.on_time_share,
        "overdue_share": line.overdue_share,
        "as_of": None if line.as_of is None else line.as_of.isoformat(),
        "disputed": line.disputed,
        "doubts": [*line.doubts, *(("số liệu cũ hơn một ngày",) if line.late else ())],
        "left_out": line.left_out,
    }


def _total(lines: Sequence[LivedLine]) -> LivedLine:
    return LivedLine(
        id="",
        name="Tất cả",
        issued=sum(each.issued for each in lines),
        served=sum(each.served for each in lines),
        no_show=sum(each.no_show for each in lines),
        waits=sum(each.waits for each in lines),
        wait_sum_s=sum(each.wait_sum_s for each in lines),
        wait_max_s=max((each.wait_max_s for each in lines), default=0),
        serves=sum(each.serves for each in lines),
        serve_sum_s=sum(each.serve_sum_s for each in lines),
        scores=[sum(each.scores[n] for each in lines) for n in range(BEST)],
    )


def _lived(line: LivedLine) -> dict[str, object]:
    rated = Satisfaction(line.scores)
    return {
        "id": line.id,
        "name": line.name,
        "issued": line.issued,
        "served": line.served,
        "no_show": line.no_show,
        "wait_s": _mean(line.wait_sum_s, line.waits),
        "wait_max_s": line.wait_max_s if line.waits else None,
        "serve_s": _mean(line.serve_sum_s, line.serves),
        "ratings": rated.total,
        "mean_100": rated.mean_100,
        "content": rated.content,
        "rated": rated.text,
    }


def _mean(total: int, count: int) -> int | None:
    return round(total / count) if count else None


# --- sheets -------------------------------------------------------------------------------------


def dossier_sheet(told: Mapping[str, object]) -> SheetTable:
    headings = (
        *(BY_WORDS[str(told["by"])], "Đơn vị", "Tiếp nhận", "Đã giải quyết", "Đúng hạn"),
        *("Quá hạn", "Tỉ lệ đúng hạn (trên đã giải quyết)", "Tỉ lệ quá hạn (trên đã giải quyết)"),
        *("Đang giải quyết", "Trong đó quá hạn", "Số liệu lúc", "Ghi chú"),
    )
    lines = [*_dicts(told["lines"]), _dict(told["total"])]
    return SheetTable(
        f"Hồ sơ kỳ {told['period']}", headings, [_dossier_cells(e) for e in lines], FIGURE_NOTES
    )


def _dossier_cells(line: Mapping[str, object]) -> tuple[str | int | None, ...]:
    note = "; ".join(map(str, _list(line["doubts"])))
    if line["left_out"]:
        note = f"chưa gồm {line['left_out']} nơi {DISPUTED} hoặc chưa có số liệu"
    disputed = bool(line["disputed"])
    return (
        *(str(line["name"]), str(line["unit"])),
        *(_cell(line[key]) for key in ("received", "resolved", "in_time", "overdue")),
        *(DISPUTED if disputed else str(line[key]) for key in ("on_time_share", "overdue_share")),
        *(_cell(line[key]) for key in ("pending", "pending_overdue")),
        *(None if line["as_of"] is None else _local(str(line["as_of"])), note),
    )


def lived_sheet(told: Mapping[str, object], chosen: ChosenDays, first: str) -> SheetTable:
    """`first`: the heading of the first column."""
    headings = (
        *(first, "Mã", "Lấy số", "Đã phục vụ", "Vắng mặt", "Chờ trung bình (giây)"),
        *("Chờ lâu nhất (giây)", "Phục vụ trung bình (giây)", "Lượt đánh giá", "Hài lòng (4, 5)"),
        *("Điểm trung bình × 100", "Ghi chú"),
    )
    keys = (
        *("issued", "served", "no_show", "wait_s", "wait_max_s", "serve_s", "ratings"),
        *("content", "mean_100"),
    )
    lines = [*_dicts(told["lines"]), _dict(told["total"])]
    rows = [
        (
            *(str(line["name"]), str(line["id"]), *(_cell(line[key]) for key in keys)),
            DISPUTED if line.get("late") else "",
        )
        for line in lines
    ]
    late = _list(told.get("late") or [])
    notes = (*LIVED_NOTES, *((f"{DISPUTED}: {', '.join(map(str, late))}",) if late else ()))
    title = f"Từ {chosen.first:%d/%m/%Y} đến {chosen.last:%d/%m/%Y}"
    return SheetTable(title, headings, rows, notes)


def _cell(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _dicts(value: object) -> list[Mapping[str, object]]:
    return [_dict(each) for each in _list(value)]


def _dict(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _local(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(ZONE):%H:%M %d/%m/%Y}"
