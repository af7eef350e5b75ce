"""What comes in late in the day counts from the next working day (NĐ 61/2018 Điều 18). Pure."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from hall.onestop.dossiers import Dossier
from hall.runtime import opening
from hall.runtime.opening import Calendar

_LONGEST_REST_DAYS = 60


class LateIntake(BaseModel):
    """`since_min`: the minute of the day from which what is received counts from the next."""

    model_config = ConfigDict(frozen=True)

    since_min: int
    calendar: Calendar

    def counted_on(self, dossier: Dossier) -> date | None:
        """The day on which it is received in counts; None where nobody knows it.

        What was resolved before that day counts from the day it came: nothing is resolved before it
        is received.
        """
        received = dossier.received
        if received is None or opening.minute_of(received) < self.since_min:
            return None if received is None else received.date()
        day = self._next(received.date())
        early = dossier.done is not None and dossier.done.date() < day
        return received.date() if early else day

    def _next(self, day: date) -> date:
        for ahead in range(1, _LONGEST_REST_DAYS):
            if opening.spans_on(self.calendar, found := day + timedelta(days=ahead)):
                return found
        return day
