"""The one door into a daemon's loop. Any thread posts, a signal handler too; the loop takes."""

import logging
import queue
import threading

log = logging.getLogger(__name__)

ROOM = 10_000
PATIENCE_S = 5.0


class Inbox:
    """Bounded: a full inbox holds its poster back, which lets TCP hold the sender back.

    A SimpleQueue, because a signal handler may post while its own thread is inside `take`:
    queue.Queue would deadlock there.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._items: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._room = room
        self._taken = threading.Event()
        self.lost = 0

    def post(self, item: object) -> None:
        """Hand an item to the loop. After 5 s of a full inbox the item is dropped and counted."""
        if self._items.qsize() >= self._room and not self._wait_for_room():
            self.lost += 1
            if self.lost == 1:
                log.error("inbox full: items are being dropped")
            return
        self._items.put(item)

    def wake(self) -> None:
        """End the loop's wait at once, however full the inbox is."""
        self._items.put(None)

    @property
    def is_empty(self) -> bool:
        """Nothing waits for its turn just now."""
        return self._items.empty()

    def take_item(self, timeout_s: float) -> object | None:
        """The next item, or None when none came in time."""
        try:
            item = self._items.get(timeout=timeout_s) if timeout_s > 0 else self._items.get_nowait()
        except queue.Empty:
            return None
        self._taken.set()
        return item

    def _wait_for_room(self) -> bool:
        """Waits until an item is taken, at most PATIENCE_S; False when there is still no room."""
        while self._items.qsize() >= self._room:
            self._taken.clear()
            if not self._taken.wait(PATIENCE_S):
                return False
        return True
