"""Entries on their way to browsers: each stream gets all of them once, then what changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

MOST_STREAMS = 100
_BEAT_S = 5.0
_BEAT = b"event: beat\ndata:\n\n"


@dataclass(eq=False, slots=True)
class _Stream:
    """`stale`: keys to send; a key that changes twice before it is sent is sent once."""

    stale: dict[str, None]
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Streams:
    """Used by the web server's loop alone."""

    _values: dict[str, str] = field(default_factory=dict)
    _streams: set[_Stream] = field(default_factory=set)
    _closed: bool = False

    def show_changes(self, changed: Mapping[str, str | None]) -> None:
        for key, value in changed.items():
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value
        for stream in self._streams:
            stream.stale.update(dict.fromkeys(changed))
            stream.wake.set()

    @property
    def is_full(self) -> bool:
        return len(self._streams) >= MOST_STREAMS

    def close(self) -> None:
        self._closed = True
        for stream in self._streams:
            stream.wake.set()

    async def watch(self) -> AsyncIterator[bytes]:
        """Server-sent events until the browser or the server goes."""
        stream = _Stream(dict.fromkeys(self._values))
        self._streams.add(stream)
        try:
            yield b"retry: 1000\nevent: hello\ndata:\n\n"
            while not self._closed:
                yield self._next(stream)
                await _woken(stream)
        finally:
            self._streams.discard(stream)

    def _next(self, stream: _Stream) -> bytes:
        keys, stream.stale = tuple(stream.stale), {}
        stream.wake.clear()
        if not keys:
            return _BEAT
        pairs = (f"{json.dumps(key)}:{self._values.get(key, 'null')}" for key in keys)
        return f"data: {{{','.join(pairs)}}}\n\n".encode()


async def _woken(stream: _Stream) -> None:
    try:
        async with asyncio.timeout(_BEAT_S):
            await stream.wake.wait()
    except TimeoutError:
        return
