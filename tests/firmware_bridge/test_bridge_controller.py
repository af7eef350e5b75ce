"""Keys are asked on, and displays trusted, exactly while the controller is there."""

from collections.abc import Callable
from typing import Any

from controller_stories import Story, Telling, each_story

MARKED = 0xF3


@each_story
def test_numbers_are_marked_while_the_controller_is_not_there(
    hall_of: Callable[..., Any], story: Story
) -> None:
    hall = hall_of()
    hall.face("A001")
    hall.run(0.5)

    story.tell(Telling(hall.broker, hall.daemon.context.bus, hall.clock, hall.work))
    hall.run(0.4)

    assert (hall.wire.units[1].unit.flags >> 8 == MARKED) is not story.there


@each_story
def test_a_key_reaches_the_queue_while_the_controller_is_there(
    hall_of: Callable[..., Any], story: Story
) -> None:
    hall = hall_of()
    story.tell(Telling(hall.broker, hall.daemon.context.bus, hall.clock, hall.work))

    hall.press("N")
    hall.run(0.5)

    assert bool(hall.asked) is (story.there and story.linked)
