"""Printers as they are bought: late, slow, half dumb, or hanging up after every job."""

import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from printer import commands
from printer.drivers.network import SocketWire
from printer.line.link import Down, Link, _unsent
from printer.line.reports import (
    Breach,
    Confirm,
    JobConfirmed,
    JobSent,
    PrintJob,
    Report,
    StatusReport,
    Up,
)
from printer.line.session import PrinterSession
from printer.line.status import FINE
from printer.models import MODELS
from printer.ports import Lost
from printer.simulator.machine import Make

JOB = PrintJob("j", b"\x1b@" + b"x" * 98, paper_s=1.0)


def session_of(
    model: str = "default", confirm: Confirm = Confirm.AUTO, speed: float = 1e6
) -> PrinterSession:
    session = PrinterSession(MODELS[model], confirm, bytes_a_second=speed)
    session.opened(0.0)
    return session


def up(session: PrinterSession, answered: float = 0.1) -> PrinterSession:
    """Synchronised by an answer in order at `answered`."""
    session.wrote(len(session.outgoing), 0.0)
    session.received(b"\x00", answered)
    session.tick(answered + 20)
    assert session.ready
    session.reports()
    return session


def run(
    session: PrinterSession, until: float, answer: Callable[[bytes], bytes], late: float
) -> None:
    """Time passes; the printer answers what it is sent, `late` seconds later."""
    now, answers = 0.0, list[tuple[float, bytes]]()
    while now < until and session.breach is None:
        sent = session.outgoing
        session.wrote(len(sent), now)
        answers.append((now + late, answer(sent)))
        now = min(session.due(now), answers[0][0]) + 0.001
        while answers and answers[0][0] <= now:
            session.received(answers.pop(0)[1], now)
        session.tick(now)


def clone(sent: bytes) -> bytes:
    """Answers DLE EOT and GS r."""
    wanted = range(len(sent) - 2)
    asked = [sent[at + 2] for at in wanted if sent[at : at + 2] == b"\x10\x04"]
    return bytes(0x16 if question == 1 else 0x12 for question in asked) + b"\x00" * sent.count(
        commands.IN_ORDER
    )


def in_order_only(sent: bytes) -> bytes:
    return b"\x00" * sent.count(commands.IN_ORDER)


@pytest.mark.parametrize("late", [0.0, 0.5, 1.5, 3.0])
def test_a_printer_that_answers_late_is_up_and_stays_so(late: float) -> None:
    session = session_of()

    run(session, 60.0, clone, late)

    assert session.breach is None
    assert session.ready
    assert all(s.faults in (None, FINE) for s in session.reports() if isinstance(s, StatusReport))


def test_a_printer_without_real_time_answers_shows_in_order_that_it_lives() -> None:
    session = session_of()

    run(session, 60.0, in_order_only, 0.01)

    assert session.breach is None
    assert session.ready


def test_a_late_sign_of_life_is_not_the_answer_of_the_job() -> None:
    session = up(session_of())
    now = 20.0
    while session.outgoing != commands.IN_ORDER:
        session.wrote(len(session.outgoing), now)
        now = session.due(now) + 0.001
        session.tick(now)
    session.wrote(3, now)
    session.submit(JOB, now)
    session.wrote(100, now)
    session.reports()

    session.received(b"\x00", now + 0.1)
    assert session.reports() == []
    session.received(b"\x00", now + 0.2)

    assert session.reports() == [JobConfirmed("j", by_printer=True)]


def tagged(session: PrinterSession, name: str, at: float) -> None:
    session.submit(PrintJob(name, b"x", 1.0, name.encode()), at)
    session.wrote(1, at)


def test_the_answer_in_order_behind_a_process_id_is_not_the_next_jobs() -> None:
    session = up(session_of("TM-T20III"))
    tagged(session, "one1", 20.0)
    session.received(b"\x37\x22one1\x00", 21.0)
    tagged(session, "two2", 21.1)
    session.reports()

    session.received(b"\x00", 21.2)
    session.tick(24.0)

    assert session.reports() == []


