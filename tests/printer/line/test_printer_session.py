"""The conversation with a printer, minute by minute and without a printer."""

from collections.abc import Callable
from math import inf

from printer import commands
from printer.line.handshake import FLUSH, LONGEST_FLUSH
from printer.line.reports import (
    Breach,
    Confirm,
    JobConfirmed,
    JobDropped,
    JobHeld,
    JobSent,
    PrintJob,
    StatusReport,
    Up,
)
from printer.line.session import PrinterSession
from printer.line.status import FINE, PrinterFaults
from printer.models import MODELS

JOB = PrintJob("j", b"\x1b@" + b"x" * 98, paper_s=1.0)
PAPER_OUT = b"\x1c\x00\x0f\x00"
HEALTHY = b"\x14\x00\x00\x00"


def opened(
    model: str = "default", confirm: Confirm = Confirm.AUTO, nudge_s: float = inf
) -> PrinterSession:
    session = PrinterSession(MODELS[model], confirm, nudge_s=nudge_s)
    session.opened(0.0)
    return session


def ready() -> PrinterSession:
    session = opened()
    session.wrote(len(session.outgoing), 0.0)
    session.received(HEALTHY + b"\x00", 0.1)
    session.tick(1.0)
    assert session.reports() == [StatusReport(FINE), Up()]
    return session


def waiting(session: PrinterSession, at: float = 2.0) -> PrinterSession:
    session.submit(JOB, at)
    session.wrote(len(session.outgoing), at)
    assert session.reports() == [JobSent("j")]
    return session


def test_a_fresh_line_is_flushed_before_anything_is_said() -> None:
    assert opened().outgoing == bytes(FLUSH) + commands.INIT + commands.ASB_ON + commands.IN_ORDER


def test_a_model_that_can_is_told_to_drop_what_it_held() -> None:
    assert commands.CLEAR in opened("TM-T20III").outgoing


def alive_without_an_answer(
    session: PrinterSession, until: float, enough: Callable[[], bool] = lambda: False
) -> int:
    """NULs sent to a printer that answers DLE EOT and nothing in order, each time it is asked."""
    sent, now = 0, 0.0
    while now < until and session.breach is None and not enough():
        sent += session.outgoing.count(0)
        asked = session.outgoing.count(b"\x10\x04")
        session.wrote(len(session.outgoing), now)
        session.received(b"\x16" * asked, now)
        now = max(now + 0.01, session.due(now))
        session.tick(now)
    return sent


def test_a_printer_that_reports_no_fault_and_answers_nothing_is_filled_up_with_more_each_time() -> (
    None
):
    """It may still wait for the end of a graphic for its memory."""
    session = opened()

    assert alive_without_an_answer(session, 30.0) > 65_544
    assert session.breach is None


def test_a_printer_without_paper_is_waited_for_before_it_answers_in_order() -> None:
    session = opened()
    session.received(PAPER_OUT, 0.1)

    for now in range(1, 600):
        session.wrote(len(session.outgoing), float(now))
        session.received(b"\x1e" + b"\x7e" if session.outgoing else b"", now + 0.1)
        session.tick(now + 0.5)
        session.received(b"\x1e\x7e", now + 0.6)

    assert session.breach is None


def test_a_line_that_never_ceases_to_babble_is_no_printer() -> None:
    session = opened()
    session.wrote(len(session.outgoing), 0.0)

    for tenths in range(1, 1000):
        session.received(b"\x00\x41", tenths / 10)
        session.tick(tenths / 10)

    assert session.breach is Breach.NOISE


def test_no_job_is_taken_before_the_printer_answered() -> None:
    session = opened()

    session.submit(JOB, 0.1)

    assert session.reports() == [JobDropped("j", 0)]


def test_two_answers_from_before_are_both_waited_for() -> None:
    """One may belong to a job held since an earlier connection."""
    session = opened()
    session.received(b"\x00", 0.1)
    session.received(b"\x00", 0.35)
    session.tick(0.6)
    assert not session.ready

    session.tick(0.7)

    assert session.ready


