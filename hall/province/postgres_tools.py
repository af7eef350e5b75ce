"""PostgreSQL's own programs: who may make databases, what dumps one and reads it back.

Debian lets the system's user `postgres` in as the administrator, over the socket and without a
password. A connection string that names a user is taken as it is: that user must have the right.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hall.province.database import changed, words_of

ADMINISTRATOR = "postgres"
_ROOT = 0
_DEBIAN = Path("/usr/lib/postgresql")


class ToolFailed(Exception):
    """A program of PostgreSQL is not there, or has ended with an error; the text says which."""


def program(name: str) -> str:
    """Debian keeps those of each version apart; the newest counts. Raises ToolFailed."""
    found = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: _version(path.parts[-3]))
    if found:
        return str(found[-1])
    on_path = shutil.which(name)
    if on_path is None:
        raise ToolFailed(f"thiếu {name} – hãy cài: sudo apt-get install -y postgresql")
    return str(Path(on_path).resolve())


def _version(text: str) -> int:
    return int(text) if text.isdigit() else 0


@dataclass(frozen=True, slots=True)
class PostgresTools:
    """Of the server and the database that a connection string names."""

    dsn: str

    @property
    def name(self) -> str:
        """The database's."""
        words = words_of(self.dsn)
        return words.get("dbname") or words.get("user") or ADMINISTRATOR

    def dump(self, into: Path) -> None:
        """All of the database, compressed, as it is at this moment. Raises ToolFailed."""
        _run([program("pg_dump"), "-Fc", "-f", str(into), "-d", self.dsn])

    def read_back(self, dump: Path, name: str) -> str:
        """Into an empty database of this name, by the administrator; what is wrong with its rights.

        Whom they were given to belongs to the server, and may be unknown to another one. Raises
        ToolFailed, OSError.
        """
        whole = ("--no-acl", "--exit-on-error", "--single-transaction")
        where = changed(self.dsn, dbname=name)
        with dump.open("rb") as source:
            words = [program("pg_restore"), *whole, "-d", where]
            _run([*self._as_administrator(), *words], source)
        rights = _rights(dump)
        psql = [program("psql"), "-X", "-q", "-d", where]
        return _complaints([*self._as_administrator(), *psql], rights) if rights else ""

    def administer(self, script: str) -> str:
        """A script of psql, outside any transaction; what its queries print. Raises ToolFailed."""
        words = [program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]
        maintenance = changed(self.dsn, dbname=ADMINISTRATOR)
        return _run([*self._as_administrator(), *words, maintenance], script=script)

    def _as_administrator(self) -> list[str]:
        named = "user" in words_of(self.dsn)
        return [] if named or os.geteuid() != _ROOT else ["runuser", "-u", ADMINISTRATOR, "--"]


def _rights(dump: Path) -> str:
    """SQL that gives what was given to others, a statement each."""
    with dump.open("rb") as source:
        found = _run([program("pg_restore"), "-l"], source).splitlines()
    kept = [line for line in found if " ACL " in line]
    if not kept:
        return ""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as wanted, dump.open("rb") as source:
        wanted.write("\n".join(kept))
        wanted.flush()
        return _run([program("pg_restore"), "-L", wanted.name, "-f", "-"], source)


def _complaints(words: list[str], script: str) -> str:
    """Of statements that are tried one by one, the first that fails."""
    said = _ended(words, None, script).stderr.decode(errors="replace")
    return _error(said) if said.strip() else ""


def _run(words: list[str], source: IO[bytes] | None = None, script: str = "") -> str:
    """`source` is read by the program; where there is none, `script`."""
    done = _ended(words, source, script)
    if done.returncode:
        name = next(Path(word).name for word in words if word.startswith("/"))
        raise ToolFailed(f"{name}: {_error(done.stderr.decode(errors='replace'))}")
    return done.stdout.decode()


def _ended(
    words: list[str], source: IO[bytes] | None, script: str
) -> "subprocess.CompletedProcess[bytes]":
    with tempfile.TemporaryFile() as written:
        written.write(script.encode())
        written.seek(0)
        return subprocess.run(  # noqa: S603
            words,
            stdin=source or written,
            capture_output=True,
            check=False,
            cwd="/",
            env={**os.environ, "LC_MESSAGES": "C"},
        )


def _error(said: str) -> str:
    """The line that matters."""
    lines = [line for line in said.strip().splitlines() if line]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "lỗi")
