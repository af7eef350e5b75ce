"""The marker: a small file beside the journal that remembers how far things had gone."""

import json
from hashlib import blake2b
from pathlib import Path

from hall.controller.ports import HighWaterMark
from hall.runtime import durable


class MarkerFile:
    """It carries its own sum: a damaged marker has no mark."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> HighWaterMark | None:
        try:
            text, _, told = self._path.read_text(encoding="utf-8").rpartition(" ")
            if told != _sum(text):
                return None
            found = json.loads(text)
            tops = {str(k): int(v) for k, v in found["tops"].items()}
            return HighWaterMark(int(found["epoch"]), int(found["seq"]), str(found["date"]), tops)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, mark: HighWaterMark) -> None:
        text = json.dumps(
            {"epoch": mark.epoch, "seq": mark.seq, "date": mark.date, "tops": dict(mark.tops)}
        )
        durable.replace(self._path, f"{text} {_sum(text)}".encode())


def _sum(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
