"""`motcua demo`: a whole hall with simulated hardware on a real broker, and a morning in it."""

import argparse
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hall.cli import finale, parts, rehearsal
from hall.cli.check import judge
from hall.cli.morning import Incidents, Morning, Pace
from hall.cli.staging import Props, Stage, environment
from hall.runtime import broker, logs, settings
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.notify import Heartbeat, Notifier

PROFILES = ("mu-cang-chai", "phu-tien", "dien-hong", "bac-tu-liem")
# Seconds that the last calls, the pictures and the leaving take.
CLOSING_S = 12.0
# What starting takes on a quick machine is part of the time given; a slow one gets more.
USUAL_START_S = 6.0
SLOWEST_START_S = 90.0
SHORTEST_S = 22.0
USUAL_PORT = 8080
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo: its place in the file system and on the network."""

    hall: str
    config: Path
    document: settings.Document
    state: Path
    out: Path
    port: int


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    parser.add_argument(
        "--headless", action="store_true", help="chạy, ghi ảnh và tóm tắt, rồi kết thúc"
    )
    parser.add_argument(
        "--seconds", type=float, metavar="N", help="chạy bao nhiêu giây (tối thiểu 22)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="thư mục ảnh và summary.json")
    parser.add_argument(
        "--port",
        type=_port_number,
        metavar="PORT",
        help="cổng HTTP, thường là 8080; 0: cổng trống bất kỳ",
    )
    parser.add_argument(
        "--profile", choices=PROFILES, default="phu-tien", help="số liệu của đơn vị nào"
    )
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="nhanh gấp mấy lần")
    parser.add_argument("--seed", type=int, default=7, help="hạt giống của buổi sáng")
    parser.add_argument(
        "-c", "--config", type=Path, help="hội trường của tệp này, mọi thiết bị thành mô phỏng"
    )


def _port_number(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"cổng từ 0 đến {_LAST_PORT}, không phải '{text}'")
    return int(text)


def main(args: argparse.Namespace) -> int:
    logs.start(systemd=False, level=30)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with ExitStack() as stack:
            demo = stack.enter_context(_prepared(args))
            return _play(args, demo, stack)
    except settings.ConfigError as err:
        print(err, file=sys.stderr)
        return 2
    except (Fatal, OSError) as err:
        print(f"motcua demo: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _prepared(args: argparse.Namespace) -> Iterator[Demo]:
    """A fresh state folder, an empty place for pictures, the hall's file with all simulated."""
    source = args.config or _demo_file()
    document, _ = judge(source)
    with tempfile.TemporaryDirectory(prefix="motcua-demo-") as folder:
        state = Path(folder)
        out = args.out or state / "out"
        _empty(out)
        port = _port(args.port)
        # A morning pressed into seconds needs a printer as quick as its citizens.
        speed = 0 if args.seconds or args.headless else None
        wishes = rehearsal.Wishes(args.profile, port, speed)
        played = rehearsal.rehearsed(document.values, source.resolve().parent, wishes)
        config = state / "demo.yaml"
        # JSON is YAML.
        config.write_text(json.dumps(played), encoding="utf-8")
        document, shared = judge(config)
        yield Demo(shared.hall.id, config, document, state, out, port)


def _demo_file() -> Path:
    for root in (Path(__file__).parents[2], Path(sys.prefix, "share", "motcua-hall")):
        found = root / "config" / "demo.yaml"
        if found.is_file():
            return found
    raise FileNotFoundError("không thấy config/demo.yaml")


