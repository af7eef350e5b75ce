"""Who of the staff did what, beside the events: asked for and told apart from them."""

from hall.contract.requests import Replay
from hall.contract.words import Count, Serial, Staff, WireModel


class ReplayStaff(Replay):
    """Whose marks stand beside the events of the same numbers."""


class StaffMark(WireModel):
    """Whose mark stands in the row of this number."""

    seq: Serial
    staff: Staff


class ReplayStaffData(WireModel):
    """`marks`: of the rows that have one; `last_seq`: the last row looked at."""

    marks: tuple[StaffMark, ...]
    last_seq: Count
    end_seq: Count
