"""A kiosk in a window, its bus played from inside; tells each page and where its targets are."""

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.onestop.intake.procedures import read_whole
from hall.reading.readers import reader
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from hall.screen.geometry import Panel
from hall.screen.tree import targets
from hall.screen.window import Window
from kiosk import wording
from kiosk.glass.view import KioskView
from kiosk.model.modes import Modes
from kiosk.model.setup import CounterLabel, KioskSetup, PriorityChoice, ServiceChoice
from kiosk.model.state import KioskModel
from kiosk.service import Extras, KioskService
from kiosk.sounds.lexicon import Lexicon
from kiosk.speakers.simulated import SimulatedSpeaker

SERVICES = (
    ("ho-tich", "Hộ tịch – Chứng thực"),
    ("dat-dai", "Đất đai – Xây dựng"),
    ("bao-tro", "Bảo trợ – Người có công"),
    ("kinh-doanh", "Hộ kinh doanh"),
)
SHOWN = (("1", "B107", "serving"), ("2", "H015", "called"), ("3", "E009", "serving"),
         ("4", "A024", "serving"), ("5", None, "open"), ("6", None, "paused"))  # fmt: skip
TABLE = Path(__file__).parents[1] / "data" / "procedures_with_papers.csv"
SETUP = KioskSetup(
    client="kiosk-1",
    hall_name="Trung tâm Phục vụ hành chính công xã Mù Cang Chải",
    services=tuple(ServiceChoice(ident, name) for ident, name in SERVICES),
    counters=tuple(
        CounterLabel(str(n), f"Quầy {n}", (SERVICES[n % len(SERVICES)][1],)) for n in range(1, 7)
    ),
    priorities=(PriorityChoice("uu-tien", "Ưu tiên"),),
    printer="printer-1",
    speaks=True,
    logo=str(Path(__file__).parents[2] / "config" / "pictures" / "logo.png"),
)
NOW = datetime.now(UTC).isoformat()
TICKET = {"id": "t1", "number": "A025", "service": "ho-tich", "day": "2026-11-23",
          "issued_at": NOW, "channel": "kiosk"}  # fmt: skip
ANSWERS = {
    "dispense": {"ticket": TICKET, "ahead": 2, "wait_min": [10, 20], "counters": ["1", "5"]},
    "dossier-lookup": {
        "code": "H12-181129-0001",
        "status": 9,
        "procedure": {"code": "1.001193", "name": "Đăng ký khai sinh"},
        "received_on": "2026-11-10",
        "due_on": "2026-11-26",
        "done_on": "2026-11-24",
        "collect_at": "Quầy 6 – Trả kết quả",
        "steps": [
            {"at": "2026-11-10T08:12:00+07:00", "text": "Đã tiếp nhận hồ sơ"},
            {"at": "2026-11-24T14:00:00+07:00", "text": "Đã có kết quả"},
        ],
    },
    "rate": {},
    "unrate": {},
}
FIGURES = {
    "as_of": NOW,
    "source": "Phần mềm một cửa",
    "periods": [
        {"id": "m", "from": "2026-11-01", "to": "2026-11-30", "received": {"total": 1284},
         "resolved": {"total": 1250, "early": 858, "on_time": 380, "overdue": 12},
         "pending": {"total": 185, "in_time": 180, "overdue": 5},
         "fields": [
             {"field": name, "resolved": {"early": 300 - 60 * n, "on_time": 90, "overdue": n}}
             for n, (_, name) in enumerate(SERVICES)]},
        {"id": "y", "from": "2026-01-01", "to": "2026-12-31", "received": {"total": 11754},
         "resolved": {"total": 11552, "early": 3333, "on_time": 8017, "overdue": 202}},
    ],
}  # fmt: skip