def _port(wanted: int | None) -> int:
    """The wanted HTTP port; 0 finds a free one, and so does a busy 8080 that nobody asked for.

    Raises OSError when the wanted port is taken.
    """
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", USUAL_PORT if wanted is None else wanted))
        except OSError as err:
            if wanted is not None:
                text = f"cổng {wanted} đang bận; chọn cổng khác bằng --port, hoặc --port 0"
                raise OSError(text) from err
            sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _empty(out: Path) -> None:
    """Remove what an earlier demo left here, and nothing else."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("tickets", "logs"):
        shutil.rmtree(out / name, ignore_errors=True)
    for pattern in ("kiosk*.png", "board.png", "face-*.png", "summary.json"):
        for old in out.glob(pattern):
            old.unlink()
    (out / "tickets").mkdir()


def _play(args: argparse.Namespace, demo: Demo, stack: ExitStack) -> int:
    clients = broker.client_ids(demo.document.values)
    private = broker.PrivateBroker(demo.state, demo.hall, clients)
    where = private.start()
    stack.callback(private.close)
    url = f"mqtt://{where.host}:{where.port}"
    stage = Stage(Props(demo.config, demo.state, demo.out, demo.out / "logs", url), environment())
    stack.callback(stage.close)
    stage.start(parts.runnable(demo.document))
    seconds = _seconds(args)
    morning, stop = _begin(args, demo, where, private, seconds)
    _tell(demo, where, headless=args.headless)
    if not _wait(lambda: morning.has_begun or bool(stage.failed()), SLOWEST_START_S):
        print("motcua demo: thiết bị mô phỏng chưa lên đủ", file=sys.stderr)
    lasts = None if seconds is None else seconds - CLOSING_S - USUAL_START_S
    _wait(lambda: bool(stage.failed()), lasts)
    if stage.failed():
        stop()
        return _explain(stage, demo)
    _wait(lambda: morning.is_quiet, CLOSING_S / 2)
    stop()
    kiosks = demo.document.values.get("kiosks") or ()
    kiosk = str(kiosks[0]["id"]) if kiosks else None
    return finale.conclude(demo.out, _ground(demo, where), morning, stage, kiosk)


def _wait(condition: Callable[[], bool], seconds: float | None) -> bool:
    """Look five times a second; False when the time is up. None: for ever."""
    clock, pause = SystemClock(), threading.Event()
    end = None if seconds is None else clock.monotonic() + seconds
    while not condition():
        if end is not None and clock.monotonic() >= end:
            return False
        pause.wait(0.2)
    return True


def _seconds(args: argparse.Namespace) -> float | None:
    """Without --headless it runs until Ctrl-C."""
    if args.seconds is not None:
        return max(SHORTEST_S, float(args.seconds))
    return 40.0 if args.headless else None


def _begin(
    args: argparse.Namespace,
    demo: Demo,
    where: broker.Location,
    private: broker.PrivateBroker,
    seconds: float | None,
) -> tuple[Morning, Callable[[], None]]:
    """Let the morning begin in a thread of its own."""
    desk = _ground(demo, where).desk("tech-demo")
    lasts = None if seconds is None else max(4.0, seconds - CLOSING_S - USUAL_START_S)
    morning = Morning(
        desk,
        rehearsal.cast(demo.document.values),
        _pace(lasts, args.speed),
        _incidents(lasts, args.speed, private),
        args.seed,
    )
    daemon = Daemon(desk, morning)
    thread = threading.Thread(
        target=daemon.run, args=(Heartbeat(Notifier({}), 1),), name="morning", daemon=True
    )
    thread.start()

    def stop() -> None:
        daemon.stop()
        thread.join(10)

    return morning, stop


def _pace(lasts: float | None, speed: float) -> Pace:
    if lasts is None:
        return Pace(9.0 / speed, 6.0 / speed, 30.0 / speed, float("inf"))
    return Pace(lasts / 32 / speed, lasts / 30 / speed, lasts / 12 / speed, lasts)


def _incidents(lasts: float | None, speed: float, private: broker.PrivateBroker) -> Incidents:
    def restart_broker() -> None:
        if private.pid is not None:
            os.kill(private.pid, signal.SIGKILL)

    if lasts is None:
        return Incidents(120 / speed, 140 / speed, 240 / speed, restart_broker)
    return Incidents(lasts * 0.35, lasts * 0.5, lasts * 0.65, restart_broker)


def _ground(demo: Demo, where: broker.Location) -> Ground:
    clock = SystemClock()

    def bus(client: str) -> MqttBus:
        server = broker.server_for(client, where, demo.state, "", "mqtt-password")
        return MqttBus(client, demo.hall, server, clock)

    return Ground(demo.hall, clock, demo.state, bus)


def _tell(demo: Demo, where: broker.Location, *, headless: bool) -> None:
    word = (demo.state / "credentials" / "tech").read_text(encoding="ascii").strip()
    counter = demo.document.values["counters"][0]["id"]
    print(
        f"Hội trường mẫu đang chạy.\n"
        f"  Toàn cảnh (bấm lấy số, chạm kiosk):  http://127.0.0.1:{demo.port}/\n"
        f"  Trang của cán bộ quầy {counter}:             http://127.0.0.1:{demo.port}/quay/{counter}\n"
        f"  Nghe mọi tin trên bus:\n"
        f"    mosquitto_sub -h {where.host} -p {where.port} -i tech -u tech -P {word} "
        f"-t 'motcua/1/{demo.hall}/#' -v\n"
        f"  Ảnh và nhật ký: {demo.out}\n" + ("" if headless else "Dừng: Ctrl-C\n"),
        flush=True,
    )


def _explain(stage: Stage, demo: Demo) -> int:
    for role in stage.failed():
        print(f"motcua demo: vai trò {role} không chạy được:", file=sys.stderr)
        print((demo.out / "logs" / f"{role}.log").read_text(encoding="utf-8"), file=sys.stderr)
    return 1
