"""What one client may ask of a daemon: the YAML's numbers, and who does not keep to them."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from pydantic import ConfigDict, Field

from hall.runtime.limits import Limits
from hall.runtime.settings import Document, Section, check

# A request whose turn comes later than this has no effect: its sender gave up after 6 s.
LATEST_S = 6.0
# A client over its limits for so long raises an alert, which ends so long after the last excess.
NAMED_AFTER_S = 5.0
CALM_S = 10.0
# A longer pause than this ends a series of excesses.
PAUSE_S = 2.0
# So many requests that got no answer, without a pause, are heard no more for so long: to read
# them only to drop them keeps others waiting.
SHUT_AFTER = 50
SHUT_S = 10.0
# So many wrong messages in a row are more than a slip.
NONSENSE = 20
_NOBODY: frozenset[str] = frozenset()
# Of so many requests it is remembered that they were refused: more than come in LATEST_S.
MOST_REFUSED = 1000
# More names than these are never remembered: a broker without passwords takes any.
MOST_NAMES = 100


class AdmissionSection(Section):
    """Of the YAML's `queue`: what every client may send."""

    requests_per_s: int = Field(
        default=50, ge=1, le=1000, description="Mỗi máy gửi nhiều nhất bao nhiêu yêu cầu một giây."
    )
    burst: int = Field(default=200, ge=1, le=10_000, description="… và dồn nhiều nhất bao nhiêu.")
    issues_per_s: int = Field(
        default=2, ge=1, le=1000, description="Mỗi máy lấy nhiều nhất bao nhiêu số mới một giây."
    )
    issue_burst: int = Field(
        default=20, ge=1, le=10_000, description="… và dồn nhiều nhất bao nhiêu số mới."
    )

    def tickets(self) -> Limits:
        """A bucket a client for new tickets."""
        return Limits(self.issues_per_s, self.issue_burst)


class _Rates(AdmissionSection):
    """The other keys of `queue` are the controller's business, and judged there."""

    model_config = ConfigDict(extra="ignore")


class _Queue(Section):
    queue: _Rates = _Rates()


def rates(document: Document) -> AdmissionSection:
    """For a role that has no `queue` section of its own. Raises ConfigError."""
    return check(document.part(("queue",)), _Queue).queue


class Verdict(Enum):
    """What becomes of a request as it arrives; DROPPED, SHUT_OUT: it has no answer.

    SHUT_OUT: nor is there to be any to what its client sends in the next SHUT_S.
    """

    ADMITTED = "admitted"
    REFUSED = "refused"
    DROPPED = "dropped"
    SHUT_OUT = "shut out"


@dataclass(slots=True)
class Streak:
    """One client's excesses without a longer pause between them."""

    first: float
    last: float
    count: int = 1

    def goes_on(self, now: float) -> None:
        if now - self.last > PAUSE_S:
            self.first, self.count = now, 0
        self.last, self.count = now, self.count + 1


@dataclass(slots=True)
class Offenders:
    """Who does too much of something. A client once named stays named until it has been calm."""

    enough: int
    _streaks: dict[str, Streak] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)

    def note(self, client: str, now: float) -> None:
        known = self._streaks.get(client)
        if known is not None:
            known.goes_on(now)
        elif len(self._streaks) < MOST_NAMES:
            known = self._streaks[client] = Streak(now, now)
        if known and known.count >= self.enough and now - known.first >= NAMED_AFTER_S:
            self._named.add(client)

    def name_at_once(self, client: str, now: float) -> None:
        self.note(client, now)
        self._named.add(client)

    def named(self, now: float) -> tuple[str, ...]:
        for client in [c for c, streak in self._streaks.items() if now - streak.last > CALM_S]:
            del self._streaks[client]
            self._named.discard(client)
        return tuple(sorted(self._named))


