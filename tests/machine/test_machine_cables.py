"""Cables are pulled out and plugged in again; nobody restarts anything."""

from emulated import units
from emulated.hall import Hall
from emulated.waiting import until

A_BUTTON = 2


def test_a_bus_adapter_that_was_pulled_out_works_again_once_it_is_back(hall: Hall) -> None:
    number = hall.held("1")
    hall.cables["bus1"].pull()
    assert hall.sees(lambda: "bus_down" in hall.alerts("bridge-1")), hall.alerts("bridge-1")

    hall.cables["bus1"].plug()

    assert hall.sees(lambda: hall.alerts("bridge-1") == (), 60), hall.alerts("bridge-1")
    until(lambda: hall.bus.shown(1) == number, 20, f"the unit does not show {number}")


def test_a_unit_without_power_is_named_and_shows_its_number_again_after(hall: Hall) -> None:
    number = hall.held("1")
    hall.bus.switch(1, on=False)
    assert hall.sees(lambda: "unit_lost" in hall.alerts("bridge-1")), hall.alerts("bridge-1")

    hall.bus.switch(1, on=True)

    assert hall.sees(lambda: hall.alerts("bridge-1") == (), 60), hall.alerts("bridge-1")
    until(lambda: hall.bus.shown(1) == number, 20, f"the unit does not show {number}")


def test_a_usb_printer_that_was_pulled_out_prints_again_once_it_is_back(hall: Hall) -> None:
    hall.pull_usb("printer")
    assert hall.sees(lambda: "offline" in hall.alerts("printer-1")), hall.alerts("printer-1")

    hall.plug_usb("printer")

    assert hall.sees(lambda: hall.state("printer-1") == "ready", 60), hall.alerts("printer-1")
    hall.press(A_BUTTON)


def test_a_touch_screen_that_was_pulled_out_is_felt_again_once_it_is_back(hall: Hall) -> None:
    hall.pull_usb("touch")
    node = "/dev/input/by-id/usb-motcua-test_Touch_screen_TS0001-event*"
    until(lambda: hall.guest.run(f"ls {node}").status != 0, 60, "its cable is still in")
    hall.plug_usb("touch")
    lying = len(hall.network_paper.sheets)

    hall.turn_page("Lấy", "việc")
    hall.turn_page("Đất", "diện")
    hall.touch("thường")

    hall.network_paper.after(lying)


def test_a_serial_printer_that_was_pulled_out_is_ready_again_once_it_is_back(hall: Hall) -> None:
    hall.cables["printer2"].pull()
    assert hall.sees(lambda: "offline" in hall.alerts("printer-2")), hall.alerts("printer-2")

    hall.cables["printer2"].plug()

    assert hall.sees(lambda: hall.state("printer-2") == "ready", 60), hall.alerts("printer-2")


def test_a_scanner_that_was_pulled_out_is_missed_and_then_not(hall: Hall) -> None:
    hall.cables["scanner"].pull()
    assert hall.sees(lambda: "scanner_offline" in hall.alerts("kiosk-1")), hall.alerts("kiosk-1")

    hall.cables["scanner"].plug()

    assert hall.sees(lambda: hall.alerts("kiosk-1") == (), 60), hall.alerts("kiosk-1")


def test_a_network_printer_without_power_is_ready_again_once_it_has_it(hall: Hall) -> None:
    hall.servers["printer3"].switch(on=False)
    assert hall.sees(lambda: "offline" in hall.alerts("printer-3")), hall.alerts("printer-3")

    hall.servers["printer3"].switch(on=True)

    assert hall.sees(lambda: hall.state("printer-3") == "ready", 60), hall.alerts("printer-3")


def test_a_bus_behind_the_network_works_again_once_its_adapter_has_power(hall: Hall) -> None:
    hall.servers["bus2"].switch(on=False)
    assert hall.sees(lambda: "bus_down" in hall.alerts("bridge-1")), hall.alerts("bridge-1")

    hall.servers["bus2"].switch(on=True)

    assert hall.sees(lambda: hall.alerts("bridge-1") == (), 60), hall.alerts("bridge-1")


# As any other program would hold it: until it is stopped, and under its own name.
_HOLDER = """
import gpiod, signal
with gpiod.request_lines("/dev/gpiochip0", consumer="bao-chay", config={2: None}):
    signal.pause()
"""


def test_a_button_s_line_that_another_program_holds_is_named_and_works_once_it_is_let_go(
    hall: Hall,
) -> None:
    unit = "motcua-printer@printer-1"
    python = hall.guest.ask(f"systemctl show -P ExecStart {unit} | sed 's/.*path=//; s/ .*//'")
    hall.guest.write("/run/holder.py", _HOLDER.encode())
    hall.guest.ask(f"systemctl stop {unit}", 120)
    hall.guest.ask(f"systemd-run --unit=holder {python.strip()} /run/holder.py")
    until(lambda: hall.guest.ask("systemctl is-active holder").strip() == "active", 60, "no holder")
    hall.guest.ask(f"systemctl start {unit}", 300)
    assert hall.sees(lambda: "buttons_lost" in hall.alerts("printer-1"), 60), "nobody says so"
    assert "bao-chay" in units.journal(hall.guest, 40)

    hall.guest.ask("systemctl stop holder")

    assert hall.sees(lambda: "buttons_lost" not in hall.alerts("printer-1"), 120)
    hall.press(A_BUTTON)
