"""Recognises a dossier's code in what was typed or scanned: three grammars, URLs, noise. Pure.

Grammars: TT 01/2018 (old), TT 03/2025 (new), an 8-digit date form, a source prefix + new.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import unquote

from hall.contract.words import without_symbology

Grammar = Literal["old", "new", "date8", "prefixed"]
Reason = Literal[
    "empty",
    "too_long",
    "identity_qr",
    "org_too_long",
    "sequence_too_long",
    "invalid_date",
    "procedure_code",
    "ticket_number",
    "internal_id",
    "non_ascii",
    "unknown_grammar",
]

LONGEST = 256
_LONGEST_ORG = 35
_LONGEST_SEQUENCE = 12
_LEFT, _RIGHT = r"(?<![0-9A-Z.\-])", r"(?![0-9A-Z]|-[0-9A-Z])"
_SHORT_ORG = r"[A-Y]\d{2}(?:\.[0-9A-Z]+){0,8}"


def _pattern(org: str, digits: int, before: str = "") -> re.Pattern[str]:
    body = rf"{before}(?P<org>{org})-(?P<d>\d{{{digits}}})-(?P<n>\d{{4,}})"
    return re.compile(_LEFT + body + _RIGHT, re.ASCII)


_PATTERNS: tuple[tuple[Grammar, re.Pattern[str]], ...] = (
    ("old", _pattern(r"[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Y]\d{2}", 6)),
    ("new", _pattern(_SHORT_ORG, 6)),
    ("date8", _pattern(_SHORT_ORG, 8)),
    ("prefixed", _pattern(rf"[0-9A-Z]\.{_SHORT_ORG}", 6)),
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d\u00ad]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f]")
_NEAR_MARKS = re.compile(r"\s*([.\-])\s*")
_IDENTITY = re.compile(r"\d{9,12}\|", re.ASCII)
_VERBATIM = re.compile(r"[0-9A-Z][0-9A-Z./-]{3,34}", re.ASCII)
_PROCEDURE = re.compile(r"[1-9]\.\d{6}(?:\.[0-9A-Z.]+)?", re.ASCII)
_TICKET = re.compile(r"[A-Z]{1,3}\d{2,4}", re.ASCII)
_INTERNAL = re.compile(r"(?<![0-9A-Z])D-[0-9A-Z]{4,}-\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`future`: its date is after tomorrow; told, not refused: the board's clock may be wrong."""

    canonical: str
    grammar: Grammar
    org: str
    issued: date
    sequence: str
    future: bool = False


@dataclass(frozen=True, slots=True)
class NotACode:
    """`verbatim`: what may still be looked up exactly as typed (codes of police and tax)."""

    reason: Reason
    verbatim: str | None = None


def to_look_up(text: str, today: date) -> str | None:
    """The code to ask for, or None when the text holds none."""
    match recognise(text, today):
        case DossierCode(canonical=canonical):
            return canonical
        case NotACode(verbatim=verbatim):
            return verbatim


def recognise(text: str, today: date) -> DossierCode | NotACode:
    """The leftmost dossier code in the text, or what the text is instead."""
    if len(text) > LONGEST:
        return NotACode("too_long")
    if _IDENTITY.match(text):
        return NotACode("identity_qr")
    clean = _normal(text)
    if not clean:
        return NotACode("empty")
    found = _search(clean) or _whole("".join(clean.split()))
    return _judged(*found, today) if found else _named(clean)


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    text = _INVISIBLE.sub("", unquote(_DASHES.sub("-", text)))
    text = _CONTROLS.sub(" ", text).strip()
    return _NEAR_MARKS.sub(r"\1", without_symbology(text).upper())


def _search(text: str) -> tuple[Grammar, re.Match[str]] | None:
    hits = [
        (match.start(), place, grammar, match)
        for place, (grammar, pattern) in enumerate(_PATTERNS)
        if (match := pattern.search(text))
    ]
    if not hits:
        return None
    _, _, grammar, match = min(hits, key=lambda hit: hit[:2])
    return grammar, match


def _whole(text: str) -> tuple[Grammar, re.Match[str]] | None:
    for grammar, pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return grammar, match
    return None


def _judged(grammar: Grammar, match: re.Match[str], today: date) -> DossierCode | NotACode:
    org, digits, sequence = match["org"], match["d"], match["n"]
    if len(org) > _LONGEST_ORG:
        return NotACode("org_too_long")
    if len(sequence) > _LONGEST_SEQUENCE:
        return NotACode("sequence_too_long")
    try:
        issued = date.fromisoformat(digits if len(digits) == 8 else f"20{digits}")  # noqa: PLR2004
    except ValueError:
        return NotACode("invalid_date")
    future = issued > today + timedelta(days=1)
    return DossierCode(match[0], grammar, org, issued, sequence, future)


def _named(text: str) -> NotACode:
    bare = "".join(text.split())
    if _INTERNAL.search(text):
        return NotACode("internal_id")
    if not text.isascii():
        return NotACode("non_ascii")
    if _PROCEDURE.fullmatch(bare):
        return NotACode("procedure_code")
    if _TICKET.fullmatch(bare):
        return NotACode("ticket_number")
    return NotACode("unknown_grammar", bare if _VERBATIM.fullmatch(bare) else None)
