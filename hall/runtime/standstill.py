"""How old what is heard may be, after we stood still or were cut off from the broker. Pure.

A stopped process, or a cable that was out, finds requests in its socket and behind them those
that the broker has kept. When they were sent nobody says, so each counts as sent when we last
were there, until a barrier comes back: something of our own that was published since.

    we hear ──── nothing ────┬── socket, broker's queue ── our barrier ──┬── we hear
                  sent, kept │           `since`: all are this old       │

A broker that stood still itself reads what lies in its own sockets packet by packet, a turn each,
also when we have left meanwhile and come back: requests may come behind a barrier too. So there is
another, until none has come between two of them, or for SETTLE_S.
"""

from dataclasses import dataclass

# A turn of the network's thread takes at most TURN_S; one that took so much longer stood still.
TURN_S = 1.0
STOOD_S = 1.0
# A broker answers at once; one that has not for so long was not reached.
UNANSWERED_S = 2.0
BARRIER_S = 1.0
SETTLE_S = 3.0


@dataclass(slots=True)
class StandStill:
    """`since`: since when what is heard may have waited for us; None: it comes as it is sent."""

    since: float | None = None
    _turn_at: float = 0.0
    _heard_at: float = 0.0
    _asked_at: float | None = None
    _barrier_at: float = 0.0
    _silent_at: float | None = None
    _is_quiet: bool = True
    _settled_by: float = 0.0

    def connected(self, now: float) -> None:
        """What the broker kept for an earlier connection it has dropped."""
        self.since = self._asked_at = None
        self._turn_at = self._heard_at = now
        if self._silent_at is not None:
            self._stood(self._silent_at, now)
            self._silent_at = None

    def ended(self, *, in_silence: bool) -> None:
        """The connection is gone; `in_silence`: the broker had answered no more.

        It may have stood still, and have in its sockets what was sent meanwhile.
        """
        since = self._heard_at if in_silence else self.since
        if self._silent_at is None:
            self._silent_at = since

    def waits(self, now: float) -> None:
        """All that had come has been heard."""
        self._turn_at = now

    def turns(self, now: float) -> None:
        """The wait of at most TURN_S is over."""
        if now - self._turn_at > TURN_S + STOOD_S:
            self._stood(self._turn_at, now)

    @property
    def is_asking(self) -> bool:
        """Something was sent, and nothing has been heard since."""
        return self._asked_at is not None

    def asks(self, now: float) -> None:
        """Something was sent that the broker answers."""
        if self._asked_at is None:
            self._asked_at = now

    def hear_bytes(self, now: float) -> None:
        if self._asked_at is not None and now - self._asked_at > UNANSWERED_S:
            self._stood(self._heard_at, now)
        self._heard_at, self._asked_at = now, None

    def sent_at(self, now: float) -> float:
        """When something heard now was sent, at the earliest."""
        return now if self.since is None else min(self.since, now)

    def needs_barrier(self, now: float) -> bool:
        """Whether to publish one; a broker whose queue for us is full may have dropped the last."""
        if self.since is None or now < self._barrier_at:
            return False
        self._barrier_at = now + BARRIER_S
        return True

    def hear_request(self) -> None:
        self._is_quiet = False

    def has_no_barrier(self, now: float) -> None:
        """None could be published."""
        if now >= self._settled_by:
            self.since = None

    def passed(self, now: float) -> None:
        """A barrier has come back: what comes behind it was sent since, where all is quiet."""
        if self._is_quiet or now >= self._settled_by:
            self.since = None
        self._is_quiet = True
        self._barrier_at = 0.0

    def _stood(self, since: float, now: float) -> None:
        if self.since is None:
            self.since, self._settled_by = since, now + SETTLE_S
        self.since = min(since, self.since)
        self._barrier_at, self._is_quiet = 0.0, True
