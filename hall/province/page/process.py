"""`motcua province page`: one process that hears all halls' states and serves the page.

broker ──retained states──▶ inbox ─▶ ProvinceNow ─▶ once a second: rows ─▶ browsers
PostgreSQL ─▶ reader thread ─names, events─▶ ┘            ▲ one hall, figures: asked by browsers
"""

import logging
import signal
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hall.contract.province import PROVINCE, filters_of_all
from hall.contract.upward import STATES
from hall.province.database import Database
from hall.province.page.books import ProvinceBooks, ReadEvents
from hall.province.page.server import ProvincePages
from hall.province.page.site import FiguresAsked, HallAsked
from hall.province.ports import StoreAway, StoreRefuses
from hall.province.running import server_of
from hall.province.settings import ProvinceFile
from hall.province.watch.province_now import ZONE, NamedHall, ProvinceNow
from hall.runtime.clock import Clock, SystemClock
from hall.runtime.far_link import FarDown, FarHeard, FarLink, FarUp
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.inbox import Inbox
from hall.runtime.notify import Heartbeat, Notifier
from hall.wording.naming import without_opening

log = logging.getLogger(__name__)

TURN_S = 1.0
NAMES_S = 15.0
EVENTS_S = 3.0


@dataclass(frozen=True, slots=True)
class NamesRead:
    """The registered halls."""

    halls: tuple[NamedHall, ...]


@dataclass(frozen=True, slots=True)
class StoreHeard:
    """`trouble`: why PostgreSQL does not answer; "" = it does."""

    trouble: str


@dataclass(slots=True)
class StoreReader:
    """Reads names and new events of today, again and again, on a thread of its own."""

    books: ProvinceBooks
    clock: Clock
    post: Callable[[object], None]
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _day: date | None = None
    _names_at: float | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="store-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> bool:
        """Whether there is more to read at once. Raises StoreAway, StoreRefuses."""
        now = self.clock.monotonic()
        if self._names_at is None or now >= self._names_at:
            self.post(NamesRead(self.books.halls()))
            self._names_at = now + NAMES_S
        today = self.clock.now().astimezone(ZONE).date()
        # A hall whose clock is somewhat ahead is in its next day already.
        found = self.books.events_after(self._places, today, today + timedelta(days=1))
        for event in found.events:
            self._places[event.hall] = (event.epoch, event.seq)
        for hall, place in found.reached.items():
            self._places[hall] = max(self._places.get(hall, (0, 0)), place)
        if found.events or found.reached:
            self.post(found)
        return bool(found.events) and not found.reached

    def _run(self) -> None:
        trouble = ""
        while not self._ended.is_set():
            told, more = "", False
            try:
                more = self.round()
            except (StoreAway, StoreRefuses) as err:
                told = str(err)
            if told != trouble:
                log.warning("PostgreSQL: %s", told or "answers again")
                self.post(StoreHeard(told))
                trouble = told
            if not more:
                self._ended.wait(EVENTS_S)


def _link(wanted: ProvinceFile, state: Path, clock: Clock) -> FarLink:
    options = FarOptions(
        client=f"{PROVINCE}-page-{uuid.uuid4().hex[:12]}",
        user=PROVINCE,
        filters=filters_of_all(STATES),
        pauses_s=(0.5, 5.0),
    )
    return FarMqttLink(options, lambda: server_of(wanted, state), clock)


@dataclass(slots=True)
class PageProcess:
    """`on_open`: told the address."""

    wanted: ProvinceFile
    link: FarLink
    clock: Clock
    on_open: Callable[[str], None]
    now: ProvinceNow = field(default_factory=ProvinceNow)
    inbox: Inbox = field(default_factory=Inbox)
    _store: str = ""
    _broker: str = "chưa nối được với broker của tỉnh"
    _stopping: bool = False

    def stop(self) -> None:
        """Any thread, a signal handler too."""
        self._stopping = True
        self.inbox.wake()

    def run(self) -> int:
        """The exit status. Raises PagesDown."""
        books = ProvinceBooks(Database(self.wanted.database.dsn))
        reader = StoreReader(
            ProvinceBooks(Database(self.wanted.database.dsn)), self.clock, self.inbox.post
        )
        pages = ProvincePages(self.wanted.page, self.wanted.province.name, books, self.clock)
        address = pages.start(self.inbox.post)
        log.info("page: %s", address)
        self.on_open(address)
        reader.start()
        self.link.open(self.inbox.post)
        heart = Heartbeat(Notifier(), 1)
        heart.ready("page")
        try:
            self._serve(pages, heart)
        finally:
            self.link.close()
            reader.stop()
            pages.stop()
            books.close()
            reader.books.close()
        return 0

    def _serve(self, pages: ProvincePages, heart: Heartbeat) -> None:
        due = self.clock.monotonic()
        while not self._stopping:
            heart.beat("page")
            now = self.clock.monotonic()
            if now >= due:
                due = now + TURN_S
                moment = self.clock.now()
                rows = self.now.turn(moment)
                pages.show_rows(rows, moment.timestamp(), self.note)
                heart.tell_trouble("page", self.note or pages.trouble())
            item = self.inbox.take_item(max(0.0, due - self.clock.monotonic()))
            if item is not None:
                self.handle(item, pages)

    @property
    def note(self) -> str:
        """What browsers are told of the page's own sources; "" = all is well."""
        store = self._store and "cơ sở dữ liệu của tỉnh không trả lời"
        return "; ".join(each for each in (self._broker, store) if each)

    def handle(self, item: object, pages: ProvincePages) -> None:
        moment = self.clock.now()
        match item:
            case FarHeard(topic, payload, retained):
                self.now.hear_message(topic, payload, retained=retained, now=moment)
            case FarUp():
                self._broker = ""
                self.now.linked(moment)
            case FarDown(fault):
                self._broker = fault.text
            case NamesRead(halls):
                if tuple(self.now.halls.values()) != halls:
                    self.now.register(halls)
                    pages.show_names(_names(halls))
            case ReadEvents(events, reached):
                self.now.take_events(events, reached)
            case StoreHeard(trouble):
                self._store = trouble
            case HallAsked(hall, answer):
                answer(self.now.detail(hall, moment))
            case FiguresAsked(answer):
                answer(self.now.figures())
            case _:
                pass


def _names(halls: tuple[NamedHall, ...]) -> Mapping[str, object]:
    units = {each.unit: each.unit_name for each in halls}
    short = without_opening({each.name for each in halls})
    return {
        "halls": [
            {
                "id": each.id,
                "name": each.name,
                "short": short[each.name],
                "unit": each.unit,
                "unit_name": each.unit_name,
            }
            for each in halls
        ],
        "units": [{"id": unit, "name": name} for unit, name in units.items()],
    }


def serve(wanted: ProvinceFile, state: Path) -> int:
    """Until SIGTERM or SIGINT; the address stands in `province_page.url`. Raises PagesDown."""
    clock = SystemClock()

    def note_address(address: str) -> None:
        state.mkdir(parents=True, exist_ok=True)
        (state / "province_page.url").write_text(address, "utf-8")

    process = PageProcess(wanted, _link(wanted, state, clock), clock, note_address)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    return process.run()
