"""A province's demo from its first process to its last picture.

halls (one process each) ──▶ mosquitto ──▶ consumers ──▶ PostgreSQL ──▶ page ──▶ picture
└ one of them by a line that is cut and mended; broker and a consumer are killed
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from hall.demo.cut_line import CutLine
from hall.demo.province_cast import HallOutcome, Mishaps, ProvinceOutcome, SampleHall, mishaps
from hall.demo.staging import LEAVE_S, environment
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Fatal

START_S = 120.0
# A hall that was offline waits up to a minute between two tries.
SETTLE_S = 150.0
_BROKER_GONE_S = 2.0
_CONSUMER = re.compile(r"^consumer-1 (\d+)$", re.MULTILINE)


class ProvinceSight(Protocol):
    """What is asked of the province and of the halls' own journals."""

    def stored(self) -> dict[str, int]:
        """How many events of each hall are in the database."""

    def outcome(self, hall: str) -> HallOutcome:
        """Once the halls have ended."""

    def photograph(self, address: str, picture: Path) -> bool:
        """The wall screen; False where no browser is."""


@dataclass(frozen=True, slots=True)
class ProvincePlay:
    """What runs as a process, `halls_command` all halls; `words`: what is told, by the address."""

    halls: tuple[SampleHall, ...]
    broker: Sequence[str]
    service: Sequence[str]
    page: Sequence[str]
    halls_command: Sequence[str]
    address_file: Path
    line: CutLine
    sight: ProvinceSight
    out: Path
    words: Callable[[str], str]


@dataclass(slots=True)
class _Stage:
    """The processes; the last one started ends first."""

    logs: Path
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str]) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = _spawn(command, log)

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()

    def end(self, name: str) -> None:
        process = self.running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        for name in reversed(list(self.running)):
            self.end(name)

    def dead(self) -> str:
        """The first process that has ended by itself, or ""."""
        return next((n for n, p in self.running.items() if p.poll() is not None), "")

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def _spawn(command: Sequence[str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603
        list(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment()
    )


def play(given: ProvincePlay, lasts_s: float | None) -> int:
    """The exit status: 1 when a promise was broken. `lasts_s`: None = until it is interrupted.

    Raises Fatal.
    """
    stage = _Stage(given.out / "logs")
    try:
        for name in ("broker", "service", "page"):
            stage.start(name, getattr(given, name))
        stage.start("halls", given.halls_command)
        everybody = {each.id for each in given.halls}
        _await(stage, lambda: set(_busy(given.sight)) == everybody, START_S)
        _await(stage, given.address_file.exists, START_S)
        address = given.address_file.read_text("utf-8").strip()
        print(given.words(address), flush=True)
        if lasts_s is None:
            while True:
                _await(stage, lambda: False, 3600.0)
        return _conclude(given, _course(given, stage, address, mishaps(lasts_s), lasts_s))
    finally:
        stage.close()


def _busy(sight: ProvinceSight) -> list[str]:
    return [hall for hall, number in sight.stored().items() if number]


def _course(
    given: ProvincePlay, stage: _Stage, address: str, when: Mishaps, lasts_s: float
) -> ProvinceOutcome:
    clock, far = SystemClock(), given.halls[-1].id
    began = clock.monotonic()
    pictures, incidents = [], []

    def until(second: float) -> None:
        _await(stage, lambda: clock.monotonic() >= began + second, second + 1.0)

    def photograph(name: str) -> None:
        if given.sight.photograph(address, given.out / name):
            pictures.append(name)

    until(when.cut_s)
    given.line.cut()
    incidents.append(f"{far}: mất đường truyền @ {when.cut_s:.0f} s")
    until(when.broker_s)
    photograph("wall-offline.png")
    stage.kill("broker")
    threading.Event().wait(_BROKER_GONE_S)
    stage.start("broker", given.broker)
    incidents.append(f"broker của tỉnh bị giết @ {when.broker_s:.0f} s")
    until(when.consumer_s)
    found = _CONSUMER.findall(stage.log("service"))
    os.kill(int(found[-1]), signal.SIGKILL)
    incidents.append(f"một tiến trình nhận bị giết @ {when.consumer_s:.0f} s")
    until(when.mended_s)
    before = given.sight.stored()[far]
    given.line.mend()
    mended = clock.monotonic()
    caught = _settles(stage, lambda: given.sight.stored()[far] > before, SETTLE_S)
    catch_up = clock.monotonic() - mended if caught else None
    photograph("wall.png")
    until(lasts_s)
    _steady(stage, given.sight)
    stage.end("halls")
    told = tuple(given.sight.outcome(each.id) for each in given.halls)
    return ProvinceOutcome(told, catch_up, tuple(incidents), tuple(pictures))


def _steady(stage: _Stage, sight: ProvinceSight) -> None:
    """Nothing new for a while: everybody has gone home, all is sent."""
    clock = SystemClock()
    last, since = sight.stored(), clock.monotonic()

    def quiet() -> bool:
        nonlocal last, since
        now = sight.stored()
        if now != last:
            last, since = now, clock.monotonic()
        return clock.monotonic() >= since + 6.0

    _settles(stage, quiet, SETTLE_S)


def _conclude(given: ProvincePlay, came: ProvinceOutcome) -> int:
    told = came.summary()
    text = json.dumps(told, ensure_ascii=False, indent=2)
    (given.out / "summary.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"{told['halls']} hội trường, {told['events']} sự kiện trong nhật ký, "
        f"{told['stored']} ở tỉnh; thiếu {told['gaps']}, trùng {told['doubles']}; "
        f"{_caught_up(came.catch_up_s)}.\n"
        f"Sự cố diễn ra: {'; '.join(came.incidents)}."
    )
    if not came.pictures:
        print("Không có ảnh: máy chưa có chromium và chromium-driver.")
    for line in came.broken:
        print(f"SAI: {line}")
    return 1 if came.broken else 0


def _caught_up(seconds: float | None) -> str:
    return "chưa gửi bù xong" if seconds is None else f"gửi bù sau {seconds:.0f} giây"


def _settles(stage: _Stage, condition: Callable[[], bool], seconds: float) -> bool:
    try:
        _await(stage, condition, seconds)
    except _TooLate:
        return False
    return True


class _TooLate(Fatal):
    """It did not come true in time."""


def _await(stage: _Stage, condition: Callable[[], bool], seconds: float) -> None:
    """Raises _TooLate; Fatal when a process has ended."""
    clock, pause = SystemClock(), threading.Event()
    end = clock.monotonic() + seconds
    while not condition():
        if (name := stage.dead()) != "":
            print(stage.log(name)[-2000:], file=sys.stderr)
            raise Fatal(1, f"tiến trình {name} đã kết thúc, xem lời trên")
        if clock.monotonic() >= end:
            raise _TooLate(1, f"chờ quá {seconds:.0f} giây")
        pause.wait(0.2)
