"""Finds the broker: the one of the YAML, or a private mosquitto that the first of us runs.

The private broker listens on loopback only, asks every client for its generated password, keeps
nothing on disk, and ends with the process that started it.
"""

import fcntl
import json
import logging
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from hall.contract.acl import HallIds
from hall.contract.roles import ROLES
from hall.runtime import broker_files, link_faults
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Fatal

log = logging.getLogger(__name__)

_SBIN = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
WAIT_S = 10.0
_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Location:
    host: str
    port: int
    tls: bool = False
    user: str = ""
    password: str | None = None


def location(url: str) -> Location:
    """Parse mqtt://host[:1883] or mqtts://host[:8883], with user:password@ on a command line.

    Raises ValueError.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise ValueError(f"'{url}' phải có dạng mqtt://máy:1883 hoặc mqtts://máy:8883")
    tls = parts.scheme == "mqtts"
    word = unquote(parts.password) if parts.password is not None else None
    user = unquote(parts.username or "")
    return Location(parts.hostname, parts.port or (8883 if tls else 1883), tls, user, word)


def hall_ids(values: Mapping[str, Any]) -> HallIds:
    """Every client, counter and service of this hall, by its YAML."""
    clients: list[str] = []
    for role in ROLES.values():
        clients += _listed(values, role.listed) if role.listed else role.ids or (role.kind,)
    counters, services = _listed(values, "counters"), _listed(values, "services")
    return HallIds(str(values["hall"]["id"]), tuple(clients), counters, services)


def _listed(values: Mapping[str, Any], section: str) -> tuple[str, ...]:
    entries = values.get(section) or ()
    return tuple(str(e["id"]) for e in entries if isinstance(e, dict) and "id" in e)


def server_for(client: str, where: Location, state: Path, ca: str, credential: str) -> Server:
    """Where a client connects and with which password: its own, or none where there is none."""
    plain = Server(where.host, where.port, None, where.tls, ca)
    if where.password is not None and where.user in ("", client):
        return replace(plain, password=where.password)
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    try:
        path = _credential(client, state, credential, handed)
        word = path.read_text(encoding="utf-8").strip() if path else None
    except (OSError, ValueError) as err:
        return replace(plain, obstacle=link_faults.unreadable(err, "tệp mật khẩu"))
    # systemd names the folder after the unit, and fills it when the unit starts.
    unit = Path(handed).name if path and handed and path.is_relative_to(handed) else ""
    return replace(plain, password=word, source=str(path or ""), unit=unit)


def _credential(client: str, state: Path, credential: str, handed: str) -> Path | None:
    """The file of this client's password."""
    places = [state / "credentials" / client]
    if handed:
        places = [Path(handed) / f"{credential}-{client}", Path(handed) / credential, *places]
    return next((place for place in places if place.is_file()), None)


def remembered(state: Path) -> Location | None:
    """Where the private broker of this state folder was started last, if it answers."""
    port = _port_in(state / "broker")
    return Location("127.0.0.1", port) if port and _answers(port) else None


