"""A serial port of this machine."""

from pydantic import Field

from firmware_bridge.bus_section import BusSection, BusSurroundings, ConnectedLine
from firmware_bridge.lines.serial import SerialLine
from firmware_bridge.ports import BUS_DOWN
from firmware_bridge.protocols.profile import LineFormat
from hall.runtime.attachments import rs485_bus


class SerialBus(BusSection):
    port: str = Field(
        pattern=r"^/\S+$", description="Cổng nối tiếp của máy này.", examples=["/dev/hall/bus1"]
    )
    format: LineFormat = Field(default="8N1", description="Bit dữ liệu, chẵn lẻ, bit dừng.")
    rs485: bool = Field(
        default=False, description="Nhân Linux đổi chiều RS-485; bộ chuyển tự đổi chiều: false."
    )

    def connect(self, where: BusSurroundings) -> ConnectedLine:
        line = SerialLine(self.port, self.baud, self.format, rs485=self.rs485)
        return ConnectedLine(line, rs485_bus(BUS_DOWN, where.name, self.port))
