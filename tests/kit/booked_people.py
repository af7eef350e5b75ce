"""What a journal must say of appointments and of how people's turns ended, told by plain counts.

Written apart from the core: it reads rows and knows nothing of how they came about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hall.controller.ports import JournalRow


@dataclass
class Booked:
    """Of the services in `rooms` so many people a slot; `late_ms` after its begin it is lost."""

    rooms: Mapping[str, int]
    quotas: Mapping[str, int]
    per_person: int
    late_ms: int
    live: dict[str, JournalRow] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    papers: dict[int, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    def faults(self, rows: Sequence[JournalRow]) -> Iterator[str]:
        for row in rows:
            body: Any = row.body
            match row.kind:
                case "appointed":
                    yield from self._booked(row)
                case "unbooked":
                    self.live.pop(body["booking"])
                case "issued" if "booking" in body:
                    yield from self._came(row)
                    self.papers[body["serial"]] = body["booking"]
                    self._took(body["service"])
                case "voided":
                    self.used.discard(self.papers.pop(body["serial"], ""))
                case "issued":
                    yield from self._walked_in(row)
                    self._took(body["service"])
                case _:
                    pass

    def slots(self) -> dict[tuple[str, str, int], list[str]]:
        """Who is booked where, in order."""
        found: dict[tuple[str, str, int], list[str]] = {}
        for code, row in self.live.items():
            body: Any = row.body
            found.setdefault((body["service"], body["due"], body["slot"]), []).append(code)
        return found

    def _took(self, service: str) -> None:
        self.taken[service] = self.taken.get(service, 0) + 1

    def _booked(self, row: JournalRow) -> Iterator[str]:
        body: Any = row.body
        code = body["booking"]
        known: Any = self.live[code].body if code in self.live else {}
        moved = any(known.get(key) != body[key] for key in ("service", "due", "slot"))
        if code in self.used:
            yield "booked anew after its ticket"
        if moved:
            self.live.pop(code, None)
        self.live[code] = row
        there = self.slots()[body["service"], body["due"], body["slot"]]
        if len(there) > self.rooms.get(body["service"], len(there)):
            yield f"{len(there)} people in one slot"
        person = body.get("person")
        mine = [r for r in self.live.values() if person and r.body.get("person") == person]
        if len([r for r in mine if r.body["due"] == body["due"]]) > self.per_person:
            yield "one person booked too often"

    def _came(self, row: JournalRow) -> Iterator[str]:
        body: Any = row.body
        code = body["booking"]
        if code not in self.live:
            yield "a ticket for an appointment that nobody has"
            return
        if code in self.used:
            yield "two tickets for one appointment"
        self.used.add(code)
        booked: Any = self.live[code].body
        late = body["wall"] - booked["slot"] > self.late_ms or "unsure" in body
        place = self.slots()[booked["service"], booked["due"], booked["slot"]].index(code)
        promised = body["at"] + booked["slot"] - body["wall"] + place * 1000
        ranked = body["at"] if late else promised
        if body["rank"] != ranked:
            yield f"ranked {body['rank']}, not {ranked}"

    def _walked_in(self, row: JournalRow) -> Iterator[str]:
        body: Any = row.body
        most = self.quotas.get(body["service"])
        kept = [code for code, booked in self.live.items() if self._is_kept(code, booked, row)]
        if most is not None and self.taken.get(body["service"], 0) + len(kept) >= most:
            yield "a walk-in has the ticket of somebody who is booked"

    def _is_kept(self, code: str, booked: JournalRow, row: JournalRow) -> bool:
        mine: Any = booked.body
        is_here = (mine["service"], mine["due"]) == (row.body["service"], row.body["date"])
        late = int(row.body["wall"]) - mine["slot"] > self.late_ms and "unsure" not in row.body
        return is_here and code not in self.used and not late


def faults_of_endings(rows: Sequence[JournalRow], served: int) -> Iterator[str]:
    """Only who was met counts as served, and `served` is how many there were."""
    undone = {row.body["of"] for row in rows if row.kind == "undone"}
    met: set[object] = set()
    count = 0
    for row in rows:
        serial = row.body.get("serial")
        if row.seq in undone:
            continue
        if row.kind == "called":
            met.discard(serial)
        elif row.kind == "started":
            met.add(serial)
        elif row.kind == "finished":
            is_met = serial in met or "cause" not in row.body
            if (row.body["how"] != "unclear") != is_met:
                yield f"{row.body['number']} ended {row.body['how']}"
            count += is_met
    if count != served:
        yield f"{count} were served, not {served}"
