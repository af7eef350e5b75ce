"""The table of all halls as a sheet, filtered as on the page. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hall.province.watch.province_now import ZONE
from hall.province.watch.rows import HallLink
from hall.sheets.table import Cell, SheetTable
from hall.wording.folding import fold

LINK_WORDS = {
    HallLink.UP: "đang nối",
    HallLink.MUTE: "máy điều khiển im lặng",
    HallLink.DOWN: "mất đường truyền",
    HallLink.OFF: "đã tắt",
    HallLink.NEVER: "chưa từng nối",
}
NOTES = (
    "Đang chờ, quầy mở, đã phục vụ: như hội trường gửi lần cuối; hội trường im lặng thì là số cũ.",
    "Chờ lâu nhất: theo sự kiện của hội trường đã về tỉnh, tính từ lúc lấy số.",
    "Lỗi thiết bị: số cảnh báo đang có và thiết bị mất kết nối.",
)


@dataclass(frozen=True, slots=True)
class HallFilter:
    """`words`: typed with or without marks; each must be in the hall's or unit's name, or id."""

    words: str = ""
    unit: str = ""
    faults: bool = False
    silent: bool = False

    def chosen(
        self, names: Iterable[Mapping[str, Any]], rows: Mapping[str, Sequence[Any]]
    ) -> list[tuple[Mapping[str, Any], Sequence[Any]]]:
        """The registered halls that pass, each with its row."""
        wanted = fold(self.words).split()
        found = []
        for hall in names:
            row = rows.get(hall["id"])
            if row is None or (self.unit and hall["unit"] != self.unit):
                continue
            if (self.faults and not row[7]) or (self.silent and row[0] == HallLink.UP):
                continue
            text = fold(f"{hall['name']} {hall['unit_name']} {hall['id']}")
            if all(word in text for word in wanted):
                found.append((hall, row))
        return found


def sheet(chosen: Iterable[tuple[Mapping[str, Any], Sequence[Any]]], now: datetime) -> SheetTable:
    headings = (
        *("Hội trường", "Mã", "Đơn vị", "Kết nối", "Nghe lần cuối", "Đang chờ"),
        *("Chờ lâu nhất (phút)", "Quầy mở", "Số quầy", "Đã phục vụ hôm nay", "Lỗi thiết bị"),
        "Lỗi đầu tiên",
    )
    rows = [_cells(hall, row, now) for hall, row in chosen]
    title = f"Các hội trường lúc {now.astimezone(ZONE):%H:%M %d/%m/%Y}"
    return SheetTable(title, headings, rows, NOTES)


def _cells(hall: Mapping[str, Any], row: Sequence[Any], now: datetime) -> tuple[Cell, ...]:
    link, heard, waiting, since, opened, counters, served, faults, _, fault = row
    told = None if heard is None else datetime.fromtimestamp(heard, ZONE)
    longest = None if since is None else max(0, int(now.timestamp() - since) // 60)
    return (
        *(hall["name"], hall["id"], hall["unit_name"], LINK_WORDS[HallLink(link)]),
        None if told is None else f"{told:%H:%M:%S %d/%m/%Y}",
        *(waiting, longest, opened, counters, served, faults, fault),
    )
