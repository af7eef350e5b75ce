"""The sheet for a recording session, and what of it has been recorded."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path


def recording_sheet(clips: Mapping[str, str]) -> str:
    """As CSV: file, what to say, how. `clips`: what is said, by the clip's name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("tệp", "đọc", "cách đọc"))
    for name, text in clips.items():
        writer.writerow((f"{name}.wav", text, _manner(text)))
    return out.getvalue()


def lacking(clips: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Names of clips that the folder does not hold."""
    return tuple(name for name in clips if not (folder / f"{name}.wav").is_file())


def _manner(text: str) -> str:
    if len(text.split()) > 2:  # noqa: PLR2004
        return "đều giọng, không xuống giọng ở cuối"
    return "rõ, ngắn, ngang giọng; để 0,3 giây im lặng trước và sau"
