"""A role of PostgreSQL that reads the views of `report` alone, and a board for Grafana."""

import re
from importlib.resources import files

from hall.province.database import Cursor

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
# A question of a board that hangs must not hold up the halls.
_PATIENCE = "60s"


class MayNotCreate(Exception):
    """Our own role of PostgreSQL may create no other."""


def is_role_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not text.startswith("pg_")


def create(cursor: Cursor, name: str, password: str) -> None:
    """Or another password for it. `name`: as `is_role_name` has it; `password`: of no quotes.

    Raises MayNotCreate, StoreAway, StoreRefuses.
    """
    if not is_role_name(name) or "'" in password or "\\" in password:
        raise ValueError(name)
    rights = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
    verb = "ALTER" if _is_there(cursor, name) else "CREATE"
    if not _may_create(cursor):
        text = (
            "người dùng PostgreSQL của motcua không được tạo người dùng khác; chạy một lần: "
            "sudo -u postgres psql -c 'ALTER ROLE \"motcua-province\" CREATEROLE'"
        )
        raise MayNotCreate(text)
    cursor.run(f"{verb} ROLE {name} LOGIN {rights} PASSWORD '{password}'")
    cursor.run(f"ALTER ROLE {name} SET default_transaction_read_only = on")
    cursor.run(f"ALTER ROLE {name} SET statement_timeout = '{_PATIENCE}'")
    cursor.run(f"ALTER ROLE {name} SET search_path = report")
    cursor.run(f"GRANT USAGE ON SCHEMA report TO {name}")
    cursor.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA report TO {name}")


def remove(cursor: Cursor, name: str) -> bool:
    """Whether it was there. Raises StoreAway, StoreRefuses."""
    if not is_role_name(name) or not _is_there(cursor, name):
        return False
    cursor.run(f"DROP OWNED BY {name}")
    cursor.run(f"DROP ROLE {name}")
    return True


def dashboard() -> str:
    """JSON, to be imported in Grafana with a PostgreSQL source of such a role."""
    return (files("hall.province.page") / "grafana.json").read_text(encoding="utf-8")


def _is_there(cursor: Cursor, name: str) -> bool:
    return bool(cursor.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)))


def _may_create(cursor: Cursor) -> bool:
    sql = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    return bool(cursor.rows(sql)[0][0])
