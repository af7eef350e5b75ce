"""What the operator of a province sees to: registry, passwords, machines under one id, silence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hall.province.page.hall_table import LINK_WORDS
from hall.province.registrar import SKEW_S
from hall.province.watch.province_now import ZONE
from hall.province.watch.rows import HallLink
from hall.sheets.table import SheetTable


def overview(
    registry: Iterable[tuple[Any, ...]],
    strangers: Iterable[tuple[Any, ...]],
    rows: Mapping[str, Sequence[Any]],
) -> dict[str, object]:
    """One line a hall, what is wrong with it first."""
    halls = [_hall(row, rows.get(row[0])) for row in registry]
    return {
        "halls": sorted(halls, key=lambda hall: not hall["wrong"]),
        "strangers": [
            {
                "hall": hall,
                "host": host,
                "first_at": first.isoformat(),
                "last_at": last.isoformat(),
                "batches": batches,
            }
            for hall, host, first, last, batches in strangers
        ],
    }


def _hall(row: tuple[Any, ...], live: Sequence[Any] | None) -> dict[str, Any]:
    hall, name, unit, issued_at, host, heard_at, skew_s, refused, other, refused_at, seq = row
    link = HallLink.NEVER if live is None else HallLink(live[0])
    wrong = []
    if refused:
        wrong.append(refused)
    if issued_at is None:
        wrong.append("chưa có mật khẩu hoặc đã thu hồi: motcua province credential issue " + hall)
    elif link is HallLink.NEVER:
        wrong.append("có mật khẩu mà chưa từng nối")
    elif link is not HallLink.UP:
        wrong.append(LINK_WORDS[link])
    if skew_s is not None and abs(skew_s) > SKEW_S:
        wrong.append(f"đồng hồ {'chậm' if skew_s > 0 else 'nhanh'} {abs(skew_s):.0f} giây")
    return {
        "id": hall,
        "name": name,
        "unit": unit,
        "issued_at": _iso(issued_at),
        "host": host or "",
        "twin": other or "",
        "refused_at": _iso(refused_at),
        "heard_at": _iso(heard_at),
        "seq": seq or 0,
        "link": link.value,
        "wrong": wrong,
    }


def sheet(told: Mapping[str, Any]) -> SheetTable:
    headings = (
        *("Hội trường", "Mã", "Đơn vị", "Kết nối", "Mật khẩu cấp lúc", "Máy", "Máy bị từ chối"),
        *("Sự kiện cuối về lúc", "Số sự kiện", "Việc cần làm"),
    )
    rows = [
        (
            *(each["name"], each["id"], each["unit"], LINK_WORDS[HallLink(each["link"])]),
            *(_local(each["issued_at"]), each["host"], each["twin"], _local(each["heard_at"])),
            *(each["seq"], "; ".join(each["wrong"])),
        )
        for each in told["halls"]
    ]
    return SheetTable("Vận hành", headings, rows)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _local(iso: str | None) -> str | None:
    return None if iso is None else f"{datetime.fromisoformat(iso).astimezone(ZONE):%H:%M %d/%m/%Y}"
