"""Judges the hall's YAML: every error at once, with line and column, and what was meant.

Refused: unknown and duplicate keys, anchors, several documents, control characters in texts.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json

from hall.runtime.settings_words import (
    described,
    elsewhere,
    keys_beside,
    meant,
    version_words,
    words,
)
from hall.runtime.settings_yaml import ConfigError, Document, Mistake, in_order, read, skim

__all__ = ["ConfigError", "Document", "Mistake", "Section", "check", "load", "read", "skim"]

M = TypeVar("M", bound=BaseModel)


class Section(BaseModel):
    """Base of every section of the YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def check(document: Document, model: type[M]) -> M:
    """Validate against a model. Raises ConfigError with every mistake, in the file's order.

    Strictly: `no` is no boolean, 08 no number, true no 1. JSON's strictness lets lists be tuples.
    """
    try:
        checked = model.model_validate_json(to_json(document.values), strict=True)
    except ValidationError as err:
        errors = _without_echoes(err.errors(include_url=False))
        found = [_mistake(document, model, error) for error in errors]
        raise ConfigError(document.file, in_order((*document.mistakes, *found))) from err
    if document.mistakes:
        raise ConfigError(document.file, in_order(document.mistakes))
    return checked


def load(path: Path, model: type[M]) -> M:
    """Read and validate. Raises ConfigError."""
    return check(skim(path), model)


def _without_echoes(errors: Sequence[Any]) -> list[Any]:
    """A list with one wrong entry is not also too short, as pydantic says."""
    inner = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in inner]


def _mistake(document: Document, model: type[BaseModel], error: Any) -> Mistake:  # noqa: ANN401
    path = tuple(_real_path(document, error["loc"], missing=error["type"] == "missing"))
    if error["type"] == "extra_forbidden":
        known = sorted(keys_beside(model, path))
        if str(path[-1]) in known:
            return document.mistake(path, "khoá này không đi với loại (driver) đã chọn ở đây")
        sections = elsewhere(model, str(path[-1])) if len(path) == 1 else []
        hint = f"; ghi trong từng mục của {' hay '.join(sections)}" if sections else ""
        text = f"không có khoá này{hint or meant(str(path[-1]), known)}"
        return document.mistake(path, text)
    if path == ("version",):
        return document.mistake(path, version_words(error))
    if error["type"] == "string_pattern_mismatch":
        return document.mistake(path, f"'{error['input']}' không đúng dạng{described(model, path)}")
    return document.mistake(path, words(error))


def _real_path(
    document: Document, loc: tuple[str | int, ...], *, missing: bool
) -> Iterator[str | int]:
    """The location without the tags that a union puts into it; a missing key stays in it."""
    path: tuple[str | int, ...] = ()
    for index, part in enumerate(loc):
        wanted = missing and index == len(loc) - 1
        if (*path, part) in document.marks or wanted:
            path = (*path, part)
            yield part
