"""Who takes part in a province's demo, when what goes wrong, and what came of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hall.demo import rehearsal
from hall.demo.rehearsal import StandIns, Wishes

# A hall here has people, queue, printer, one-stop gateway and uplink; screens are left out.
ROLES = ("controller", "printer", "onestop", "uplink")
_KEPT = ("version", "hall", "broker", "services", "priorities", "queue", "printers", "onestop")


@dataclass(frozen=True, slots=True)
class SampleHall:
    """`unit` is the body whose figures the articles printed; it may have several halls."""

    id: str
    unit: str
    name: str


def halls(number: int, units: Mapping[str, str]) -> tuple[SampleHall, ...]:
    """`units`: profile → name. Each unit in turn, until there are so many halls."""
    found = []
    for n in range(number):
        unit, again = list(units)[n % len(units)], n // len(units) + 1
        more, place = (f"-{again}", f" – cơ sở {again}") if again > 1 else ("", "")
        found.append(SampleHall(f"{unit}{more}", unit, f"{units[unit]}{place}"))
    return tuple(found)


def hall_file(
    values: Mapping[str, Any], beside: Path, hall: SampleHall, url: str, stand_ins: StandIns
) -> dict[str, Any]:
    """The sample hall's file as that of this one. `url`: of its line to the province."""
    wishes = Wishes(hall.unit, port=0, speed=0)
    played = rehearsal.rehearsed(values, beside, wishes, stand_ins)
    kept: dict[str, Any] = {key: played[key] for key in _KEPT if key in played}
    kept["hall"] = {**played["hall"], "id": hall.id, "name": hall.name, "names": {}}
    kept["counters"] = [
        {key: value for key, value in counter.items() if key != "clients"}
        for counter in played["counters"]
    ]
    kept["uplink"] = {"url": url, "unit": hall.unit, "kbit_s": 1000}
    return kept


@dataclass(frozen=True, slots=True)
class Mishaps:
    """When, in seconds from the first citizen on."""

    cut_s: float
    broker_s: float
    consumer_s: float
    mended_s: float


def mishaps(lasts_s: float) -> Mishaps:
    """One after the other, the line mended before the morning ends."""
    return Mishaps(lasts_s * 0.2, lasts_s * 0.4, lasts_s * 0.55, lasts_s * 0.7)


@dataclass(frozen=True, slots=True)
class HallOutcome:
    """`journal`: the hall's last event; `rows`: sequence numbers at the province, in order."""

    hall: str
    journal: int
    rows: Sequence[int]

    @property
    def gaps(self) -> int:
        return len(set(range(1, self.journal + 1)) - set(self.rows))

    @property
    def doubles(self) -> int:
        return len(self.rows) - len(set(self.rows))

    @property
    def unknown(self) -> int:
        """Rows that the journal does not have."""
        return sum(1 for seq in set(self.rows) if not 1 <= seq <= self.journal)


@dataclass(frozen=True, slots=True)
class ProvinceOutcome:
    """`catch_up_s`: from the mended line until that hall's events were all there; None: never."""

    halls: tuple[HallOutcome, ...]
    catch_up_s: float | None
    incidents: tuple[str, ...]
    pictures: tuple[str, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """Promises that were not kept."""
        found = []
        for each in self.halls:
            if not each.journal:
                found.append(f"{each.hall}: không có ai đến")
            if each.gaps or each.doubles or each.unknown:
                found.append(
                    f"{each.hall}: thiếu {each.gaps}, trùng {each.doubles}, lạ {each.unknown}"
                )
        if self.catch_up_s is None:
            found.append("hội trường mất đường truyền không gửi bù xong")
        return tuple(found)

    def summary(self) -> dict[str, object]:
        """As summary.json has it."""
        return {
            "halls": len(self.halls),
            "events": sum(each.journal for each in self.halls),
            "stored": sum(len(each.rows) for each in self.halls),
            "gaps": sum(each.gaps for each in self.halls),
            "doubles": sum(each.doubles for each in self.halls),
            "catch_up_s": None if self.catch_up_s is None else round(self.catch_up_s, 1),
            "incidents": list(self.incidents),
            "pictures": list(self.pictures),
            "by_hall": {each.hall: each.journal for each in self.halls},
            "broken": list(self.broken),
        }
