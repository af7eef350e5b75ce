"""Turns for many phones at once out of few questions to the controller.

    phone ─┐
    phone ─┼─▶ wanted ──once a second, all of them──▶ `follow` ──▶ kept for two seconds ─▶ phones
    phone ─┘

However many phones ask and however often: the clerks' acts share the same budget of requests.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from hall.contract.following import MOST_FOLLOWED, Follow, FollowData, FollowedTicket
from hall.contract.topics import REQ_QUEUE
from hall.counter.asking import answered
from hall.counter.ports import Post
from hall.runtime.requester import data_of, new_id

BATCH_S = 1.0
FRESH_S = 2.0
Seen = FollowedTicket | Literal["unknown", "unavailable"]


@dataclass(slots=True)
class TurnBoard:
    """Lives on the web server's loop; `post` hands questions to the service's loop."""

    post: Post
    batch_s: float = BATCH_S
    _seen: dict[str, tuple[float, Seen]] = field(default_factory=dict)
    _wanted: dict[str, asyncio.Future[Seen]] = field(default_factory=dict)
    _asker: asyncio.Task[None] | None = None

    async def turn(self, token: str) -> Seen:
        """Where it stands, not more than two seconds old."""
        now = asyncio.get_running_loop().time()
        at, seen = self._seen.get(token, (-FRESH_S, "unknown"))
        if now - at < FRESH_S:
            return seen
        if token not in self._wanted and len(self._wanted) >= MOST_FOLLOWED:
            return "unavailable"
        waiting = self._wanted.setdefault(token, asyncio.get_running_loop().create_future())
        if self._asker is None:
            self._asker = asyncio.get_running_loop().create_task(self._ask_for_all())
        return await asyncio.shield(waiting)

    async def _ask_for_all(self) -> None:
        """Until nobody waits."""
        while self._wanted:
            wanted, self._wanted = self._wanted, {}
            turns = await self._ask_controller(wanted)
            now = asyncio.get_running_loop().time()
            self._seen = {t: s for t, s in self._seen.items() if now - s[0] < FRESH_S}
            for token, waiting in wanted.items():
                seen = "unavailable" if turns is None else turns.get(token, "unknown")
                if turns is not None:
                    self._seen[token] = now, seen
                waiting.set_result(seen)
            await asyncio.sleep(self.batch_s)
        self._asker = None

    async def _ask_controller(self, tokens: Iterable[str]) -> dict[str, Seen] | None:
        """None: the controller did not say."""
        request = Follow(id=new_id(), tokens=tuple(tokens))
        told = data_of(await answered(self.post, REQ_QUEUE, "follow", request), FollowData)
        return None if told is None else {turn.token: turn for turn in told.tickets}
