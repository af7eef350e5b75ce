"""Staff type the figures on a page; nobody gives dossiers or procedures."""

from typing import Literal

from pydantic import Field

from hall.onestop.supplier_section import AnsweringSection, ConnectedSupplier, OnestopSurroundings


class ManualSection(AnsweringSection):
    driver: Literal["manual"] = Field(description="Cán bộ gõ số liệu trên trang số liệu.")
    source: str = Field(default="Nhập tay", max_length=200, description="Tên nguồn của số liệu.")

    def connect(self, where: OnestopSurroundings) -> ConnectedSupplier:
        # It brings SQLite.
        from hall.onestop.typed_figures import ManualSupplier  # noqa: PLC0415

        typed = ManualSupplier(self.source, where.store, where.zone, where.clock)
        return ConnectedSupplier(typed, typing=typed)
