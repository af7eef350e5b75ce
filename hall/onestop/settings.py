"""The YAML section `onestop`: where figures, procedures and look-ups come from."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from hall.onestop.intake.mapping import DossierColumn
from hall.onestop.sample.profiles import ProfileId
from hall.runtime.sections import Shared
from hall.runtime.settings import Section


class _Limits(Section):
    lookups_per_minute: int = Field(
        default=10, ge=1, le=600, description="Số lần tra cứu nhiều nhất một phút của một kiosk."
    )


class SimulatedSection(_Limits):
    """A one-stop software that is not there: demo and training."""

    driver: Literal["simulated"] = Field(description="Phần mềm một cửa mô phỏng.")
    profile: ProfileId = Field(
        default="mau",
        description="Số liệu của đơn vị nào (theo bài báo); mau: đếm từ hồ sơ mẫu.",
        examples=["bac-tu-liem"],
    )
    delay_ms: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0, le=60_000)]] = Field(
        default=(200, 900), description="Trả lời chậm từ … đến … mili giây."
    )
    every_s: float = Field(default=30, gt=0, description="Gửi lại số liệu sau mỗi … giây.")


class FileSection(_Limits):
    """A folder into which the one-stop software, or a person, puts tables."""

    driver: Literal["file"] = Field(description="Nhập từ thư mục tệp CSV/JSON.")
    folder: str = Field(
        min_length=1,
        description="Thư mục có procedures.csv, dossiers.csv, figures.json, notice.txt.",
        examples=["/var/lib/motcua/onestop/nhap"],
    )
    every_s: float = Field(default=10, gt=0, description="Xem lại thư mục sau mỗi … giây.")
    source: str = Field(
        default="Nhập từ tệp", max_length=200, description="Tên nguồn hiện cạnh số liệu."
    )


class MqttSection(Section):
    """The vendor's software speaks on the bus itself, as client `onestop`; `gateway` judges it."""

    driver: Literal["mqtt"] = Field(description="Phần mềm một cửa tự nói chuyện qua MQTT.")


class ManualSection(_Limits):
    """Staff type the figures on a page; nobody gives dossiers or procedures."""

    driver: Literal["manual"] = Field(description="Cán bộ gõ số liệu trên trang số liệu.")
    source: str = Field(default="Nhập tay", max_length=200, description="Tên nguồn của số liệu.")


class _WebSection(_Limits):
    url: str = Field(
        pattern=r"^https?://[^\s]+$",
        description="Địa chỉ gốc của dịch vụ.",
        examples=["https://mot-cua.tinh.gov.vn"],
    )
    ca: str = Field(default="", description="Tệp chứng thư CA riêng; bỏ trống: của hệ điều hành.")
    source: str = Field(
        default="Phần mềm một cửa", max_length=200, description="Tên nguồn hiện cạnh số liệu."
    )


class TokenSection(Section):
    """OIDC client credentials."""

    url: str = Field(pattern=r"^https?://[^\s]+$", description="Địa chỉ lấy access_token.")
    client_id: str = Field(min_length=1, description="client_id được cấp.")
    credential: str = Field(
        pattern=r"^[a-z0-9-]{1,64}$",
        description="Tên mật khẩu (client_secret), không phải giá trị.",
    )
    scope: str = Field(default="", description="scope, nếu máy cấp quyền đòi.")


class LookupSection(Section):
    """How a dossier is asked for, and where in the answer each meaning stands."""

    path: str = Field(
        pattern=r"^/",
        description="Đường dẫn; {code} là mã hồ sơ.",
        examples=["/pa/dossier-search/dvc"],
    )
    query: dict[str, str] = Field(
        default_factory=dict,
        description="Tham số; {code} là mã hồ sơ.",
        examples=[{"code": "{code}"}],
    )
    found: str = Field(
        default="", description="Danh sách hồ sơ nằm ở đâu trong trả lời.", examples=["content"]
    )
    fields: dict[DossierColumn, str] = Field(
        description="Ý nghĩa: nơi của nó trong một hồ sơ. Cần có code và status.",
        examples=[{"code": "code", "procedure_name": "procedure.translate.0.name"}],
    )
    statuses: dict[str, Annotated[int, Field(ge=1, le=10)]] = Field(
        default_factory=dict, description="Trạng thái riêng của dịch vụ: số 1–10."
    )
    dates: Literal["day-first", "month-first"] = Field(
        default="day-first", description="Ngày có dấu / viết ngày trước hay tháng trước."
    )

    @field_validator("fields")
    @classmethod
    def _enough(cls, fields: dict[DossierColumn, str]) -> dict[DossierColumn, str]:
        if not {"code", "status"} <= set(fields):
            raise ValueError("cần có code và status")
        return fields


class RestSection(_WebSection):
    """A JSON look-up; figures and procedures come by another way."""

    driver: Literal["rest"] = Field(description="Tra cứu JSON mô tả trong tệp này.")
    token: TokenSection | None = Field(default=None, description="Lấy quyền kiểu OIDC.")
    scheme: Literal["Bearer", "Basic"] = Field(
        default="Bearer", description="Khi có credential: kiểu xác thực."
    )
    credential: str = Field(
        default="",
        pattern=r"^[a-z0-9-]{0,64}$",
        description="Tên của khoá cố định, khi không có token.",
    )
    lookup: LookupSection = Field(description="Cách tra một hồ sơ.")


class OpencpsSection(_WebSection):
    """OpenCPS 2: look-ups, and the queue told to and from its bookings."""

    driver: Literal["opencps"] = Field(description="OpenCPS 2 qua REST.")
    group_id: int = Field(ge=1, description="groupId của đơn vị trong OpenCPS.")
    user: str = Field(min_length=1, description="Tài khoản OpenCPS.")
    credential: str = Field(
        pattern=r"^[a-z0-9-]{1,64}$", description="Tên mật khẩu của tài khoản, không phải giá trị."
    )
    services: dict[str, str] = Field(
        default_factory=dict,
        description="Dịch vụ của hội trường: serviceCode. Trống: không chuyển hàng chờ.",
        examples=[{"ho-tich": "1.001193"}],
    )
    gates: dict[str, str] = Field(
        default_factory=dict, description="Quầy: gateNumber, khi khác mã quầy."
    )
    poll_s: float = Field(default=10, ge=5, description="Hỏi lịch hẹn sau mỗi … giây.")


OnestopSection = Annotated[
    SimulatedSection | FileSection | ManualSection | MqttSection | RestSection | OpencpsSection,
    Field(discriminator="driver"),
]


class OnestopConfig(Shared):
    onestop: OnestopSection = Field(description="Nối với phần mềm một cửa.")
