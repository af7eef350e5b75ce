"""The province's broker, with the hall's own credential."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from hall.contract.province import UP_ACK, filters_up
from hall.contract.upward import STATES
from hall.runtime import broker, credentials, link_faults
from hall.runtime.bus_mqtt import Server
from hall.runtime.credentials import MissingCredential
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.link_faults import LinkFault, Outlook
from hall.uplink.link_section import ConnectedLink, LinkSection, LinkSurroundings


class BrokerLink(LinkSection):
    url: str = Field(
        pattern=r"^mqtts?://[^/@\s]+$",
        description="Broker của tỉnh; mqtts: có TLS.",
        examples=["mqtts://mot-cua.lao-cai.gov.vn:8883"],
    )
    ca: str = Field(default="", description="Tệp chứng thư CA của tỉnh; trống: của hệ thống.")
    credential: str = Field(
        default="province-password",
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
        link = FarMqttLink(options, lambda: self._server(where), where.clock)
        return ConnectedLink(link, self.url.split("://", 1)[1])

    def _server(self, where: LinkSurroundings) -> Server:
        at = broker.location(self.url)
        plain = Server(at.host, at.port, None, at.tls, self.ca)
        try:
            return replace(plain, password=credentials.read(self.credential, where.state))
        except MissingCredential as err:
            advice = "Tỉnh cấp tệp này: motcua province credential issue; chép vào đó, tự nối lại."
            return replace(plain, obstacle=LinkFault(str(err), advice, Outlook.LASTING))
        except (OSError, ValueError) as err:
            return replace(plain, obstacle=link_faults.unreadable(err, "tệp mật khẩu"))
