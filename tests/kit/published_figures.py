"""What the five articles printed, counted anew from their own file: what a screen must say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, get_args

from hall.onestop.sample.profiles import ProfileId

_RECORDS: Mapping[str, dict[str, Any]] = {
    record["id"]: record
    for record in json.loads(
        (Path(__file__).parents[1] / "data" / "figures.json").read_text("utf-8")
    )["records"]
}
_ARTICLES: Mapping[ProfileId, str] = {
    "mu-cang-chai": "mu_cang_chai_2018",
    "phu-tien": "phu_tien_2024q3",
    "dien-hong": "dien_hong_2016_2018",
    "bac-tu-liem": "bac_tu_liem_2019",
}
PROFILES = tuple(name for name in get_args(ProfileId) if name in _ARTICLES)


def dotted(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def percent(part: int, total: int) -> str:
    """Two decimals, half up, a comma."""
    share = Decimal(100 * part) / Decimal(total)
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Article:
    """`late`: overdue, as printed or as the rest of the resolved; None where nobody can know."""

    record: Mapping[str, Any]

    @property
    def received(self) -> int | None:
        told = self.record["received"]
        return told["total"] if isinstance(told, dict) else told

    @property
    def resolved(self) -> int | None:
        total: int | None = self.record["resolved"]["total"]
        return total

    @property
    def in_time(self) -> int | None:
        told = self.record["resolved"]
        both: int | None = told["early_or_on_time"]
        if both is None and told["early"] is not None:
            return int(told["early"]) + int(told["on_time"])
        return both

    @property
    def late(self) -> int | None:
        if self.resolved is None or self.in_time is None:
            return None
        return self.resolved - self.in_time


def article(profile: ProfileId) -> Article:
    return Article(_RECORDS[_ARTICLES[profile]])