def test_a_job_is_confirmed_by_the_answer_and_not_by_the_write() -> None:
    session = waiting(ready())

    session.received(b"\x00", 3.0)

    assert session.reports() == [JobConfirmed("j", by_printer=True)]


def test_a_fault_after_the_write_holds_the_job() -> None:
    session = waiting(ready())
    session.received(PAPER_OUT, 2.5)
    session.tick(6.0)
    assert any(isinstance(report, JobHeld) for report in session.reports())

    for second in range(7, 600):
        session.tick(float(second))
        session.wrote(len(session.outgoing), float(second))
    assert session.breach is None
    session.received(HEALTHY + b"\x00", 600.0)

    assert JobConfirmed("j", by_printer=True) in session.reports()


def test_an_answer_while_the_fault_still_stands_is_a_printer_that_restarted() -> None:
    session = waiting(ready())
    session.received(PAPER_OUT, 2.5)

    session.received(b"\x00", 9.0)

    assert session.breach is Breach.RESTARTED
    session.lost()
    assert JobDropped("j", 100) in session.reports()


def test_an_answer_is_believed_of_a_printer_that_tells_its_faults_only_when_asked() -> None:
    """It never pushes its status, so that its fault may be over without a word."""
    session = opened()
    session.wrote(len(session.outgoing), 0.0)
    session.received(b"\x00", 0.1)
    session.tick(1.0)
    session.reports()
    waiting(session)
    session.tick(5.1)
    session.wrote(len(session.outgoing), 5.1)
    session.received(b"\x1e\x7e", 5.2)
    assert (
        StatusReport(PrinterFaults(offline=True, paper_out=True, paper_low=True))
        in session.reports()
    )

    session.received(b"\x00", 9.0)

    assert session.breach is None
    assert JobConfirmed("j", by_printer=True) in session.reports()


def test_what_the_line_took_of_a_broken_job_is_counted_whole() -> None:
    session = ready()
    session.submit(JOB, 2.0)
    session.wrote(40, 2.0)
    session.wrote(30, 2.1)

    session.lost()

    assert session.reports()[0] == JobDropped("j", 70)


def test_nobody_is_asked_while_paper_and_mechanics_still_have_their_time() -> None:
    session = waiting(ready())

    session.tick(4.9)
    assert session.outgoing == b""
    session.tick(5.0)

    assert session.outgoing


def test_what_is_due_at_a_moment_is_done_at_that_moment() -> None:
    session = ready()
    moment = session.due(1.0)

    session.tick(moment)

    assert session.outgoing == commands.real_time(1) + commands.real_time(4)
    assert session.due(moment) > moment


def test_a_printer_that_tells_of_its_power_confirms_nothing_after_it() -> None:
    session = waiting(ready())

    session.received(b"\x3b1\x00" + b"\x00", 3.0)

    assert session.breach is Breach.RESTARTED
    assert session.reports() == []
    session.lost()
    assert session.reports()[0] == JobDropped("j", len(JOB.data))


def test_a_silent_printer_is_asked_four_times_and_then_given_up() -> None:
    session = waiting(ready())
    for asked in (5.1, 6.2, 7.3, 8.4):
        session.tick(asked)
        assert session.outgoing == commands.real_time(1) + commands.real_time(4)
        session.wrote(len(session.outgoing), asked)

    session.tick(9.5)

    assert session.breach is Breach.MUTE


def test_a_printer_that_is_well_and_says_nothing_of_its_paper_is_given_up_after_a_minute() -> None:
    session, now = waiting(ready()), 2.0
    while session.breach is None and now < 120.0:
        now += 0.5
        session.tick(now)
        asked = session.outgoing.count(b"\x10\x04")
        session.wrote(len(session.outgoing), now)
        session.received(b"\x16\x12"[:asked], now)

    assert session.breach is Breach.SILENT
    assert 63.0 < now < 70.0


