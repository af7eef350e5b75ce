"""From a command line to running daemons: one role by `python -m ROLE`, or several in a process."""

import argparse
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from hall.runtime import broker, logs, ownership, settings
from hall.runtime.bus import Bus
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.members import members
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.sections import Shared

log = logging.getLogger(__name__)

CONFIG_ERROR = 2

# `only`: the client id of the one device to run, or None for all that the YAML names.
Build = Callable[[settings.Document, Ground, str | None], Sequence[Daemon]]


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role to run; `only` picks one of its devices."""

    build: Build
    only: str | None = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says beside the roles. `broker_url` overrides the YAML's."""

    config: Path
    broker_url: str | None = None
    state: Path | None = None
    pictures: Path | None = None
    headless: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--broker", metavar="URL", help="thay cho broker trong tệp cấu hình")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="ghi ảnh màn hình vào đây")
    parser.add_argument("--headless", action="store_true", help="không mở cửa sổ")


def place(args: argparse.Namespace) -> RunOptions:
    return RunOptions(args.config, args.broker, args.state, args.pictures, args.headless)


def main(name: str, build: Build, argv: Sequence[str] | None = None) -> int:
    """`python -m NAME`: this role alone."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    add_arguments(parser)
    parser.add_argument("--only", metavar="CLIENT", help="chỉ thiết bị này, ví dụ printer-1")
    args = parser.parse_args(argv)
    return run([WantedRole(build, args.only)], place(args))


def run(wanted: Sequence[WantedRole], where: RunOptions) -> int:
    """Run until SIGTERM or SIGINT. Exit status: 0 stopped, 2 wrong configuration, else a fault."""
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    try:
        document = settings.read(where.config)
        shared = settings.check(document.part(Shared.model_fields), Shared)
        with ExitStack() as stack:
            stack.enter_context(ownership.private_files())
            place = _BrokerPlace()
            ground = _ground(shared, where, place)
            ground = replace(ground, clients=members(document.values).clients)
            daemons = [d for w in wanted for d in w.build(document, ground, w.only)]
            # Only now: a mistake in any section must leave nothing started.
            place.location = _find_broker(document, shared, where, ground.state, stack)
            return _run_all(daemons)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)  # noqa: T201
        return CONFIG_ERROR
    except Fatal as err:
        print(f"motcua: {err}", file=sys.stderr)  # noqa: T201
        return err.status


def state_folder(hall: str, given: Path | None) -> Path:
    """--state, else systemd's StateDirectory, else the user's own state folder."""
    if given is not None:
        return given
    if named := os.environ.get("STATE_DIRECTORY"):
        return Path(named.split(":", 1)[0])
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "motcua" / hall


@dataclass(slots=True)
class _BrokerPlace:
    """Set before a bus is opened; None while the sections are still read."""

    location: broker.Location | None = None


def _ground(shared: Shared, where: RunOptions, place: _BrokerPlace) -> Ground:
    clock = SystemClock()
    state = state_folder(shared.hall.id, where.state)
    ownership.become_owner(state)
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as err:
        raise Fatal(3, f"không ghi được vào thư mục trạng thái {state}: {err.strerror}") from err

    def server(client: str) -> Server:
        ca, credential = shared.broker.ca, shared.broker.credential
        if place.location is None:
            raise RuntimeError("a bus was opened before the broker was found")
        return broker.server_for(client, place.location, state, ca, credential)

    def bus(client: str) -> Bus:
        return MqttBus(client, shared.hall.id, lambda: server(client), clock)

    return Ground(shared.hall.id, clock, state, bus, where.pictures, where.headless)


def _find_broker(
    document: settings.Document, shared: Shared, where: RunOptions, state: Path, stack: ExitStack
) -> broker.Location:
    url = where.broker_url or shared.broker.url
    if url != "auto":
        try:
            return broker.location(url)
        except ValueError as err:
            raise Fatal(CONFIG_ERROR, str(err)) from err
    private = broker.PrivateBroker(state, broker.hall_ids(document.values))
    stack.callback(private.close)
    return private.start()


def _on_signal(stop_all: Callable[[], None]) -> None:
    """Call it in a thread: a handler that takes a lock hangs on its own thread's.

    A second SIGTERM within the first, or one that meets the loop at its inbox, did so.
    """
    heard: queue.SimpleQueue[None] = queue.SimpleQueue()

    def stop_on_signal() -> None:
        heard.get()
        stop_all()

    threading.Thread(target=stop_on_signal, name="signals", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: heard.put(None))


def _run_all(daemons: Sequence[Daemon]) -> int:
    """Each daemon in a thread of its own, the last in the main one (windows live only there)."""
    if not daemons:
        raise Fatal(CONFIG_ERROR, "không có thiết bị nào của vai trò này trong tệp cấu hình")
    ordered = sorted(daemons, key=lambda d: getattr(d.service, "needs_main_thread", False))
    heart = Heartbeat(Notifier(), len(ordered))
    results: list[int] = []

    def stop_all() -> None:
        for daemon in ordered:
            daemon.stop()

    def work(daemon: Daemon) -> None:
        try:
            results.append(daemon.run(heart))
        except Exception:
            log.exception("%s: ended by an unforeseen error", daemon.name)
            results.append(1)
        finally:
            stop_all()

    _on_signal(stop_all)
    threads = [threading.Thread(target=work, args=(d,), name=d.name) for d in ordered[:-1]]
    for thread in threads:
        thread.start()
    work(ordered[-1])
    for thread in threads:
        thread.join()
    return max(results, default=1)