def _port_in(folder: Path) -> int:
    try:
        found = json.loads((folder / "place.json").read_text(encoding="ascii"))
        return int(found["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


class PrivateBroker:
    """Run by whoever holds the lock in the state folder; others read where it is.

    Restarted when it dies. When its runner dies, the first process that notices takes over.
    """

    def __init__(self, state: Path, ids: HallIds) -> None:
        self._state = state
        self._ids = ids
        self._files = broker_files.Files(state / "broker")
        self._lock: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self._closing = threading.Event()

    def start(self) -> Location:
        """The broker's place, once it answers. Raises Fatal when it cannot be had."""
        passwords = broker_files.write_credentials(self._state / "credentials", self._ids.clients)
        self._files.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._take_lock():
            where = self._others()
            self._keep(passwords, where)
            return where
        where = self._run(passwords, _port_in(self._files.folder))
        self._keep(passwords, where)
        return where

    def close(self) -> None:
        self._closing.set()
        if self._keeper is not None:
            self._keeper.join(5)
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(3)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self._lock is not None:
            self._lock.close()

    @property
    def pid(self) -> int | None:
        """The broker's process, when it is our child."""
        return self._child.pid if self._child is not None else None

    def _take_lock(self) -> bool:
        lock = (self._files.folder / "lock").open("w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _others(self) -> Location:
        """Another process runs the broker: wait until it answers."""
        until = _CLOCK.monotonic() + WAIT_S
        while _CLOCK.monotonic() < until:
            port = _port_in(self._files.folder)
            if port and _answers(port):
                return Location("127.0.0.1", port)
            self._closing.wait(0.05)
        return Location("127.0.0.1", _port_in(self._files.folder) or 1883)

    def _run(self, passwords: Mapping[str, str], port: int) -> Location:
        """Start the child on the port of last time if it is free, so that clients find it."""
        for candidate in (port, 0, 0, 0):
            chosen = candidate or free_port()
            if self._run_on(passwords, chosen):
                return Location("127.0.0.1", chosen)
        raise Fatal(1, "mosquitto không khởi động được, xem nhật ký ở trên")

    def _run_on(self, passwords: Mapping[str, str], port: int) -> bool:
        if not _is_free(port):
            return False
        user = "root" if os.geteuid() == 0 else None
        config = broker_files.private_config(self._files, port, user)
        try:
            broker_files.write(self._files, self._ids, passwords, config)
        except OSError as err:
            # A full disk: the files of the last run still serve, on its port.
            if not self._files.are_for(config):
                raise Fatal(3, f"không ghi được tệp của broker: {err.strerror}") from err
            log.warning("files of the private broker not renewed: %s", err)
        if not self._spawn(port):
            return False
        self._tell_place(port)
        return True

    def _tell_place(self, port: int) -> None:
        if _port_in(self._files.folder) == port:
            return
        try:
            place = json.dumps({"port": port})
            broker_files.replace(self._files.folder / "place.json", place)
        except OSError as err:
            raise Fatal(3, f"không ghi được chỗ của broker: {err.strerror}") from err

    def _spawn(self, port: int) -> bool:
        self._child = subprocess.Popen(  # noqa: S603
            [*_death_signal(), mosquitto(), "-c", str(self._files.config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_broker_environment(os.environ),
        )
        until = _CLOCK.monotonic() + WAIT_S
        while _CLOCK.monotonic() < until and self._child.poll() is None:
            if _answers(port):
                return True
            self._closing.wait(0.01)
        return False

    def _keep(self, passwords: Mapping[str, str], where: Location) -> None:
        self._keeper = threading.Thread(
            target=self._watch, args=(passwords, where.port), name="broker-keeper", daemon=True
        )
        self._keeper.start()

    def _watch(self, passwords: Mapping[str, str], port: int) -> None:
        """Put it back on the same port and no other: every client looks for it there."""
        told = False
        while not self._closing.wait(0.2):
            ours = self._child is not None and self._child.poll() is None
            if ours or (self._lock is None and not self._take_lock()):
                told = False
                continue
            if not told:
                log.warning("private broker is gone: starting it again")
            told = True
            try:
                self._run_on(passwords, port)
            except (Fatal, OSError) as err:
                log.critical("private broker: %s", err)
                self._closing.wait(5.0)


def mosquitto() -> str:
    path = f"{os.environ.get('PATH', '')}:{_SBIN}"
    found = shutil.which("mosquitto", path=path)
    if found is None:
        raise Fatal(1, "chưa có mosquitto – hãy cài: sudo apt-get install mosquitto")
    return found


def _broker_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Without systemd's socket, or mosquitto would send READY=1 before this process is ready."""
    ruled = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "CREDENTIALS_DIRECTORY")
    return {key: value for key, value in ours.items() if key not in ruled}


def _death_signal() -> list[str]:
    """The broker gets SIGTERM when the thread that started it ends, however it ends."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "SIGTERM"] if setpriv else []


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False
