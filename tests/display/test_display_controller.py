"""A face is marked as old exactly while the controller is not there."""

from typing import Any

from controller_stories import Story, Telling, each_story

from display.faces import Spec
from display.service import FacesService
from hall.runtime.daemon import Daemon


@each_story
def test_a_face_is_marked_while_the_controller_is_not_there(stage: Any, story: Story) -> None:
    context = stage.context_of("display")
    service = FacesService(context, [Spec("1")], {})
    stage.run(Daemon(context, service))
    stage.counter("1", "serving", "A105")

    story.tell(Telling(stage.broker, stage.buses[0], stage.clock, stage.settle))

    assert (service._published["1"].style == "stale") is not story.there
