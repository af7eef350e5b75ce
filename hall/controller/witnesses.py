"""What others remember of this hall: its own retained states and the marker file, as votes."""

from dataclasses import dataclass, field

from hall.contract.messages import HallState, ServiceState
from hall.controller.ports import Vote
from hall.queueing.rules import Rules


@dataclass(slots=True)
class Witnesses:
    """Collects until they are heard."""

    rules: Rules
    _states: list[Vote] = field(default_factory=list)
    _tops: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hall(self, state: HallState) -> None:
        self._states.append(Vote(state.epoch, state.evt_seq, state.day))

    def service(self, state: ServiceState) -> None:
        """A retained last number; the newest epoch's counts."""
        rule = self.rules.services.get(state.service)
        n = rule.number_of(state.last_issued) if rule and state.last_issued else None
        if n is not None:
            known = self._tops.get(state.service, (0, 0))
            self._tops[state.service] = max(known, (state.epoch, n))

    def votes(self) -> list[Vote]:
        """What has been collected, once. Numbers count only beside the day they belong to."""
        states, tops = self._states, {s: n for s, (_, n) in self._tops.items()}
        self._states, self._tops = [], {}
        if not states:
            return []
        last = max(states, key=lambda vote: (vote.epoch, vote.seq))
        return [Vote(last.epoch, max(v.seq for v in states), last.date, tops)]
