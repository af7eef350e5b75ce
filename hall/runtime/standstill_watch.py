"""Watches, a turn a second, whether this process stands still; has barriers published.

The library's network thread tells nobody of its turns. This one is stopped with it, and whichever
of the two wakes first finds the gap before a message is dated.
"""

import threading
from collections.abc import Callable

from hall.runtime.clock import Clock
from hall.runtime.standstill import TURN_S, StandStill


class StandStillWatch:
    """`barrier`: `expect` and publish what comes back to us; False: there is nothing such."""

    def __init__(self, clock: Clock, barrier: Callable[[], bool]) -> None:
        self._clock = clock
        self._barrier = barrier
        self._still = StandStill()
        self._barriers: set[bytes] = set()
        self._lock = threading.Lock()
        self._ended, self._at_once = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Until `close`; then again."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, name="standstill", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._at_once.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def expect(self, barrier: bytes) -> None:
        """What is published next, and comes back, is behind all that has waited."""
        with self._lock:
            self._barriers.add(barrier)

    def connected(self) -> None:
        with self._lock:
            self._barriers.clear()
            self._still.connected(self._clock.monotonic())

    def asks(self) -> None:
        """Something was sent that the broker acknowledges."""
        with self._lock:
            self._still.asks(self._clock.monotonic())

    def hear_answer(self) -> None:
        with self._lock:
            self._still.hear_bytes(self._clock.monotonic())

    def date(self, payload: bytes) -> float:
        """When this message was sent, at the earliest; a barrier ends what lies before it."""
        with self._lock:
            now, before = self._clock.monotonic(), self._still.since
            self._still.turns(now)
            self._still.hear_bytes(now)
            if before is None and self._still.since is not None:
                self._at_once.set()
            if payload in self._barriers:
                self._barriers.clear()
                self._still.passed()
            return self._still.sent_at(now)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._at_once.wait(TURN_S)
            self._at_once.clear()
            self._turn()

    def _turn(self) -> None:
        with self._lock:
            now = self._clock.monotonic()
            self._still.turns(now)
            self._still.waits(now)
            wanted = self._still.needs_barrier(now)
        if not wanted:
            return
        # Published without the lock: its acknowledgement may be heard at once.
        if not self._barrier():
            with self._lock:
                self._still.passed()
