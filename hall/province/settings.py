"""The province's own YAML: `province.yaml`."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hall.runtime.sections import Label
from hall.runtime.settings import Section

# Where Debian 12's mosquitto has it; Debian 13's has none, and systemd knows the process.
PID_FILE = "/run/mosquitto/mosquitto.pid"
UnitId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$")]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$")]
HallName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


class ProvinceSection(Section):
    id: UnitId = Field(description="Mã tỉnh.", examples=["lao-cai"])
    name: Label = Field(description="Tên tỉnh.", examples=["Tỉnh Lào Cai"])


class ProvinceBroker(Section):
    url: str = Field(
        default="mqtt://127.0.0.1:1883",
        pattern=r"^mqtts?://[^/@\s]+$",
        description="Broker của tỉnh, như dịch vụ của tỉnh thấy nó.",
    )
    ca: str = Field(default="", description="Tệp chứng thư CA; trống: của hệ thống.")
    credential: str = Field(
        default="province-broker",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Tên credential giữ mật khẩu của dịch vụ của tỉnh.",
    )
    pid_file: str = Field(
        default=PID_FILE,
        description="Tệp số tiến trình của mosquitto: được báo đọc lại khi mật khẩu đổi.",
    )


class DatabaseSection(Section):
    dsn: str = Field(
        default="dbname=motcua",
        description="Chuỗi kết nối của libpq, không ghi mật khẩu ở đây: .pgpass hoặc peer.",
        examples=["host=/run/postgresql dbname=motcua"],
    )
    keep_months: int = Field(
        default=36,
        ge=2,
        le=240,
        description="Giữ từng sự kiện mấy tháng; số liệu theo ngày thì giữ mãi.",
    )


class BackupFolder(Section):
    folder: str = Field(
        default="/var/backups/motcua-province",
        pattern=r"^/",
        description="Nơi giữ các bản sao lưu; nên là ổ khác, hoặc ổ mạng đã gắn.",
    )
    keep: int = Field(default=14, ge=2, le=400, description="Giữ mấy bản mới nhất.")


class PageTls(Section):
    certificate: Path = Field(description="Chứng chỉ của trang (PEM).")
    key: Path = Field(description="Khoá của chứng chỉ ấy (PEM).")


class PageSection(Section):
    """Where `motcua province page` serves."""

    host: str = Field(
        default="127.0.0.1",
        description="Địa chỉ mạng để phục vụ trang; 0.0.0.0: mọi card mạng của máy này.",
    )
    port: int = Field(default=8090, ge=0, le=65535, description="Cổng; 0: cổng trống bất kỳ.")
    names: tuple[HostName, ...] = Field(
        default=(),
        description="Tên máy mà trình duyệt được dùng, ngoài địa chỉ IP và localhost.",
        examples=[["mot-cua.lao-cai.gov.vn"]],
    )
    tls: PageTls | None = Field(
        default=None, description="Phục vụ bằng https; bắt buộc khi host không phải máy này."
    )
    long_wait_min: int = Field(
        default=30, ge=1, le=480, description="Chờ từ mấy phút thì bảng tô màu."
    )

    @model_validator(mode="after")
    def _passwords_never_in_the_clear(self) -> Self:
        try:
            loopback = ipaddress.ip_address(self.host).is_loopback
        except ValueError as err:
            raise ValueError(f"host '{self.host}' phải là địa chỉ IP") from err
        if self.tls is None and not loopback:
            raise ValueError("host ngoài máy này cần page.tls: mật khẩu không đi trần trên mạng")
        return self


class UnitEntry(Section):
    id: UnitId = Field(description="Mã đơn vị.", examples=["xa-mu-cang-chai"])
    name: Label = Field(description="Tên đơn vị.")


class HallEntry(Section):
    id: HallName = Field(description="Mã hội trường, như hall.id trong hall.yaml.")
    unit: UnitId = Field(description="Mã đơn vị.")
    name: Label = Field(description="Tên hội trường.")


class RegistryFile(Section):
    """A file for `motcua province register`."""

    units: tuple[UnitEntry, ...] = Field(default=(), description="Các đơn vị.")
    halls: tuple[HallEntry, ...] = Field(default=(), description="Các hội trường.")


class ProvinceFile(Section):
    version: Literal[1] = Field(description="Phiên bản của tệp.")
    province: ProvinceSection = Field(description="Tỉnh nào.")
    broker: ProvinceBroker = Field(default=ProvinceBroker(), description="Broker của tỉnh.")
    database: DatabaseSection = Field(default=DatabaseSection(), description="PostgreSQL.")
    backup: BackupFolder = Field(default=BackupFolder(), description="Sao lưu của tỉnh.")
    page: PageSection = Field(default=PageSection(), description="Trang của tỉnh.")
    consumers: int = Field(default=2, ge=1, le=16, description="Mấy tiến trình nhận sự kiện.")
