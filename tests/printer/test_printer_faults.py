"""The fault list of ticket printing, against the dispenser on every kind of line."""

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from printer.drivers.network import NetworkDriver, SocketWire
from printer.drivers.serial import SerialDriver
from printer.drivers.simulated import SimulatedDriver
from printer.drivers.usb import UsbDriver, open_device
from printer.ports import Absent, Busy, Denied, Pressed
from printer.simulator.paper import Sheet

Lines = Callable[[Any], Any]


def _on_cable(hall: Any) -> Any:
    return SimulatedDriver(hall.bench)


def _on_tcp(hall: Any) -> Any:
    return NetworkDriver("127.0.0.1", hall.bench.listen())


def _on_serial(hall: Any) -> Any:
    return SerialDriver(hall.bench.open_pty(), 115200, "none")


def _on_lp(hall: Any) -> Any:
    return UsbDriver(Path(hall.bench.open_pty()))


LINES: dict[str, Lines] = {
    "cable": _on_cable,
    "tcp": _on_tcp,
    "serial": _on_serial,
    "lp": _on_lp,
}


@pytest.fixture(params=sorted(LINES))
def wired(request: pytest.FixtureRequest, hall: Any) -> Any:
    return wire(hall, request.param)


def wire(hall: Any, line: str) -> Any:
    hall.with_printer()
    hall.driver = LINES[line](hall)
    hall.bench.start()
    return hall.start().ready()


def labelled(sheet: Sheet) -> bool:
    """Whether the paper begins with the black bar of IN LẠI."""
    corner = sheet.image.crop((40, 6, 120, 12)).convert("L")
    return corner.getextrema() == (0, 0)


def papers(hall: Any) -> list[bool]:
    """Labelled or not, of every paper that carries more than blank."""
    return [labelled(sheet) for sheet in hall.sheets if not sheet.blank]


def press(hall: Any) -> None:
    hall.daemon.desk.inbox.post(Pressed("ho-tich"))


def under_way(hall: Any) -> bool:
    """Whether bytes of the job have left for the printer."""
    running = hall.service._line._session._running
    return running is not None and running.accepted > 0


def sent(hall: Any) -> bool:
    running = hall.service._printing._running
    return running is not None and running.stage.value == "sent"


def test_a_ticket_is_printed_once_and_confirmed(wired: Any) -> None:
    press(wired)

    wired.until(lambda: wired.results == [("t1", "printed")])

    assert papers(wired) == [False]


def test_a_ticket_that_meets_the_end_of_the_roll_is_held_and_never_sent_again(wired: Any) -> None:
    wired.bench.change(stalled=True)
    press(wired)
    wired.until(lambda: wired.service._printing.busy)
    wired.bench.change(paper_out=True, stalled=False)
    wired.until(lambda: "paper_out" in wired.alerts)
    assert wired.results == []

    wired.bench.new_roll()

    wired.until(lambda: wired.results == [("t1", "printed")])
    assert papers(wired) == [False]


def test_a_power_cut_in_the_middle_gives_one_labelled_reprint(wired: Any) -> None:
    wired.bench.change(stalled=True)
    press(wired)
    wired.until(lambda: under_way(wired))
    wired.bench.change(power=False)
    wired.until(lambda: wired.results == [("t1", "unknown")])
    wired.until(lambda: "offline" in wired.alerts)

    wired.bench.change(power=True, stalled=False)

    wired.until(lambda: wired.results == [("t1", "unknown"), ("t1", "printed")])
    assert papers(wired)[-1] is True
    assert papers(wired).count(True) == 1
    assert wired.controller.questions == 1
    assert not wired.alerts


@pytest.mark.parametrize(
    ("line", "mishap"),
    [
        ("tcp", "mute"),
        ("lp", "mute"),
        ("tcp", "stalled"),
        ("cable", "stalled"),
        ("serial", "garbled"),
        ("serial", "stalled"),
    ],
)
def test_a_printer_that_does_not_talk_is_a_state_and_comes_back(
    hall: Any, line: str, mishap: str
) -> None:
    wired = wire(hall, line)
    wired.bench.change(**{mishap: True})
    wired.until(lambda: "offline" in wired.alerts)
    assert wired.answer(wired.dispense()).error.code == "unavailable"

    wired.bench.change(**{mishap: False})

    wired.until(lambda: not wired.alerts)
    wired.ready()
    press(wired)
    wired.until(lambda: wired.results == [("t1", "printed")])


def test_noise_on_the_line_does_not_confirm_a_paper(wired: Any) -> None:
    wired.bench.change(stalled=True)
    press(wired)
    wired.until(lambda: wired.service._printing.busy)

    wired.bench.do(lambda machine, _now: machine._answers.extend(b"\xff\x80\xa5\xc3\xfe\x90"))
    for _ in range(5):
        wired.turn()

    assert wired.results == []
    wired.bench.change(stalled=False)
    wired.until(lambda: ("t1", "printed") in wired.results)


