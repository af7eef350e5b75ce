"""The trial of a staged version, run by the version that has proved itself (update-motcua.service).

    self-check, backup ──fault──▶ refused    what runs goes on
        │
      switch
        │
    units ready ──no──▶ back                 the version before runs again
        │                ▲
    doctor finds more ───┘
        │
       keep

Whoever ends this process, systemd then runs `switch back`, which does nothing once it is kept.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hall.package import outcome
from hall.package.installation import Installation
from hall.package.outcome import Outcome
from hall.runtime.clock import Clock, SystemClock

_COMMAND_S = 900.0
_JOURNAL = "journal.db"
_PROPERTIES = "--property=Id,ActiveState,MainPID"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for everything to be well, how long it must stay so, between two looks."""

    limit_s: float
    steady_s: float
    pause_s: float = 2.0


@dataclass(frozen=True, slots=True)
class UnitProcess:
    """A unit's state, and its process: another one after each start."""

    state: str
    pid: str


def main(limit_s: float, steady_s: float) -> int:
    place = Installation()
    ended = end_well(place, Patience(limit_s, steady_s), SystemClock())
    outcome.write(place.outcome_file, ended)
    sys.stdout.write(f"{ended}\n")
    return int(ended.failed)


def end_well(place: Installation, patience: Patience, clock: Clock) -> Outcome:
    """Try what is staged; where the switch itself fails, what ran before runs again."""
    version = place.version("staged")
    if version is None:
        return Outcome("refused", "", "không có phiên bản nào chờ thử")
    try:
        return _roll_out(place, version, patience, clock)
    except subprocess.CalledProcessError:
        place.switch("back")
        advice = "xem còn chỗ trên đĩa không: df -h"
        return Outcome("returned", version, f"không chuyển được sang phiên bản mới – {advice}")


def _roll_out(place: Installation, version: str, patience: Patience, clock: Clock) -> Outcome:
    if fault := _self_check(place) or _back_up(place):
        return Outcome("refused", version, fault)
    before, faults = _units(), _faults(place, "current")
    place.switch("try")
    looks = _Looks(patience, clock)
    fault = _not_ready(looks, before) or looks.wait(lambda: _new_faults(place, faults))
    if fault:
        place.switch("back")
        return Outcome("returned", version, fault)
    place.switch("keep")
    return Outcome("kept", version)


@dataclass(frozen=True, slots=True)
class _Looks:
    patience: Patience
    clock: Clock

    def wait(self, fault: Callable[[], str]) -> str:
        """Look until there is no fault, or for the time that is given: then the last one."""
        end = self.clock.monotonic() + self.patience.limit_s
        while (found := fault()) and self.clock.monotonic() < end:
            threading.Event().wait(self.patience.pause_s)
        return found


def _self_check(place: Installation) -> str:
    """What the staged version says against running here, its last line; empty: nothing."""
    command = place.motcua("staged", "hall.cli.self_check", str(place.yaml))
    fault = _last_words(*_run(command))
    return f"phiên bản mới không qua được tự kiểm tra: {fault}" if fault else ""


def _back_up(place: Installation) -> str:
    """Why the queue, where it lies on this machine, cannot be kept for the way back."""
    if not (place.controller / _JOURNAL).exists():
        return ""
    words = ("backup", "-c", str(place.yaml), "--state", str(place.controller), "--before-update")
    fault = _last_words(*_run(place.motcua("current", "hall.cli", *words)))
    return f"chưa sao lưu được hàng chờ, nên chưa chuyển: {fault}" if fault else ""


def _last_words(status: int, said: str) -> str:
    """Of a command that failed; none of one that did not."""
    return (said.strip().splitlines() or [f"mã thoát {status}"])[-1] if status else ""


def _not_ready(looks: _Looks, before: Mapping[str, UnitProcess]) -> str:
    """Which of the units that ran do not run, in a new process that stays; empty: all do."""
    wanted = {name: unit for name, unit in before.items() if unit.state == "active"}
    since = looks.clock.monotonic()
    last: Mapping[str, UnitProcess] = {}

    def fault() -> str:
        nonlocal since, last
        now = _units()
        lacking = [name for name, old in wanted.items() if not _is_restarted(now.get(name), old)]
        if lacking or now != last:
            since, last = looks.clock.monotonic(), now
        if lacking:
            return f"dịch vụ không sẵn sàng: {', '.join(lacking)}"
        steady = looks.clock.monotonic() - since >= looks.patience.steady_s
        return "" if steady else f"dịch vụ không đứng vững: {', '.join(wanted)}"

    return looks.wait(fault)


def _is_restarted(now: UnitProcess | None, before: UnitProcess) -> bool:
    return now is not None and now.state == "active" and now.pid != before.pid


def _new_faults(place: Installation, before: frozenset[str]) -> str:
    """Both times the version before is asked, so that one yardstick is put to both."""
    new = sorted(_faults(place, "trial") - before)
    return f"motcua doctor thấy thêm: {', '.join(new)}" if new else ""


def _faults(place: Installation, link: str) -> frozenset[str]:
    """What the doctor of that version finds not well, by name.

    That an earlier update failed is no fault of the controller, whose alert tells it: its name
    would hide what the new version does to it.
    """
    words = ("doctor", "-c", str(place.yaml), "--state", str(place.yaml.parent), "--json")
    _, said = _run(place.motcua(link, "hall.cli", *words), errors=subprocess.DEVNULL)
    try:
        wrong = [found for found in json.loads(said) if not found["well"]]
        return frozenset(f["name"] for f in wrong if not f["text"].startswith(outcome.TOLD))
    except (ValueError, TypeError, KeyError):
        return frozenset({"motcua doctor"})


def _units() -> Mapping[str, UnitProcess]:
    """Every motcua unit that systemd has loaded, by its name."""
    _, said = _run(["systemctl", "show", _PROPERTIES, "motcua-*.service"])
    found: dict[str, UnitProcess] = {}
    for block in said.split("\n\n"):
        known = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if "Id" in known:
            found[known["Id"]] = UnitProcess(known["ActiveState"], known["MainPID"])
    return found


def _run(command: list[str], errors: int = subprocess.STDOUT) -> tuple[int, str]:
    """Exit status and words; a command that hangs has failed."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            timeout=_COMMAND_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        return 1, str(err)
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