def test_a_line_that_takes_nothing_is_given_up_unless_a_fault_explains_it() -> None:
    stuck, held = ready(), ready()
    stuck.submit(JOB, 2.0)
    held.submit(JOB, 2.0)
    held.received(PAPER_OUT, 2.1)

    stuck.tick(7.1)
    held.tick(7.1)

    assert stuck.breach is Breach.STALLED
    assert held.breach is None


def test_without_a_way_back_time_alone_confirms() -> None:
    session = opened(confirm=Confirm.NONE)
    session.wrote(len(session.outgoing), 0.0)
    session.tick(1.0)
    session.reports()
    session.submit(JOB, 2.0)
    session.wrote(len(session.outgoing), 2.0)
    session.tick(2.9)
    assert session.reports() == [JobSent("j")]

    session.tick(3.0)

    assert session.reports() == [JobConfirmed("j", by_printer=False)]
    assert session.outgoing == b""


def test_a_printer_that_never_answers_in_order_confirms_by_being_well_after_its_time() -> None:
    session, well = opened(), b"\x16\x12"
    assert LONGEST_FLUSH < alive_without_an_answer(session, 19.0) < 2 * LONGEST_FLUSH
    assert session.ready
    session.reports()
    session.submit(JOB, 20.0)
    session.wrote(len(session.outgoing), 20.0)
    session.received(b"\x16", 20.5)
    session.tick(23.1)
    assert session.reports() == [JobSent("j")]
    assert session.outgoing == commands.real_time(1) + commands.real_time(4)
    session.wrote(len(session.outgoing), 23.1)

    session.received(well, 23.2)
    session.tick(24.2)

    assert JobConfirmed("j", by_printer=False) in session.reports()


def test_an_answer_in_order_after_the_last_fill_is_awaited_of_every_job() -> None:
    session = opened()
    alive_without_an_answer(session, 60.0, lambda: session._sync.settling)
    session.received(b"\x00", 30.0)
    session.tick(60.0)
    session.reports()
    waiting(session, at=60.0)
    session.tick(63.1)
    session.wrote(len(session.outgoing), 63.1)

    session.received(b"\x16\x12", 63.2)
    session.tick(64.3)

    assert JobConfirmed("j", by_printer=False) not in session.reports()


def test_a_paper_has_its_whole_time_after_a_fault() -> None:
    session = waiting(ready())
    session.received(PAPER_OUT, 2.5)
    session.received(HEALTHY, 600.0)

    session.tick(603.0)

    assert session.breach is None


def test_a_process_id_of_another_job_confirms_nothing() -> None:
    session = opened("TM-T20III")
    session.wrote(len(session.outgoing), 0.0)
    session.received(HEALTHY + b"\x00", 0.1)
    session.tick(1.0)
    session.submit(PrintJob("j", b"x", 1.0, b"mine"), 2.0)
    session.wrote(1, 2.0)
    session.reports()

    session.received(b"\x37\x22othr\x00", 2.5)
    assert session.reports() == []
    session.received(b"\x37\x22mine\x00", 2.6)

    assert session.reports() == [JobConfirmed("j", by_printer=True)]


def test_a_printer_that_has_no_process_ids_is_not_waited_for_again() -> None:
    session = opened("TM-T20III")
    session.wrote(len(session.outgoing), 0.0)
    session.received(HEALTHY + b"\x00", 0.1)
    session.tick(1.0)
    session.submit(PrintJob("first", b"x", 1.0, b"mine"), 2.0)
    session.wrote(1, 2.0)
    session.reports()
    session.received(b"\x00", 3.0)
    assert session.reports() == []
    session.tick(session.due(3.0))
    assert session.reports() == [JobConfirmed("first", by_printer=True)]

    session.submit(PrintJob("second", b"y", 1.0, b"next"), 10.0)
    session.wrote(1, 10.0)
    session.received(b"\x00", 11.0)

    assert session.reports() == [JobSent("second"), JobConfirmed("second", by_printer=True)]


