"""The one door into a daemon's loop. Any thread posts; the loop alone takes."""

import logging
import queue

log = logging.getLogger(__name__)

ROOM = 10_000
PATIENCE_S = 5.0


class Inbox:
    """Bounded: a full inbox holds its poster back, which lets TCP hold the sender back."""

    def __init__(self, room: int = ROOM) -> None:
        self._items: queue.Queue[object] = queue.Queue(room)
        self.lost = 0

    def post(self, item: object) -> None:
        """Hand an item to the loop. After 5 s of a full inbox the item is dropped and counted."""
        try:
            self._items.put(item, timeout=PATIENCE_S)
        except queue.Full:
            self.lost += 1
            if self.lost == 1:
                log.error("inbox full: items are being dropped")  # noqa: TRY400

    def take(self, timeout_s: float) -> object | None:
        """The next item, or None when none came in time."""
        try:
            return self._items.get(timeout=timeout_s) if timeout_s > 0 else self._items.get_nowait()
        except queue.Empty:
            return None
