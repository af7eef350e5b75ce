"""Who may act for which counter: a code typed once, then a cookie that only we can make."""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hall.runtime import durable

log = logging.getLogger(__name__)

# The place the hall page belongs to, beside the counters.
HALL = "hall"
_DIGITS = 8
_TRIES = 5
_TRIES_OF_ALL = 50
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Pairing:
    """`codes`: a code for each place. Whoever holds the hall's may act for every counter."""

    key: bytes
    codes: Mapping[str, str]

    def place_of(self, code: str) -> str | None:
        """Whose code this is; compares with all of them, so that time tells nothing."""
        found = None
        for place, known in self.codes.items():
            if hmac.compare_digest(known.encode(), code.encode()):
                found = place
        return found

    def token(self, place: str) -> str:
        """What a paired browser keeps; void as soon as the place has another code."""
        text = f"{place}:{self.codes[place]}".encode()
        return f"{place}:{hmac.new(self.key, text, hashlib.sha256).hexdigest()}"

    def holder(self, token: str) -> str | None:
        place = token.rpartition(":")[0]
        if place not in self.codes:
            return None
        given = token.encode("utf-8", "replace")
        return place if hmac.compare_digest(self.token(place).encode(), given) else None


def load(path: Path, places: Sequence[str]) -> Pairing:
    """The codes kept in `path`; places that have none get one. The file is its owner's alone."""
    kept = _read(path)
    key = kept.get("key") or secrets.token_hex(32)
    old = kept.get("codes", {})
    codes = {place: old.get(place) or _new_code() for place in places}
    if kept != {"key": key, "codes": codes}:
        try:
            durable.replace(path, json.dumps({"key": key, "codes": codes}, indent=1).encode())
        except OSError as err:
            # Who is paired now pairs again after the next start.
            log.error("the pairing codes could not be kept: %s", err)  # noqa: TRY400
    return Pairing(bytes.fromhex(key), codes)


@dataclass(slots=True)
class Guard:
    """Five wrong codes a minute from one address, fifty from all: codes cannot be guessed."""

    _wrong: list[tuple[float, str]] = field(default_factory=list)

    def is_open(self, address: str, now: float) -> bool:
        self._wrong = [(at, who) for at, who in self._wrong if now - at < _MINUTE_S]
        from_here = sum(who == address for _at, who in self._wrong)
        return from_here < _TRIES and len(self._wrong) < _TRIES_OF_ALL

    def wrong(self, address: str, now: float) -> None:
        self._wrong.append((now, address))


def _new_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(_DIGITS))


def _read(path: Path) -> dict[str, Any]:
    """An unreadable file is put aside: every browser pairs again."""
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text("utf-8"))
    except ValueError:
        path.replace(path.with_suffix(".bad"))
        log.error("the pairing codes could not be read and are made anew")  # noqa: TRY400
        return {}
    return kept if isinstance(kept, dict) else {}
