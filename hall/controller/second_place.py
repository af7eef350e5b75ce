"""The newest backup, once more where the card's end does not reach it: a stick, a share, a machine.

A program of its own does it (`motcua copy-backup`), so that no slow stick and no dead network ever
stands before the queue; what became of it lies beside the journal, and the controller tells it.

    journal ─▶ backups/ ─▶ copy-backup ─▶ second place
                              └─▶ second-place.json ─▶ controller's alert, doctor
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hall.controller import backups
from hall.controller.settings import BackupSection
from hall.runtime import durable

NAME = "second-place.json"
KEY = "backup-key"
_PATIENCE_S = 600
_REMOTE = re.compile(r"rsync://|[^/]+:")


class NoSecondPlace(Exception):
    """The copy was not made; for a technician to read."""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """`at`: when the last copy was made, None = never; `fault`: why the last try made none."""

    at: datetime | None = None
    file: str = ""
    fault: str = ""

    def lateness(self, section: BackupSection, now: datetime) -> str:
        """What people must know, or nothing. One try that failed is none yet."""
        if self.at is not None and now - self.at <= timedelta(hours=section.late_h):
            return ""
        last = f"bản cuối {self.at:%d/%m/%Y %H:%M} UTC" if self.at else "chưa có bản nào"
        return ": ".join(filter(None, (last, self.fault)))


def read_report(folder: Path) -> CopyReport:
    """`folder`: the journal's. Raises PermissionError."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(found["at"]) if found["at"] else None
        return CopyReport(at, str(found["file"]), str(found["fault"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return CopyReport()


def copy(section: BackupSection, folder: Path, config: Path, now: datetime) -> CopyReport:
    """Copy what `folder`, the journal's, has newest, with the YAML; note what came of it.

    Raises OSError where not even that can be noted.
    """
    before = read_report(folder)
    try:
        newest = _newest(folder / backups.FOLDER)
        if _REMOTE.match(section.to):
            _send(section.to, folder / backups.FOLDER, config)
        else:
            _lay(section, Path(section.to), newest, config, folder)
        report = CopyReport(now, newest.name)
    except NoSecondPlace as err:
        report = CopyReport(before.at, before.file, str(err))
    except OSError as err:
        place = err.filename or section.to
        report = CopyReport(before.at, before.file, f"{place}: {err.strerror}")
    _write(folder / NAME, report)
    return report


def _newest(copies: Path) -> Path:
    for _, path in backups.newest_first(copies):
        return path
    raise NoSecondPlace("chưa có bản sao lưu nào còn tốt để chép")


def _lay(section: BackupSection, place: Path, newest: Path, config: Path, folder: Path) -> None:
    """Into a folder, but on the journal's own disk: there lies the folder of an absent stick."""
    if not place.is_dir():
        raise NoSecondPlace(f"không có {place}: USB chưa cắm, hoặc chưa gắn (mount)")
    if place.stat().st_dev == folder.stat().st_dev:
        raise NoSecondPlace(f"{place} nằm trên chính thẻ nhớ của nhật ký: USB chưa gắn (mount)")
    for source in (newest, backups.sum_file(newest), config):
        _put(source, place / source.name)
    if not backups.is_whole(place / newest.name):
        raise NoSecondPlace(f"bản chép trong {place} đọc lại không giống bản gốc: USB hỏng")
    backups.drop_oldest(place, section.keep)


def _put(source: Path, target: Path) -> None:
    """In one step, and on the stick before it counts."""
    aside = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, aside)
    durable.put_in_place(aside, target)


def _send(target: str, copies: Path, config: Path) -> None:
    rsync = shutil.which("rsync")
    if rsync is None:
        raise NoSecondPlace("chưa có rsync: sudo apt-get install rsync")
    key = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/etc/motcua/credentials")) / KEY
    ssh = f"ssh -i {key} -o BatchMode=yes -o StrictHostKeyChecking=accept-new"
    words = ["-rt", "--timeout=60", f"--rsh={ssh}", f"{copies}/", str(config), f"{target}/"]
    try:
        done = subprocess.run(  # noqa: S603
            [rsync, *words], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as err:
        raise NoSecondPlace(f"{target} không nhận xong trong {_PATIENCE_S // 60} phút") from err
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"mã {done.returncode}"]
        raise NoSecondPlace(f"rsync tới {target}: {said[0][:200]}")


def _write(file: Path, report: CopyReport) -> None:
    at = report.at.isoformat() if report.at else ""
    text = json.dumps({"at": at, "file": report.file, "fault": report.fault}, ensure_ascii=False)
    durable.replace(file, text.encode())
