"""The YAML section `counter`: where the staff pages are served and to whom."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hall.counter.door.access import OF_NO_COUNTER, TABLET_OF
from hall.runtime.sections import Shared
from hall.runtime.settings import Section

HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$")]


class NormsSection(Section):
    """From when on the head of the hall is told."""

    wait_min: int = Field(
        default=30,
        ge=1,
        le=480,
        description="Người chờ lâu từ mấy phút thì báo; số quầy cần có cũng tính theo mức này.",
    )
    idle_min: int = Field(
        default=5,
        ge=1,
        le=240,
        description="Quầy đang mở mà không gọi ai từ mấy phút, trong khi có người chờ, thì báo.",
    )
    nobody_min: int = Field(
        default=5,
        ge=0,
        le=240,
        description="Có người chờ mà không quầy nào nhận đang mở, từ mấy phút thì báo.",
    )


OutcomeWords = Annotated[str, Field(min_length=1, max_length=38, pattern=r"^[^:\x00-\x1f]+$")]


class TurnOutcome(Section):
    name: OutcomeWords = Field(description="Tên kết quả, ví dụ: Đã tiếp nhận.")
    notes: tuple[OutcomeWords, ...] = Field(
        default=(), description="Ghi chú chọn kèm; nhật ký ghi “kết quả: ghi chú”."
    )


class TlsSection(Section):
    certificate: Path = Field(
        description="Chứng chỉ của trang cán bộ (PEM); tạo: sudo motcua ca --pages --write /.",
        examples=["/etc/motcua/pages/pages.crt"],
    )
    key: Path = Field(
        description="Khoá của chứng chỉ ấy (PEM); người dùng motcua-counter đọc được.",
        examples=["/etc/motcua/pages/pages.key"],
    )


class CounterPagesSection(Section):
    host: str = Field(
        default="127.0.0.1",
        description="Địa chỉ mạng để phục vụ trang; 0.0.0.0: mọi card mạng của máy này.",
        examples=["10.0.0.5"],
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Cổng HTTP; 0: cổng trống bất kỳ.")
    names: tuple[HostName, ...] = Field(
        default=(),
        description="Tên máy mà trình duyệt được dùng, ngoài địa chỉ IP và localhost.",
        examples=[["motcua.local"]],
    )
    pairing: Literal["required", "off"] = Field(
        default="required",
        description=(
            "required: mỗi máy phải nhập mã ghép của quầy một lần (lệnh: motcua pair QUẦY); "
            "off: chỉ dùng được khi host là địa chỉ của chính máy này (127.0.0.1)."
        ),
    )
    norms: NormsSection = Field(
        default=NormsSection(), description="Định mức để báo ở trang của trưởng bộ phận."
    )

    tls: TlsSection | None = Field(
        default=None,
        description="Phục vụ bằng https; không ghi: http, ai nghe được đường dây thì đọc được.",
    )
    hall_page: bool = Field(
        default=False,
        description="Trang toàn cảnh để giới thiệu, tập huấn: bấm lấy số, chạm kiosk mô phỏng; "
        "chỉ hiện khi mọi máy in và bus là mô phỏng.",
    )

    remind_min: int = Field(
        default=5,
        ge=0,
        le=120,
        description=(
            "Có người chờ mà quầy không bấm gì sau số phút này thì trang gọi số nhắc bằng chuông "
            "và thông báo (ở máy đã bật); 0: không nhắc."
        ),
    )
    outcomes: tuple[TurnOutcome, ...] = Field(
        default=(),
        description=(
            "Kết quả để cán bộ chọn khi bấm Kết thúc, ghi vào nhật ký; để trống: kết thúc ngay."
        ),
        examples=[[{"name": "Đã tiếp nhận"}, {"name": "Bổ sung", "notes": ["thiếu giấy tờ"]}]],
    )

    @model_validator(mode="after")
    def _open_only_to_this_machine(self) -> Self:
        try:
            loopback = ipaddress.ip_address(self.host).is_loopback
        except ValueError as err:
            raise ValueError(f"host '{self.host}' phải là địa chỉ IP") from err
        if self.pairing == "off" and not loopback:
            raise ValueError("pairing: off chỉ dùng được với host 127.0.0.1")
        return self


class CounterPagesConfig(Shared):
    counter: CounterPagesSection = Field(
        default=CounterPagesSection(), description="Trang gọi số cho cán bộ, mở bằng trình duyệt."
    )

    @model_validator(mode="after")
    def _no_counter_named_as_a_place(self) -> Self:
        ids = [each.id for each in self.counters]
        taken = [each for each in ids if each in OF_NO_COUNTER or each.startswith(TABLET_OF)]
        if taken:
            raise ValueError(f"mã quầy '{taken[0]}' là tên riêng của trang cán bộ: đặt mã khác")
        return self

    @model_validator(mode="after")
    def _pages_apart(self) -> Self:
        """On one port the citizens' Wi-Fi would reach the staff pages."""
        if self.turn_page is not None and self.turn_page.port == self.counter.port:
            raise ValueError("turn_page.port phải khác counter.port")
        return self
