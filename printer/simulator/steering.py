"""What `simulate` may do to a simulated printer, by name: paper, cover, power."""

from collections.abc import Callable, Mapping
from functools import partial

from printer.simulator.bench import Bench

Args = Mapping[str, str | int | float | bool]

_CHANGES: dict[str, dict[str, bool]] = {
    "paper-out": {"paper_out": True},
    "paper-low": {"paper_low": True},
    "cover-open": {"cover_open": True},
    "cover-close": {"cover_open": False},
    "power-off": {"power": False},
    "power-on": {"power": True},
    "offline": {"offline": True},
    "online": {"offline": False},
    "cutter-jam": {"cutter": True},
    "cutter-free": {"cutter": False},
    "mute": {"mute": True},
    "unmute": {"mute": False},
    "baud-mismatch": {"garbled": True},
    "baud-match": {"garbled": False},
    "stall": {"stalled": True},
    "unstall": {"stalled": False},
}
_CABLE: dict[str, Callable[[Bench], None]] = {"unplug": Bench.unplug, "replug": Bench.replug}


class SimulatorSteering:
    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def start(self) -> None:
        self._bench.start()

    def stop(self) -> None:
        self._bench.stop()

    def act_on(self, action: str, args: Args) -> bool:
        """Do it; False when there is no such action."""
        act = self._act(action, args)
        if act is None:
            return False
        act()
        return True

    def _act(self, action: str, args: Args) -> Callable[[], None] | None:
        if action == "paper-in":
            millimetres = args.get("mm")
            length = int(millimetres) if isinstance(millimetres, int | float) else None
            return lambda: self._bench.new_roll(length)
        if action in _CABLE:
            return partial(_CABLE[action], self._bench)
        change = _CHANGES.get(action)
        return None if change is None else lambda: self._bench.change(**change)
