"""`motcua onestop-check` and `onestop-simulate`: the hall to a vendor, and a vendor to the hall."""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from hall.cli.checking.check import judge
from hall.contract.acl import HallIds
from hall.contract.onestop_messages import OnestopStatus
from hall.contract.requests import Request
from hall.contract.topics import (
    EXT_CATALOGUE,
    EXT_FIGURES,
    EXT_NOTICE,
    EXT_STATUS,
    REQ_ONESTOP,
    REQ_QUEUE,
    RSP,
)
from hall.onestop.check.rules import check
from hall.onestop.check.trial_bench import RuleVerdict, TrialBench
from hall.onestop.drivers.simulated import SimulatedDelays, SimulatedSupplier
from hall.onestop.quota import Quota
from hall.onestop.sample.profiles import ProfileId
from hall.onestop.service import OnestopService
from hall.runtime import broker, settings
from hall.runtime.broker import Location
from hall.runtime.bus import Connected, Subscription, Will
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.inbox import Inbox
from hall.runtime.link_faults import SILENT
from hall.runtime.notify import Heartbeat, Notifier
from hall.runtime.roles import CONFIG_ERROR
from hall.runtime.state_folders import state_folder

VENDOR, ASKER = "onestop", "tech-cli"
# In whose place the queue is asked for where no hall runs.
QUEUE = "controller"
_CLIENTS = (VENDOR, "onestop-feed", ASKER, "tech", QUEUE)
_STATES = (EXT_STATUS, EXT_FIGURES, EXT_CATALOGUE, EXT_NOTICE)
_CONNECT_S = 10.0
# A retained message comes with the subscription.
_RETAINED_S = 1.0
_PIECE_S = 0.1
_ZONE = "Asia/Ho_Chi_Minh"
_HOW = {True: "ĐẠT", False: "SAI", None: "chưa thử"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A broker, by whichever means it was found; `own`: opened here, so that no hall is on it."""

    hall: str
    where: Location
    state: Path
    ca: str = ""
    credential: str = "mqtt-password"
    own: bool = False

    def ground(self) -> Ground:
        return Ground(self.hall, SystemClock(), self.state, self.bus)

    def bus(self, client: str) -> MqttBus:
        server = partial(
            broker.server_for, client, self.where, self.state, self.ca, self.credential
        )
        return MqttBus(client, self.hall, server, SystemClock())


class _NoBroker(Exception):
    """The text says why, for a person."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(command=command)
    parser.add_argument("-c", "--config", type=Path, help="tệp cấu hình của hội trường (YAML)")
    parser.add_argument("--hall", type=_hall_id, default="demo", help="mã hội trường khi không -c")
    parser.add_argument(
        "--broker", metavar="URL", help="không ghi: mở một broker riêng trên máy này để thử"
    )
    parser.add_argument("--state", type=Path, metavar="DIR", help="thư mục có credentials/")
    if command == "onestop-check":
        parser.add_argument("--code", default="", help="mã một hồ sơ có thật, để thử tra cứu")
        parser.add_argument(
            "--wait",
            type=float,
            default=600,
            metavar="S",
            help="chờ phần mềm kết nối tối đa … giây",
        )
    else:
        parser.add_argument(
            "--profile", choices=get_args(ProfileId), default="mau", help="số liệu nào"
        )


def _hall_id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,32}", text):
        raise argparse.ArgumentTypeError(f"'{text}' không phải mã hội trường")
    return text


def main(args: argparse.Namespace) -> int:
    try:
        with _place(args) as place:
            if args.command == "onestop-check":
                return _check(place, args.code, args.wait)
            return _simulate(place, args.profile)
    except (settings.ConfigError, ValueError) as err:
        print(err, file=sys.stderr)
        return CONFIG_ERROR
    except (_NoBroker, Fatal) as err:
        print(f"motcua {args.command}: {err}", file=sys.stderr)
        return 1


@contextmanager
def _place(args: argparse.Namespace) -> Iterator[_Place]:
    """Where to meet: the broker named, that of the hall's YAML, or one of our own."""
    shared = judge(args.config)[1] if args.config else None
    hall = shared.hall.id if shared else args.hall
    url = args.broker or (shared.broker.url if shared else "auto")
    with ExitStack() as stack:
        if args.broker or shared:
            state = state_folder(hall, args.state)
            found = broker.remembered(state) if url == "auto" else broker.location(url)
            if found is None:
                raise _NoBroker(f"chưa có hội trường nào chạy với thư mục trạng thái {state}")
        else:
            state = args.state or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            own = broker.PrivateBroker(state, HallIds(hall, _CLIENTS))
            stack.callback(own.close)
            found = own.start()
            _invite(hall, found, state)
        if shared is None:
            yield _Place(hall, found, state, own=not args.broker)
        else:
            yield _Place(hall, found, state, shared.broker.ca, shared.broker.credential)


