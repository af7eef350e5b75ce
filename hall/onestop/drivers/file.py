"""A folder into which the one-stop software, or a person, puts tables."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from hall.onestop.supplier_section import AnsweringSection, ConnectedSupplier, OnestopSurroundings
from hall.runtime import opening
from hall.runtime.sections import ClockTime


class FileSection(AnsweringSection):
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
    intake_until: ClockTime | None = Field(
        default=None,
        description="Hồ sơ tiếp nhận từ giờ này tính vào số liệu của ngày làm việc kế tiếp; không "
        "ghi: của ngày tiếp nhận.",
        examples=["15:00"],
    )

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        # It brings SQLite and the readers of tables.
        from hall.onestop.folder import Watched  # noqa: PLC0415
        from hall.onestop.late_intake import LateIntake  # noqa: PLC0415
        from hall.onestop.watching import FileSupplier  # noqa: PLC0415

        late = None
        if self.intake_until is not None:
            since = opening.minute(self.intake_until)
            late = LateIntake(since_min=since, calendar=where.calendar)
        watched = Watched(Path(self.folder), self.every_s, self.source, late)
        files = FileSupplier(watched, where.store, where.zone, where.clock)
        return ConnectedSupplier(files, doubting=files, spreading=files)