@pytest.mark.parametrize(("says", "believed"), [(b"\x12\x12", True), (b"\x1e\x7e", False)])
def test_a_printer_that_names_its_jobs_is_asked_how_it_is_when_a_name_does_not_come(
    says: bytes,
    believed: bool,  # noqa: FBT001
) -> None:
    session = up(session_of("TM-T20III"))
    tagged(session, "one1", 20.0)
    session.received(b"\x37\x22one1\x00\x00", 21.0)
    tagged(session, "two2", 21.1)
    session.reports()

    session.received(b"\x00", 21.2)
    session.tick(24.0)
    assert session.reports() == []
    session.wrote(len(session.outgoing), 24.0)
    session.received(says, 24.1)
    session.tick(27.0)

    assert (JobConfirmed("two2", by_printer=False) in session.reports()) is believed


def test_a_slow_way_to_the_printer_is_seen_and_waited_for() -> None:
    """A box between network and cable takes all at once and passes it on at 9600 baud."""
    session = up(session_of(), answered=2.2)
    session.submit(replace(JOB, data=b"x" * 20_000), 30.0)
    session.wrote(20_000, 30.0)

    session.tick(45.0)

    assert session.outgoing == b""
    assert session.breach is None


def test_a_printer_that_was_only_slow_to_wake_is_not_waited_for_the_next_time() -> None:
    session = up(session_of(), answered=5.0)
    session.submit(replace(JOB, data=b"x" * 20_000), 30.0)
    session.wrote(20_000, 30.0)
    session.received(b"\x00", 31.0)
    session.submit(replace(JOB, id="k", data=b"x" * 20_000), 32.0)
    session.wrote(20_000, 32.0)

    session.tick(36.0)

    assert session.outgoing == commands.real_time(1) + commands.real_time(4)


@pytest.mark.parametrize(("speed", "breach"), [(120.0, None), (1e6, Breach.STALLED)])
def test_how_long_a_line_may_take_nothing_goes_by_its_speed(
    speed: float, breach: Breach | None
) -> None:
    """A kernel makes room in pieces: at 1200 baud a page of it lasts half a minute."""
    session = up(session_of(speed=speed), answered=0.2)
    session.submit(JOB, 50.0)

    session.tick(60.0)

    assert session.breach is breach


def test_one_that_printed_after_a_fault_is_asked_at_once_whether_it_is_over() -> None:
    session = up(session_of())
    session.submit(JOB, 20.0)
    session.wrote(100, 20.0)
    session.tick(23.1)
    session.wrote(len(session.outgoing), 23.1)
    session.received(b"\x1e\x7e", 23.2)
    session.wrote(len(session.outgoing), 23.2)
    session.received(b"\x12\x12\x7e", 23.3)

    session.received(b"\x00", 60.0)
    session.tick(60.0)

    assert session.outgoing == commands.real_time(1) + commands.real_time(4)


# --- without a way back -------------------------------------------------------------------------


def paced() -> PrinterSession:
    session = session_of(confirm=Confirm.NONE)
    session.wrote(len(session.outgoing), 0.0)
    session.lingers(0, 0.0)
    session.tick(1.0)
    assert session.reports() == [Up(), StatusReport(FINE)]
    session.submit(JOB, 2.0)
    session.wrote(100, 2.0)
    assert session.reports() == [JobSent("j")]
    return session


def test_what_the_kernel_still_holds_is_not_printed() -> None:
    session = paced()

    for second in (2.1, 3.1, 4.1):
        session.lingers(60, second)
        session.tick(second)
    assert session.reports() == []
    session.lingers(0, 4.2)
    session.tick(5.2)

    assert session.reports() == [JobConfirmed("j", by_printer=False)]


def test_a_dead_line_that_swallowed_a_ticket_is_found_out() -> None:
    session = paced()

    for tenths in range(21, 80):
        session.lingers(60, tenths / 10)
        session.tick(tenths / 10)

    assert session.breach is Breach.STALLED
    assert not any(isinstance(report, JobConfirmed) for report in session.reports())


