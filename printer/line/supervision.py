"""What a printer reports of itself: its status, pushed or asked for, and answers that are overdue.

Without a line or a clock: the bytes that ask are returned, to be written by the owner of the line.
"""

from printer.line import status
from printer.line.queries import StatusQueries
from printer.line.reports import Report, SessionTimeouts, Statement


class Supervision:
    """`answers`: the line has a way back, so that questions make sense.

    `cause_unknown`: it has just answered that it is offline, and not why.
    """

    def __init__(
        self, patience: SessionTimeouts, reports: list[Report], *, answers: bool = True
    ) -> None:
        self.queries = StatusQueries(patience.answer)
        self.statement = Statement(reports)
        self._tries = patience.tries
        self._answers = answers
        self._reader = status.PartialReply()
        self._asb_works = False
        self.cause_unknown = False

    def begin(self) -> None:
        """A new line: nothing was reported or asked on it."""
        self._asb_works = False
        self._reader = status.PartialReply()
        self.statement.forget()
        self.queries.afresh()

    def end(self, *, quietly: bool) -> None:
        """The line is gone. `quietly`: no change of the status is reported."""
        self.queries.forget()
        if not quietly:
            self.statement.report_faults(None)
        self.statement.forget()

    @property
    def blocked(self) -> bool:
        return self.statement.blocked

    @property
    def lost_power(self) -> bool:
        """It goes on, yet never reported that its fault is over.

        It lost its power in between: the job's beginning, and the order to push its status.
        """
        return self._asb_works and self.statement.blocked

    @property
    def is_mute(self) -> bool:
        return self.queries.misses >= self._tries

    def read(self, data: bytes, now: float) -> tuple[status.Reply, ...]:
        """The replies that end in these bytes."""
        parsed = status.parse_bytes(self._reader, data, now)
        self._reader = parsed.reader
        return parsed.replies

    def take_status(self, reply: status.Asb | status.RealTime, now: float) -> bool:
        """Whether the fault that kept it from printing is over."""
        before, self.cause_unknown = self.statement.assumed, False
        if isinstance(reply, status.Asb):
            self._asb_works = True
            faults = status.of_asb(reply)
        else:
            asked = self.queries.match_reply(reply, now)
            if asked is None:
                return False
            faults = status.of_real_time(before, asked, reply)
            self.cause_unknown = asked == 1 and faults.offline
        self.statement.report_faults(faults)
        return before.blocked and not faults.blocked

    def answered_in_order(self, reply: status.InOrder) -> None:
        self.statement.report_faults(status.of_in_order(self.statement.assumed, reply))

    def ask_cause(self, now: float) -> bytes:
        """Ask for everything that may keep it offline."""
        return self.queries.put((2, 3, 4), now)

    def probe(self, now: float, *, idle: bool) -> bytes:
        """Ask how it is, unless an answer is awaited already or the way back does not exist."""
        if not self._answers or self.queries:
            return b""
        return self.queries.put(self.queries.whether_well(idle=idle), now)

    def is_missing(self, now: float) -> bool:
        """Whether the answer to a question is overdue."""
        return bool(self.queries) and now >= self.queries.due(now)
