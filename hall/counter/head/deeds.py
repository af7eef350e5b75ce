"""What was asked of devices, who was let in or out, and by whom: no journal of the queue has it.

A line a deed, in a file beside the pages' other ones; the newest megabyte or two is kept.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hall.runtime.clock import Clock

log = logging.getLogger(__name__)

NAME = "deeds.jsonl"
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Deed:
    """`staff`: a mark, "" where none was given; `outcome`: "ok" or the code of the refusal.

    `device`: what was asked, or from where; `about`: the clerk, browser or place that it concerns.
    """

    staff: str
    verb: str
    device: str
    outcome: str
    number: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Deeds:
    path: Path
    clock: Clock

    def note(self, deed: Deed) -> None:
        """Written and synced before the page hears of it; a full disk stops nobody."""
        line = {
            "at": round(self.clock.now().timestamp() * 1000),
            "staff": deed.staff,
            "type": deed.verb,
            "client": deed.device,
            "cause": "" if deed.outcome == "ok" else deed.outcome,
            "number": deed.number,
            "about": deed.about,
        }
        try:
            self._append(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as err:
            log.warning("a deed at %s is not written down: %s", deed.device, err)

    def between(self, first: int, end: int) -> list[dict[str, object]]:
        """Newest first: from `first` until before `end`, both ms since 1970."""
        return [line for at, line in self._lines() if first <= at < end][::-1]

    def _append(self, text: str) -> None:
        if self.path.exists() and self.path.stat().st_size > _MOST_BYTES:
            self.path.replace(self._older)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    @property
    def _older(self) -> Path:
        return self.path.with_suffix(".old.jsonl")

    def _lines(self) -> Iterator[tuple[int, dict[str, object]]]:
        """A line that a power cut left half is passed over."""
        for path in (self._older, self.path):
            for text in path.read_text("utf-8", "replace").splitlines() if path.exists() else ():
                try:
                    line = json.loads(text)
                except ValueError:
                    continue
                if isinstance(line, dict) and isinstance(line.get("at"), int):
                    yield line["at"], line
