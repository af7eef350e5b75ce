"""The controller's section of the YAML: `queue`."""

from typing import Literal

from pydantic import Field

from hall.runtime.admission import AdmissionSection
from hall.runtime.sections import ClockTime, Shared
from hall.runtime.settings import Section


class QueueSection(AdmissionSection):
    policy: Literal["rank-time", "strict-ratio"] = Field(
        default="rank-time",
        description=(
            "rank-time: ai đến trước gọi trước, diện ưu tiên được tính sớm hơn; "
            "strict-ratio: cứ `ratio` lượt ưu tiên thì một lượt thường."
        ),
    )
    ratio: int = Field(default=2, ge=1, le=20, description="Chỉ dùng với strict-ratio.")
    day_start: ClockTime = Field(default="05:00", description="Giờ bắt đầu ngày làm việc mới.")
    recall_limit: int = Field(default=3, ge=0, le=20, description="Gọi lại nhiều nhất mấy lần.")
    auto_open: bool = Field(default=True, description="Bấm gọi ở quầy đang đóng thì tự mở quầy.")
    backup_min: int = Field(
        default=60,
        ge=5,
        le=1440,
        description="Sao lưu nhật ký bao nhiêu phút một lần, vào thư mục backups cạnh nhật ký.",
    )
    keep_backups: int = Field(default=7, ge=1, le=100, description="Giữ mấy bản sao lưu mới nhất.")
    keep_days: int | None = Field(
        default=1095, ge=31, description="Giữ lịch sử bao nhiêu ngày; null: giữ mãi."
    )


class BackupSection(Section):
    to: str = Field(
        min_length=1,
        max_length=300,
        pattern=r"^(/|rsync://|[A-Za-z0-9._-]+@[A-Za-z0-9._-]+:)[^\s]*$",
        description="Nơi thứ hai: thư mục trên USB hay ổ mạng đã gắn (mount), hoặc đích rsync.",
        examples=["/media/motcua", "sao-luu@10.0.0.9:motcua"],
    )
    late_h: int = Field(
        default=26, ge=1, le=720, description="Báo khi bản ở nơi thứ hai cũ hơn bấy nhiêu giờ."
    )
    keep: int = Field(
        default=30, ge=1, le=1000, description="Giữ mấy bản ở thư mục ấy (rsync: giữ mọi bản)."
    )


class ControllerFile(Shared):
    queue: QueueSection = QueueSection()
    backup: BackupSection | None = Field(
        default=None,
        description="Chép bản sao lưu mới nhất ra ngoài thẻ nhớ; không ghi: chỉ sao lưu trên thẻ.",
    )
