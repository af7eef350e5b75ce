"""All halls of a province now: messages in, changed rows and details of one hall out. Pure."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from hall.contract import codec
from hall.contract.codec import Garbled
from hall.contract.onestop_messages import Figures
from hall.contract.province import HallAddress, find_up
from hall.province.watch.arrivals import HallArrivals, SeenEvent
from hall.province.watch.hall_now import HallNow, is_figures
from hall.province.watch.rows import HallRow, link_of, row_of

log = logging.getLogger(__name__)

# The country has 3,321 communes; the broker lets none in that has no password here.
MOST_HALLS = 8_000
# Vietnam has one time and no summer time.
ZONE = timezone(timedelta(hours=7))
# What the broker has retained of 3,321 halls is here by then.
SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class NamedHall:
    """A registered hall and its unit."""

    id: str
    name: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """A hall's figures of the one-stop software as they came last."""

    hall: NamedHall
    payload: bytes


@dataclass(slots=True)
class ProvinceNow:
    """Rows are of registered halls alone; what others say is kept until they are registered.

    `garbled`: messages that could not be read.
    """

    halls: dict[str, NamedHall] = field(default_factory=dict)
    garbled: int = 0
    _now: dict[str, HallNow] = field(default_factory=dict)
    _arrivals: dict[str, HallArrivals] = field(default_factory=dict)
    _rows: dict[str, HallRow] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)
    _settle_at: datetime | None = None
    _day: str = ""

    def register(self, halls: Iterable[NamedHall]) -> None:
        self.halls = {each.id: each for each in halls}
        for gone in self._rows.keys() - self.halls.keys():
            del self._rows[gone]
            self._arrivals.pop(gone, None)
        for new in self.halls.keys() - self._rows.keys():
            self._now.setdefault(new, HallNow())
            self._touched.add(new)

    def linked(self, now: datetime) -> None:
        """To the broker, anew: it sends all that it has retained."""
        self._settle_at = now + SETTLED
        for each in self._now.values():
            each.linked_anew()

    def hear_message(self, topic: str, payload: bytes, *, retained: bool, now: datetime) -> None:
        address = find_up(topic)
        if address is None or (hall := self._hall(address.hall)) is None:
            return
        self._touched.add(address.hall)
        if not payload:
            hall.remove(address)
            return
        try:
            self._read(hall, address, payload, None if retained else now)
        except Garbled as err:
            self.garbled += 1
            log.warning("%s: %s", topic, err.why)

    def _hall(self, name: str) -> HallNow | None:
        if name not in self._now and len(self._now) < MOST_HALLS:
            self._now[name] = HallNow()
        return self._now.get(name)

    def _read(
        self, hall: HallNow, address: HallAddress, payload: bytes, heard: datetime | None
    ) -> None:
        """Raises Garbled."""
        opened = codec.open_payload(payload, hall=address.hall)
        at = heard or opened.envelope.ts or datetime.min.replace(tzinfo=ZONE)
        message = codec.read(address.model, opened.content)
        if is_figures(address):
            hall.keep_figures(address, payload, at)
        else:
            hall.take_state(address, message, at)

    def take_events(
        self, events: Iterable[SeenEvent], reached: Mapping[str, tuple[int, int]]
    ) -> None:
        """In the order of their places; `reached`: up to where nothing more of these days is.

        Also of a hall whose name is not read yet: no event is read twice.
        """
        for event in events:
            self._arrivals.setdefault(event.hall, HallArrivals()).take_event(event)
            self._touched.add(event.hall)
        for hall, place in reached.items():
            self._arrivals.setdefault(hall, HallArrivals()).note_reached(place)

    def places(self) -> Mapping[str, tuple[int, int]]:
        """Of each hall the place of the last event that was read."""
        return {hall: (each.epoch, each.seq) for hall, each in self._arrivals.items()}

    def turn(self, now: datetime) -> dict[str, HallRow]:
        """The rows that differ from those of the last turn."""
        if self._settle_at is not None and now >= self._settle_at:
            self._settle_at = None
            for hall, each in self._now.items():
                each.settle()
                self._touched.add(hall)
        day = f"{now.astimezone(ZONE):%Y-%m-%d}"
        aged = self._aged(now) if day == self._day else self.halls.keys()
        changed, self._day = {}, day
        for hall in (self._touched | aged) & self.halls.keys():
            row = row_of(self._now[hall], self._since(hall, day), now, day)
            if row != self._rows.get(hall):
                changed[hall] = self._rows[hall] = row
        self._touched.clear()
        return changed

    def detail(self, hall: str, now: datetime) -> dict[str, object] | None:
        """All that is kept of one hall; None: it is not registered."""
        known, names = self._now.get(hall), self.halls.get(hall)
        if known is None or names is None:
            return None
        day = f"{now.astimezone(ZONE):%Y-%m-%d}"
        row = row_of(known, self._since(hall, day), now, day)
        told = known.told
        return {
            "id": hall,
            "name": names.name,
            "unit": names.unit_name,
            "row": row._asdict(),
            "clock": None if told is None else told.clock,
            "notice": None if told is None else told.notice,
            "opens_next": _iso(None if told is None else told.opens_next),
            "onestop": known.onestop,
            "services": [each._asdict() for each in known.services.values()],
            "counters": [
                {"name": each.name, "status": each.status, "called_at": _iso(each.called_at)}
                for each in known.counters.values()
            ],
            "devices": [
                {"client": name, **each._asdict()} for name, each in sorted(known.devices.items())
            ],
            "alerts": [
                each._asdict() | {"since": _iso(each.since)}
                for each in sorted(known.alerts.values(), key=lambda alert: alert.since)
            ],
        }

    def figures(self) -> tuple[KeptFigures, ...]:
        return tuple(
            KeptFigures(self.halls[hall], each.figures)
            for hall, each in self._now.items()
            if each.figures and hall in self.halls
        )

    def _since(self, hall: str, day: str) -> datetime | None:
        found = self._arrivals.get(hall)
        if found is None or found.day.isoformat() != day:
            return None
        return found.longest_since

    def _aged(self, now: datetime) -> set[str]:
        """Halls that have become mute by saying nothing."""
        rows, known = self._rows, self._now
        return {hall for hall, row in rows.items() if link_of(known[hall], now) is not row.link}


def read_figures(kept: KeptFigures) -> Figures | None:
    try:
        opened = codec.open_payload(kept.payload, hall=kept.hall.id)
        return codec.read(Figures, opened.content)
    except Garbled:
        return None


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
