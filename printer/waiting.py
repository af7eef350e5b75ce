"""A dispenser whose journal the disk does not take: it says so, prints nothing, begins anew."""

from collections.abc import Callable
from dataclasses import dataclass

from hall.contract.requests import Request
from hall.contract.topics import REQ_DEV
from hall.runtime.bus import Received
from hall.runtime.daemon import DaemonContext, Fatal
from printer.jobs.store import AttemptStoreError

LOOK_S = 2.0
TEXT = "Máy in tạm ngừng: thẻ nhớ của máy đầy, hỏng hoặc bị khoá ghi. Mời gặp quầy hướng dẫn."
_ADVICE = "Giải phóng hoặc thay thẻ nhớ (df -h, df -i, dmesg); máy in tự chạy lại."


@dataclass(slots=True)
class DiskWait:
    """`probe`: opens the journal, writes to it and closes it. Raises AttemptStoreError."""

    context: DaemonContext
    probe: Callable[[], None]
    why: str
    _look_at: float = 0.0

    def start(self) -> None:
        self.context.health.alert("disk_low", TEXT, f"{_ADVICE} ({self.why})")

    def stop(self) -> None:
        """Nothing is open."""

    def handle(self, item: object) -> None:
        match item:
            case Received(channel, levels, Request(id=asked)) if channel is REQ_DEV:
                self.context.refuse(levels["client"], asked, "unavailable", TEXT)
            case _:
                pass

    def tick(self, now: float) -> float:
        """Whoever runs us starts us again: then with a journal, its attempts and its devices."""
        if now >= self._look_at:
            self._look_at = now + LOOK_S
            try:
                self.probe()
            except AttemptStoreError:
                return self._look_at
            raise Fatal(1, "the disk takes writes again: beginning anew")
        return self._look_at