def test_the_answer_that_a_process_id_was_quicker_than_confirms_no_other_paper() -> None:
    session = opened("TM-T20III")
    session.wrote(len(session.outgoing), 0.0)
    session.received(HEALTHY + b"\x00", 0.1)
    session.tick(1.0)
    session.submit(PrintJob("first", b"x", 1.0, b"mine"), 2.0)
    session.wrote(1, 2.0)
    session.received(b"\x37\x22mine\x00", 2.5)
    session.submit(PrintJob("second", b"y"), 2.6)
    session.wrote(1, 2.6)
    session.reports()

    session.received(b"\x00", 2.7)
    assert session.reports() == []
    session.received(b"\x00", 3.7)

    assert session.reports() == [JobConfirmed("second", by_printer=True)]


def test_the_paper_after_a_broken_one_is_cut_free_first() -> None:
    session = waiting(ready())
    session.lost()

    session.opened(10.0)

    assert commands.FULL_CUT in session.outgoing


def test_a_closed_line_has_nothing_due() -> None:
    session = PrinterSession(MODELS["default"])
    session.instruct(b"x", 0.0)
    session.tick(5.0)

    assert session.due(5.0) > 1000
    assert session.outgoing == b""


class Shy:
    """A printer that runs Linux: what it says leaves it with the next bytes it is sent."""

    def __init__(self, session: PrinterSession) -> None:
        self.session = session
        self.held = b""
        self.sent = b""

    def until(self, now: float, end: float) -> float:
        """Let time pass until it printed, or until `end`; when that was."""
        while now < end:
            self._carry(now)
            if any(isinstance(report, JobConfirmed) for report in self.session.reports()):
                break
            now = min(end, max(now + 0.01, self.session.due(now)))
            self.session.tick(now)
        return now

    def _carry(self, now: float) -> None:
        data = self.session.outgoing
        if not data:
            return
        self.sent += data
        self.session.wrote(len(data), now)
        answers, self.held = self.held, HEALTHY * data.count(commands.ASB_ON)
        self.held += b"\x00" * data.count(commands.IN_ORDER)
        self.held += b"\x16" * data.count(commands.real_time(1))
        self.held += b"\x12" * data.count(commands.real_time(4))
        if answers:
            self.session.received(answers, now)


def test_an_answer_that_a_printer_holds_back_is_fetched_when_its_paper_is_out() -> None:
    session = opened(nudge_s=0.25)
    shy = Shy(session)
    began = shy.until(0.0, 5.0)
    assert session.ready

    session.submit(PrintJob("j", JOB.data + commands.IN_ORDER, paper_s=1.0), began)
    printed = shy.until(began, began + 60.0)

    assert printed - began < 1.5
    assert session.breach is None


def test_no_line_but_usb_is_nudged() -> None:
    session = opened()
    shy = Shy(session)
    began = shy.until(0.0, 5.0)
    session.submit(PrintJob("j", JOB.data + commands.IN_ORDER, paper_s=1.0), began)
    shy.sent = b""
    shy.until(began, began + 2.9)

    assert commands.NUL not in shy.sent


def test_a_printer_with_a_fault_is_left_alone_until_it_is_over() -> None:
    session = waiting(ready())
    session._nudge.every_s = 0.25
    session._nudge.answer_due(3.0)
    session.received(PAPER_OUT, 2.5)
    nudges = 0
    for tenth in range(30, 600):
        session.tick(tenth / 10)
        nudges += session.outgoing.count(commands.NUL)
        session.wrote(len(session.outgoing), tenth / 10)
        session.received(b"\x1e\x7e", tenth / 10)

    assert nudges == 0
    assert session.breach is None
