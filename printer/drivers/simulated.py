"""A simulated printer: paper, cover, power, buffer, time, answers."""

import io
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from printer.drivers.network import SocketWire
from printer.plan import Connection
from printer.ports import Absent
from printer.sections import PrinterSection

if TYPE_CHECKING:
    from printer.simulator.bench import Bench
    from printer.simulator.machine import Make
    from printer.simulator.paper import CutPaper


class SimulatedPrinter(PrinterSection):
    driver: Literal["simulated"]
    speed: int = Field(
        default=150, ge=0, le=1000, description="Tốc độ giấy, mm/giây; 0: in tức thì."
    )
    roll_mm: int = Field(default=80_000, ge=100, description="Chiều dài cuộn giấy, mm.")

    @property
    def place(self) -> str:
        return "mô phỏng"

    def connect(self, on_paper: Callable[[bytes], None]) -> Connection:
        # It draws with Pillow: nothing that a hall with real printers should carry.
        from printer.simulator.bench import Bench  # noqa: PLC0415
        from printer.simulator.steering import SimulatorSteering  # noqa: PLC0415

        bench = Bench(self._make(), _tray(on_paper))
        return Connection(SimulatedDriver(bench), SimulatorSteering(bench))

    def _make(self) -> "Make":
        from printer.simulator.machine import Make  # noqa: PLC0415

        model = self.model
        return Make(
            name=model.name,
            width=model.width,
            speed=self.speed,
            cut_s=0.2 if self.speed else 0.0,
            roll_mm=self.roll_mm,
            process_id=model.process_id,
        )


def _tray(on_paper: Callable[[bytes], None]) -> "Callable[[CutPaper], None]":
    """Where papers fall; a blank scrap is no ticket."""

    def catch(sheet: "CutPaper") -> None:
        if not sheet.blank:
            out = io.BytesIO()
            sheet.image.save(out, "PNG")
            on_paper(out.getvalue())

    return catch


class SimulatedDriver:
    """A private cable to a bench printer; without power nothing answers."""

    bytes_a_second = 1_000_000.0
    chunk = 4096
    nudge_s = inf

    def __init__(self, bench: "Bench") -> None:
        self._bench = bench

    def open(self) -> SocketWire:
        """Raises Absent while the printer is switched off or unplugged."""
        if not self._bench.reachable:
            raise Absent("máy in mô phỏng đang tắt hoặc bị rút cáp")
        return SocketWire(self._bench.plug())
