"""A technician's connection to a running hall: ask and wait, from a terminal."""

import argparse
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import RSP, Channel
from hall.contract.words import Part
from hall.runtime import broker, roles
from hall.runtime.bus import Connected, Disconnected, Received, Subscription, expect
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Desk, Ground
from hall.runtime.sections import Shared
from hall.runtime.settings_words import words

CONNECT_S = 5.0
P = TypeVar("P", bound=Part)


_NO_ANSWER = "broker không trả lời"
_REFUSED = "broker từ chối tên hoặc mật khẩu"


def misused(err: ValidationError) -> str:
    """What is wrong with a word that no request can carry."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {words(e)}" for e in err.errors())


class NoHall(Exception):
    """The hall's broker does not answer, or not to us. `advice`: what to do about it."""

    advice = "Xem mosquitto có chạy không: systemctl status mosquitto; kiểm tra broker.url."


class NotLetIn(NoHall):
    """The broker knows no such name, or another password."""

    advice = (
        "Chạy lệnh bằng sudo, với --state là nơi có thư mục credentials "
        "(máy đã lắp: --state /etc/motcua)."
    )


class NotRunning(NoHall):
    """No hall has run with this state folder."""

    advice = "Chạy motcua run trước, hoặc chỉ đúng --state, --broker của hội trường đang chạy."


class Terminal:
    """`seen`: the last message of every state it has subscribed to, by topic.

    `spoke`: when each client is known to have written something.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.seen: dict[tuple[str, str], Part] = {}
        self.spoke: dict[str, datetime] = {}
        self._up = False
        self._why = ""

    def open(self, subscriptions: Sequence[Subscription] = ()) -> None:
        """Raises NoHall."""
        mine = Subscription(RSP, {"client": self.desk.client})
        self.desk.bus.open(self.desk.inbox, (mine, *subscriptions), ())
        self.until(lambda: self._up or self._is_refused, CONNECT_S)
        if self._is_refused:
            raise NotLetIn(_REFUSED)
        if not self._up:
            raise NoHall(_NO_ANSWER)

    @property
    def _is_refused(self) -> bool:
        return not self._up and self._why.startswith("refused")

    def close(self) -> None:
        self.desk.bus.close()

    def ask(
        self, channel: Channel, verb: str, request: Request, target: str | None = None
    ) -> Reply:
        """Ask and wait for the reply, or for `unavailable` when none comes."""
        replies: list[Reply] = []
        now = self.desk.clock.monotonic()
        self.desk.requester.ask(channel, verb, request, replies.append, now, target=target)
        self.until(lambda: bool(replies), 10.0)
        return replies[0]

    def state(self, channel: Channel, model: type[P], **levels: str) -> P | None:
        """The last state seen on this channel and these levels."""
        found = self.seen.get((channel.name, "/".join(levels.values())))
        return None if found is None else expect(found, model)

    def states(self, channel: Channel) -> dict[str, Part]:
        """All states seen on a channel, by their levels."""
        return {key: part for (name, key), part in self.seen.items() if name == channel.name}

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Listen until the condition holds; False when the time is up."""
        clock = self.desk.clock
        end = clock.monotonic() + seconds
        while not condition():
            now = clock.monotonic()
            if now >= end:
                return False
            due = self.desk.requester.tick(now)
            self._take(self.desk.inbox.take(max(0.0, min(end, due, now + 0.2) - now)))
        return True

    def _take(self, item: object) -> None:
        match item:
            case Connected():
                self._up = True
                self.desk.requester.connected()
            case Disconnected(why):
                self._why = why
            case Received(channel=channel, message=message) if channel is RSP:
                self.desk.requester.heard(expect(message, Reply))
            case Received(channel=channel, message=message, levels=levels, src=src, ts=ts):
                self.seen[(channel.name, "/".join(levels.values()))] = message
                if ts is not None:
                    self.spoke[src] = max(ts, self.spoke.get(src, ts))
            case _:
                pass


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
    state = roles.state_folder(shared.hall.id, args.state)
    where = _where(args.broker or shared.broker.url, state)

    def bus(client: str) -> MqttBus:
        server = broker.server_for(client, where, state, shared.broker.ca, shared.broker.credential)
        return MqttBus(client, shared.hall.id, server, clock)

    client = where.user or args.client
    try:
        terminal = Terminal(Ground(shared.hall.id, clock, state, bus).desk(client))
    except PermissionError as err:
        raise NotLetIn(f"không có quyền đọc {err.filename}") from err
    try:
        with _quiet_log():
            terminal.open(subscriptions)
            yield terminal
    finally:
        terminal.close()


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
            raise NoHall(str(err)) from err
    found = broker.remembered(state)
    if found is None:
        raise NotRunning(f"chưa có hội trường nào chạy với thư mục trạng thái {state}")
    return found
