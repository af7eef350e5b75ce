"""Strips kept in a printer's memory: which key holds which, and are they there. Pure."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

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
    if len(wanted) > ROOM:
        raise TooMany(str(len(wanted)))
    added: dict[str, str] = {}
    for digest in wanted:
        if digest not in kept:
            added[digest] = _key_for(digest, {*kept.values(), *added.values()})
    book = Book(identity, {**kept, **added})
    old = set(known.keys.values()) - set(book.keys.values())
    return Changes(book, {key: digest for digest, key in added.items()}, tuple(sorted(old)))


def _key_for(digest: str, taken: Collection[str]) -> str:
    """Named after what it holds: another hall's printer of this model lists other keys."""
    start = int.from_bytes(sha256(digest.encode()).digest()[:4], "big")
    keys = (_key((start + n) % ROOM) for n in range(ROOM))
    return next(key for key in keys if key not in taken)


def _key(n: int) -> str:
    return f"{chr(ord(FIRST) + n // 10)}{n % 10}"


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
