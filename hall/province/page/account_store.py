"""Accounts, sessions and wall screens in PostgreSQL. Everything raises StoreAway, StoreRefuses."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hall.province.database import Cursor
from hall.province.page.people import (
    BROWSER_S,
    MOST_BROWSERS,
    SESSION_S,
    Account,
    PageReader,
    ReaderRole,
    digest_of,
    new_token,
)

_ACCOUNT = "SELECT id, name, role, hash FROM account"
_WHO = """\
SELECT account.id, account.name, account.role FROM account_session
JOIN account ON account.id = account_session.account
WHERE account_session.token = %s AND account_session.made > %s
UNION ALL SELECT name, name, 'wall' FROM wall WHERE token = %s
"""


def put_account(cursor: Cursor, account: Account, now: datetime) -> None:
    """A new one, or another name, role and password for it: its sessions end.

    No browser is known to it any more: nobody has signed in with the new password yet.
    """
    cursor.run(
        "INSERT INTO account VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE "
        "SET name = excluded.name, role = excluded.role, hash = excluded.hash",
        (account.id, account.name, account.role.value, account.hash, now),
    )
    for table in ("account_session", "account_device"):
        cursor.run(f"DELETE FROM {table} WHERE account = %s", (account.id,))  # noqa: S608


def remove_account(cursor: Cursor, account: str) -> bool:
    """Whether there was one; its sessions end."""
    return cursor.run("DELETE FROM account WHERE id = %s", (account,)) > 0


def accounts(cursor: Cursor) -> Sequence[Account]:
    return [_account(row) for row in cursor.rows(f"{_ACCOUNT} ORDER BY id")]


def find_account(cursor: Cursor, account: str) -> Account | None:
    found = cursor.rows(f"{_ACCOUNT} WHERE id = %s", (account,))
    return _account(found[0]) if found else None


def _account(row: tuple[str, str, str, str]) -> Account:
    account, name, role, hashed = row
    return Account(account, name, ReaderRole(role), hashed)


def choose_password(cursor: Cursor, account: str, hashed: str, token: str) -> None:
    """Every other session of this account ends; `token`: of the one that goes on."""
    cursor.run("UPDATE account SET hash = %s WHERE id = %s", (hashed, account))
    cursor.run(
        "DELETE FROM account_session WHERE account = %s AND token <> %s",
        (account, digest_of(token)),
    )


def begin_session(cursor: Cursor, account: str, now: datetime) -> str:
    """Its token. What is over is swept out."""
    token = new_token()
    cursor.run("DELETE FROM account_session WHERE made <= %s", (_oldest(now),))
    cursor.run("INSERT INTO account_session VALUES (%s, %s, %s)", (digest_of(token), account, now))
    return token


def know_browser(cursor: Cursor, account: str, now: datetime) -> str:
    """The token of a browser in which somebody has signed in; the oldest of too many goes."""
    token = new_token()
    cursor.run("INSERT INTO account_device VALUES (%s, %s, %s)", (digest_of(token), account, now))
    cursor.run(
        "DELETE FROM account_device WHERE account = %s AND (made <= %s OR token NOT IN (SELECT "
        "token FROM account_device WHERE account = %s ORDER BY made DESC, token LIMIT %s))",
        (account, now - timedelta(seconds=BROWSER_S), account, MOST_BROWSERS),
    )
    return token


def is_known_browser(cursor: Cursor, account: str, token: str, now: datetime) -> bool:
    sql = "SELECT 1 FROM account_device WHERE account = %s AND token = %s AND made > %s"
    since = now - timedelta(seconds=BROWSER_S)
    return bool(cursor.rows(sql, (account, digest_of(token), since)))


def end_session(cursor: Cursor, token: str) -> None:
    cursor.run("DELETE FROM account_session WHERE token = %s", (digest_of(token),))


def reader_of(cursor: Cursor, token: str, now: datetime) -> PageReader | None:
    """Whose token it is; None: nobody's, or no more."""
    digest = digest_of(token)
    found = cursor.rows(_WHO, (digest, _oldest(now), digest))
    if not found:
        return None
    account, name, role = found[0]
    return PageReader(account, name, ReaderRole(role))


def is_there(cursor: Cursor, role: ReaderRole, name: str, now: datetime) -> bool:
    """Whether this account has this role and somebody is signed in by it, or this wall is known."""
    if role is ReaderRole.WALL:
        return bool(cursor.rows("SELECT 1 FROM wall WHERE name = %s", (name,)))
    sql = (
        "SELECT 1 FROM account JOIN account_session ON account_session.account = account.id "
        "WHERE account.id = %s AND account.role = %s AND account_session.made > %s LIMIT 1"
    )
    return bool(cursor.rows(sql, (name, role.value, _oldest(now))))


def put_wall(cursor: Cursor, name: str, now: datetime) -> str:
    """The token of a wall screen; an earlier one of this name ends."""
    token = new_token()
    cursor.run(
        "INSERT INTO wall VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE "
        "SET token = excluded.token, made = excluded.made",
        (name, digest_of(token), now),
    )
    return token


def remove_wall(cursor: Cursor, name: str) -> bool:
    """Whether there was one."""
    return cursor.run("DELETE FROM wall WHERE name = %s", (name,)) > 0


def walls(cursor: Cursor) -> Sequence[str]:
    return [str(name) for (name,) in cursor.rows("SELECT name FROM wall ORDER BY name")]


def _oldest(now: datetime) -> datetime:
    return now - timedelta(seconds=SESSION_S)
