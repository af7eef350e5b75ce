"""What the daemons work with: every value of the YAML, and where it comes from. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from hall.cli.checking.hallfile import hall_file
from hall.runtime import settings
from hall.runtime.members import at
from hall.runtime.settings import Document

_Path = tuple[str | int, ...]


def lines(document: Document, key: str) -> Iterator[str]:
    """One a value below this key, all with ""; none where there is no such key.

    Raises ConfigError.
    """
    shared = settings.check(document, hall_file())
    wanted = tuple(key.split(".")) if key else ()
    for path, value in _leaves(shared, ()):
        if tuple(map(str, path[: len(wanted)])) == wanted:
            line = _line(document, path)
            source = f"dòng {line}" if line else "mặc định"
            yield f"{'.'.join(map(str, path))}: {_shown(value)}  ({source})"


def _leaves(value: Any, path: _Path) -> Iterator[tuple[_Path, Any]]:  # noqa: ANN401 - any section
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                yield from _leaves(getattr(value, name), (*path, name))
        case tuple() if any(isinstance(each, BaseModel) for each in value):
            for index, each in enumerate(value):
                yield from _leaves(each, (*path, index))
        case _:
            yield path, value


def _shown(value: object) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _line(document: Document, path: _Path) -> int | None:
    """Of the key itself, or of a word that stands for the whole section, as `player: alsa`."""
    mark = document.key_marks.get(path) or document.marks.get(path)
    if mark is None and path and not isinstance(_found(document, path[:-1]), Mapping | list):
        mark = document.key_marks.get(path[:-1]) if path[-1] == "driver" else None
    return None if mark is None else mark[0]


def _found(document: Document, path: _Path) -> Any:  # noqa: ANN401 - whatever is there
    here: Any = document.values
    for step in path:
        if isinstance(here, list) and isinstance(step, int):
            here = here[step] if step < len(here) else None
        else:
            here = at(here, (str(step),)) if isinstance(here, Mapping) else None
    return here
