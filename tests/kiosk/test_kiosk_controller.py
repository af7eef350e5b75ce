"""The kiosk offers tickets and shows numbers as current exactly while the controller answers."""

from controller_stories import Story, Telling, each_story

from hall.contract.messages import DeviceStatus
from hall.contract.topics import DEV_STATUS
from hall.runtime.bus import Connected, Received
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.hearing import subscriptions
from hall.runtime.inbox import Inbox
from kiosk.model.world import World, learn_item


@each_story
def test_numbers_are_current_while_the_controller_answers(story: Story) -> None:
    broker, clock, inbox = MemoryBroker(), SetClock(), Inbox()
    bus = broker.bus("kiosk-1", "thu", clock)
    world = [World()]

    def work() -> None:
        while (item := inbox.take_item(0)) is not None:
            world[0] = learn_item(world[0], item, clock.monotonic(), "printer-1")  # type: ignore[arg-type]

    bus.open(inbox, subscriptions("kiosk-1", {}), ())
    work()
    story.tell(Telling(broker, bus, clock, work))

    assert world[0].current(clock.monotonic()) is (story.there and story.linked)


def test_a_late_will_of_the_printers_older_connection_is_ignored() -> None:
    world = learn_item(World(), Connected("c"), 1.0, "printer-1")
    for state, conn in (("ready", "B"), ("lost", "A")):
        told = DeviceStatus.model_validate({"state": state, "conn": conn, "sw": "x"})
        item = Received(DEV_STATUS, {"client": "printer-1"}, told, "printer-1")
        world = learn_item(world, item, 1.0, "printer-1")

    assert world.paper_fault is None
