"""A bus that is not there: the reference firmware and other makers' displays on a played wire."""

from pydantic import Field

from firmware_bridge.bus_section import BusSection, BusSurroundings, ConnectedLine
from firmware_bridge.ports import BUS_DOWN
from hall.runtime.attachments import rs485_bus


class SimulatedBus(BusSection):
    port: str = Field(pattern="^simulated$", description="Bus mô phỏng.", examples=["simulated"])
    faults: float = Field(default=0, ge=0, le=0.5, description="Tỉ lệ khung bị hỏng, để luyện tập.")

    def connect(self, where: BusSurroundings) -> ConnectedLine:
        # The reference firmware: nothing that a hall with a real bus should carry.
        from firmware_bridge.lines.simulated import (  # noqa: PLC0415
            InjectedFaults,
            RealPace,
            SimulatedLine,
        )
        from firmware_bridge.lines.simulated_bus import BusSteering, LedPictures  # noqa: PLC0415
        from firmware_bridge.lines.simulated_devices import thing  # noqa: PLC0415

        clock = where.clock
        things = {at: thing(at, profile, clock()) for at, profile in where.profiles.items()}
        line = SimulatedLine(things, self.baud, RealPace(clock), InjectedFaults(self.faults))
        drawn = {unit.counter: things[unit.address] for unit in self.units}
        after = None if where.pictures is None else LedPictures(where.pictures, drawn, clock)
        device = rs485_bus(BUS_DOWN, where.name, self.port)
        return ConnectedLine(line, device, BusSteering(line, things), after)
