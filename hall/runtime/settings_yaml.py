"""From a file's bytes to plain values, each with its place; what cannot be read is told.

Refused: unknown bytes, anchors, tags, several documents, what is nested without end.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from yaml import tokens
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hall.runtime.settings_words import file_words, yaml_words

MAX_BYTES = 256 * 1024
# libyaml composes by recursion: 50,000 brackets end the process with a segmentation fault.
_DEEPEST = 32
_MOST_CONTROLS = 20
# What Notepad calls Unicode.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A blank that is none to YAML, before the first word of a line.
_FALSE_INDENT = re.compile("^[ \t-]*([\u00a0\u2000-\u200a\u202f\u3000])", re.MULTILINE)
Where = tuple[int, int]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML refuses as a whole file, with no place told.
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with the file; line and column count from 1."""

    line: int
    column: int
    path: str
    text: str


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Each mistake once, as they stand in the file."""
    return tuple(sorted(set(mistakes), key=lambda m: (m.line, m.column, m.path)))


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
    """The file as plain values, with the place of each value and each key.

    `mistakes`: what is wrong with single keys and characters, and left out of the values.
    `source`: the bytes that were read.
    """

    file: str
    values: Mapping[str, Any]
    marks: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict)
    key_marks: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    source: bytes = field(default=b"", repr=False)

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
    document = skim(path)
    if document.mistakes:
        raise ConfigError(document.file, document.mistakes)
    return document


def skim(path: Path) -> Document:
    """Parse what can be read; what is wrong in places is in `mistakes`.

    Raises ConfigError where nothing can be read.
    """
    file = str(path)
    raw = _bytes(path)
    text, unreadable = _legible(_text(file, raw))
    node = _composed(file, text, (*_false_indents(text), *unreadable))
    walk = _Walk(mistakes=list(unreadable))
    values = walk.value(node, ()) if node is not None else {}
    if not isinstance(values, dict):
        walk.mistakes.append(Mistake(1, 1, "", "tệp phải là một bảng khoá: giá trị"))
        raise ConfigError(file, tuple(walk.mistakes))
    return Document(file, values, walk.marks, walk.key_marks, tuple(walk.mistakes), raw)


def _text(file: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = raw[: err.start].count(b"\n") + 1
        what = "tệp ghi bằng UTF-16" if raw.startswith(_UTF_16) else "không phải UTF-8"
        text = f"{what}: lưu lại với bảng mã UTF-8 (Notepad: Save As, Encoding: UTF-8)"
        raise ConfigError(file, (Mistake(line, 1, "", text),)) from err


def _legible(text: str) -> tuple[str, tuple[Mistake, ...]]:
    """The text with a blank for every character that YAML cannot hold, and where they stood."""
    found = [_unreadable(text, m.start()) for m in _UNREADABLE.finditer(text)]
    return _UNREADABLE.sub(" ", text), tuple(found[:_MOST_CONTROLS])


def _false_indents(text: str) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(
            *_where_in(text, found.start(1)),
            "",
            f"đầu dòng có dấu cách lạ (U+{ord(found[1]):04X}), thường do chép từ trang web hay "
            "Word: xoá đi, gõ lại bằng dấu cách thường",
        )
        for found in _FALSE_INDENT.finditer(text)
    )[:_MOST_CONTROLS]


def _where_in(text: str, at: int) -> Where:
    breaks = list(_BREAK.finditer(text, 0, at))
    return len(breaks) + 1, at - (breaks[-1].end() if breaks else 0) + 1


def _unreadable(text: str, at: int) -> Mistake:
    return Mistake(*_where_in(text, at), "", f"có ký tự điều khiển (U+{ord(text[at]):04X})")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as err:
        mistake = Mistake(1, 1, "", f"không đọc được tệp: {file_words(err)}")
        raise ConfigError(str(path), (mistake,)) from err
    if len(raw) > MAX_BYTES:
        raise ConfigError(str(path), (Mistake(1, 1, "", f"tệp lớn hơn {MAX_BYTES} byte"),))
    return raw


def _composed(file: str, text: str, unreadable: tuple[Mistake, ...]) -> Node | None:
    try:
        _refuse_traps(text)
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as err:
        raise ConfigError(file, (*unreadable, _syntax(err))) from err
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
    said = problem if isinstance(err, _Trap) else yaml_words(problem)
    return Mistake(line, column, "", f"{said}{_begun(err, line)}")


def _begun(err: yaml.MarkedYAMLError, line: int) -> str:
    """Where the bracket or the quote stands that was never closed."""
    opened = err.context or ""
    if err.context_mark is None or not ("flow" in opened or "quoted" in opened):
        return ""
    begun = err.context_mark.line + 1
    return f" (của phần bắt đầu ở dòng {begun})" if begun < line else ""


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
        # Lines are meant where a block of them is written, not where one is smuggled in as \n.
        if _unprintable(text.replace("\n", "") if node.style in ("|", ">") else text):
            self._wrong(node, path, "có ký tự điều khiển")
        if not node.style and text[:1] in _CURLY:
            self._wrong(
                node, path, f'dấu nháy {text[0]} không phải dấu nháy của YAML: gõ lại bằng "'
            )
        return text if node.style in ("'", '"', "|", ">") else _plain(text)

    def _wrong(self, node: Node, path: tuple[str | int, ...], text: str) -> None:
        line, column = _where(node)
        self.mistakes.append(Mistake(line, column, ".".join(map(str, path)), text))


_CURLY = ("“", "”", "‘", "’")
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
