"""The one home of the PostgreSQL library: a connection that says what its failures mean.

psycopg is an extra of the package (`province`): no hall has it, so it is imported when a connection
is opened.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from hall.province.ports import StoreAway, StoreRefuses

CONNECT_S = 5
# How long one statement may take before it is given up: a lock that somebody holds in psql.
STATEMENT_MS = 120_000
_LACKING = "chưa có thư viện psycopg – cài motcua-hall[province] (xem docs/province.md)"


class NoDatabaseDriver(Exception):
    """psycopg is not there, or finds no libpq."""


class Database:
    """One connection, opened at the first use and again after it broke. One thread only."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Any = None

    @contextmanager
    def transaction(self) -> Iterator["Cursor"]:
        """Committed at the end, or not at all. Raises StoreAway, StoreRefuses."""
        library = _library()
        try:
            connection = self._open(library)
            with connection.transaction(), connection.cursor() as cursor:
                yield Cursor(cursor)
        except (library.OperationalError, library.InterfaceError) as err:
            self.close()
            raise StoreAway(_first_line(err)) from err
        except library.Error as err:
            raise StoreRefuses(_first_line(err)) from err

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fresh(self) -> bool:
        """Whether the next transaction is the first of a connection."""
        return self._connection is None

    def _open(self, library: Any) -> Any:  # noqa: ANN401 - the library's own
        if self._connection is None:
            self._connection = library.connect(
                self._dsn,
                connect_timeout=CONNECT_S,
                application_name="motcua-province",
                options=f"-c statement_timeout={STATEMENT_MS} -c timezone=UTC "
                "-c client_min_messages=warning",
                autocommit=True,
            )
        return self._connection


def changed(dsn: str, **words: str) -> str:
    """The same connection with other words, `dbname` or `user`. Raises StoreRefuses."""
    library = _library()
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - as the library itself

    try:
        return str(make_conninfo(dsn, **words))
    except library.Error as err:
        raise StoreRefuses(_first_line(err)) from err


def words_of(dsn: str) -> dict[str, str]:
    """What a connection string says, by libpq's names. Raises StoreRefuses."""
    library = _library()
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - as the library itself

    try:
        return {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    except library.Error as err:
        raise StoreRefuses(_first_line(err)) from err


class Cursor:
    """Statements of one transaction."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 - the library's own
        self._cursor = cursor

    def run(self, sql: str, values: Any = None) -> int:  # noqa: ANN401 - a row or named values
        """How many rows it concerned."""
        self._cursor.execute(sql, values)
        return int(self._cursor.rowcount)

    def rows(self, sql: str, values: Any = None) -> list[tuple[Any, ...]]:  # noqa: ANN401
        self._cursor.execute(sql, values)
        return [tuple(row) for row in self._cursor.fetchall()]

    def copy(self, sql: str, lines: Sequence[str]) -> None:
        """Lines of COPY's own text format, written by `copied`."""
        with self._cursor.copy(sql) as copying:
            copying.write("".join(lines))


def _library() -> Any:  # noqa: ANN401 - the library's own
    try:
        import psycopg  # noqa: PLC0415 - an extra that a hall has not
    except ImportError as err:
        raise NoDatabaseDriver(_LACKING) from err
    return psycopg


def copied(values: Sequence[object]) -> str:
    """One line of COPY's text format (PostgreSQL, COPY, "Text Format")."""
    return "\t".join(_field(value) for value in values) + "\n"


def _field(value: object) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case str():
            escaped = value.replace("\\", "\\\\").replace("\t", "\\t")
            return escaped.replace("\n", "\\n").replace("\r", "\\r")
        case _:
            return str(value)


def _first_line(err: Exception) -> str:
    return str(err).strip().partition("\n")[0] or type(err).__name__
