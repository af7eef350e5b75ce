"""An address that is to be served: opened at the start, watched, opened again when it went down."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from hall.counter.ports import PageServer, Post
from hall.runtime.daemon import DaemonContext
from hall.web.faults import PagesDown

log = logging.getLogger(__name__)

_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class ServedAddress:
    """`alert` stands while it is not; `name`, `where`: of it and of its settings, in words."""

    alert: str
    name: str
    where: str


@dataclass(slots=True)
class Serving:
    context: DaemonContext
    server: PageServer
    what: ServedAddress
    on_open: Callable[[str], None] | None = None
    _address: str | None = None
    _retry_at: float = 0.0

    @property
    def is_open(self) -> bool:
        return self._address is not None

    def open(self, post: Post) -> None:
        try:
            self._address = self.server.start(post)
        except PagesDown as err:
            self._down(err)
            return
        log.info("%s: %s", self.what.name, self._address)
        if self.on_open is not None:
            self.on_open(self._address)
        # Last: who hears that the fault is solved finds the address told.
        self.context.health.solve(self.what.alert)

    def tick(self, now: float, post: Post) -> None:
        if self.is_open and not self.server.is_up():
            self.server.stop()
            self._down(PagesDown("máy chủ web đã dừng"))
        if not self.is_open and now >= self._retry_at:
            self.open(post)
        elif self.is_open:
            self._judge(self.server.trouble())

    def _down(self, err: PagesDown) -> None:
        self._address = None
        self._retry_at = self.context.clock.monotonic() + _RETRY_S
        self.context.health.alert(
            self.what.alert,
            f"Không mở được {self.what.name}: {err}",
            f"Xem địa chỉ và cổng ở mục {self.what.where}; có thể một chương trình khác đang dùng.",
        )

    def _judge(self, trouble: str) -> None:
        if not trouble:
            self.context.health.solve(self.what.alert)
            return
        self.context.health.alert(
            self.what.alert,
            f"{self.what.name.capitalize()} không nhận thêm kết nối: {trouble}",
            "Tự chạy lại khi hết; xem tiến trình nào giữ nhiều tệp: ls /proc/*/fd | wc -l.",
        )
