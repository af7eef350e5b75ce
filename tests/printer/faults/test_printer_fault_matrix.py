"""Every fault of a ticket printer on every line that can have it, against the real dispenser."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from printer.jobs.attempts import Attempt
from printer.jobs.store import Store
from printer.line.reports import SessionTimeouts
from printer.ports import Busy, ButtonPressed
from printer.simulator.paper import CutPaper

# For a printer that answers, however late its thread is run on a busy machine.
PATIENT = SessionTimeouts(answer=60.0, beat=0.25, stall=60.0, grace=0.15, silent=90.0, settle=0.02)
Wire = Callable[..., Any]
Story = Callable[[Wire, str], None]

# --- what people and the hall see -----------------------------------------------------------------


def press(hall: Any) -> None:
    hall.daemon.context.inbox.post(ButtonPressed("ho-tich"))


def labelled(sheet: CutPaper) -> bool:
    """Whether the paper begins with the black bar of IN LẠI."""
    return sheet.image.crop((40, 6, 120, 12)).convert("L").getextrema() == (0, 0)


def papers(hall: Any) -> list[bool]:
    """Labelled or not, of every paper that carries more than blank."""
    return [labelled(sheet) for sheet in hall.sheets if not sheet.blank]


def half_way(hall: Any) -> None:
    """A press whose ticket is under way to a printer that takes nothing for now."""
    hall.bench.change(stalled=True)
    press(hall)
    hall.until(lambda: under_way(hall))


def under_way(hall: Any) -> bool:
    """Whether bytes of the ticket have left for the printer."""
    running = hall.service._line._session._running
    return running is not None and running.accepted > 0


def refused(hall: Any) -> None:
    """No number is burnt while the printer could not print it."""
    before = hall.controller.questions
    assert hall.answer(hall.dispense()).error.code == "unavailable"
    assert hall.controller.questions == before


def printed_once(hall: Any) -> None:
    hall.until(lambda: hall.results == [("t1", "printed")])
    assert papers(hall) == [False]


def printed_again_labelled(hall: Any) -> None:
    """A busy machine may lose the answer to a reprint as well: then there is one more."""
    hall.until(lambda: hall.results[-1:] == [("t1", "printed")])
    assert {*hall.results[:-1]} == {("t1", "unknown")}
    _first, *others = papers(hall)
    assert all(others)
    assert labelled(hall.sheets[-1])
    assert hall.controller.questions == 1
    hall.until(lambda: not hall.alerts)


# --- the faults -----------------------------------------------------------------------------------


def held(alert: str, **fault: bool) -> Story:
    """A fault of the mechanics holds the ticket inside; mended, the printer goes on by itself."""

    def story(wire: Wire, line: str) -> None:
        hall = wire(line, patience=PATIENT)
        half_way(hall)
        hall.bench.change(stalled=False, **fault)
        hall.until(lambda: alert in hall.alerts)
        refused(hall)
        assert hall.results == []

        hall.bench.change(**dict.fromkeys(fault, False))

        printed_once(hall)
        hall.until(lambda: not hall.alerts)

    return story


def near_end(wire: Wire, line: str) -> None:
    """Staff are warned; tickets go on."""
    hall = wire(line, patience=PATIENT)
    hall.bench.change(paper_low=True)
    hall.until(lambda: hall.alerts == {"paper_low"})

    press(hall)

    printed_once(hall)


def unplugged(wire: Wire, line: str) -> None:
    """In the middle of a ticket, and put back."""
    hall = wire(line)
    half_way(hall)
    hall.line.unplug()
    hall.until(lambda: hall.results == [("t1", "unknown")] and "offline" in hall.alerts)
    refused(hall)

    hall.bench.change(stalled=False)
    hall.line.replug()

    printed_again_labelled(hall)


def power_cut(wire: Wire, line: str) -> None:
    """In the middle of a band."""
    hall = wire(line)
    half_way(hall)
    hall.line.power(on=False)
    hall.until(lambda: hall.results == [("t1", "unknown")] and "offline" in hall.alerts)
    refused(hall)

    hall.bench.change(stalled=False)
    hall.line.power(on=True)

    printed_again_labelled(hall)


def speechless(**fault: bool) -> Story:
    """In the middle of a ticket it takes nothing more, or never answers."""

    def story(wire: Wire, line: str) -> None:
        hall = wire(line)
        half_way(hall)
        hall.bench.change(**{"stalled": False, **fault})
        hall.until(lambda: hall.results == [("t1", "unknown")] and "offline" in hall.alerts)
        refused(hall)

        hall.bench.change(**dict.fromkeys(fault, False))

        printed_again_labelled(hall)

    return story


def slow(wire: Wire, line: str) -> None:
    """It takes its time, and that is no fault."""
    hall = wire(line, speed=150.0, patience=PATIENT)

    press(hall)
    hall.until(lambda: hall.results or hall.alerts)

    printed_once(hall)
    assert not hall.alerts


def garbage(wire: Wire, line: str) -> None:
    """Bytes that mean nothing confirm nothing."""
    hall = wire(line, patience=PATIENT)
    half_way(hall)
    noise = b"\xff\x80\xa5\xc3\xfe\x90\x5f\xff\xfe"
    hall.bench.do_order(lambda machine, _now: machine._answers.extend(noise))
    hall.bench.change(paper_low=True)
    hall.until(lambda: "paper_low" in hall.alerts)
    assert hall.results == []

    hall.bench.change(stalled=False)

    printed_once(hall)


def status_in_between(wire: Wire, line: str) -> None:
    """Automatic status, some of it cut in two, is not taken for an answer to the ticket."""
    hall = wire(line, patience=PATIENT)
    half_way(hall)
    for low in (True, False, True):
        hall.bench.change(paper_low=low)
        hall.until(lambda low=low: ("paper_low" in hall.alerts) is low)
    hall.bench.do_order(lambda machine, _now: machine._answers.extend(b"\x14\x00\x14\x00\x00\x00"))
    hall.bench.change(paper_low=False)
    hall.until(lambda: not hall.alerts)
    assert hall.results == []

    hall.bench.change(stalled=False)

    printed_once(hall)


def no_space(wire: Wire, line: str) -> None:
    """The kernel's own word of no paper is a fault and not a loss."""
    hall = wire(line, patience=PATIENT)
    hall.line.kernel.empty = True
    press(hall)
    hall.until(lambda: "paper_out" in hall.alerts)
    refused(hall)

    hall.line.kernel.empty = False

    printed_once(hall)


