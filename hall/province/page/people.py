"""Who reads the province's page and what each may: one table of roles and rights. Pure."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# A working day with its break.
SESSION_S = 12 * 3600
WALL_S = 365 * 24 * 3600
# So long a browser in which somebody signed in is known to the account; so many at a time.
BROWSER_S, MOST_BROWSERS = 180 * 24 * 3600, 20
SHORTEST, LONGEST = 10, 128
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class PageRight(StrEnum):
    """What an address asks for.

    WATCH: the table of all halls. READ: each hall and all figures. OPERATE: the registry,
    passwords, machines under one id.
    """

    WATCH = "watch"
    READ = "read"
    OPERATE = "operate"


class ReaderRole(StrEnum):
    WALL = "wall"
    LEADER = "leader"
    OPERATOR = "operator"


RIGHTS: Mapping[ReaderRole, frozenset[PageRight]] = {
    ReaderRole.WALL: frozenset({PageRight.WATCH}),
    ReaderRole.LEADER: frozenset({PageRight.WATCH, PageRight.READ}),
    ReaderRole.OPERATOR: frozenset(PageRight),
}
ROLE_WORDS = {
    ReaderRole.WALL: "Màn hình treo tường",
    ReaderRole.LEADER: "Lãnh đạo",
    ReaderRole.OPERATOR: "Vận hành",
}


@dataclass(frozen=True, slots=True)
class PageReader:
    """`id`: of the account, or the wall's name."""

    id: str
    name: str
    role: ReaderRole

    def may(self, right: PageRight) -> bool:
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Account:
    """`hash`: of the password."""

    id: str
    name: str
    role: ReaderRole
    hash: str

    @property
    def reader(self) -> PageReader:
        return PageReader(self.id, self.name, self.role)


def is_account_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def weakness(password: str, account: str) -> str:
    """Why this password will not do, for the person; "" = it will."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự."
    low = password.casefold()
    if account.casefold() in low or len(set(low)) < SHORTEST // 2:
        return "Mật khẩu quá dễ đoán: không chứa tên đăng nhập, không lặp ít ký tự."
    return ""


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token: it is long and drawn by chance, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()
