"""The whole province.yaml: the province's own sections, and that of the one-stop gateway."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hall.onestop.for_halls.settings import DeskSection
from hall.province.settings import ProvinceFile


class WholeProvinceFile(ProvinceFile):
    onestop: DeskSection | None = Field(
        default=None,
        description="Cổng một cửa của tỉnh; không ghi: mỗi hội trường tự nối phần mềm một cửa.",
    )

    def strangers(self, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What is named under `onestop` and not registered: the key, and why. `known`: as units."""
        if self.onestop is None:
            return
        for unit in sorted(self.onestop.units.keys() - set(known.values())):
            yield f"onestop.units.{unit}", "không có hội trường nào của đơn vị này"
        for hall in sorted(self.onestop.halls.keys() - known.keys()):
            yield f"onestop.halls.{hall}", "chưa đăng ký hội trường này"
