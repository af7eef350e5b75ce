"""A converter in the network that passes bytes over plain TCP."""

from pydantic import Field

from firmware_bridge.bus_section import BusSection, BusSurroundings, ConnectedLine
from firmware_bridge.lines.tcp import TcpLine, tcp_place
from firmware_bridge.ports import BUS_DOWN
from hall.runtime.attachments import converter


class TcpBus(BusSection):
    port: str = Field(
        pattern=r"^socket://[^\s:/]+:\d{1,5}$",
        description="Địa chỉ và cổng TCP của bộ chuyển.",
        examples=["socket://10.0.0.9:4196"],
    )

    def connect(self, where: BusSurroundings) -> ConnectedLine:
        host, number = tcp_place(self.port)
        device = converter(BUS_DOWN, where.name, f"{host}:{number}")
        return ConnectedLine(TcpLine(host, number), device)