def wrong_baud(wire: Wire, line: str) -> None:
    """Nothing of what is said arrives as it was said."""
    hall = wire(line, started=False)
    hall.bench.change(garbled=True)
    hall.start()
    hall.until(lambda: "offline" in hall.alerts)
    assert "baud" in hall.daemon.context.health.alerts["offline"].advice
    refused(hall)

    hall.bench.change(garbled=False)

    hall.ready()
    press(hall)
    printed_once(hall)


def busy(wire: Wire, line: str) -> None:
    """Another program was first; the device is taken when it lets go."""
    hall = wire(line, started=False)
    let_go = hall.line.occupy()
    hall.start()
    hall.until(lambda: "offline" in hall.alerts)
    assert "chương trình khác" in hall.daemon.context.health.alerts["offline"].text
    refused(hall)

    let_go()

    hall.ready()
    press(hall)
    printed_once(hall)


def second_opener(wire: Wire, line: str) -> None:
    """Another program comes in the middle of a ticket: it is turned away, the ticket is not."""
    hall = wire(line, patience=PATIENT)
    half_way(hall)
    with pytest.raises(Busy):
        hall.line.occupy()

    hall.bench.change(stalled=False)

    printed_once(hall)


def second_host(wire: Wire, line: str) -> None:
    """Another computer takes over a network printer in the middle of a ticket."""
    hall = wire(line)
    half_way(hall)
    with socket.create_connection(("127.0.0.1", hall.line.port)):
        hall.until(lambda: hall.results == [("t1", "unknown")])

    hall.bench.change(stalled=False)

    printed_again_labelled(hall)


