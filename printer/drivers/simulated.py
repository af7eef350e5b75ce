"""A printer that is not there but behaves as one: paper, cover, power, buffer, time, answers."""

from math import inf

from printer.drivers.network import SocketWire
from printer.ports import Absent
from printer.simulator.serving import Bench


class SimulatedDriver:
    """A private cable to a bench printer; without power nobody is at its other end."""

    bytes_a_second = 1_000_000.0
    chunk = 4096
    nudge_s = inf

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def open(self) -> SocketWire:
        """Raises Absent while the printer is switched off or unplugged."""
        if not self._bench.reachable:
            raise Absent("máy in mô phỏng đang tắt hoặc bị rút cáp")
        return SocketWire(self._bench.plug())
