"""From a command line to running daemons: one role by `python -m ROLE`, or several in a process."""

import argparse
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.runtime import broker, last_good, logs, ownership, reloading, settings
from hall.runtime.bus import Bus
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.members import at, members
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.reloading import START_AGAIN, Reloader
from hall.runtime.sections import Shared
from hall.runtime.settings_yaml import in_order
from hall.runtime.state_folders import candidates, state_folder

log = logging.getLogger(__name__)

CONFIG_ERROR = 2

# Raises ConfigError for what is wrong beside the roles' own sections.
Judge = Callable[[settings.Document], object]
# `only`: the client id of the one device to run, or None for all that the YAML names.
Build = Callable[[settings.Document, Ground, str | None], Sequence[Daemon]]


def refuse(document: settings.Document) -> None:
    """Raise ConfigError for what could not be read at some place of the file."""
    if document.mistakes:
        raise settings.ConfigError(document.file, document.mistakes)


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role to run; `only` picks one of its devices. `name`: its last good file has it."""

    build: Build
    only: str | None
    name: str


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
    wanted = WantedRole(build, args.only, args.only or name)
    return reloading.again(run([wanted], place(args)))


def run(wanted: Sequence[WantedRole], where: RunOptions, judge: Judge = refuse) -> int:
    """Run until SIGTERM or SIGINT.

    Exit status: 0 stopped, 2 wrong configuration, START_AGAIN for a new one, else a fault.
    """
    logs.start(systemd="JOURNAL_STREAM" in os.environ)
    try:
        with ExitStack() as stack:
            stack.enter_context(ownership.private_files())
            chosen = _choose(wanted, where, judge)
            # Only now: a mistake in any section must leave nothing started.
            chosen.place.location = _find_broker(chosen, where, stack)
            return _run_all(chosen, _reloader(chosen, wanted, where, judge))
    except settings.ConfigError as err:
        print(err, file=sys.stderr)  # noqa: T201
        return CONFIG_ERROR
    except Fatal as err:
        print(f"motcua: {err}", file=sys.stderr)  # noqa: T201
        return err.status


def rehearse(wanted: Sequence[WantedRole], document: settings.Document, hall: str) -> None:
    """All that `run` builds, on an empty folder and no bus: only what starting opens is left.

    Raises ConfigError, also for a file that is named and cannot be used: a role that starts does
    without it, but nobody means to have it so.
    """
    unusable: list[settings.Mistake] = []
    clock, silent = SystemClock(), MemoryBroker()
    with tempfile.TemporaryDirectory(prefix="motcua-check-") as folder:
        ground = Ground(
            hall, clock, Path(folder), lambda name: silent.bus(name, hall, clock), headless=True
        )
        for daemon in _build(wanted, document, ground):
            unusable += daemon.unusable
            daemon.service.stop()
    if unusable:
        raise settings.ConfigError(document.file, in_order(unusable))


def _build(
    wanted: Sequence[WantedRole], document: settings.Document, ground: Ground
) -> tuple[Daemon, ...]:
    """Of a file with a mistake further down nothing stays open. Raises ConfigError."""
    daemons: list[Daemon] = []
    with ExitStack() as opened:
        for role in wanted:
            for daemon in role.build(document, ground, role.only):
                opened.callback(daemon.service.stop)
                daemons.append(daemon)
        opened.pop_all()
    return tuple(daemons)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is run, and the file it is from. `told`: of the file on disk, where it is wrong."""

    document: settings.Document
    shared: Shared
    ground: Ground
    place: "_BrokerPlace"
    daemons: tuple[Daemon, ...]
    kept: last_good.KeptConfig
    told: last_good.ConfigJudged = last_good.RIGHT


def _choose(wanted: Sequence[WantedRole], where: RunOptions, judge: Judge) -> _Chosen:
    """By the file, or else by the last one that was good. Raises ConfigError, Fatal."""
    document: settings.Document | None = None
    try:
        document = settings.skim(where.config)
        judge(document)
        return _prepare(wanted, where, document)
    except settings.ConfigError as err:
        hall = at(document.values, ("hall", "id")) if document else None
        known = hall if isinstance(hall, str) else None
        kept = last_good.find(_names(wanted), candidates(known, where.state))
        if kept is None:
            raise
        log.error("%s", err)  # noqa: TRY400 - a person's mistake, not the program's
        old = kept.document(where.config)
        judge(old)
        chosen = _prepare(wanted, where, old)
        at_hall = kept.kept_at.astimezone(ZoneInfo(chosen.shared.hall.timezone))
        running = f"đang chạy với bản tốt gần nhất (từ {at_hall:%H:%M %d/%m/%Y})"
        return replace(chosen, told=last_good.wrong(err, running))


def _names(wanted: Sequence[WantedRole]) -> list[str]:
    return [role.name for role in wanted]


def _prepare(
    wanted: Sequence[WantedRole], where: RunOptions, document: settings.Document
) -> _Chosen:
    shared = settings.check(document.part(Shared.model_fields), Shared)
    place = _BrokerPlace()
    ground = _ground(shared, where, place)
    ground = replace(ground, clients=members(document.values).clients)
    daemons = _build(wanted, document, ground)
    kept = last_good.of(ground.state, _names(wanted))
    return _Chosen(document, shared, ground, place, daemons, kept)


def _reloader(
    chosen: _Chosen, wanted: Sequence[WantedRole], where: RunOptions, judge: Judge
) -> Reloader:
    def judged() -> settings.Document:
        document = settings.skim(where.config)
        judge(document)
        shared = settings.check(document.part(Shared.model_fields), Shared)
        rehearse(wanted, document, shared.hall.id)
        return document

    def post_all(judged: last_good.ConfigJudged) -> None:
        for daemon in chosen.daemons:
            daemon.context.inbox.post(judged)

    return Reloader(where.config, chosen.document, chosen.kept, judged, post_all, chosen.told)


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


def _find_broker(chosen: _Chosen, where: RunOptions, stack: ExitStack) -> broker.Location:
    url = where.broker_url or chosen.shared.broker.url
    if url != "auto":
        try:
            return broker.location(url)
        except ValueError as err:
            raise Fatal(CONFIG_ERROR, str(err)) from err
    private = broker.PrivateBroker(chosen.ground.state, broker.hall_ids(chosen.document.values))
    stack.callback(private.close)
    return private.start()


def _run_all(chosen: _Chosen, reloader: Reloader) -> int:
    """Each daemon in a thread of its own, the last in the main one (windows live only there)."""
    if not chosen.daemons:
        raise Fatal(CONFIG_ERROR, "không có thiết bị nào của vai trò này trong tệp cấu hình")
    ordered = sorted(chosen.daemons, key=lambda d: getattr(d.service, "needs_main_thread", False))
    heart = Heartbeat(Notifier(), len(ordered), reloader.became_ready)
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

    if chosen.told != last_good.RIGHT:
        reloader.tell(chosen.told)
    reloading.on_signals(stop_all, reloader)
    threads = [threading.Thread(target=work, args=(d,), name=d.name) for d in ordered[:-1]]
    for thread in threads:
        thread.start()
    work(ordered[-1])
    for thread in threads:
        thread.join()
    return max(results, default=1) or (START_AGAIN if reloader.adopted else 0)
