"""A connection to a running hall for one who asks and waits: a technician's command, a demo."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import RSP, Channel
from hall.contract.words import WireModel
from hall.runtime.bus import Connected, Received, Subscription, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.link_faults import SILENT, Outlook

CONNECT_S = 5.0
P = TypeVar("P", bound=WireModel)


class NoHall(Exception):
    """The hall's broker does not answer, or not to us. `advice`: what to do about it."""

    def __init__(self, text: str, advice: str = "") -> None:
        super().__init__(text)
        self.advice = advice


class Terminal:
    """`seen`: the last message of every state it has subscribed to, by topic.

    `spoke`: when each client is known to have written something.
    """

    def __init__(self, context: DaemonContext) -> None:
        self.context = context
        self.seen: dict[tuple[str, str], WireModel] = {}
        self.spoke: dict[str, datetime] = {}
        self._up = False

    def open(self, subscriptions: Sequence[Subscription] = ()) -> None:
        """Raises NoHall."""
        mine = Subscription(RSP, {"client": self.context.client})
        self.context.bus.open(self.context.inbox, (mine, *subscriptions), ())
        self.until(lambda: self._up or self._is_hopeless, CONNECT_S)
        if not self._up:
            fault = self.context.bus.fault or SILENT
            raise NoHall(fault.text, fault.advice)

    @property
    def _is_hopeless(self) -> bool:
        """Waiting alone will not help."""
        fault = self.context.bus.fault
        return fault is not None and fault.outlook is Outlook.LASTING

    def close(self) -> None:
        self.context.bus.close()

    def ask_hall(
        self, channel: Channel, verb: str, request: Request, target: str | None = None
    ) -> Reply:
        """Ask and wait for the reply, or for `unavailable` when none comes."""
        replies: list[Reply] = []
        now = self.context.clock.monotonic()
        self.context.requester.send_request(
            channel, verb, request, replies.append, now, target=target
        )
        self.until(lambda: bool(replies), 10.0)
        return replies[0]

    def state(self, channel: Channel, model: type[P], **levels: str) -> P | None:
        """The last state seen on this channel and these levels."""
        found = self.seen.get((channel.name, "/".join(levels.values())))
        return None if found is None else expect(found, model)

    def states(self, channel: Channel) -> dict[str, WireModel]:
        """All states seen on a channel, by their levels."""
        return {key: part for (name, key), part in self.seen.items() if name == channel.name}

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Listen until the condition holds; False when the time is up."""
        clock = self.context.clock
        end = clock.monotonic() + seconds
        while not condition():
            now = clock.monotonic()
            if now >= end:
                return False
            due = self.context.requester.tick(now)
            self._take_item(self.context.inbox.take_item(max(0.0, min(end, due, now + 0.2) - now)))
        return True

    def _take_item(self, item: object) -> None:
        match item:
            case Connected():
                self._up = True
                self.context.requester.connected()
            case Received(channel=channel, message=message) if channel is RSP:
                self.context.requester.take_reply(expect(message, Reply))
            case Received(channel=channel, message=message, levels=levels, src=src, ts=ts):
                self.seen[(channel.name, "/".join(levels.values()))] = message
                if ts is not None:
                    self.spoke[src] = max(ts, self.spoke.get(src, ts))
            case _:
                pass
