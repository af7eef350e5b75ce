"""What a technician is told of what lies on the disk: backups of the journal, the tables' inbox."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hall.controller import backups, second_place
from hall.controller.settings import BackupSection
from hall.doctor.findings import Finding
from hall.runtime.members import at

_USUAL_MIN = 60
_BACK_UP = "Sao lưu ngay: sudo motcua backup -c /etc/motcua/hall.yaml"


def backup_age(journal: Path, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether the newest backup holds all but the last hours; none where no journal lies."""
    try:
        written = max(_written(journal), _written(journal.with_name(f"{journal.name}-wal")))
        newest = max(_copies(journal.parent / backups.FOLDER), default=None)
    except PermissionError:
        text = f"chỉ root đọc được {journal.parent}: chạy motcua doctor bằng sudo"
        yield Finding("sao lưu", "chưa xem", well=True, text=text, kind="backup")
        return
    if written == _NEVER:
        return
    every = at(values, ("queue", "backup_min"))
    allowed = timedelta(minutes=2 * (every if isinstance(every, int) else _USUAL_MIN))
    if newest is None and written - _born(journal) > allowed:
        text, advice = f"chưa có bản nào trong {journal.parent / backups.FOLDER}", _BACK_UP
        yield Finding("sao lưu", "không có", well=False, text=text, advice=advice, kind="backup")
    elif newest is not None and written - newest > allowed:
        hours = (written - newest) / timedelta(hours=1)
        text = f"nhật ký đi trước bản mới nhất {hours:.0f} giờ"
        advice = f"{_BACK_UP}; đĩa còn chỗ không: df -h"
        yield Finding(
            "sao lưu",
            "cũ",
            well=False,
            text=text,
            advice=advice,
            last_seen=newest,
            kind="backup",
        )
    else:
        text = "" if newest else "chưa đến lúc sao lưu lần đầu"
        yield Finding("sao lưu", "tốt", well=True, text=text, last_seen=newest, kind="backup")


def second(journal: Path, section: BackupSection | None, now: datetime) -> Iterator[Finding]:
    """Where the YAML names a second place, and the journal lies on this machine."""
    if section is None or not journal.parent.is_dir():
        return
    try:
        report = second_place.read_report(journal.parent)
    except PermissionError:
        return
    name, late = "sao lưu nơi thứ hai", report.lateness(section, now)
    if late:
        text = f"{section.to}: {late}"
        advice = "Xem USB hay máy ấy, rồi: sudo motcua copy-backup -c /etc/motcua/hall.yaml"
        yield Finding(
            name,
            "thiếu",
            well=False,
            text=text,
            advice=advice,
            last_seen=report.at,
            kind="backup",
        )
    else:
        text = ": ".join(filter(None, (section.to, report.fault)))
        yield Finding(name, "tốt", well=True, text=text, last_seen=report.at, kind="backup")


_NEVER = datetime.min.replace(tzinfo=UTC)


def _written(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return _NEVER


def _born(journal: Path) -> datetime:
    """When its folder was first written to: of what lies there the oldest."""
    return min(_written(file) for file in journal.parent.iterdir() if file.is_file())


def _copies(folder: Path) -> Iterator[datetime]:
    yield from (_written(file) for file in folder.glob("journal-*.db"))


def inbox(values: Mapping[str, Any]) -> Iterator[Finding]:
    """The folder into which a person or the one-stop software puts tables (`driver: file`)."""
    folder = at(values, ("onestop", "folder"))
    if at(values, ("onestop", "driver")) != "file" or not isinstance(folder, str):
        return
    name, place = "hộp thư một cửa", Path(folder)
    make = f"sudo install -d -o motcua-onestop -g motcua-onestop -m 2775 {folder}"
    try:
        found = [f.stat().st_mtime for f in place.iterdir() if f.is_file()]
    except PermissionError:
        text = f"chỉ root đọc được {folder}: chạy motcua doctor bằng sudo"
        yield Finding(name, "chưa xem", well=True, text=text, kind="inbox")
        return
    except OSError:
        text = f"không có thư mục {folder}"
        yield Finding(name, "thiếu", well=False, text=text, advice=f"Tạo: {make}", kind="inbox")
        return
    newest = datetime.fromtimestamp(max(found), UTC) if found else None
    text = f"{len(found)} tệp trong {folder}"
    yield Finding(name, "tốt", well=True, text=text, last_seen=newest, kind="inbox")
