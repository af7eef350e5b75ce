"""How loud the hall speaks at a time of day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Loudness:
    """`steps`: from which time on which volume; before the first one the day's last one holds."""

    always: float
    steps: Sequence[tuple[time, float]] = ()

    def at(self, moment: time) -> float:
        if not self.steps:
            return self.always
        ordered = sorted(self.steps)
        past = [volume for start, volume in ordered if start <= moment]
        return past[-1] if past else ordered[-1][1]
