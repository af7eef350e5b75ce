"""The YAML section `turn_page`: a page that tells who holds a ticket how many stand before it.

Read by the daemon that serves it, by those who put its address on paper or glass, and by the
controller, which makes the tokens in it.
"""

import ipaddress
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from hall.runtime.settings import Section

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


class TurnPageSection(Section):
    host: str = Field(
        description="Địa chỉ của card mạng nối với Wi-Fi cho người dân; 0.0.0.0: mọi card mạng.",
        examples=["10.0.1.1"],
    )
    port: int = Field(
        default=8081, ge=1, le=65535, description="Cổng HTTP riêng, khác cổng của trang cán bộ."
    )
    address: str = Field(
        default="",
        max_length=60,
        pattern=r"^(https?://[a-z0-9.-]+(:[0-9]{1,5})?)?$",
        description="Địa chỉ in trong mã QR; trống: http://<host>:<port>.",
        examples=["http://10.0.1.1:8081"],
    )
    wifi: str = Field(
        default="",
        max_length=32,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Tên Wi-Fi in cạnh mã QR để người dân nối vào trước khi quét.",
        examples=["MotCua-KhachHang"],
    )

    @property
    def url(self) -> str:
        """Where phones find the page, without a slash at the end."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return self.address or f"http://{shown}:{self.port}"

    @property
    def names(self) -> tuple[str, ...]:
        """The host's name that browsers use, where it is no IP address."""
        return tuple(filter(None, (urlsplit(self.url).hostname,)))

    def url_of(self, token: str) -> str:
        return f"{self.url}/{token}"

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        try:
            ipaddress.ip_address(self.host)
        except ValueError as err:
            raise ValueError(f"host '{self.host}' phải là địa chỉ IP") from err
        if self.host in _EVERYWHERE and not self.address:
            raise ValueError("host 0.0.0.0 cần ghi address: điện thoại phải biết địa chỉ nào")
        return self
