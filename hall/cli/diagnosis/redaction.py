"""Takes out of a text what may not leave the hall: secrets, and what is a citizen's. Pure.

A text goes to people outside whole, so that what looks like a secret is taken for one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

# Shorter than this a secret is a word that would be taken out of everything.
_SHORTEST = 4
_NAMES = r"(?:[\w-]*(?:pass(?:word|wd)?|secret|token|pin|api[_-]?key)|mật khẩu|mã ghép)"
# A list, a table, or the place of a file.
_NO_VALUE = r"(?!\s|\[|\{|null\b|/(?:etc|run|var|opt)/)"
_PATTERNS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # Mosquitto's own log: seconds since 1970, which look like a telephone number below.
    (r"(?m)^(1\d{9})(?=: )", lambda m: f"{datetime.fromtimestamp(int(m[1]), UTC):%FT%TZ}"),
    (r"(://)[^/@\s]+@", r"\1‹…›@"),
    (rf"(?i)({_NAMES}[\"']?\s*[:=]\s*[\"']?){_NO_VALUE}[^\s,\"'}}]+", r"\1‹…›"),
    # PEM of a key, and the hash of a broker's password or of a clerk's PIN.
    (r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", "‹khoá›"),
    (r"\$(?:[67]|argon2\w*)\$\S+", "‹mật khẩu›"),
    # Our passwords are 32 letters of base64url; ids of requests and tickets have no capitals.
    (r"(?<![\w/.-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[A-Za-z0-9_-]{28,}(?![\w/.-])", "‹…›"),
    # Dossier codes (QĐ 31/2021): agency, date, number in any of its written forms.
    (r"(?i)\b[0-9A-Z][0-9A-Z.]*-\d{6}-\d{2,6}\b", "‹mã hồ sơ›"),
    # Identity, insurance and telephone numbers.
    (r"(?<![\d.,:-])\+?\d{9,12}(?![\d.,:-]\d|\d)", "‹số›"),
)
_COMPILED = tuple((re.compile(pattern), put) for pattern, put in _PATTERNS)
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")


@dataclass(frozen=True, slots=True)
class Redaction:
    """`secrets`: what is known by its content, each with the name that stands in its place."""

    secrets: Mapping[str, str] = field(default_factory=dict)

    def clean_text(self, text: str) -> str:
        # The longest first: one may be the beginning of another.
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST:
                text = text.replace(secret, f"‹{self.secrets[secret]}›")
        for pattern, put in _COMPILED:
            text = pattern.sub(put, text)
        return text

    def clean_yaml(self, text: str) -> str:
        """Without comments too: people note in them what they should not."""
        return self.clean_text(_COMMENT.sub("", text))
