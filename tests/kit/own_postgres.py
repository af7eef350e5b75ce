"""A PostgreSQL that a test rules alone: made by initdb without rights, killed, begun again."""

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from broker_of_ones_own import free_port

from hall.province.database import Database
from hall.province.migrating import migrate
from hall.runtime.clock import SystemClock

START_S = 60.0
# Does not run as root.
_USER = "postgres"


def programs() -> Path:
    """Debian keeps them apart, by version, and not on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    assert here is not None, "needs Debian's package postgresql"
    return Path(here).resolve().parent


@dataclass(slots=True)
class OwnPostgres:
    """`folder`: its data, readable by the user it runs as. It listens on loopback alone."""

    folder: Path
    port: int = field(default_factory=free_port)
    _server: "subprocess.Popen[bytes] | None" = None

    @property
    def dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={_USER} dbname=postgres"

    def make(self) -> None:
        """Once."""
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER, _USER)
        self._run("initdb", "-A", "trust", "-U", _USER, "-E", "UTF8", "--no-sync", "--locale=C")

    def make_standby_of(self, primary: "OwnPostgres") -> None:
        """Once, in place of `make`: what the primary has, and from then on what it writes."""
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER, _USER)
        at = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", _USER)
        self._run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "--no-sync", *at)

    def promote(self) -> None:
        """The standby is the primary from now on."""
        self._run("pg_ctl", "promote", "-w")

    def start(self) -> None:
        """Returns once it takes connections."""
        # fsync stays on: what is acknowledged must be there after a kill. The cache is small.
        words = [
            *(str(programs() / "postgres"), "-D", str(self.folder), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"),
            *("-c", "shared_buffers=32MB", "-c", "max_connections=30"),
        ]
        self._server = subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_nobody()
        )
        clock = SystemClock()
        deadline = clock.monotonic() + START_S
        while subprocess.run(
            [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
            check=False,
        ).returncode:
            assert self._server.poll() is None, "postgres ended"
            assert clock.monotonic() < deadline, "postgres does not answer"

    def kill(self) -> None:
        """As a power cut of the process: its children end by themselves."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, how: int) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.send_signal(how)
            server.wait(START_S)

    def fresh(self, name: str) -> str:
        """An empty database with this version's tables: how to connect to it."""
        self._run(
            "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", _USER, name, data=False
        )
        dsn = self.dsn.replace("dbname=postgres", f"dbname={name}")
        with Database(dsn) as database:
            migrate(database)
        return dsn

    def _run(self, program: str, *words: str, data: bool = True) -> None:
        where = ["-D", str(self.folder)] if data else []
        subprocess.run(
            [str(programs() / program), *where, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            **_as_nobody(),
        )


def _as_nobody() -> dict[str, object]:
    """initdb and postgres refuse to run as root."""
    if os.geteuid():
        return {}
    known = pwd.getpwnam(_USER)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": [], "cwd": "/"}