def test_a_line_that_passes_nothing_on_is_not_called_ready() -> None:
    session = session_of(confirm=Confirm.NONE)
    session.wrote(len(session.outgoing), 0.0)

    for tenths in range(1, 20):
        session.lingers(2000, tenths / 10)
        session.tick(tenths / 10)

    assert not session.ready


@pytest.mark.parametrize(("unsent", "known"), [(0, True), (60, False)])
def test_one_that_hangs_up_in_good_order_has_had_it_all(unsent: int, known: bool) -> None:  # noqa: FBT001
    session = paced()
    session.lingers(unsent, 2.1)

    session.hung_up(2.2)

    assert (JobConfirmed("j", by_printer=False) in session.reports()) is known


# --- on a line ----------------------------------------------------------------------------------


def test_the_kernel_says_what_it_holds() -> None:
    ours, theirs = socket.socketpair()

    ours.send(b"x" * 100)
    assert _unsent(ours.fileno()) > 0
    theirs.recv(200)

    assert _unsent(ours.fileno()) == 0
    ours.close()
    theirs.close()


class OpenWire:
    """Takes everything."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def fileno(self) -> int:
        return self._end.fileno()

    def write(self, data: bytes) -> int:
        return len(data)

    def read(self) -> bytes:
        raise Lost("nothing is read here")

    def close(self) -> None:
        self._end.close()


class NoDriver:
    bytes_a_second, chunk = 1e6, 4096

    def open(self) -> OpenWire:
        raise Lost("never opened")


def test_a_daemon_that_was_stopped_for_long_does_not_blame_the_printer() -> None:
    session, heard, clock = up(session_of()), list[Report](), [20.0]
    ours, theirs = socket.socketpair()
    link = Link(NoDriver(), session, heard.append, lambda: clock[0])  # type: ignore[arg-type]
    session.submit(JOB, 20.0)
    clock[0] = 60.0

    link._turn(OpenWire(ours))

    assert session.breach is None
    assert JobSent("j") in session.reports()
    link.stop()
    ours.close()
    theirs.close()


@pytest.mark.parametrize("confirm", [Confirm.AUTO, Confirm.NONE])
def test_a_printer_that_hangs_up_after_every_job_prints_each_once_and_raises_no_alarm(
    hall: Any, caplog: pytest.LogCaptureFixture, confirm: Confirm
) -> None:
    answers = confirm is Confirm.AUTO
    hall.profile, hall.confirm = "default", confirm
    hall.make = Make(process_id=False, asb=answers, in_order=answers, hangs_up=True)
    hall.with_printer().bench.start()
    hall.start().ready()
    caplog.clear()

    for n in range(1, 5):
        assert hall.answer(hall.dispense()).status == "ok"
        hall.until(lambda n=n: len(hall.results) == n)

    assert [result for _, result in hall.results] == ["printed"] * 4
    assert len([sheet for sheet in hall.sheets if not sheet.blank]) == 4
    assert "alert" not in caplog.text


class WireThatIsReset(OpenWire):
    """Its peer closes with a question unread, as a printer's farewell may cross one of ours."""

    def __init__(self, end: socket.socket, clock: list[float]) -> None:
        super().__init__(end)
        self._clock = clock

    def read(self) -> bytes:
        self._clock[0] += 10.0
        ours, theirs = socket.socketpair()
        with ours:
            wire = SocketWire(ours)
            wire.write(b"question")
            theirs.close()
            return wire.read()


def test_a_printer_that_leaves_a_question_unread_between_jobs_is_not_away() -> None:
    session, heard, clock = up(session_of()), list[object](), [20.0]
    ours, theirs = socket.socketpair()
    link = Link(NoDriver(), session, heard.append, lambda: clock[0])  # type: ignore[arg-type]
    session.opened = lambda _now: None  # type: ignore[method-assign]
    theirs.send(b"!")

    link._talk(WireThatIsReset(ours, clock))

    assert not [report for report in heard if isinstance(report, Down)]
    link.stop()
    ours.close()
    theirs.close()
