"""Whether a disk takes what a role writes now and then, asked without writing: a card wears.

A role whose every act is written (controller, dispenser, one-stop files) finds out by writing.
"""

import os
from pathlib import Path

from hall.runtime.health import Health

NO_ROOM = "Bộ nhớ của máy đã đầy hoặc bị khoá ghi. Mời báo kỹ thuật viên."
# A catalogue, a pairing or a few clips need more than this.
LEAST_BYTES = 64 * 1024


def judge_disk(health: Health, why: str) -> None:
    """`why`: the disk takes nothing; "": it does."""
    if why:
        health.alert("disk_low", NO_ROOM, f"Giải phóng thẻ nhớ hoặc thay thẻ. ({why})")
    else:
        health.solve("disk_low")


def obstacle(folder: Path) -> str:
    """What keeps anything from being written there, for a technician; "": nothing."""
    try:
        found = os.statvfs(folder)
    except FileNotFoundError:
        return ""
    except OSError as err:
        return f"{folder}: {err.strerror}"
    if found.f_flag & os.ST_RDONLY:
        return f"{folder}: chỉ đọc; dmesg"
    if found.f_bavail * found.f_frsize < LEAST_BYTES:
        return f"{folder}: hết chỗ; df -h"
    # Some file systems make inodes as they are needed, and name none.
    if found.f_files and not found.f_favail:
        return f"{folder}: hết inode; df -i"
    return ""
