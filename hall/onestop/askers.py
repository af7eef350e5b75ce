"""Threads that ask a web service for dossiers, so that the loop of the gateway never waits."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.onestop.dossiers import Dossier
from hall.onestop.ports import Away, DossierAnswered, LinkDown, LinkUp, Post
from hall.onestop.web import Breaker, WebError
from hall.runtime.clock import Clock
from hall.runtime.credentials import MissingCredential

_ROOM = 100
# A code that no dossier has: asked for when nobody else asks, to see whether the service is back.
NOBODYS_CODE = "A00.00-200101-0000"
_PROBE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    ref: str
    code: str


@dataclass(slots=True)
class Askers:
    """`find` asks the service; raises WebError or MissingCredential. Posts every answer once.

    `at_once`: how many are asked at the same time.
    """

    find: Callable[[str], Dossier | None]
    breaker: Breaker
    post: Post
    clock: Clock
    probe_s: float = _PROBE_S
    at_once: int = 2
    _wanted: queue.Queue[_Wanted] = field(default_factory=lambda: queue.Queue(_ROOM))
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _up: bool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        for number in range(self.at_once):
            thread = threading.Thread(target=self._work, name=f"onestop-web-{number}")
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def want_dossier(self, ref: str, code: str) -> None:
        try:
            self._wanted.put_nowait(_Wanted(ref, code))
        except queue.Full:
            self.post(DossierAnswered(ref, Away()))

    def _work(self) -> None:
        probed = -self.probe_s
        while not self._ended.is_set():
            try:
                wanted = self._wanted.get(timeout=0.2)
            except queue.Empty:
                now = self.clock.monotonic()
                if now >= max(probed + self.probe_s, self.breaker.until) or self._is_due(now):
                    probed = now
                    self._ask_service(_Wanted("", NOBODYS_CODE))
                continue
            self._ask_service(wanted)

    def _is_due(self, now: float) -> bool:
        """A service that was down is asked as soon as its rest is over."""
        return self._up is False and now >= self.breaker.until

    def _ask_service(self, wanted: _Wanted) -> None:
        outcome: Dossier | Away | None
        try:
            outcome = self.find(wanted.code)
        except (WebError, MissingCredential) as err:
            outcome = Away()
            self._tell_link(str(err))
        else:
            self._tell_link(None)
        if wanted.ref:
            self.post(DossierAnswered(wanted.ref, outcome))

    def _tell_link(self, why: str | None) -> None:
        """The link, once for each change."""
        with self._lock:
            if (why is None) == self._up:
                return
            if why is not None and self._up and self.breaker.closed:
                return  # One failure is no outage.
            self._up = why is None
        self.post(LinkUp() if why is None else LinkDown(why))
