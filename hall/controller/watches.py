"""What the controller looks after beside the queue: what ends or fails in silence."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hall.controller import second_place
from hall.controller.settings import BackupSection
from hall.package import outcome
from hall.runtime import certificates
from hall.runtime.daemon import DaemonContext
from hall.runtime.health import Health

_LOOK_S = 600.0
_EXPIRES, _LATE, _UPDATE = "certificate_expires", "backup_late", "update_failed"


class Watch(Protocol):
    def look(self, health: Health, wall: datetime) -> None:
        """Tell people, or that there is nothing to tell. `wall` can be trusted."""


@dataclass(slots=True)
class Watches:
    """All of them, now and then; a clock that nobody vouches for ends nothing."""

    each: tuple[Watch, ...] = ()
    _look_at: float = 0.0

    def tick(self, context: DaemonContext, now: float) -> None:
        if now < self._look_at or not context.clock.trusted():
            return
        self._look_at = now + _LOOK_S
        for watch in self.each:
            watch.look(context.health, context.clock.now())


@dataclass(frozen=True, slots=True)
class CertificateWatch:
    """The broker's certificate lies on this machine, where the hall has more than one."""

    path: Path

    def look(self, health: Health, wall: datetime) -> None:
        try:
            end = certificates.ends(self.path)
        except (OSError, ValueError):
            # None, or none that the broker can use either: it then serves this machine alone.
            health.solve(_EXPIRES)
            return
        if end - wall > certificates.WARN:
            health.solve(_EXPIRES)
        elif wall < end:
            self._alert(health, f"Chứng chỉ của broker hết hạn ngày {end:%d/%m/%Y}.")
        else:
            self._alert(health, f"Chứng chỉ của broker đã hết hạn ngày {end:%d/%m/%Y}.")

    def _alert(self, health: Health, text: str) -> None:
        why = "Hết hạn thì kiosk, bảng ở máy khác không nối được nữa."
        health.alert(_EXPIRES, f"{text} {why}", f"{certificates.RENEW}.")


@dataclass(frozen=True, slots=True)
class SecondPlaceWatch:
    """`folder`: the journal's, where each copying is noted."""

    section: BackupSection
    folder: Path

    def look(self, health: Health, wall: datetime) -> None:
        late = second_place.read_report(self.folder).lateness(self.section, wall)
        if not late:
            health.solve(_LATE)
            return
        health.alert(
            _LATE,
            f"Nơi sao lưu thứ hai ({self.section.to}) không có bản mới; {late}.",
            "Xem USB hay máy ấy, rồi chạy: sudo motcua copy-backup -c /etc/motcua/hall.yaml; "
            "nhật ký: journalctl -u backup-motcua.",
        )


@dataclass(frozen=True, slots=True)
class UpdateWatch:
    """`file`: where the last trial of a new version says how it ended, on this machine."""

    file: Path

    def look(self, health: Health, wall: datetime) -> None:  # noqa: ARG002 - no matter when
        ended = outcome.read(self.file)
        if ended is None or not ended.failed:
            health.solve(_UPDATE)
        else:
            health.alert(_UPDATE, f"{outcome.TOLD}{ended}", f"{outcome.TRY_AGAIN}.")
