"""Pages are called fresh exactly while the controller would answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from controller_stories import Story, Telling, each_story

from hall.counter.condition import HallCondition
from hall.counter.ports import Post
from hall.counter.service import CounterPages
from hall.runtime.bus_memory import MemoryBroker, MemoryBus
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester


@dataclass
class Browsers:
    """All entries as a browser holds them."""

    entries: dict[str, str | None] = field(default_factory=dict)

    def start(self, _post: Post) -> str:
        return "http://127.0.0.1:1"

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        self.entries.update(changed)

    def trouble(self) -> str:
        return ""

    def is_up(self) -> bool:
        return True

    def stop(self) -> None:
        pass


@each_story
def test_pages_are_fresh_while_the_controller_would_answer(story: Story) -> None:
    broker, clock, browsers = MemoryBroker(), SetClock(), Browsers()
    bus: MemoryBus = broker.bus("counters", "thu", clock)
    context = DaemonContext(
        "counters", "thu", bus, Inbox(), clock, Health(bus, clock), Requester(bus)
    )
    condition = HallCondition((), UTC, clock, Path.cwd())
    daemon = Daemon(context, CounterPages(context, browsers, {}, condition))

    def work() -> None:
        while not context.inbox._items.empty():
            daemon.turn(clock.monotonic(), 0)
        daemon.service.tick(clock.monotonic())

    daemon.service.start()
    daemon.open()
    work()
    story.tell(Telling(broker, bus, clock, work))

    link = json.loads(browsers.entries["link"] or "{}")
    assert link == {"bus": story.linked, "fresh": story.there and story.linked}
