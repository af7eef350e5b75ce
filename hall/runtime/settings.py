"""Reads the hall's YAML: every error at once, with line and column, and what was meant.

Refused: unknown and duplicate keys, anchors, several documents, control characters in texts.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json
from yaml import tokens
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hall.runtime.settings_words import file_words, keys_beside, meant, words, yaml_words

MAX_BYTES = 256 * 1024
# libyaml composes by recursion: 50,000 brackets end the process with a segmentation fault.
_DEEPEST = 32
Where = tuple[int, int]
M = TypeVar("M", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Section(BaseModel):
    """Base of every section of the YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with the file; line and column count from 1."""

    line: int
    column: int
    path: str
    text: str


class ConfigError(Exception):
    """The file cannot be used; `str()` is one `file:line:col: path: message` a line."""

    def __init__(self, file: str, mistakes: tuple[Mistake, ...]) -> None:
        self.file = file
        self.mistakes = mistakes
        super().__init__(
            "\n".join(
                f"{file}:{m.line}:{m.column}: {f'{m.path}: ' if m.path else ''}{m.text}"
                for m in mistakes
            )
        )


@dataclass(frozen=True, slots=True)
class Document:
    """The file as plain values, with the place of each value and each key."""

    file: str
    values: Mapping[str, Any]
    marks: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict)
    key_marks: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict)

    def part(self, keys: Collection[str]) -> "Document":
        """The document with these sections alone: a role judges its own, not its neighbours'."""
        kept = {key: value for key, value in self.values.items() if key in keys}
        return replace(self, values=kept)

    def mistake(self, path: tuple[str | int, ...], text: str) -> Mistake:
        """A mistake at this path, or at the nearest parent that stands in the file."""
        shown = ".".join(str(part) for part in path)
        for end in range(len(path), -1, -1):
            where = self.key_marks.get(path[:end]) or self.marks.get(path[:end])
            if where is not None:
                return Mistake(where[0], where[1], shown, text)
        return Mistake(1, 1, shown, text)


def read(path: Path) -> Document:
    """Parse without judging the content. Raises ConfigError."""
    file = str(path)
    node = _composed(file, _bytes(path))
    walk = _Walk()
    values = walk.value(node, ()) if node is not None else {}
    if not isinstance(values, dict):
        walk.mistakes.append(Mistake(1, 1, "", "tệp phải là một bảng khoá: giá trị"))
    if walk.mistakes:
        raise ConfigError(file, tuple(walk.mistakes))
    return Document(file, values, walk.marks, walk.key_marks)


def check(document: Document, model: type[M]) -> M:
    """Validate against a model. Raises ConfigError with every mistake, in the file's order.

    Strictly: `no` is no boolean, 08 no number, true no 1. JSON's strictness lets lists be tuples.
    """
    try:
        return model.model_validate_json(to_json(document.values), strict=True)
    except ValidationError as err:
        errors = _without_echoes(err.errors(include_url=False))
        found = [_mistake(document, model, error) for error in errors]
        unique = sorted(set(found), key=lambda m: (m.line, m.column, m.path))
        raise ConfigError(document.file, tuple(unique)) from err


def load(path: Path, model: type[M]) -> M:
    """Read and validate. Raises ConfigError."""
    return check(read(path), model)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as err:
        mistake = Mistake(1, 1, "", f"không đọc được tệp: {file_words(err)}")
        raise ConfigError(str(path), (mistake,)) from err
    if len(raw) > MAX_BYTES:
        raise ConfigError(str(path), (Mistake(1, 1, "", f"tệp lớn hơn {MAX_BYTES} byte"),))
    return raw


def _composed(file: str, raw: bytes) -> Node | None:
    try:
        text = raw.decode("utf-8-sig")
        _refuse_traps(text)
        return yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as err:
        line = raw[: err.start].count(b"\n") + 1
        raise ConfigError(file, (Mistake(line, 1, "", "không phải UTF-8"),)) from err
    except yaml.MarkedYAMLError as err:
        raise ConfigError(file, (_syntax(err),)) from err
    except yaml.YAMLError as err:
        raise ConfigError(file, (Mistake(1, 1, "", f"không phải YAML: {err}"),)) from err


