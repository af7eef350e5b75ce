"""Tells the rule of the stand-still what the network's thread meets, and has barriers published.

A stopped process stops that thread too: it finds the gap at its next step, before anything that
waited meanwhile is dated.
"""

import threading
from collections.abc import Callable

from hall.runtime.clock import Clock
from hall.runtime.standstill import StandStill


class StandStillWatch:
    """`barrier`: `expect` and publish what comes back to us; False: there is nothing such yet."""

    def __init__(self, clock: Clock, barrier: Callable[[], bool]) -> None:
        self._clock = clock
        self._barrier = barrier
        self._still = StandStill()
        self._woke_at = 0.0
        self._barriers: set[bytes] = set()
        self._lock = threading.Lock()

    def expect(self, barrier: bytes) -> None:
        """What is published next, and comes back, is behind all that has waited."""
        with self._lock:
            self._barriers.add(barrier)

    def asks(self) -> None:
        """Something was sent that the broker acknowledges; from any thread."""
        if not self._still.is_asking:
            with self._lock:
                self._still.asks(self._clock.monotonic())

    @property
    def is_waiting(self) -> bool:
        """Whether what comes may be old."""
        return self._still.since is not None

    def ended(self, *, in_silence: bool) -> None:
        with self._lock:
            self._still.ended(in_silence=in_silence)

    def connected(self) -> None:
        with self._lock:
            self._barriers.clear()
            self._still.connected(self._clock.monotonic())

    def rests(self) -> None:
        """All that had come has been heard; the thread waits for more."""
        with self._lock:
            now = self._clock.monotonic()
            self._still.turns(now)
            self._still.waits(now)

    def wakes(self, *, hears: bool) -> None:
        """The wait is over; `hears`: something has come."""
        with self._lock:
            self._woke_at = self._clock.monotonic()
            self._still.turns(self._woke_at)
            if hears:
                self._still.hear_bytes(self._woke_at)

    def date(self, payload: bytes, *, is_request: bool) -> float:
        """When this message was sent, at the earliest; a barrier ends what lies before it."""
        with self._lock:
            if self._still.since is None:
                return self._woke_at
            sent_at = self._still.sent_at(self._woke_at)
            if is_request:
                self._still.hear_request()
            elif payload in self._barriers:
                self._barriers.clear()
                self._still.passed(self._woke_at)
            return sent_at

    def ends(self) -> None:
        """All that came is heard."""
        with self._lock:
            wanted = self._still.needs_barrier(self._woke_at)
        # Published without the lock, which it takes to say what is to be expected.
        if wanted and not self._barrier():
            with self._lock:
                self._still.has_no_barrier(self._woke_at)
