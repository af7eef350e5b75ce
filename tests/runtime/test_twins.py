"""Another program under one's own client id is named, and one of the two goes on."""

from typing import Any

from hall.contract.messages import DeviceStatus
from hall.contract.topics import DEV_STATUS
from hall.runtime.twins import AWAY_S, SETTLED_S, Rivalry, twin_words

World = Any


def alerts(world: World, client: str = "printer-1") -> list[str]:
    start = f"motcua/1/thu/dev/{client}/alert/"
    return [t.removeprefix(start) for t in world.broker.retained if t.startswith(start)]


def other(world: World, host: str, state: str = "ready") -> None:
    """Another machine's printer-1 says its status."""
    bus, _ = world.member("printer-1")
    bus.publish(
        DEV_STATUS, DeviceStatus(state=state, conn="theirs", host=host, sw="x"), client="printer-1"
    )
    bus.close()


def test_who_was_thrown_out_names_both_machines(world: World) -> None:
    printer = world.daemon("printer-1")
    printer.context.bus.drop()
    other(world, "pi-2", "lost")
    printer.context.bus.connect()
    world.settle(printer)

    text = printer.context.health.alerts["twin"].text
    assert text == "Có hai máy in printer-1 trên bus: memory và pi-2."
    assert alerts(world) == ["twin"]


def test_a_live_status_of_another_machine_is_a_twin_where_the_broker_throws_nobody_out(
    world: World,
) -> None:
    printer = world.daemon("printer-1")
    other(world, "pi-2")
    world.settle(printer)

    assert alerts(world) == ["twin"]


def test_one_late_message_of_an_earlier_run_here_is_no_twin(world: World) -> None:
    printer = world.daemon("printer-1")
    other(world, "memory")
    world.settle(printer)
    assert alerts(world) == []

    other(world, "memory")
    world.settle(printer)

    assert alerts(world) == ["twin"]


def test_what_an_earlier_run_left_retained_is_no_twin(world: World) -> None:
    other(world, "pi-2")
    printer = world.daemon("printer-1")
    world.clock.advance(30)
    world.settle(printer)

    assert alerts(world) == []


def test_the_alert_goes_when_the_other_one_has_long_been_quiet(world: World) -> None:
    printer = world.daemon("printer-1")
    other(world, "pi-2")
    world.settle(printer)
    world.clock.advance(601)
    world.settle(printer)

    assert alerts(world) == []


def test_two_that_answer_each_others_status_do_not_fill_the_bus(world: World) -> None:
    printers = [world.daemon("printer-1") for _ in range(2)]
    before = len(world.broker.log)
    world.settle(*printers)

    assert len(world.broker.log) - before < 10


def test_a_twin_is_in_what_a_person_reads_of_the_service_even_off_the_bus(world: World) -> None:
    printer = world.daemon("printer-1")
    other(world, "pi-2")
    world.settle(printer)
    printer.context.bus.drop()

    assert "Có hai máy in printer-1 trên bus: memory và pi-2." in printer.wrong


def test_who_is_told_of_two_controllers_learns_how_one_takes_over() -> None:
    _, advice = twin_words("controller", "pi-1", "pi-2")

    assert "motcua takeover" in advice


# --- who goes on ----------------------------------------------------------------------------------


def test_who_loses_two_young_connections_to_another_makes_way_and_looks_again(
    world: World,
) -> None:
    printer = world.daemon("printer-1")
    for _ in range(2):
        printer.context.bus.drop()
        other(world, "pi-2", "lost")
        printer.context.bus.connect()
        world.settle(printer)

    fault = printer.context.bus.fault
    assert fault is not None
    assert fault.text == "Có hai máy in printer-1 trên bus: memory và pi-2. Máy này tạm đứng lại"
    world.clock.advance(AWAY_S)
    world.settle(printer)
    assert printer.context.bus.fault is None


def test_a_connection_that_is_lost_to_nobody_makes_no_way(world: World) -> None:
    printer = world.daemon("printer-1")
    for _ in range(4):
        printer.context.bus.drop()
        printer.context.bus.connect()
        world.settle(printer)

    assert printer.context.bus.fault is None
    assert alerts(world) == []


def contest(head_start_s: float) -> list[int]:
    """Two of one id throw each other out until one makes way; who came to know of it, in order."""
    both = (Rivalry(), Rivalry())
    out, lasted, known = 0, head_start_s, []
    for _ in range(8):
        known.append(out)
        if both[out].yields(lasted, other_left=False):
            return known
        out, lasted = 1 - out, 0.5
    return known


def test_who_was_there_first_goes_on() -> None:
    assert contest(SETTLED_S) == [0, 1, 0, 1]


def test_of_two_that_start_at_once_one_goes_on_and_both_have_been_told() -> None:
    assert contest(0.3) == [0, 1, 0]


def test_who_hears_that_the_other_left_stays() -> None:
    rival = Rivalry()
    rival.yields(0.5, other_left=False)

    assert not rival.yields(0.5, other_left=True)


def test_who_stayed_away_and_finds_the_other_still_there_leaves_at_once() -> None:
    late = Rivalry()
    for _ in range(2):
        late.yields(0.5, other_left=False)

    assert late.yields(0.5, other_left=False)