class _Trap(yaml.MarkedYAMLError):
    """YAML that the hall's file does without."""


def _refuse_traps(text: str) -> None:
    """A 186-byte file of nested aliases makes 380,000 values; a tag may name a Python object."""
    depth = 0
    for token in yaml.scan(text, Loader=_Loader):
        match token:
            case tokens.AnchorToken() | tokens.AliasToken():
                raise _trap("không dùng & và * trong tệp này", token)
            case tokens.TagToken():
                raise _trap("không dùng nhãn ! trong tệp này", token)
            case (
                tokens.BlockMappingStartToken()
                | tokens.BlockSequenceStartToken()
                | tokens.FlowMappingStartToken()
                | tokens.FlowSequenceStartToken()
            ):
                depth += 1
            case (
                tokens.BlockEndToken()
                | tokens.FlowMappingEndToken()
                | tokens.FlowSequenceEndToken()
            ):
                depth -= 1
            case _:
                pass
        if depth > _DEEPEST:
            raise _trap(f"lồng nhau quá {_DEEPEST} tầng", token)


def _syntax(err: yaml.MarkedYAMLError) -> Mistake:
    mark = err.problem_mark or err.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = err.problem or ""
    return Mistake(line, column, "", problem if isinstance(err, _Trap) else yaml_words(problem))


def _trap(text: str, token: tokens.Token) -> _Trap:
    return _Trap(problem=text, problem_mark=token.start_mark)


@dataclass(slots=True)
class _Walk:
    mistakes: list[Mistake] = field(default_factory=list)
    marks: dict[tuple[str | int, ...], Where] = field(default_factory=dict)
    key_marks: dict[tuple[str | int, ...], Where] = field(default_factory=dict)

    def value(self, node: Node, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401
        self.marks[path] = _where(node)
        match node:
            case MappingNode():
                return self._mapping(node, path)
            case SequenceNode():
                return [self.value(n, (*path, i)) for i, n in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node, path)
            case _:
                return None

    def _mapping(self, node: MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._wrong(key_node, path, "khoá phải là chữ")
                continue
            key = str(key_node.value)
            if _unprintable(key):
                self._wrong(key_node, path, "khoá có ký tự điều khiển")
                continue
            if key in values:
                first = self.key_marks[(*path, key)][0]
                text = f"khoá '{key}' lặp lại, lần đầu ở dòng {first}"
                self._wrong(key_node, (*path, key), text)
                continue
            self.key_marks[(*path, key)] = _where(key_node)
            values[key] = self.value(value_node, (*path, key))
        return values

    def _scalar(self, node: ScalarNode, path: tuple[str | int, ...]) -> object:
        text = str(node.value)
        if _unprintable(text.replace("\n", "")):
            self._wrong(node, path, "có ký tự điều khiển")
        return text if node.style in ("'", '"', "|", ">") else _plain(text)

    def _wrong(self, node: Node, path: tuple[str | int, ...], text: str) -> None:
        line, column = _where(node)
        self.mistakes.append(Mistake(line, column, ".".join(map(str, path)), text))


_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_HEXADECIMAL = re.compile(r"0x[0-9A-Fa-f]{1,15}")
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")


def _plain(text: str) -> object:
    """Only true, false, null and plain numbers are not text: `no`, 08, 1_0 and 07:30 stay."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return float(text) if _FRACTION.fullmatch(text) else text


def _unprintable(text: str) -> bool:
    """Control characters, and those that turn the direction or hide: nobody sees them."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in text)


def _where(node: Node) -> Where:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _without_echoes(errors: Sequence[Any]) -> list[Any]:
    """A list with one wrong entry is not also too short, as pydantic says."""
    inner = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in inner]


def _mistake(document: Document, model: type[BaseModel], error: Any) -> Mistake:  # noqa: ANN401
    path = tuple(_real_path(document, error["loc"], missing=error["type"] == "missing"))
    if error["type"] == "extra_forbidden":
        known = sorted(keys_beside(model, path))
        return document.mistake(path, f"không có khoá này{meant(str(path[-1]), known)}")
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
