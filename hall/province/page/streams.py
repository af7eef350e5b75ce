"""The table of all halls on its way to browsers: all rows once, then once a second what changed.

event: hello   {names, rows, now}: the picture begins anew
data: {rows, now}, at most once a second; without changes only {now}
event: end     nothing more comes; {cause}: "over", the session is, or "full", there are too many
               streams: a page that came back at once would end another

Nothing is kept for a browser: each turn a stream takes all that changed since it last wrote. One
that takes nothing any more is ended after SLOW_S.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_STREAMS = 200
MOST_OF_ONE = 8
SLOW_S = 20.0
_BEAT_S = 5.0
OVER = b'event: end\ndata: {"cause":"over"}\n\n'
FULL = b'event: end\ndata: {"cause":"full"}\n\n'


@dataclass(eq=False, slots=True)
class _Watching:
    """`sent`: the version that this browser has; `who`: whose session; `ended`: by which word."""

    who: str
    sent: int = -1
    ended: bytes = b""
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class RowStreams:
    """On the web server's loop alone. `_versions`: of each hall's row, when it last changed.

    `_hello`, `_written`: what was written at this version; most streams are level.
    """

    _names: Any = None
    _rows: dict[str, Any] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _names_at: int = 0
    _version: int = 0
    _now: float = 0.0
    _note: str = ""
    _streams: dict[_Watching, None] = field(default_factory=dict)
    _written: dict[int, bytes] = field(default_factory=dict)
    _closed: bool = False

    def show_rows(self, rows: Mapping[str, Any], now: float, note: str) -> None:
        """`now`: seconds since 1970; `note`: what is wrong with the page's own sources."""
        self._version += 1
        self._now, self._note = now, note
        self._rows.update(rows)
        self._versions.update(dict.fromkeys(rows, self._version))
        self._written.clear()
        self._wake_all()

    def show_names(self, names: Any) -> None:  # noqa: ANN401 - JSON
        """Which halls and units there are; every browser begins anew."""
        self._version += 1
        self._names, self._names_at = names, self._version
        known = {each["id"] for each in names["halls"]}
        for gone in self._rows.keys() - known:
            del self._rows[gone]
            self._versions.pop(gone, None)
        self._written.clear()
        self._wake_all()

    def rows(self) -> Mapping[str, Any]:
        return self._rows

    def names(self) -> Any:  # noqa: ANN401 - JSON
        return self._names

    def count(self) -> int:
        return len(self._streams)

    def watching(self) -> frozenset[str]:
        return frozenset(each.who for each in self._streams)

    def end_of(self, who: str) -> None:
        """Whoever's session this was."""
        for stream in self._streams:
            if stream.who == who:
                stream.ended = OVER
                stream.wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake_all()

    async def watch(self, who: str) -> AsyncIterator[bytes]:
        """Until the browser, the session or the server goes."""
        stream = _Watching(who)
        own = [each for each in self._streams if each.who == who]
        if len(own) >= MOST_OF_ONE:
            own[0].ended = FULL
            own[0].wake.set()
        if len(self._streams) >= MOST_STREAMS:
            yield FULL
            return
        self._streams[stream] = None
        loop = asyncio.get_running_loop()
        try:
            while not self._closed and not stream.ended:
                began = loop.time()
                yield self._next(stream)
                if loop.time() - began > SLOW_S:
                    return
                await _woken(stream)
            if stream.ended:
                yield stream.ended
        finally:
            self._streams.pop(stream, None)

    def _next(self, stream: _Watching) -> bytes:
        since, stream.sent = stream.sent, self._version
        stream.wake.clear()
        anew = since < self._names_at
        key = -1 if anew else since
        if key not in self._written:
            self._written[key] = self._write(key)
        return self._written[key]

    def _write(self, since: int) -> bytes:
        told: dict[str, Any] = {"now": self._now, "note": self._note}
        if since < 0:
            told |= {"names": self._names, "rows": self._rows}
            return b"retry: 1000\nevent: hello\n" + _data(told)
        versions = self._versions
        told["rows"] = {h: row for h, row in self._rows.items() if versions[h] > since}
        return _data(told)

    def _wake_all(self) -> None:
        for stream in self._streams:
            stream.wake.set()


def _data(told: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


async def _woken(stream: _Watching) -> None:
    try:
        async with asyncio.timeout(_BEAT_S):
            await stream.wake.wait()
    except TimeoutError:
        return