class Other:
    """The other side of the bus: controller, printer and one-stop software in one."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._seen = 0
        procedures = read_whole(TABLE)
        more = (
            CatalogueProcedure(code=f"1.{n:06d}", name=f"Đăng ký khai sinh {n}", field="Hộ tịch")
            for n in range(30)
        )
        procedures = (*procedures, *more)
        self._count = len(procedures)
        self._packed = catalogue.pack(CatalogueContent(procedures=procedures))

    def publish(self, topic: str, src: str, content: dict[str, object]) -> None:
        body = {"schema": 1, "hall": "thu", "src": src, "ts": NOW, **content}
        retain = topic.startswith(("state", "ext"))
        self._broker.publish(f"motcua/1/thu/{topic}", json.dumps(body).encode(), retain=retain)

    def begin(self) -> None:
        self.beat()
        for counter, number, status in SHOWN:
            ticket = {**TICKET, "id": number, "number": number} if number else None
            self.publish(f"state/counter/{counter}", "controller", {
                "epoch": 1, "ver": 1, "counter": counter, "name": f"Quầy {counter}",
                "status": status, "ticket": ticket,
            })  # fmt: skip
        for ident, name in SERVICES:
            self.publish(f"state/service/{ident}", "controller", {
                "epoch": 1, "ver": 1, "service": ident, "name": name, "open": True,
                "waiting": 3, "wait_min": [10, 20],
            })  # fmt: skip
        self.publish("ext/onestop/status", "onestop", {"state": "ready", "conn": "c"})
        self.publish("ext/onestop/figures", "onestop", FIGURES)
        told = catalogue.announce(self._packed, self._count)
        self.publish("ext/onestop/catalogue", "onestop", told.model_dump())

    def beat(self) -> None:
        self.publish("state/hall", "controller", {
            "epoch": 1, "ver": 1, "day": "2026-11-23", "open": True, "clock": "trusted",
            "board_ver": 1, "evt_seq": 1, "waiting": 0, "served_today": 0,
        })  # fmt: skip

    def answer(self) -> None:
        """Reply to every request that came since the last call."""
        fresh = self._broker.log[self._seen :]
        self._seen = len(self._broker.log)
        for topic, raw in fresh:
            if "/req/" not in topic:
                continue
            verb, asked = topic.split("/")[-2], json.loads(raw)
            data = ANSWERS.get(verb)
            if verb == "catalogue-chunk":
                piece = catalogue.chunk(self._packed, asked["index"])
                data = {"ver": asked["ver"], "index": asked["index"], "data": piece}
            if data is not None:
                self.publish("rsp/kiosk-1", "printer-1",
                             {"id": asked["id"], "status": "ok", "data": data})  # fmt: skip


def tell(stage: KioskView, page: str) -> None:
    scale = stage.panel.px_per_mm
    sys.stdout.write(f"page {page}\n")
    for placed in targets(stage.scene) if stage.scene else ():
        x, y = placed.rect.centre
        sys.stdout.write(f"{placed.target.key} {x * scale:.1f} {y * scale:.1f}\n")
    sys.stdout.write("settled\n")
    sys.stdout.flush()


def main() -> None:
    clock, broker = SystemClock(), MemoryBroker()
    bus = broker.bus("kiosk-1", "thu", clock)
    context = DaemonContext(
        "kiosk-1", "thu", bus, Inbox(), clock, Health(bus, clock), Requester(bus)
    )
    wordings = {lang: wording.load(lang) for lang in ("vi", "en")}
    # MOTCUA_PHOTOS: a folder for a picture of every page; MOTCUA_GLASS: width height inches;
    # MOTCUA_MODES: language and modes to begin with. For the photographs of the documents.
    width, height, inches = os.environ.get("MOTCUA_GLASS", "360 640 32").split()
    panel = Panel(int(width), int(height), float(inches))
    window = Window(panel, "kiosk", fullscreen=False)
    stage = KioskView(window, wordings, (("vi", "Tiếng Việt"), ("en", "English")))
    lexicons = {lang: Lexicon(words, reader(lang)) for lang, words in wordings.items()}
    extras = Extras(ZoneInfo("Asia/Ho_Chi_Minh"), SimulatedSpeaker(), lexicons)
    with tempfile.TemporaryDirectory() as folder:
        service = KioskService(
            context, KioskModel(SETUP), stage, extras, Path(folder) / "catalogue"
        )
        daemon = Daemon(context, service, chosen={"printer": ("printer-1",)})
        lang, *on = os.environ.get("MOTCUA_MODES", "vi").split()
        modes = Modes(lang=lang, **dict.fromkeys(on, True))
        service.model = replace(service.model, modes=modes, touched=clock.monotonic())
        service.start()
        daemon.open()
        other = Other(broker)
        other.begin()
        play(daemon, service, stage, other)


def photograph(stage: KioskView, page: str) -> None:
    folder = os.environ.get("MOTCUA_PHOTOS")
    if folder:
        place = len(list(Path(folder).iterdir()))
        stage.window.save(Path(folder) / f"{place:02d}-{page}.png")


def play(daemon: Daemon, service: KioskService, stage: KioskView, other: Other) -> None:
    shown: object = None
    beats = time.monotonic()
    ends = beats + 100
    while os.getppid() != 1 and time.monotonic() < ends:
        now = daemon.context.clock.monotonic()
        if time.monotonic() > beats + 5:
            beats += 5
            other.beat()
        daemon.turn(now, 0.02)
        other.answer()
        seen = (type(service.model.page).__name__, service.model.modes)
        # The home page moves down when a banner goes: wait until all is heard.
        heard = service.model.world.shelf.procedures and service.model.world.current(now)
        if heard and seen != shown and stage.settled(now):
            shown = seen
            photograph(stage, seen[0])
            tell(stage, seen[0])


main()
