"""What every driver has in the YAML that asks a web service."""

from pydantic import Field

from hall.onestop.supplier_section import AnsweringSection


class WebSection(AnsweringSection):
    url: str = Field(
        pattern=r"^https?://[^\s]+$",
        description="Địa chỉ gốc của dịch vụ.",
        examples=["https://mot-cua.tinh.gov.vn"],
    )
    ca: str = Field(default="", description="Tệp chứng thư CA riêng; bỏ trống: của hệ điều hành.")
    source: str = Field(
        default="Phần mềm một cửa", max_length=200, description="Tên nguồn hiện cạnh số liệu."
    )
