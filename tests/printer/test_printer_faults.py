"""What becomes of a ticket, and how devices fail to open; every fault a line: fault matrix."""

import errno
import os
import socket
import termios
from pathlib import Path
from typing import Any

import pytest

from printer.drivers.network import NetworkDriver, SocketWire
from printer.drivers.serial import SerialDriver
from printer.drivers.simulated import SimulatedDriver
from printer.drivers.usb import UsbDriver
from printer.ports import Absent, AccessDenied, Busy, ButtonPressed
from printer.simulator.paper import CutPaper


def labelled(sheet: CutPaper) -> bool:
    """Whether the paper begins with the black bar of IN LẠI."""
    corner = sheet.image.crop((40, 6, 120, 12)).convert("L")
    return corner.getextrema() == (0, 0)


def papers(hall: Any) -> list[bool]:
    """Labelled or not, of every paper that carries more than blank."""
    return [labelled(sheet) for sheet in hall.sheets if not sheet.blank]


def press(hall: Any) -> None:
    hall.daemon.context.inbox.post(ButtonPressed("ho-tich"))


def under_way(hall: Any) -> bool:
    """Whether bytes of the job have left for the printer."""
    running = hall.service._line._session._running
    return running is not None and running.accepted > 0


def sent(hall: Any) -> bool:
    running = hall.service._printing._running
    return running is not None and running.stage.value == "sent"


@pytest.mark.parametrize("mishap", ["mute", "stalled"])
def test_an_idle_printer_that_falls_silent_is_a_state_and_comes_back(
    dispenser: Any, mishap: str
) -> None:
    dispenser.bench.change(**{mishap: True})
    dispenser.until(lambda: "offline" in dispenser.alerts)
    assert dispenser.answer(dispenser.dispense()).error.code == "unavailable"

    dispenser.bench.change(**{mishap: False})

    dispenser.until(lambda: not dispenser.alerts)
    dispenser.ready()


@pytest.mark.parametrize("stage", ["sending", "sent"])
def test_a_daemon_killed_while_printing_reprints_once_labelled(hall: Any, stage: str) -> None:
    hall.with_printer()
    hall.driver = NarrowDriver(hall.bench) if stage == "sending" else hall.driver
    hall.bench.start()
    hall.start().ready()
    hall.bench.change(stalled=True)
    press(hall)
    hall.until(lambda: under_way(hall) and _stage(hall) == stage)
    hall.stop()

    hall.bench.change(stalled=False)
    hall.start().ready()

    hall.until(lambda: hall.results == [("t1", "unknown"), ("t1", "printed")])
    assert papers(hall)[-1] is True
    assert hall.lasting() == [("A001", "unknown"), ("A001", "confirmed")]


def test_a_reprint_whose_end_is_unknown_is_not_reprinted_by_itself(hall: Any) -> None:
    hall.speed = 100.0
    hall.with_printer().bench.start()
    hall.start().ready()
    press(hall)
    for papers_begun in (1, 2):
        hall.until(lambda: under_way(hall))
        hall.bench.change(power=False)
        hall.until(lambda n=papers_begun: _stages(hall)[:n] == ["unknown"] * n)
        hall.bench.change(power=True)

    hall.ready()

    assert not hall.service._printing.busy
    assert _stages(hall) == ["unknown", "unknown"]
    assert hall.results == [("t1", "unknown"), ("t1", "unknown")]


def test_a_power_cut_behind_a_full_wire_is_not_taken_for_a_printed_ticket(hall: Any) -> None:
    """The rest of the job meets a fresh printer, which answers at its end as if all were well."""
    hall.with_printer()
    hall.driver = SerialDriver(hall.bench.open_pty(), 115200, "none")
    hall.bench.start()
    hall.start().ready()
    hall.bench.change(paper_out=False, stalled=True)
    press(hall)
    hall.until(lambda: under_way(hall))
    hall.bench.do_order(lambda machine, now: machine.change(now, stalled=False))
    hall.bench.change(paper_out=True)
    hall.until(lambda: "paper_out" in hall.alerts)

    hall.bench.change(power=False)
    hall.bench.change(power=True, paper_out=False)

    hall.until(lambda: hall.results and hall.results[-1] == ("t1", "printed"))
    assert hall.results == [("t1", "unknown"), ("t1", "printed")]
    assert papers(hall)[-1] is True


def test_a_number_given_while_the_printer_fell_silent_is_printed_after_a_restart(
    hall: Any,
) -> None:
    hall.with_printer().bench.start()
    hall.start().ready()
    hall.controller.silent = True
    press(hall)
    hall.until(lambda: hall.controller.questions)
    hall.bench.change(power=False)
    hall.until(lambda: "offline" in hall.alerts)
    hall.controller.silent = False
    hall.until(lambda: hall.controller.numbers)
    hall.until(lambda: hall.service._store.of_ticket("t1"))
    assert hall.lasting() == [("A001", "allocated")]

    hall.bench.change(power=True)
    hall.start()

    hall.until(lambda: hall.results == [("t1", "printed")])
    assert papers(hall) == [False]


def test_a_result_the_controller_did_not_hear_is_told_after_a_restart(hall: Any) -> None:
    hall.with_printer().bench.start()
    hall.start().ready()
    press(hall)
    hall.until(lambda: hall.controller.numbers)
    hall.controller.silent = True
    hall.until(lambda: hall.results)
    hall.results.clear()
    hall.controller.heard.clear()
    hall.stop()
    hall.controller.silent = False

    hall.start()

    hall.until(lambda: hall.results == [("t1", "printed")])
    assert papers(hall) == [False]


