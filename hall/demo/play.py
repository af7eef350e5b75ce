"""A demo from its first process to its last picture."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hall.demo import finale, rehearsal
from hall.demo.morning import Incidents, Morning, MorningPace
from hall.demo.staging import ApartRun, Props, environment
from hall.runtime import broker, settings
from hall.runtime.bus_mqtt import MqttBus
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.notify import Heartbeat, Notifier

# Seconds that the last calls, the pictures and the leaving take.
CLOSING_S = 12.0
# What starting takes on a quick machine is part of the time given; a slow one gets more.
USUAL_START_S = 6.0
SLOWEST_START_S = 90.0
_UNKEPT = "Ảnh và nhật ký không được giữ lại; muốn giữ: --out DIR"


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo: its hall, its place in the file system and on the network.

    `kept`: `out` outlives the demo.
    """

    hall: str
    config: Path
    document: settings.Document
    roles: tuple[str, ...]
    state: Path
    out: Path
    port: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How a demo goes. `seconds`: None = until it is interrupted; `speed`: of the morning."""

    seconds: float | None
    speed: float
    seed: int
    headless: bool

    @property
    def morning_s(self) -> float | None:
        return None if self.seconds is None else self.seconds - CLOSING_S - USUAL_START_S


def play(demo: Demo, course: Course) -> int:
    """The exit status: 1 when a process or a promise failed. Raises Fatal, OSError."""
    with ExitStack() as stack:
        return _play(demo, course, stack)


def _play(demo: Demo, course: Course, stack: ExitStack) -> int:
    private = broker.PrivateBroker(demo.state, broker.hall_ids(demo.document.values))
    where = private.start()
    stack.callback(private.close)
    url = f"mqtt://{where.host}:{where.port}"
    stage = ApartRun(
        Props(demo.config, demo.state, demo.out, demo.out / "logs", url), environment()
    )
    stack.callback(stage.close)
    stage.start(demo.roles)
    morning, stop = _begin(demo, course, where, private)
    _print_addresses(demo, where, headless=course.headless)
    if not _wait(lambda: morning.has_begun or bool(stage.failed()), SLOWEST_START_S):
        print("motcua demo: thiết bị mô phỏng chưa lên đủ", file=sys.stderr)
    _wait(lambda: bool(stage.failed()), course.morning_s)
    if stage.failed():
        stop()
        return _explain(stage, demo)
    _wait(lambda: morning.is_quiet, CLOSING_S / 2)
    stop()
    kiosks = demo.document.values.get("kiosks") or ()
    kiosk = str(kiosks[0]["id"]) if kiosks else None
    status = finale.conclude(demo.out, _ground(demo, where), morning, stage, kiosk)
    print(pictures_words(demo) if demo.kept else _UNKEPT)
    return status


def _wait(condition: Callable[[], bool], seconds: float | None) -> bool:
    """Look five times a second; False when the time is up. None: for ever."""
    clock, pause = SystemClock(), threading.Event()
    end = None if seconds is None else clock.monotonic() + seconds
    while not condition():
        if end is not None and clock.monotonic() >= end:
            return False
        pause.wait(0.2)
    return True


def _begin(
    demo: Demo, course: Course, where: broker.Location, private: broker.PrivateBroker
) -> tuple[Morning, Callable[[], None]]:
    """Let the morning begin in a thread of its own."""
    context = _ground(demo, where).context_of("tech-demo")
    morning = Morning(
        context,
        rehearsal.cast(demo.document.values),
        _pace(course.morning_s, course.speed),
        _incidents(course.morning_s, course.speed, private),
        course.seed,
    )
    daemon = Daemon(context, morning)
    thread = threading.Thread(
        target=daemon.run, args=(Heartbeat(Notifier({}), 1),), name="morning", daemon=True
    )
    thread.start()

    def stop() -> None:
        daemon.stop()
        thread.join(10)

    return morning, stop


def _pace(lasts: float | None, speed: float) -> MorningPace:
    if lasts is None:
        return MorningPace(9.0 / speed, 6.0 / speed, 30.0 / speed, float("inf"))
    return MorningPace(lasts / 32 / speed, lasts / 30 / speed, lasts / 12 / speed, lasts)


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


def _print_addresses(demo: Demo, where: broker.Location, *, headless: bool) -> None:
    word = (demo.state / "credentials" / "tech").read_text(encoding="ascii").strip()
    counter = demo.document.values["counters"][0]["id"]
    print(
        f"Hội trường mẫu đang chạy.\n"
        f"  Toàn cảnh (bấm lấy số, chạm kiosk):  http://127.0.0.1:{demo.port}/\n"
        f"  Trang của cán bộ quầy {counter}:             http://127.0.0.1:{demo.port}/quay/{counter}\n"
        f"  Nghe mọi tin trên bus:\n"
        f"    mosquitto_sub -h {where.host} -p {where.port} -i tech -u tech -P {word} "
        f"-t 'motcua/1/{demo.hall}/#' -v\n"
        f"  {pictures_words(demo)}\n" + ("" if headless else "Dừng: Ctrl-C\n"),
        flush=True,
    )


def pictures_words(demo: Demo) -> str:
    """Where pictures and logs are while it runs, and whether they stay."""
    found = f"Ảnh và nhật ký: {demo.out}"
    return found if demo.kept else f"{found} (xoá khi dừng; muốn giữ: --out DIR)"


def _explain(stage: ApartRun, demo: Demo) -> int:
    for role in stage.failed():
        print(f"motcua demo: vai trò {role} không chạy được:", file=sys.stderr)
        print((demo.out / "logs" / f"{role}.log").read_text(encoding="utf-8"), file=sys.stderr)
    return 1