def test_status_pushed_in_between_does_not_confirm_a_paper(wired: Any) -> None:
    wired.bench.change(stalled=True)
    press(wired)
    wired.until(lambda: wired.service._printing.busy)

    wired.bench.change(paper_low=True)
    wired.until(lambda: "paper_low" in wired.alerts)

    assert wired.results == []
    wired.bench.change(stalled=False)
    wired.until(lambda: ("t1", "printed") in wired.results)


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
    hall.bench.do(lambda machine, now: machine.change(now, stalled=False))
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
    from printer.session import Confirm  # noqa: PLC0415

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


def test_a_slow_printer_is_waited_for(hall: Any) -> None:
    hall.speed = 120.0
    hall.patience = replace(hall.patience, stall=3.0, silent=5.0, answer=1.0)
    hall.with_printer().bench.start()
    hall.start().ready()

    press(hall)

    hall.until(lambda: hall.results == [("t1", "printed")])
    assert papers(hall) == [False]


# --- how devices fail to open -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.EBUSY, Busy), (errno.EACCES, Denied), (errno.ENODEV, Absent), (errno.ENOENT, Absent)],
)
def test_a_usb_device_says_why_it_does_not_open(number: int, kind: type[Exception]) -> None:
    def refuse(_path: Path) -> int:
        raise OSError(number, os.strerror(number))

    with pytest.raises(kind):
        UsbDriver(Path("/dev/usb/lp0"), refuse).open()


def test_a_busy_device_is_named_and_taken_when_it_is_free(hall: Any) -> None:
    hall.with_printer()
    path = Path(hall.bench.open_pty())
    held = [True]

    def opener(device: Path) -> int:
        if held:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return open_device(device)

    hall.driver = UsbDriver(path, opener)
    hall.bench.start()
    hall.start()
    hall.until(lambda: "offline" in hall.alerts)
    assert "chương trình khác" in hall.daemon.desk.health.alerts["offline"].text

    held.clear()

    hall.ready()
    assert not hall.alerts


def test_two_programs_cannot_hold_one_serial_port(hall: Any) -> None:
    hall.with_printer()
    path = hall.bench.open_pty()
    first = SerialDriver(path, 9600, "none").open()

    with pytest.raises(Busy):
        SerialDriver(path, 9600, "none").open()

    first.close()


def test_a_full_serial_line_takes_nothing_and_returns_at_once(hall: Any) -> None:
    hall.with_printer()
    wire = SerialDriver(hall.bench.open_pty(), 9600, "none").open()

    taken = [wire.write(bytes(4096)) for _ in range(8)]

    assert taken[0] > 0
    assert taken[-1] == 0
    wire.close()


def test_a_missing_serial_port_is_absent() -> None:
    with pytest.raises(Absent):
        SerialDriver("/dev/khong-co", 9600, "rtscts").open()


def test_nobody_at_the_address_is_absent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Absent):
        NetworkDriver("127.0.0.1", port).open()


def test_the_kernel_s_word_of_no_paper_is_a_fault_and_not_a_loss(hall: Any) -> None:
    hall.with_printer()
    path = Path(hall.bench.open_pty())
    empty: list[bool] = []
    hall.driver = NoPaperDriver(UsbDriver(path), empty)
    hall.bench.start()
    hall.start().ready()
    empty.append(True)

    press(hall)
    hall.until(lambda: "paper_out" in hall.alerts)
    empty.clear()

    hall.until(lambda: ("t1", "printed") in hall.results)


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


class NoPaperDriver:
    """A device whose writes fail with ENOSPC while `empty` holds something."""

    bytes_a_second, chunk = 1e6, 4096

    def __init__(self, inner: UsbDriver, empty: list[bool]) -> None:
        self._inner, self._empty = inner, empty

    def open(self) -> Any:
        return NoPaperWire(self._inner.open(), self._empty)


class NoPaperWire:
    def __init__(self, inner: Any, empty: list[bool]) -> None:
        self._inner, self._empty = inner, empty
        self.fileno, self.read, self.close = inner.fileno, inner.read, inner.close

    def write(self, data: bytes) -> int:
        from printer.ports import PaperEnd  # noqa: PLC0415

        if self._empty and len(data) > 10:
            raise PaperEnd
        return int(self._inner.write(data))


def _stage(hall: Any) -> str | None:
    running = hall.service._printing._running
    return None if running is None else str(running.stage.value)


def _stages(hall: Any) -> list[str]:
    return [a.stage.value for a in hall.service._store.of_ticket("t1")]