def test_a_ticket_that_cannot_be_printed_in_time_is_voided_and_stays_void(hall: Any) -> None:
    hall.wait_s = 0.3
    hall.with_printer().bench.start()
    hall.start().ready()
    hall.controller.silent = True
    press(hall)
    hall.until(lambda: hall.controller.questions)
    hall.bench.change(cover_open=True)
    hall.until(lambda: "cover_open" in hall.alerts)
    hall.controller.silent = False
    hall.until(lambda: hall.results == [("t1", "failed")])

    hall.bench.change(cover_open=False)
    hall.ready()
    hall.dispense()
    hall.until(lambda: ("t2", "printed") in hall.results)

    assert len(papers(hall)) == 1


def test_a_hold_that_outlasts_its_limit_is_unknown_until_the_late_answer(hall: Any) -> None:
    hall.wait_s = 0.3
    hall.with_printer().bench.start()
    hall.start().ready()
    hall.bench.change(stalled=True)
    press(hall)
    hall.until(lambda: sent(hall))
    hall.bench.change(paper_out=True, stalled=False)
    hall.until(lambda: hall.results == [("t1", "unknown")])

    hall.bench.new_roll()

    hall.until(lambda: hall.results == [("t1", "unknown"), ("t1", "printed")])
    assert papers(hall) == [False]


def test_a_printer_without_a_way_back_is_paced_by_its_paper(hall: Any) -> None:
    from printer.line.session import Confirm  # noqa: PLC0415

    hall.confirm = Confirm.NONE
    hall.with_printer().bench.start()
    hall.bench.change(mute=True)
    hall.start().ready()

    press(hall)

    hall.until(lambda: hall.results == [("t1", "printed")])
    assert papers(hall) == [False]


def test_a_clone_that_knows_no_process_id_is_confirmed_in_order(hall: Any) -> None:
    from printer.simulator.machine import Make  # noqa: PLC0415

    hall.make = Make(process_id=False)
    hall.with_printer().bench.start()
    hall.start().ready()

    for n in (1, 2):
        hall.dispense()
        hall.until(lambda n=n: len(hall.results) == n)

    assert papers(hall) == [False, False]


# --- how devices fail to open -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EBUSY, Busy),
        (errno.EACCES, AccessDenied),
        (errno.ENODEV, Absent),
        (errno.ENOENT, Absent),
    ],
)
def test_a_usb_device_says_why_it_does_not_open(number: int, kind: type[Exception]) -> None:
    def refuse(_path: Path) -> int:
        raise OSError(number, os.strerror(number))

    with pytest.raises(kind):
        UsbDriver(Path("/dev/usb/lp0"), refuse).open()


def test_a_full_serial_line_takes_nothing_and_returns_at_once(hall: Any) -> None:
    hall.with_printer()
    wire = SerialDriver(hall.bench.open_pty(), 9600, "none").open()

    taken = [wire.write(bytes(4096)) for _ in range(64)]

    assert taken[0] > 0
    assert taken[-1] == 0
    wire.close()


def test_a_missing_serial_port_is_absent() -> None:
    with pytest.raises(Absent):
        SerialDriver("/dev/khong-co", 9600, "rtscts").open()


def test_the_breaks_of_a_printer_without_power_are_no_bytes(hall: Any) -> None:
    """A line that drops reads as NUL, which is the answer that confirms a paper."""
    wire = SerialDriver(hall.with_printer().bench.open_pty(), 9600, "none").open()

    heeded = termios.tcgetattr(wire.fileno())[0]

    assert heeded & termios.IGNBRK
    assert heeded & termios.IGNPAR
    wire.close()


@pytest.mark.parametrize("host", ["may..in", "x" * 80, "máy in"])
def test_a_name_that_no_host_can_have_is_absent(host: str) -> None:
    with pytest.raises(Absent):
        NetworkDriver(host).open()


def test_a_mistake_of_our_own_at_the_line_is_a_state_and_not_the_end_of_it(hall: Any) -> None:
    hall.with_printer().bench.start()
    hall.driver = MistakenDriver(hall.bench)
    hall.start()
    hall.until(lambda: "offline" in hall.alerts)

    hall.driver.mistaken = False

    hall.ready()
    press(hall)
    hall.until(lambda: hall.results == [("t1", "printed")])


class MistakenDriver(SimulatedDriver):
    mistaken = True

    def open(self) -> SocketWire:
        if self.mistaken:
            raise ZeroDivisionError
        return super().open()


def test_nobody_at_the_address_is_absent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Absent):
        NetworkDriver("127.0.0.1", port).open()


def test_a_device_that_is_for_ever_ready_with_nothing_does_not_eat_the_processor(
    hall: Any,
) -> None:
    hall.with_printer()
    driver = EmptyDriver()
    hall.driver = driver
    hall.start()

    hall.until(lambda: "offline" in hall.alerts)

    hall.stop()
    os.close(driver.fileno())
    assert 0 < driver.reads < 200


class EmptyDriver:
    """A device whose reads succeed and bring nothing."""

    bytes_a_second, chunk, reads = 1e6, 4096, 0

    def open(self) -> Any:
        return self

    def fileno(self) -> int:
        return self._null

    def __init__(self) -> None:
        self._null = os.open("/dev/null", os.O_RDWR)

    def read(self) -> bytes:
        self.reads += 1
        return b""

    def write(self, data: bytes) -> int:
        return len(data)

    def close(self) -> None:
        pass


class NarrowDriver(SimulatedDriver):
    """A cable that holds only a few bytes, so that a job is on its way for long."""

    def open(self) -> SocketWire:
        line = self._bench.plug()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        return SocketWire(line)


def _stage(hall: Any) -> str | None:
    running = hall.service._printing._running
    return None if running is None else str(running.stage.value)


def _stages(hall: Any) -> list[str]:
    return [a.stage.value for a in hall.service._store.of_ticket("t1")]
