"""Buttons and kiosks are refused, and lamps say so, exactly while the controller cannot answer."""

from collections.abc import Callable
from typing import Any

from controller_stories import Story, Telling, each_story

from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.devices import Device
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from printer.jobs.store import Store
from printer.line.reports import Up
from printer.plan import Attached
from printer.ports import ButtonItem, Lamp
from printer.service import NO_CONTROLLER, PrinterService


class ReadyLine:
    """A printer that is up and is given nothing."""

    def start(self, *, after_break: bool = False) -> None:
        pass

    def stop(self) -> None:
        pass


class Lamps:
    devices: tuple[Device, ...] = ()

    def __init__(self) -> None:
        self.shown: list[Lamp] = []

    def start(self, post: Callable[[ButtonItem], None]) -> None:
        pass

    def lamps(self, lamp: Lamp) -> None:
        self.shown.append(lamp)

    def stop(self) -> None:
        pass


@each_story
def test_a_press_is_refused_while_the_controller_cannot_answer(hall: Any, story: Story) -> None:
    clock, lamps, line = SetClock(), Lamps(), ReadyLine()
    bus = hall.broker.bus("printer-1", "thu", clock)
    context = DaemonContext(
        "printer-1", "thu", bus, Inbox(), clock, Health(bus, clock), Requester(bus)
    )
    composers: Any = hall.composers_for()
    devices = Attached(line, (lamps,))  # type: ignore[arg-type]
    store = Store(hall.folder / "printer-1.sqlite")
    service = PrinterService(context, hall._plan(), store, composers, devices)
    daemon = Daemon(context, service)

    def work() -> None:
        while not context.inbox._items.empty():
            daemon.turn(clock.monotonic(), 0)
        service.tick(clock.monotonic())

    service.start()
    service._watch.report(Up())
    daemon.open()
    work()
    story.tell(Telling(hall.broker, bus, clock, work))

    answers = story.there and story.linked
    assert service._obstacle(clock.monotonic()) == (None if answers else NO_CONTROLLER)
    assert (lamps.shown[-1] is Lamp.FAULT) is not answers
    daemon.close()
