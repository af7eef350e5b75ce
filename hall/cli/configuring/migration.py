"""A file of an earlier version as this one reads it: keys renamed in place, comments kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hall.runtime import settings
from hall.runtime.settings import Document

VERSION = 1
# Sections that have another name now.
RENAMED = MappingProxyType({"counter_pages": "counter"})


@dataclass(frozen=True, slots=True)
class MigratedFile:
    """`changes`: LINE: what was written anew, for a person."""

    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """On one line, counted from 1: `old` at this column gives way to `new`."""

    line: int
    column: int
    old: str
    new: str


def migrated(file: Path) -> MigratedFile:
    """Raises ConfigError where the file cannot be read at all."""
    document = settings.skim(file)
    text = document.source.decode("utf-8-sig")
    found = text.splitlines(keepends=True)
    # From the back: an edit moves what is behind it on its line.
    edits = sorted(_edits(document), key=lambda e: (e.line, e.column), reverse=True)
    for edit in edits:
        line, begin = found[edit.line - 1], edit.column - 1
        found[edit.line - 1] = line[:begin] + edit.new + line[begin + len(edit.old) :]
    changes = [f"{e.line}: {e.old} → {e.new}" for e in reversed(edits)]
    if "version" not in document.values:
        end = "\r\n" if "\r\n" in text else "\n"
        found.insert(0, f"version: {VERSION}{end}")
        changes.insert(0, f"1: thêm version: {VERSION}")
    return MigratedFile("".join(found), tuple(changes))


def _edits(document: Document) -> Iterator[_Edit]:
    given = document.values.get("version")
    if isinstance(given, int) and given < VERSION:
        yield _Edit(*document.marks[("version",)], str(given), str(VERSION))
    for old, new in RENAMED.items():
        if old in document.values and new not in document.values:
            yield _Edit(*document.key_marks[(old,)], old, new)