class Killed(BaseException):
    """As by SIGKILL: whatever would have come next does not come."""


class Mortal(Store):
    """A journal whose daemon dies right before or after its `last` entry."""

    def __init__(self, path: Path, last: int, *, written: bool) -> None:
        super().__init__(path)
        self._left, self._written = last, written

    def put(self, attempt: Attempt) -> None:
        self._left -= 1
        if self._left > 0 or (self._left == 0 and self._written):
            super().put(attempt)
        if self._left <= 0:
            raise Killed


def killed(last: int, *, written: bool) -> Story:
    """Killed and started again: one number, one plain paper at most, every other one labelled."""

    def story(wire: Wire, line: str) -> None:
        hall = wire(line, started=False)
        hall.journal = lambda path: Mortal(path, last, written=written)
        hall.start().ready()
        press(hall)
        with pytest.raises(Killed):
            hall.until(lambda: False)
        hall.stop()
        hall.journal = Store

        hall.start().ready()

        hall.until(lambda: hall.results[-1:] == [("t1", "printed")])
        assert papers(hall) in ([False], [True], [False, True])
        assert hall.controller.questions == 1

    return story


LINES = ("cable", "tcp", "serial", "lp")
FAULTS: dict[str, Story] = {
    "paper out": held("paper_out", paper_out=True),
    "near-end": near_end,
    "cover open": held("cover_open", cover_open=True),
    "cutter jammed": held("cutter_error", cutter=True),
    "offline": held("offline", offline=True),
    "unplugged and back": unplugged,
    "busy device": busy,
    "power off in mid-band": power_cut,
    "mute": speechless(mute=True),
    "stalled": speechless(stalled=True),
    "slow": slow,
    "garbage bytes": garbage,
    "status in between": status_in_between,
    "no space": no_space,
    "wrong baud": wrong_baud,
    "second opener": second_opener,
    "second host": second_host,
    "killed: sending": killed(1, written=True),
    "killed: sent, not written": killed(2, written=False),
    "killed: sent": killed(2, written=True),
    "killed: confirmed, not written": killed(3, written=False),
    "killed: confirmed": killed(3, written=True),
    "killed: told, not written": killed(4, written=False),
}
# Where a fault cannot exist, and why.
NOWHERE: dict[tuple[str, str], str] = {
    ("busy device", "cable"): "a private cable has one end for us",
    ("busy device", "tcp"): "a port is not a device: a printer that serves another is mute or gone",
    ("no space", "cable"): "ENOSPC is said by the kernel's usblp",
    ("no space", "tcp"): "ENOSPC is said by the kernel's usblp",
    ("no space", "serial"): "ENOSPC is said by the kernel's usblp",
    ("wrong baud", "cable"): "no baud rate",
    ("wrong baud", "tcp"): "no baud rate",
    ("wrong baud", "lp"): "no baud rate",
    ("second opener", "cable"): "a private cable has one end for us",
    ("second opener", "tcp"): "second host",
    ("second host", "cable"): "no network",
    ("second host", "serial"): "no network",
    ("second host", "lp"): "no network",
}
CELLS = [(fault, line) for fault in FAULTS for line in LINES if (fault, line) not in NOWHERE]


@pytest.mark.parametrize(("fault", "line"), CELLS)
def test_the_dispenser_outlives(fault: str, line: str, wire: Wire) -> None:
    FAULTS[fault](wire, line)


def test_no_cell_is_left_out_without_a_fault_and_a_line_of_that_name() -> None:
    assert {fault for fault, _ in NOWHERE} <= set(FAULTS)
    assert {line for _, line in NOWHERE} <= set(LINES)
    assert {fault for fault, _ in CELLS} == set(FAULTS)
