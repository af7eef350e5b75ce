"""A dossier's code as people type it: marks set by itself, O for 0, blanks, the hall's own part.

The field opens with the hall's own part ("H38.12-"); ten digits and it is whole. Who types another
organisation's code begins with its letter, or erases.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from hall.contract.dossier_codes import DossierCode, recognise, to_look_up
from hall.contract.words import is_personal

LONGEST = 48
_ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
_MARKS = ".-"
# What looks like a digit, in a place where only digits stand.
_LOOKALIKES = str.maketrans("OQILSZB", "0011528")
_DATES = (6, 8)
_FEWEST = 4
# Receipts of long ago are none: with their dates an identity number would look like a code.
_YEARS = 12
# An organisation without its marks: of the old form, or of the new with its groups of two.
_OLD = re.compile(r"[0-9A-Z]{7}[A-Y]\d{2}(?=\d)")
_NEW = re.compile(r"[A-Y]\d{2}(?=\d)")
_GROUPS = 4


def opened(prefix: str) -> str:
    """What stands in the field before anything is typed."""
    return f"{prefix}-" if prefix else ""


def pressed(typed: str, letters: str, prefix: str, today: date) -> str:
    """After these keys. Only signs a code may hold, none too many, no mark twice."""
    for sign in letters.upper():
        if sign not in _ALLOWED or (sign in _MARKS and typed[-1:] in ("", *_MARKS)):
            continue
        if sign.isalpha() and prefix and typed == opened(prefix):
            typed = ""
        typed = _marked((typed + sign)[:LONGEST], prefix, today)
    return typed


def erased(typed: str, prefix: str) -> str:
    """The last sign and the mark before it go; of the hall's own part all."""
    if prefix and typed == opened(prefix):
        return ""
    left = typed[:-1] if typed[-1:] not in _MARKS else typed[:-2]
    return opened(prefix) if prefix and left == prefix else left


def read(text: str, prefix: str, today: date) -> str | None:
    """The code that is meant; None: none can be, or it is somebody's own number."""
    if text in (prefix, opened(prefix)):
        return None
    match recognise(text, today):
        case DossierCode(canonical=canonical):
            return canonical
        case _:
            pass
    bare = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    found = next(_meant(bare, prefix, today), None)
    if found is None and not is_personal(bare):
        found = to_look_up(text, today)
    return found


def _marked(typed: str, prefix: str, today: date) -> str:
    """With the mark after a date that is whole."""
    head = opened(prefix)
    if not prefix or not typed.startswith(head):
        return typed
    digits = typed[len(head) :]
    whole = digits.isdigit() and len(digits) in _DATES and _is_date(digits, today)
    return f"{typed}-" if whole else typed


def _meant(bare: str, prefix: str, today: date) -> Iterator[str]:
    """Codes in the order of likelihood, of letters and digits without any mark."""
    own = "".join(c for c in prefix if c.isalnum())
    if prefix and _as_digits(bare).startswith(_as_digits(own)):
        yield from _counted(prefix, bare[len(own) :], today)
    if prefix:
        yield from _counted(prefix, bare, today)
    if _OLD.match(bare):
        org = f"{bare[:3]}.{bare[3:5]}.{bare[5:7]}.{bare[7:10]}"
        yield from _counted(org, bare[10:], today)
    if _NEW.match(bare):
        for end in range(3, 3 + 2 * _GROUPS + 1, 2):
            org = ".".join((bare[:3], *re.findall("..", bare[3:end])))
            yield from _counted(org, bare[end:], today)


def _counted(org: str, rest: str, today: date) -> Iterator[str]:
    digits = _as_digits(rest)
    if not (digits.isascii() and digits.isdigit()):
        return
    for size in _DATES:
        if len(digits) >= size + _FEWEST and _is_date(digits[:size], today):
            code = f"{org}-{digits[:size]}-{digits[size:]}"
            if isinstance(recognise(code, today), DossierCode):
                yield code


def _as_digits(text: str) -> str:
    return text.translate(_LOOKALIKES)


def _is_date(digits: str, today: date) -> bool:
    try:
        found = date.fromisoformat(digits if len(digits) == _DATES[1] else f"20{digits}")
    except ValueError:
        return False
    return today.year - _YEARS <= found.year <= today.year + 1
