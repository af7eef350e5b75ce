"""Strips kept in a printer's memory: which key holds which, and are they there. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FIRST = "A"
_KEY = re.compile(r"[A-Z][0-9]")
# GS ( L keys are two characters; A0 ... Z9 are plenty and read well in a list.
ROOM = 260


class TooMany(Exception):
    """More strips than keys."""


@dataclass(frozen=True, slots=True)
class Book:
    """`keys`: digest of a drawn strip → its key; `identity`: the printer that holds them."""

    identity: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What provisioning has to do: `define` maps a key to the digest it shall hold."""

    book: Book
    define: Mapping[str, str]
    delete: tuple[str, ...]


def changes(known: Book, digests: Iterable[str], identity: str) -> Changes:
    """Only differences are written: a printer's memory bears few writes a day. Raises TooMany."""
    wanted = tuple(dict.fromkeys(digests))
    kept = {d: k for d, k in known.keys.items() if d in wanted and known.identity == identity}
    free = (key for key in _keys() if key not in kept.values())
    if len(wanted) > ROOM:
        raise TooMany(str(len(wanted)))
    added = {digest: next(free) for digest in wanted if digest not in kept}
    book = Book(identity, {**kept, **added})
    old = set(known.keys.values()) - set(book.keys.values())
    return Changes(book, {key: digest for digest, key in added.items()}, tuple(sorted(old)))


def _keys() -> Iterable[str]:
    return (f"{chr(ord(FIRST) + n // 10)}{n % 10}" for n in range(ROOM))


def held(book: Book, listed: Iterable[str]) -> bool:
    """Whether the printer lists every key of the book (and there is a book at all)."""
    return bool(book.keys) and set(book.keys.values()) <= set(listed)


def dump(book: Book) -> str:
    return json.dumps({"identity": book.identity, "keys": dict(book.keys)}, indent=1)


def parse(text: str) -> Book:
    """Raises ValueError for anything but a book."""
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("keys"), dict):
        raise ValueError("không phải sổ bộ nhớ máy in")  # noqa: TRY004 - of a file, not a call
    keys = {str(d): str(k) for d, k in data["keys"].items() if _KEY.fullmatch(str(k))}
    return Book(str(data.get("identity", "")), keys)
