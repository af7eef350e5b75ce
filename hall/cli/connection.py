"""What a command of a technician says about its hall, and the connection to that hall."""

import argparse
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hall.runtime import broker
from hall.runtime.bus import Subscription
from hall.runtime.bus_mqtt import MqttBus, Server
from hall.runtime.clock import Clock, SystemClock
from hall.runtime.daemon import Ground
from hall.runtime.sections import Shared
from hall.runtime.state_folders import state_folder
from hall.runtime.terminal import NoHall, Terminal

_RUN_FIRST = "Chạy motcua run trước, hoặc chỉ đúng --state, --broker của hội trường đang chạy."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", "--config", type=Path, required=True, help="tệp cấu hình (YAML)")
    parser.add_argument("--broker", metavar="URL", help="ví dụ mqtt://127.0.0.1:1883")
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục trạng thái")
    parser.add_argument(
        "--as",
        dest="client",
        type=_client,
        default="tech-cli",
        metavar="CLIENT",
        help="nói với tên client này",
    )


def _client(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", name):
        raise argparse.ArgumentTypeError(f"'{name}' không phải tên client")
    return name


@contextmanager
def connected(
    args: argparse.Namespace,
    shared: Shared,
    subscriptions: Sequence[Subscription] = (),
) -> Iterator[Terminal]:
    """A terminal on the hall that the arguments name. Raises NoHall."""
    clock = SystemClock()
    state = state_folder(shared.hall.id, args.state)
    where = _where(args.broker or shared.broker.url, state)
    client = where.user or args.client
    server = broker.server_for(client, where, state, shared.broker.ca, shared.broker.credential)
    ground = Ground(shared.hall.id, clock, state, partial(_bus, shared.hall.id, server, clock))
    terminal = Terminal(ground.context_of(client))
    try:
        with _quiet_log():
            terminal.open(subscriptions)
            yield terminal
    finally:
        terminal.close()


def _bus(hall: str, server: Server, clock: Clock, client: str) -> MqttBus:
    return MqttBus(client, hall, server, clock)


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Somebody who types a command reads its answer, not the bus's log."""
    handler, log = logging.NullHandler(), logging.getLogger("hall")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _where(url: str, state: Path) -> broker.Location:
    if url != "auto":
        try:
            return broker.location(url)
        except ValueError as err:
            raise NoHall(str(err), "Sửa broker.url.") from err
    found = broker.remembered(state)
    if found is None:
        text = f"chưa có hội trường nào chạy với thư mục trạng thái {state}"
        raise NoHall(text, _RUN_FIRST)
    return found
