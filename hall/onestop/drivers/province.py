"""The province's gateway is asked, over the line that the section `uplink` names."""

from functools import partial
from typing import Literal

from pydantic import Field

from hall.onestop.supplier_section import AnsweringSection, ConnectedSupplier, OnestopSurroundings
from hall.runtime.province_line import ProvinceLine


class ProvinceSupplierSection(AnsweringSection):
    driver: Literal["province"] = Field(
        description="Qua cổng một cửa của tỉnh; đường nối, mật khẩu, đơn vị: ở mục uplink."
    )

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        # They bring the readers of the catalogue, and MQTT.
        from hall.onestop.from_province import line  # noqa: PLC0415
        from hall.onestop.from_province.kept import KeptDownward  # noqa: PLC0415
        from hall.onestop.from_province.supplier import ProvinceSupplier  # noqa: PLC0415
        from hall.runtime.far_link_mqtt import FarMqttLink  # noqa: PLC0415

        to = where.line or ProvinceLine("")
        options = line.options(where.hall, to.unit, where.clock)
        link = FarMqttLink(options, partial(to.server, where.state), where.clock)
        kept = KeptDownward(where.store / "province")
        supplier = ProvinceSupplier(where.hall, to.unit, link, where.clock, kept)
        return ConnectedSupplier(supplier, carrying=supplier)
