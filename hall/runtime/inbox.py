"""All that a daemon's loop has to handle. Any thread posts, a signal handler too; the loop takes.

    states, replies, devices ──────────────────────────▶ in the order they come ─┐
    requests ─▶ Admission ─▶ a short lane a client ─▶ one of each lane in turn ──┴─▶ take

Requests are read when their turn comes, not before: what is refused or dropped costs no parsing.
"""

import logging
import queue
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from hall.runtime.admission import Admission, Knock, Read, Verdict

log = logging.getLogger(__name__)

ROOM = 10_000
PATIENCE_S = 5.0
# What one client's waiting requests may weigh.
MOST_BYTES = 1024 * 1024


@dataclass(slots=True)
class _Lane:
    waiting: deque[tuple[int, Read]] = field(default_factory=deque)
    bytes: int = 0


# Stands for one request of some lane, or of one that was forgotten.
_TURN = object()


def _nothing() -> None:
    """What is left of a request that was forgotten."""


class Inbox:
    """Bounded: a full inbox holds its poster back, which lets TCP hold the sender back.

    A SimpleQueue, because a signal handler may post while its own thread is inside `take`:
    queue.Queue would deadlock there. The lanes have a lock that no signal handler takes.
    """

    def __init__(self, room: int = ROOM, admission: Admission | None = None) -> None:
        self._items: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._room = room
        self._taken = threading.Event()
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()
        self._lock = threading.Lock()
        self.admission = admission or Admission()
        self.lost = 0

    def post(self, item: object) -> None:
        """Hand an item to the loop. After 5 s of a full inbox the item is dropped and counted."""
        if self._items.qsize() >= self._room and not self._wait_for_room():
            self.lost += 1
            if self.lost == 1:
                log.error("inbox full: items are being dropped")
            return
        self._items.put(item)

    def knock(self, knock: Knock) -> None:
        """Hand over a request, or what refuses it, as its client's limits have it; never waits."""
        verdict = self.admission.judge(knock.client, knock.at)
        if verdict is Verdict.DROPPED:
            return
        if verdict is Verdict.SHUT_OUT:
            self._forget(knock.client)
            return
        read = knock.read if verdict is Verdict.ADMITTED else knock.refuse
        with self._lock:
            lane = self._lanes.setdefault(knock.client, _Lane())
            if len(lane.waiting) >= self.admission.room or lane.bytes > MOST_BYTES:
                self.admission.flooded(knock.client, knock.at)
                return
            lane.waiting.append((knock.size, read))
            lane.bytes += knock.size
        self._items.put(_TURN)

    def _forget(self, client: str) -> None:
        """What it has waiting goes unanswered too, and the loop is to hear of it at once."""
        with self._lock:
            self._lanes.pop(client, None)
        self.wake()

    def wake(self) -> None:
        """End the loop's wait at once, however full the inbox is."""
        self._items.put(None)

    @property
    def is_empty(self) -> bool:
        """Nothing waits for its turn just now."""
        return self._items.empty()

    def take_item(self, timeout_s: float) -> object | None:
        """The next item; None when none came in time, or only what was dropped when read."""
        while True:
            try:
                item = (
                    self._items.get(timeout=timeout_s)
                    if timeout_s > 0
                    else self._items.get_nowait()
                )
            except queue.Empty:
                return None
            if not self._taken.is_set():
                self._taken.set()
            if item is not _TURN:
                return item
            found = self._next()()
            if found is not None:
                return found
            # Dropped when it was read: the next one is taken.
            timeout_s = 0.0

    def _next(self) -> Read:
        """The oldest request of the client whose turn it is; then it is the next one's."""
        with self._lock:
            if not self._lanes:
                return _nothing
            client, lane = self._lanes.popitem(last=False)
            size, read = lane.waiting.popleft()
            lane.bytes -= size
            if lane.waiting:
                self._lanes[client] = lane
        return read

    def _wait_for_room(self) -> bool:
        """Waits until an item is taken, at most PATIENCE_S; False when there is still no room."""
        while self._items.qsize() >= self._room:
            self._taken.clear()
            if not self._taken.wait(PATIENCE_S):
                return False
        return True