class Admission:
    """Judges in the network's thread by client and time alone; the loop asks who is named."""

    def __init__(self, section: AdmissionSection | None = None) -> None:
        given = section or AdmissionSection()
        self._lock = threading.Lock()
        self._requests = Limits(given.requests_per_s, given.burst)
        self._told = Limits(given.requests_per_s, given.requests_per_s)
        self._floods = Offenders(1)
        self._unanswered: dict[str, Streak] = {}
        self._shut_until: dict[str, float] = {}
        self._refused: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._nonsense = Offenders(NONSENSE)
        # So many of one client may wait: all that its bucket lets through, and their refusals.
        self.room = given.burst + given.requests_per_s
        self.dropped = 0

    def judge(self, client: str, now: float) -> Verdict:
        with self._lock:
            if self._requests.allows(client, now):
                return Verdict.ADMITTED
            self._floods.note(client, now)
            if self._told.allows(client, now):
                return Verdict.REFUSED
            self.dropped += 1
            return self._shut_out(client, now)

    def _shut_out(self, client: str, now: float) -> Verdict:
        if client in self._shut_until:
            return Verdict.DROPPED
        streak = self._unanswered.get(client)
        if streak is None:
            if len(self._unanswered) < MOST_NAMES:
                self._unanswered[client] = Streak(now, now)
            return Verdict.DROPPED
        streak.goes_on(now)
        if streak.count < SHUT_AFTER:
            return Verdict.DROPPED
        del self._unanswered[client]
        self._shut_until[client] = now + SHUT_S
        # Or each time it is heard again all that a bucket holds would be worked off.
        for limits in (self._requests, self._told):
            limits.empty(client, now + SHUT_S)
        return Verdict.SHUT_OUT

    def shut_out(self, now: float) -> frozenset[str]:
        """The clients that are not to be listened to now; they are named as long as that lasts."""
        if not self._shut_until:
            return _NOBODY
        with self._lock:
            for client, until in tuple(self._shut_until.items()):
                self._floods.name_at_once(client, now)
                if now >= until:
                    del self._shut_until[client]
            return frozenset(self._shut_until)

    @property
    def known_clients(self) -> frozenset[str]:
        """Who has sent a request so far."""
        with self._lock:
            return self._requests.clients

    def note_refused(self, client: str, request_id: str, at: float) -> None:
        """One too many, which arrived then: its sender believes the first answer it gets."""
        self.flooded(client, at)
        self._refused.setdefault((client, request_id), at)
        if len(self._refused) > MOST_REFUSED:
            self._refused.popitem(last=False)

    def is_refused(self, client: str, request_id: str, at: float) -> bool:
        """Whether a copy that arrives then was sent before that answer, and must do nothing.

        After LATEST_S it is another try.
        """
        first = self._refused.get((client, request_id))
        if first is not None and at - first > LATEST_S:
            # Two threads ask and note: it may have gone meanwhile.
            self._refused.pop((client, request_id), None)
            return False
        return first is not None

    def flooded(self, client: str, now: float) -> None:
        """It exceeded another limit than that of its requests."""
        with self._lock:
            self._floods.note(client, now)

    def garbled(self, client: str, now: float) -> None:
        """It sent what cannot be read as a request."""
        with self._lock:
            self._nonsense.note(client, now)

    def floods(self, now: float) -> tuple[str, ...]:
        """The clients that have sent too much for a while."""
        return self._named(self._floods, now)

    def nonsense(self, now: float) -> tuple[str, ...]:
        """The clients that have been sending what is not of the contract."""
        return self._named(self._nonsense, now)

    def _named(self, offenders: Offenders, now: float) -> tuple[str, ...]:
        with self._lock:
            return offenders.named(now)


Read = Callable[[], object | None]


@dataclass(frozen=True, slots=True)
class Knock:
    """A request as it arrived, at `at` (monotonic seconds), its body of `size` bytes unread.

    `read`: what it says; `refuse`: how to answer that it is one too many. None: nothing at all.
    """

    client: str
    at: float
    size: int
    read: Read
    refuse: Read
