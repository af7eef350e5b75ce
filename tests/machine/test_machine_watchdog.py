"""The machine's own watchdog: a machine that hangs resets itself, and nobody has to come."""

from emulated import units
from emulated.hall import Hall
from emulated.waiting import until
from test_machine_television import HERE

A_BUTTON = 2
RESET_S = 240.0


def test_a_machine_whose_first_program_hangs_resets_itself_and_opens_again(hall: Hall) -> None:
    hall.press(A_BUTTON)
    given = hall.given()
    # On a busy host its time may have run out before, without an effect, and an i6300esb that ran
    # out counts no more until it is opened again, which systemd does when it starts anew.
    hall.guest.run("systemctl daemon-reexec")
    hall.monitor.forget()
    hall.monitor.ask("set-action", watchdog="reset")

    hall.guest.run("echo 1 >/sys/fs/cgroup/init.scope/cgroup.freeze")

    assert hall.monitor.happened("WATCHDOG", RESET_S), "nobody resets the machine"
    hall.monitor.ask("set-action", watchdog="none")
    hall.came_up_again()
    until(lambda: units.are_running(hall.guest, HERE), 900, "not all units run")
    assert hall.sees(lambda: hall.state("printer-1") == "ready", 120), hall.alerts("printer-1")
    # No battery, no network: what the clock says since the last start is no more sure than before.
    assert hall.sees(lambda: "clock_unsure" in hall.alerts("controller")), "the clock is believed"
    hall.press(A_BUTTON)
    assert hall.given()[: len(given)] == given
    assert len(hall.given()) == len(given) + 1
