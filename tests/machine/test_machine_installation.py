"""The manual, followed without a network, opens a hall whose units all run."""

from emulated import units
from emulated.hall import Hall
from emulated.installation import UNITS, YAML
from emulated.waiting import until


def test_every_unit_of_the_hall_comes_to_run(hall: Hall) -> None:
    until(lambda: units.are_running(hall.guest, UNITS), 240, "not all units run")


def test_adapters_whose_drivers_were_not_loaded_yet_are_opened_all_the_same(hall: Hall) -> None:
    """Nothing but the printer was plugged in until now: usbserial is not even registered."""
    for name in ("bus1", "printer2", "scanner"):
        hall.cables[name].plug()

    assert hall.sees(lambda: not hall.alerts("bridge-1"), 60), hall.alerts("bridge-1")
    assert hall.sees(lambda: hall.state("printer-2") == "ready", 60), hall.alerts("printer-2")
    assert hall.sees(lambda: hall.state("kiosk-1") == "ready", 60), hall.alerts("kiosk-1")


def test_no_unit_was_refused_anything_or_broke(hall: Hall) -> None:
    found = units.look(hall.guest, UNITS)

    assert [unit for unit in found if not unit.is_well] == []
    assert units.faults(hall.guest) == ""


def test_the_doctor_misses_nothing_but_what_has_not_come_yet(hall: Hall) -> None:
    """The board has no screen yet, and the one-stop software is somewhere else."""
    hall.leave_terminal()
    done = hall.guest.run(f"motcua doctor -c {YAML} --state /etc/motcua", 180)

    missed = [line for line in done.text.splitlines() if line.lstrip().startswith("✗")]
    assert [line.split("  ")[1].strip() for line in missed] == ["board", "phần mềm một cửa"], (
        done.text
    )


def test_a_second_start_of_the_launcher_needs_no_network_either(hall: Hall) -> None:
    """The environment was built from the stick's wheels, by their hashes."""
    assert "đang chuẩn bị" not in hall.guest.ask(f"motcua check -c {YAML}", 180)
