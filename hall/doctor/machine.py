"""What a technician is told of the machine itself: clock, disk, wear of the card, versions."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hall.contract.messages import DeviceStatus
from hall.doctor.findings import Finding
from hall.runtime.clock import Clock
from hall.runtime.health import software

# Below either a backup, a day's log or an update may not find room any more.
_ROOM, _SHARE = 200 * 1024 * 1024, 0.05
# JESD84-B51, 7.4.51-53: 1 = 0-10 % of its life used, … 10 = 90-100 %, 11 = more.
_WORN, _WORN_OUT = 9, 11
_PRE_EOL = {2: "đã dùng 80 % khối dự phòng", 3: "gần hết khối dự phòng"}
_CHANGE_CARD = (
    "Sao lưu ngay (sudo motcua backup -c /etc/motcua/hall.yaml), rồi thay thẻ; nên dùng thẻ công "
    "nghiệp hoặc SSD."
)


def clock(system: Clock) -> Finding:
    now = system.now()
    if system.trusted():
        return Finding("đồng hồ", "tốt", well=True, kind="clock", last_seen=now)
    return Finding(
        "đồng hồ",
        "chưa chắc đúng",
        well=False,
        kind="clock",
        text=f"máy đang nghĩ là {now:%d/%m/%Y %H:%M} UTC, chưa nguồn nào xác nhận",
        advice="Nối mạng để lấy giờ (timedatectl), hoặc gắn đồng hồ RTC (DS3231) có pin.",
    )


def disks(places: Mapping[str, Path]) -> Iterator[Finding]:
    """By name; two places on one file system are one line."""
    seen: set[int] = set()
    for name, place in places.items():
        there = next(each for each in (place, *place.parents) if each.exists())
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _disk(f"đĩa {name}", there)


def _amount(size: int) -> str:
    if size < 2**30:
        return f"{size // 2**20} MB"
    return f"{size / 2**30:.1f} GB".replace(".", ",")


def _disk(name: str, place: Path) -> Finding:
    found = os.statvfs(place)
    free, size = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    room = f"còn {_amount(free)} trong {_amount(size)}"
    if found.f_flag & os.ST_RDONLY:
        advice = (
            "Thẻ hỏng hoặc tắt đột ngột: xem sudo dmesg, sao lưu, khởi động lại; lặp lại: thay."
        )
        return _of_disk(name, "chỉ đọc", "không ghi được gì", advice)
    if free < min(_ROOM, _SHARE * size):
        advice = f"Dọn: sudo journalctl --vacuum-size=50M; xem chỗ: sudo du -xh {place} | sort -h."
        return _of_disk(name, "sắp đầy", room, advice)
    if found.f_files and found.f_favail < _SHARE * found.f_files:
        advice = f"Có quá nhiều tệp nhỏ: tìm bằng sudo du -x --inodes {place} | sort -n."
        return _of_disk(name, "hết chỗ cho tệp", f"còn {found.f_favail} tệp", advice)
    return Finding(name, "tốt", well=True, kind="disk", text=room)


def _of_disk(name: str, state: str, text: str, advice: str) -> Finding:
    return Finding(name, state, well=False, kind="disk", text=text, advice=advice)


def wear(root: Path) -> Iterator[Finding]:
    """What an eMMC counts of its wear (an SD card counts none), the file system of its errors."""
    for device in sorted((root / "sys/block").glob("mmcblk*")):
        if (device / "device/life_time").is_file():
            yield _worn(device)
    for file in sorted((root / "sys/fs/ext4").glob("*/errors_count")):
        if (errors := _number(file)) > 0:
            yield Finding(
                f"hệ thống tệp {file.parent.name}",
                "có lỗi",
                well=False,
                kind="card",
                text=f"nhân Linux đã ghi nhận {errors} lỗi",
                advice=f"Xem sudo dmesg; khởi động lại để fsck sửa. {_CHANGE_CARD}",
            )


def _worn(device: Path) -> Finding:
    words = (device / "device/life_time").read_text(encoding="ascii").split()
    worst = max((int(word, 16) for word in words if _is_hex(word)), default=0)
    reserve = _PRE_EOL.get(_number(device / "device/pre_eol_info"), "")
    name, used = f"bộ nhớ {device.name}", f"đã dùng khoảng {min(worst, _WORN_OUT) * 10} % tuổi thọ"
    text = f"{used}, {reserve}" if reserve else used
    if worst >= _WORN or reserve:
        state, advice = "sắp mòn hết", _CHANGE_CARD
        return Finding(name, state, well=False, text=text, advice=advice, kind="card")
    return Finding(name, "tốt", well=True, text=text, kind="card")


def _is_hex(word: str) -> bool:
    return re.fullmatch(r"0x[0-9a-fA-F]+", word) is not None


def _number(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"), 0)
    except (OSError, ValueError):
        return 0


def versions(statuses: Mapping[str, DeviceStatus], beside: Sequence[str] = ()) -> Finding:
    """Ours, and who in the hall has another. `beside`: programs that it stands on."""
    ours = software()
    others = sorted(
        f"{client} ({status.sw})"
        for client, status in statuses.items()
        if status.sw.startswith("motcua ") and status.sw != ours
    )
    if others:
        text = f"máy này {ours}; khác: {', '.join(others)}"
        advice = "Cập nhật cho mọi máy cùng phiên bản, rồi khởi động lại dịch vụ được nêu."
        return Finding("phiên bản", "lẫn lộn", well=False, text=text, advice=advice, kind="version")
    text = ", ".join((ours, *beside))
    return Finding("phiên bản", "tốt", well=True, text=text, kind="version")