def _invite(hall: str, where: Location, state: Path) -> None:
    """How somebody connects to the broker that we opened."""
    print(f"Broker để thử: mqtt://{where.host}:{where.port}, chủ đề motcua/1/{hall}/…")
    for client in (VENDOR, ASKER):
        print(f"  client id và tên đăng nhập {client}, mật khẩu trong {state}/credentials/{client}")
    sys.stdout.flush()


# --- onestop-check ------------------------------------------------------------------------------


def _check(place: _Place, code: str, wait_s: float) -> int:
    """Connects anew when the vendor is there: what is retained shows to who comes later."""
    with _stage(place, code) as waiting:
        if not waiting.until(lambda: _is_there(waiting), _RETAINED_S):
            print("Chờ phần mềm một cửa kết nối…", flush=True)
            waiting.until(lambda: _is_there(waiting), wait_s)
    with _stage(place, code) as stage:
        found = [_printed(verdict) for verdict in check(stage)]
    failed = sum(verdict.passed is False for verdict in found)
    untried = sum(verdict.passed is None for verdict in found)
    print(f"\n{len(found)} quy tắc: {failed} sai, {untried} chưa thử được.")
    return 1 if failed else 0


def _is_there(stage: TrialBench) -> bool:
    told = stage.states(OnestopStatus)
    return bool(told) and told[-1].state == "ready"


@contextmanager
def _stage(place: _Place, code: str) -> Iterator[TrialBench]:
    """Raises _NoBroker."""
    ground = place.ground()
    bus = place.bus(ASKER)
    context = replace(ground, bus=lambda _client: bus).context_of(ASKER)
    queue = ground.context_of(QUEUE) if place.own else None

    def plant(verb: str, request: Request) -> bool:
        return bus.plant(REQ_ONESTOP, request, verb=verb, client=ASKER)

    stage = TrialBench(context, lambda: None, _cut(ground), plant, queue, code)

    def turn() -> None:
        stage.take_item(context.inbox.take_item(_PIECE_S))
        while queue is not None and (item := queue.inbox.take_item(0)) is not None:
            stage.take_wanted(item)

    stage.turn = turn
    heard = (Subscription(RSP, {"client": ASKER}), *(Subscription(each) for each in _STATES))
    context.bus.open(context.inbox, heard, ())
    if queue is not None:
        queue.bus.open(queue.inbox, (Subscription(REQ_QUEUE),), ())
    try:
        if not stage.until(lambda: stage.joined, _CONNECT_S):
            fault = context.bus.fault or SILENT
            raise _NoBroker(f"{fault.text}. {fault.advice}")
        yield stage
    finally:
        context.bus.close()
        if queue is not None:
            queue.bus.close()


def _printed(verdict: RuleVerdict) -> RuleVerdict:
    seen = f"; nhận được: {verdict.seen}" if verdict.seen else ""
    print(f"{_HOW[verdict.passed]:<8} {verdict.rule:<22} {verdict.expected}{seen}", flush=True)
    return verdict


def _cut(ground: Ground) -> Callable[[], bool]:
    """Connects under the vendor's name, which ends the vendor's own connection."""

    def take_over() -> bool:
        bus, inbox = ground.bus(VENDOR), Inbox()
        bus.open(inbox, (), ())
        try:
            return isinstance(inbox.take_item(_CONNECT_S), Connected)
        finally:
            bus.close()

    return take_over


# --- onestop-simulate ---------------------------------------------------------------------------


def _simulate(place: _Place, profile: ProfileId) -> int:
    """A one-stop software that obeys the contract, until somebody ends it."""
    ground = place.ground()
    zone = ZoneInfo(_ZONE)
    supplier = SimulatedSupplier(ground.clock, zone, profile, SimulatedDelays((0.2, 0.9), 30))
    context = ground.context_of(VENDOR)
    service = OnestopService(context, supplier, Quota(10), steering=supplier)
    will = Will(EXT_STATUS, OnestopStatus(state="lost", source=supplier.source, conn=""))
    daemon = Daemon(context, service, (will,))
    try:
        return daemon.run(Heartbeat(Notifier(), 1))
    except KeyboardInterrupt:
        return 0
