"""The YAML section `onestop`: where figures, procedures and look-ups come from."""

from typing import Annotated, Literal

from pydantic import Field

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
    """The vendor's software speaks on the bus itself, as client `onestop`: no gateway runs."""

    driver: Literal["mqtt"] = Field(description="Phần mềm một cửa tự nói chuyện qua MQTT.")


OnestopSection = Annotated[
    SimulatedSection | FileSection | MqttSection, Field(discriminator="driver")
]


class OnestopConfig(Shared):
    onestop: OnestopSection = Field(description="Nối với phần mềm một cửa.")
