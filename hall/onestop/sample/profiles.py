"""The halls of the published articles: what each printed, and how its dossiers are spread."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.onestop_messages import Period
from hall.onestop.intake.procedures import read_whole

ProfileId = Literal["mu-cang-chai", "phu-tien", "dien-hong", "bac-tu-liem", "mau"]


@dataclass(frozen=True, slots=True)
class Fates:
    """How many dossiers came to which end. A split an article leaves open is chosen here."""

    early: int
    on_time: int
    overdue: int
    pending: int

    @property
    def resolved(self) -> int:
        return self.early + self.on_time + self.overdue

    @property
    def total(self) -> int:
        return self.resolved + self.pending


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """A field as the hall names it, its dossiers, and the catalogue's fields it covers."""

    name: str
    count: int
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The closed period an article speaks of; `last` is the day its figures are of."""

    org: str
    first: date
    last: date
    fates: Fates
    fields: tuple[FieldOfWork, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleProfile:
    """`org` leads the codes of today's dossiers; `unit` names the hall the figures are of."""

    id: ProfileId
    unit: str
    org: str
    past: Past | None = None


_DIEN_HONG_FIELDS = (
    FieldOfWork("Địa chính - Xây dựng", 219, ("Hoạt động xây dựng", "Đất đai")),
    FieldOfWork("Tư pháp - Hộ tịch", 11333, ("Hộ tịch", "Chứng thực")),
    FieldOfWork(
        "Lao động - Thương binh và Xã hội", 202, ("Bảo trợ xã hội", "Người có công", "Giảm nghèo")
    ),
)

_PROFILES = (
    SampleProfile("mau", "Số liệu mẫu của một xã", "H38.12"),
    SampleProfile("mu-cang-chai", "Bộ phận Phục vụ hành chính công huyện Mù Cang Chải", "H38.12"),
    SampleProfile(
        "phu-tien",
        "UBND xã Phú Tiến, huyện Định Hóa, Thái Nguyên, quý III năm 2024",
        "H55.242",
        Past("012.15.03.H55", date(2024, 7, 1), date(2024, 9, 30), Fates(140, 163, 0, 0)),
    ),
    SampleProfile(
        "dien-hong",
        "UBND phường Diên Hồng, TP Pleiku, Gia Lai, từ tháng 7-2016 đến 29/03/2018",
        "H21.102",
        Past(
            "000.12.02.H21",
            date(2016, 7, 1),
            date(2018, 3, 29),
            Fates(6900, 4700, 100, 54),
            _DIEN_HONG_FIELDS,
        ),
    ),
    SampleProfile(
        "bac-tu-liem",
        "Quận Bắc Từ Liêm, Hà Nội, năm 2019",
        "H26.19",
        Past(
            "000.00.19.H26",
            date(2019, 1, 1),
            date(2019, 12, 26),
            Fates(200_000, 144_843, 439, 3_965),
        ),
    ),
)


def profile(name: ProfileId) -> SampleProfile:
    return next(each for each in _PROFILES if each.id == name)


def published(name: ProfileId) -> Period | None:
    """The article's own figures; None for the sample profile, which counts its dossiers."""
    stored = json.loads((files(__package__) / "figures.json").read_text("utf-8"))
    return Period.model_validate(stored[name]) if name in stored else None


@cache
def sample_procedures() -> tuple[CatalogueProcedure, ...]:
    """Raises UnusableTable where the package's own table is broken."""
    with as_file(files(__package__) / "procedures.csv") as path:
        return read_whole(path)
