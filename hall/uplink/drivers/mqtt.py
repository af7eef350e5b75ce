"""The province's broker, with the hall's own credential."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from hall.contract.province import UP_ACK, filters_up
from hall.contract.upward import STATES
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.province_line import PROVINCE_CREDENTIAL, ProvinceLine
from hall.uplink.link_section import ConnectedLink, LinkSection, LinkSurroundings


class BrokerLink(LinkSection):
    url: str = Field(
        pattern=r"^mqtts?://[^/@\s]+$",
        description="Broker của tỉnh; mqtts: có TLS.",
        examples=["mqtts://mot-cua.lao-cai.gov.vn:8883"],
    )
    ca: str = Field(default="", description="Tệp chứng thư CA của tỉnh; trống: của hệ thống.")
    credential: str = Field(
        default=PROVINCE_CREDENTIAL,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Tên credential giữ mật khẩu của hội trường ở broker của tỉnh.",
    )

    def notes(self) -> Iterator[tuple[str, str]]:
        """What works, but not as the province may expect: the key, and why."""
        if self.url.startswith("mqtt:"):
            yield "url", "không có TLS: mật khẩu và số liệu đi trần trên mạng; dùng mqtts://"
        elif self.ca and not Path(self.ca).is_file():
            yield "ca", f"chưa có tệp {self.ca} ở máy này; tỉnh cấp tệp CA cùng mật khẩu"

    def connect(self, where: LinkSurroundings) -> ConnectedLink:
        options = FarOptions(
            client=where.hall,
            user=where.hall,
            filters=filters_up(where.hall, (UP_ACK, *STATES)),
            will=where.will,
        )
        line = ProvinceLine(self.url, self.ca, self.credential, self.unit)
        link = FarMqttLink(options, lambda: line.server(where.state), where.clock)
        return ConnectedLink(link, self.url.split("://", 1)[1])
