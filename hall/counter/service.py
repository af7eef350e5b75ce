"""Between browsers and bus: states go out to the pages, presses go to the queue, once each."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hall.contract.messages import HallState, Reply, TicketEvent
from hall.contract.requests import Request
from hall.contract.topics import EVT_TICKET, REQ_DEV
from hall.counter.condition import HallCondition
from hall.counter.gallery import Gallery
from hall.counter.head.oversight import Oversight
from hall.counter.history import History
from hall.counter.lines import WaitingLists
from hall.counter.page_state import PageState
from hall.counter.parts import FINDING, HEAD, LINE, WorkedPart
from hall.counter.ports import Guessing, PageAct, Pages, PageServer, PartsWatched
from hall.counter.serving import ServedAddress, Serving
from hall.runtime.bus import Cleared, Connected, Received
from hall.runtime.daemon import DaemonContext
from hall.runtime.picture import Presence, after

log = logging.getLogger(__name__)

_LOOK_S = 0.3
# After the last wrong code the alert stands so long: somebody has to come and look.
_GUESSING_S = 1800.0
# How old what is told of devices may be, and what the head of the hall is told.
_CONDITION_S, _OVERSIGHT_S = 2.0, 1.0
STAFF_PAGES = ServedAddress("pages_down", "trang gọi số", "counter")
PHONES = ServedAddress("turn_page_down", "trang Sắp đến lượt", "turn_page")


@dataclass(slots=True)
class CounterPages:
    """`setting`: what the pages must know of the YAML. `gallery`: pictures, in the demo.

    `oversight`: what the head of the hall is shown, and the figures it keeps.
    `phones`: the page for citizens, where there is one.
    """

    context: DaemonContext
    pages: Pages
    setting: Mapping[str, object]
    condition: HallCondition
    gallery: Gallery | None = None
    oversight: Oversight | None = None
    on_open: Callable[[str], None] | None = None
    on_stop: Callable[[], None] | None = None
    phones: PageServer | None = None
    _shown: PageState = field(default_factory=PageState)
    _history: History = field(init=False)
    _lines: WaitingLists = field(init=False)
    _waiting: dict[str, list[PageAct]] = field(default_factory=dict)
    _presence: Presence = field(default_factory=Presence)
    _served: tuple[Serving, ...] = ()
    _look_at: float = 0.0
    _guessed_until: float = 0.0
    _asked: frozenset[str] = frozenset()
    _worked: tuple[WorkedPart, ...] = ()

    def __post_init__(self) -> None:
        self._history = History(self.context, self._pass_event)
        self._lines = WaitingLists(self.context, self._show_line)
        self._worked = (
            WorkedPart(FINDING, _CONDITION_S, self._findings),
            WorkedPart(HEAD, _OVERSIGHT_S, self._overseen),
        )

    def start(self) -> None:
        self._shown.put("setting", self.setting)
        staff = Serving(self.context, self.pages, STAFF_PAGES, self.on_open)
        phones = [] if self.phones is None else [Serving(self.context, self.phones, PHONES)]
        self._served = (staff, *phones)
        for each in self._served:
            each.open(self.context.inbox.post)

    def stop(self) -> None:
        for each in self._served:
            each.server.stop()
        if self.oversight is not None:
            self.oversight.close()
        if self.on_stop is not None:
            self.on_stop()

    def tick(self, now: float) -> float:
        for each in self._served:
            each.tick(now, self.context.inbox.post)
        if self.gallery is not None and now >= self._look_at:
            self._look_at = now + _LOOK_S
            self._shown.put("pictures", self.gallery.look())
        if now >= self._guessed_until:
            self.context.health.solve("guessing")
        fresh = self._presence.reachable(now)
        self._shown.put("link", {"bus": self._presence.linked, "fresh": fresh})
        for part in self._worked:
            part.tick(now, self._asked, self._shown)
        due = now + 1.0 if self.oversight is None else self.oversight.tick(now)
        self._push()
        soonest = min(now + 1.0, due, self._lines.tick(now))
        return min(soonest, self._look_at) if self.gallery else soonest

    def handle(self, item: object) -> None:
        self._presence = after(self._presence, item, self.context.clock.monotonic())
        match item:
            case Connected():
                self._history.fell_behind()
                self._lines.changed(None)
            case Received(message=TicketEvent() as event):
                self._history.event(event)
            case Received(channel, levels, Request(id=asked)) if channel is REQ_DEV:
                self.context.refuse(levels["client"], asked, "bad_request")
            case Received():
                self._received(item)
            case Cleared(channel, levels):
                self.condition.gone(channel, levels)
                self._shown.gone(channel, levels)
            case PageAct():
                self._ask_for_page(item)
            case Guessing():
                self._guessed(item)
            case PartsWatched(parts=parts):
                self._asked = parts
                self._lines.watch(frozenset(map(_counter_of, parts)) - {""})
            case _:
                self._oversee(item)

    def _received(self, item: Received) -> None:
        self.condition.take_message(item)
        self._oversee(item)
        if isinstance(item.message, HallState) and not item.retained:
            self._history.heartbeat(item.message)
        self._shown.take_message(item.channel, item.levels, item.message)

    def _oversee(self, item: object) -> None:
        if self.oversight is not None:
            self.oversight.take_item(item, self.context.clock.now())

    def _pass_event(self, event: TicketEvent) -> None:
        self._shown.take_message(EVT_TICKET, {}, event)
        self._lines.changed(event.counter)

    def _show_line(self, counter: str, line: object) -> None:
        self._shown.put(f"{LINE}/{counter}", line)

    def _guessed(self, guessing: Guessing) -> None:
        """Each is in the log; the latest one stands in the alert."""
        address = guessing.address
        self._guessed_until = self.context.clock.monotonic() + _GUESSING_S
        log.warning("wrong ones of %s, one after the other, from %s", guessing.what, address)
        self.context.health.alert(
            "guessing",
            f"Máy {address} thử nhiều {guessing.what} sai ở trang của cán bộ.",
            f"Nếu không phải người của mình gõ nhầm: tìm máy có địa chỉ {address} và rút dây mạng "
            "của nó. Các máy đã ghép vẫn dùng được.",
        )

    def _findings(self) -> Mapping[str, object]:
        linked, now = self._presence.linked, self.context.clock.monotonic()
        fresh = self._presence.reachable(now)
        return self.condition.entries(self.context, linked=linked, answered=fresh)

    def _overseen(self) -> Mapping[str, object]:
        now = self.context.clock.now()
        return {} if self.oversight is None else self.oversight.entries(now)

    def _push(self) -> None:
        changed = self._shown.take_changes()
        if changed:
            self.pages.show_changes(changed)

    def _ask_for_page(self, asked: PageAct) -> None:
        """A browser's retry carries the same id: it waits for the same answer."""
        waiting = self._waiting.setdefault(asked.request.id, [])
        waiting.append(asked)
        if len(waiting) > 1:
            return
        now = self.context.clock.monotonic()
        self.context.requester.send_request(
            asked.channel, asked.verb, asked.request, self._answered, now, target=asked.target
        )

    def _answered(self, reply: Reply) -> None:
        """The state that came with or before the reply reaches the page before the reply does."""
        self._push()
        for asked in self._waiting.pop(reply.id, ()):
            asked.answer(reply)


def _counter_of(part: str) -> str:
    """Whose whole list this part is; "" = it is another part."""
    kind, _, counter = part.partition("/")
    return counter if kind == LINE else ""
