"""Whether this controller leads the queue, by what it hears on the bus; the rule is the fence's."""

from dataclasses import dataclass, field
from datetime import datetime

from hall.contract.messages import HallState
from hall.controller.fence import Fence, QueueClaim

# Who leads is thrown off the bus when a twin comes, and is back within a second or two.
ALONE_S = 6.0


@dataclass(slots=True)
class Leadership:
    """`_watched`: the moment of the last state of another disk on this machine, while we watch."""

    fence: Fence
    is_ours: bool = False
    _found: HallState | None = None
    _found_at: datetime | None = None
    _watched: datetime | None = None
    _alone_at: float | None = field(default=None, init=False)

    def begin_look(self) -> None:
        """A new connection: another one may have come meanwhile."""
        self.is_ours, self._found, self._alone_at = False, None, None

    def note_retained(self, state: HallState, at: datetime | None) -> None:
        self._found, self._found_at = state, at

    def judge_retained(self, epoch: int, now: float) -> QueueClaim:
        """What to do once the retained states are in. Who watches and hears news stands back."""
        claim = self.fence.claim(self._found, epoch)
        if claim is QueueClaim.WATCH:
            if self._watched not in (None, self._found_at):
                return QueueClaim.STAND_BACK
            self._watched, self._alone_at = self._found_at, now + ALONE_S
        return claim

    def was_alone(self, now: float) -> bool:
        """Whether the watch has ended with nobody else there."""
        return self._alone_at is not None and now >= self._alone_at

    def yields_to(self, state: HallState, epoch: int) -> bool:
        """Whether a live state is another one's: a broker that lets one id in twice.

        The older stands back; of two in one epoch the greater mark goes on, which both see alike.
        """
        later = (state.epoch, state.owner) > (epoch, self.fence.mark)
        # Most are our own come back: the file is read for none of them.
        if not (later if self.is_ours else self._alone_at is not None):
            return False
        return self.fence.claim(state, epoch) is not QueueClaim.LEAD

    def take_queue(self) -> None:
        self.is_ours, self._alone_at = True, None

    def leave_queue(self) -> None:
        self.is_ours, self._alone_at = False, None

    @property
    def takes_over(self) -> bool:
        """Whether the journal must begin a new epoch: somebody else has led until now."""
        return self.fence.is_ordered() or self._watched is not None

    def begin_mark(self, now: float) -> None:
        """At each connection under which we lead: a new one where another has led until now."""
        if self.takes_over:
            self.fence.renew(now)
        self._watched = None
        self.renew_mark(now)

    def renew_mark(self, now: float) -> None:
        if self.fence.is_due(now):
            self.fence.renew(now)
