"""Entries on their way to browsers: each stream gets all of them once, then what changes.

event: hello          the picture begins anew; data: who is signed in at this browser, or null
data: {key: entry, …} what there is, then what changes; null takes an entry away
event: beat           nothing has changed for _BEAT_S
event: end            the last one; data: {"cause": …}, and the browser need not come back:
"thu-hoi" it was revoked, "lau" unused for too long, "day" too many
streams, "nhieu-the" more of one browser than its pages need. It comes
back after "nguoi-khac": another person is signed in there, or nobody
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from hall.counter.parts import HEAD, LINE, part_of

MOST_STREAMS = 240
# One a browser is enough where its tabs share it, one a tab where they cannot.
MOST_OF_BROWSER = 12
FULL, TOO_MANY_TABS, OTHER_PERSON = "day", "nhieu-the", "nguoi-khac"
# A page takes the link for lost after 5 s without anything (SILENCE_MS in stream.js).
_BEAT_S = 2.0
# So many are written to in one turn of the loop, 0.07 ms each; in between it answers presses.
_AT_ONCE = 8
# What one press brings comes as several changes and then its answer: a crowd is told all at once.
_GATHER_S = 0.01
_BEAT = b"event: beat\ndata:\n\n"


@dataclass(eq=False, slots=True)
class _Stream:
    """`stale`: keys to send; a key that changes twice before it is sent is sent once.

    `parts`: what it has asked for. `clerk`: who was signed in when it began. `ended`: why it ends,
    "" while it goes on.
    """

    browser: int | None = None
    parts: frozenset[str] = frozenset()
    clerk: str | None = None
    stale: dict[str, None] = field(default_factory=dict)
    ended: str = ""
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Streams:
    """Used by the web server's loop alone. `on_parts`: told what is looked at.

    `_written`: what was sent of these entries since the last change; most streams want the same.
    `_behind`: who has still to be told, in turn.
    """

    on_parts: Callable[[frozenset[str]], None] = lambda _: None

    _values: dict[str, str] = field(default_factory=dict)
    _streams: dict[_Stream, None] = field(default_factory=dict)
    _written: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    _behind: dict[_Stream, None] = field(default_factory=dict)
    _closed: bool = False

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        """Whose own counter changed, and the head, are told before an answer that comes after this.

        The others follow a few at a time: a page that has pressed does not wait for them.
        """
        self._written.clear()
        for key, value in changed.items():
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value
        idle, own = not self._behind, _pressed_at(changed)
        for stream in self._streams:
            wanted = [key for key in changed if _is_for(stream, key)]
            if not wanted:
                continue
            stream.stale.update(dict.fromkeys(wanted))
            if stream.parts.isdisjoint(own):
                self._behind[stream] = None
            else:
                stream.wake.set()
        if not idle:
            return
        if len(self._behind) <= _AT_ONCE:
            self._tell_some()
        else:
            asyncio.get_running_loop().call_later(_GATHER_S, self._tell_some)

    def count(self) -> int:
        """How many streams go on."""
        return len(self._streams)

    def entry(self, key: str) -> dict[str, Any]:
        """The object that is shown under this key now; an empty one where nothing is."""
        found: dict[str, Any] = json.loads(self._values.get(key, "{}"))
        return found

    def watching(self) -> frozenset[int]:
        """The browsers that have a page open."""
        return frozenset(each.browser for each in self._streams if each.browser is not None)

    def end_others(self, clerks: Mapping[int, str | None]) -> None:
        """`clerks`: who is signed in at these browsers now; what began with another one ends."""
        for stream in self._streams:
            here = stream.browser
            if here is not None and clerks.get(here, stream.clerk) != stream.clerk:
                _end(stream, OTHER_PERSON)

    def end(self, browsers: Collection[int], cause: str) -> None:
        """Whatever these browsers have open is told why, and ends."""
        for stream in self._streams:
            if stream.browser in browsers:
                _end(stream, cause)

    def close(self) -> None:
        self._closed = True
        for stream in self._streams:
            stream.wake.set()

    async def watch(
        self,
        browser: int | None = None,
        parts: frozenset[str] = frozenset(),
        clerk: str | None = None,
    ) -> AsyncIterator[bytes]:
        """Server-sent events until the browser or the server goes, or there is a cause to end."""
        stream = _Stream(browser, parts, clerk)
        stream.stale = dict.fromkeys(key for key in self._values if _is_for(stream, key))
        self._make_room(stream)
        self._streams[stream] = None
        self._tell_parts()
        try:
            yield f"retry: 1000\nevent: hello\ndata: {json.dumps(clerk)}\n\n".encode()
            while not self._closed and not stream.ended:
                yield self._next(stream)
                await _woken(stream)
            if stream.ended:
                yield f"event: end\ndata: {json.dumps({'cause': stream.ended})}\n\n".encode()
        finally:
            self._streams.pop(stream, None)
            self._behind.pop(stream, None)
            self._tell_parts()

    def _tell_some(self) -> None:
        for stream in tuple(islice(self._behind, _AT_ONCE)):
            del self._behind[stream]
            stream.wake.set()
        if self._behind:
            asyncio.get_running_loop().call_soon(self._tell_some)

    def _tell_parts(self) -> None:
        self.on_parts(frozenset().union(*(stream.parts for stream in self._streams)))

    def _make_room(self, stream: _Stream) -> None:
        """A browser's oldest gives way to its newest; where no room is left the newest is told."""
        going = [each for each in self._streams if not each.ended]
        own = [each for each in going if each.browser == stream.browser]
        if stream.browser is not None and len(own) >= MOST_OF_BROWSER:
            _end(own[0], TOO_MANY_TABS)
        elif len(going) >= MOST_STREAMS:
            _end(stream, FULL)

    def _next(self, stream: _Stream) -> bytes:
        keys, stream.stale = tuple(stream.stale), {}
        stream.wake.clear()
        if not keys:
            return _BEAT
        if keys not in self._written:
            pairs = (f"{json.dumps(key)}:{self._values.get(key, 'null')}" for key in keys)
            self._written[keys] = f"data: {{{','.join(pairs)}}}\n\n".encode()
        return self._written[keys]


def _end(stream: _Stream, cause: str) -> None:
    stream.ended = cause
    stream.wake.set()


def _pressed_at(changed: Collection[str]) -> frozenset[str]:
    """The parts that those pages ask for from which these changes may have been pressed."""
    places = (key.partition("/") for key in changed)
    return frozenset({HEAD} | {f"{LINE}/{of}" for kind, _, of in places if kind == "counter"})


def _is_for(stream: _Stream, key: str) -> bool:
    part = part_of(key)
    return part == "" or part in stream.parts


async def _woken(stream: _Stream) -> None:
    try:
        async with asyncio.timeout(_BEAT_S):
            await stream.wake.wait()
    except TimeoutError:
        return
