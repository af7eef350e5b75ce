"""How far an earlier run had come, by its own retained states on the broker."""

from dataclasses import dataclass, field

from hall.contract.messages import HallState, ServiceState
from hall.controller.ports import HighWaterMark
from hall.queueing.rules import Rules


@dataclass(slots=True)
class RetainedMarks:
    """Collects states until `marks` takes them."""

    rules: Rules
    _states: list[HighWaterMark] = field(default_factory=list)
    _tops: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hall(self, state: HallState) -> None:
        self._states.append(HighWaterMark(state.epoch, state.evt_seq, state.day))

    def service(self, state: ServiceState) -> None:
        """A retained last number; the newest epoch's counts."""
        rule = self.rules.services.get(state.service)
        n = rule.number_of(state.last_issued) if rule and state.last_issued else None
        if n is not None:
            known = self._tops.get(state.service, (0, 0))
            self._tops[state.service] = max(known, (state.epoch, n))

    def marks(self) -> list[HighWaterMark]:
        """What has been collected, once. Numbers count only beside the day they belong to."""
        states, tops = self._states, {s: n for s, (_, n) in self._tops.items()}
        self._states, self._tops = [], {}
        if not states:
            return []
        last = max(states, key=lambda mark: (mark.epoch, mark.seq))
        return [HighWaterMark(last.epoch, max(v.seq for v in states), last.date, tops)]
