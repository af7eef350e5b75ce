"""A hall as a kiosk sees it: counters, services, figures, procedures, and every page."""

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall.contract.catalogue import CatalogueProcedure
from hall.contract.messages import CounterState, HallState, PublicTicket, ServiceState
from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.onestop_requests import DossierData, Procedure, Step
from hall.contract.requests import Appointment, IssueData, Promised
from hall.reading.readers import reader
from hall.runtime.picture import Presence
from hall.runtime.served import ServedThere, ServedToday
from hall.screen.geometry import Panel
from hall.screen.text import Typesetter
from hall.screen.window import Window
from kiosk import wording
from kiosk.drawing.theme import measure, typesetter
from kiosk.glass.view import KioskView
from kiosk.model.pages import (
    Attract,
    CheckingIn,
    CheckInPage,
    Dashboard,
    Detail,
    DossierResult,
    Fields,
    Home,
    LookingUp,
    Lookup,
    Maintenance,
    NoCheckIn,
    NoResult,
    NoTicket,
    Page,
    PickPriority,
    PickService,
    Pin,
    PrintingTicket,
    Procedures,
    Rating,
    RatingFaces,
    RatingSent,
    Tech,
    Thanks,
    TicketTaken,
)
from kiosk.model.procedure_catalogue import ProcedureCatalogue, shelve
from kiosk.model.setup import (
    CounterLabel,
    KioskSetup,
    PriorityChoice,
    RatingOption,
    ServiceChoice,
)
from kiosk.model.state import KioskModel
from kiosk.model.world import World
from kiosk.sounds.lexicon import Lexicon
from kiosk.wording import Wording

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WALL = datetime(2026, 11, 23, 10, 32, tzinfo=ZONE)
NOW = 1000.0
SERVICES = (
    ("ho-tich", "Hộ tịch – Chứng thực"),
    ("dat-dai", "Đất đai – Xây dựng"),
    ("bao-tro", "Bảo trợ – Người có công"),
    ("cu-tru", "Cư trú – Công an"),
    ("kinh-doanh", "Hộ kinh doanh"),
)
SHOWN = (
    ("A024", "serving"),
    ("B107", "called"),
    ("C015", "serving"),
    ("D009", "serving"),
    ("A023", "serving"),
    (None, "paused"),
)
FIGURES = {
    "as_of": "2026-11-23T10:31:00+07:00",
    "source": "Phần mềm một cửa",
    "periods": [
        {
            "id": "month",
            "from": "2026-11-01",
            "to": "2026-11-30",
            "received": {"total": 1284},
            "resolved": {"total": 1250, "early": 858, "on_time": 380, "overdue": 12},
            "pending": {"total": 185, "in_time": 180, "overdue": 5},
            "fields": [
                {"field": "Hộ tịch", "resolved": {"early": 500, "on_time": 210, "overdue": 1}},
                {"field": "Đất đai", "resolved": {"early": 100, "on_time": 90, "overdue": 9}},
            ],
        },
        {
            "id": "year",
            "from": "2026-01-01",
            "to": "2026-12-31",
            "received": {"total": 11754},
            "resolved": {"total": 11552, "early": 3333, "on_time": 8017, "overdue": 202},
        },
    ],
}
PANELS = {
    "32 inch portrait": Panel(1080, 1920, 32),
    "21.5 inch portrait": Panel(1080, 1920, 21.5),
    "15.6 inch landscape": Panel(1920, 1080, 15.6),
    "21.5 inch landscape": Panel(1920, 1080, 21.5),
    "15.6 inch 1366x768": Panel(1366, 768, 15.6),
    "10.1 inch landscape": Panel(1280, 800, 10.1),
    "coarse": Panel(180, 320, 32),
    "half": Panel(540, 960, 32),
}
LONG_NAME = (
    "Thủ tục đăng ký khai sinh kết hợp đăng ký thường trú, cấp thẻ bảo hiểm y tế "
    "cho trẻ em dưới 6 tuổi"
)


def _ticket(number: str) -> PublicTicket:
    return PublicTicket(
        id=f"id-{number}",
        number=number,
        service="ho-tich",
        day="2026-11-23",
        issued_at=WALL,
        channel="kiosk",
    )


def _dossier(status: int, code: str = "H38.12-261110-0042") -> DossierData:
    """A status the contract does not know (11) can come from a bus of a later version."""
    dossier = DossierData(
        code=code,
        status=1,
        procedure=Procedure(code="1.001193", name=LONG_NAME),
        received_on="2026-11-10",
        due_on="2026-11-26",
        collect_at="Quầy trả kết quả",
        steps=(
            Step(at=WALL - timedelta(days=12), text="Tiếp nhận hồ sơ"),
            Step(at=WALL - timedelta(days=2), text="Đang thẩm định"),
        ),
    )
    return dossier.model_copy(update={"status": status})


def _shelf() -> ProcedureCatalogue:
    fields = ("Hộ tịch", "Đất đai", "Chứng thực", "Bảo trợ xã hội")
    names = ("Đăng ký khai sinh", "Cấp giấy chứng nhận quyền sử dụng đất", LONG_NAME, "Chứng thực")
    return shelve(
        "1",
        [
            CatalogueProcedure(
                code=f"1.{place:06d}",
                name=f"{names[place % 4]} {place}",
                field=fields[place % 4],
                time_limit="05 ngày làm việc",
                fee_vnd=8000 if place % 2 else None,
                fee_note="Miễn cho hộ nghèo" if place % 4 == 1 else "",
                documents=("Tờ khai", "Giấy tờ tuỳ thân"),
                url="https://dichvucong.gov.vn/x",
                sample=True,
            )
            for place in range(40)
        ],
    )


def _setup() -> KioskSetup:
    names = dict(SERVICES)
    return KioskSetup(
        client="kiosk-1",
        hall_name="Trung tâm Phục vụ hành chính công xã Mù Cang Chải",
        services=tuple(ServiceChoice(ident, name) for ident, name in SERVICES),
        counters=tuple(
            CounterLabel(str(n + 1), f"Quầy {n + 1}", (names[SERVICES[n % 5][0]],))
            for n in range(6)
        ),
        priorities=(PriorityChoice("uu-tien", "Ưu tiên"),),
        reasons=(
            RatingOption("cho-lau", "Chờ lâu"),
            RatingOption("thai-do", "Thái độ phục vụ"),
            RatingOption("giay-to", "Phải bổ sung giấy tờ nhiều lần"),
        ),
        printer="printer-1",
        paperless=True,
        pin="2580",
        public_url="https://dichvucong.gov.vn",
        speaks=True,
        booked=True,
    )


def _world() -> World:
    counters = {
        str(n + 1): CounterState.model_validate(
            {
                "epoch": 1,
                "ver": 1,
                "counter": str(n + 1),
                "name": f"Quầy {n + 1}",
                "status": status,
                "ticket": _ticket(number) if number else None,
            }
        )
        for n, (number, status) in enumerate(SHOWN)
    }
    services = {
        ident: ServiceState(
            epoch=1, ver=1, service=ident, name=name, open=True, waiting=3, wait_min=(10, 20)
        )
        for ident, name in SERVICES
    }
    hall = HallState(
        epoch=1,
        ver=1,
        day="2026-11-23",
        open=True,
        clock="trusted",
        board_ver=1,
        evt_seq=1,
        waiting=21,
        served_today=40,
    )
    return World(
        presence=Presence(linked=True, heard_at=NOW),
        hall=hall,
        counters=counters,
        services=services,
        onestop=OnestopStatus(state="ready", conn="x"),
        figures=Figures.model_validate(FIGURES),
        shelf=_shelf(),
        served=ServedToday({c: (ServedThere(c, f"t{c}", f"A02{c}", 7),) for c in "136"}),
    )


SERVED = ServedThere("3", "t3", "A023", 7)


def _pages(shelf: ProcedureCatalogue) -> dict[str, Page]:
    issued = IssueData(ticket=_ticket("A025"), ahead=5, wait_min=(10, 20), counters=("1", "5"))
    late = issued.model_copy(update={"promised": Promised(slot=WALL, kept=False)})
    statuses = {f"result of status {s}": DossierResult(_dossier(s)) for s in (*range(1, 11), 11)}
    return {
        "home": Home(),
        "attract": Attract(),
        "services": PickService(),
        "priority": PickPriority("ho-tich"),
        "printing": PrintingTicket("ho-tich", None, "i", NOW - 1),
        "ticket": TicketTaken(issued, NOW, "printed"),
        "ticket on screen": TicketTaken(issued, NOW, "none"),
        "ticket unsure": TicketTaken(issued, NOW, "unknown"),
        "no paper": NoTicket("unavailable", "ho-tich", None, "paper_out"),
        "closed": NoTicket("closed", "ho-tich"),
        "voided": NoTicket("voided", "ho-tich"),
        "check-in": CheckInPage(),
        "check-in typed": CheckInPage("H38-4711"),
        "check-in letters": CheckInPage("H38", letters=True),
        "checking in": CheckingIn("H38-4711", "i", NOW - 1),
        "too early": NoCheckIn("early", "H38-4711", _appointment()),
        "code used": NoCheckIn("used", "H38-4711", _appointment("A025")),
        "code unknown": NoCheckIn("unknown", "H38-4711"),
        "code of another day": NoCheckIn("other_day", "H38-4711", _appointment()),
        "codes guessed": NoCheckIn("wait", "H38-4711", until=NOW + 12),
        "check-in while closed": NoCheckIn("closed", "H38-4711"),
        "check-in without numbers": NoCheckIn("limit", "H38-4711"),
        "check-in offline": NoCheckIn("offline", "H38-4711"),
        "check-in voided": NoCheckIn("voided"),
        "ticket of a late one": TicketTaken(late, NOW, "printed"),
        "check-in without paper": NoCheckIn("unavailable", "H38-4711", fault="paper_out"),
        "lookup": Lookup(),
        "lookup typed": Lookup("G09.20-20260609-0092637"),
        "lookup letters": Lookup("H38", letters=True),
        "asking": LookingUp("H38.12-261110-0042", "i", NOW - 1),
        **statuses,
        "not found": NoResult("unknown", "H38.12-261110-0042"),
        "no one-stop": NoResult("unavailable", "H38.12-261110-0042"),
        "too many": NoResult("limit", "H38.12-261110-0042"),
        "no code": NoResult("not_a_code", ""),
        "wait": NoResult("wait", "H38.12-261110-0042", NOW + 12),
        "fields": Fields(),
        "list": Procedures("Hộ tịch"),
        "search": Procedures(None, "khai sinh", keyboard=True),
        "search without result": Procedures(None, "zzz", keyboard=True),
        "detail": Detail(shelf.procedures[1].code),
        "detail long": Detail(shelf.procedures[2].code),
        "dashboard": Dashboard(),
        "dashboard year": Dashboard(1),
        "rating": Rating(),
        "rating faces": RatingFaces(SERVED),
        "rating of the hall": RatingFaces(),
        "rating sent": RatingSent(SERVED, 2, NOW - 1),
        "rating explained": RatingSent(SERVED, 2, NOW - 1, "cho-lau"),
        "thanks": Thanks(NOW),
        "pin": Pin("12"),
        "technician": Tech(),
        "maintenance": Maintenance(),
    }


def _appointment(number: str | None = None) -> Appointment:
    """At 11:00, half an hour from now."""
    ticket = _ticket(number).model_dump() if number else None
    slot = WALL.replace(hour=11, minute=0)
    content = {"slot": slot, "from": slot - timedelta(minutes=15), "service": "ho-tich"}
    return Appointment.model_validate({**content, "ticket": ticket})


def _texts_within(root: object) -> Iterator[str]:
    """Every text the object can reach: model, pages left behind, caches, requests, scans."""
    seen: set[int] = set()
    left = [root]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, type | ModuleType | FunctionType):
            continue
        seen.add(id(each))
        match each:
            case str():
                yield each
            case bytes():
                yield each.decode(errors="replace")
            case _:
                left += gc.get_referents(each)


@dataclass(frozen=True)
class Kit:
    """What tests build their halls of."""

    setup: KioskSetup
    world: World
    pages: Mapping[str, Page]
    wordings: Mapping[str, Wording]
    languages: tuple[tuple[str, str], ...]
    panels: Mapping[str, Panel]
    typesetter: Typesetter = field(default_factory=typesetter)
    widths: Typesetter = field(default_factory=measure)

    @property
    def model(self) -> KioskModel:
        return KioskModel(self.setup, now=NOW, wall=WALL, touched=NOW, world=self.world)

    def at(self, page: str | Page, **changes: Any) -> KioskModel:
        shown = self.pages[page] if isinstance(page, str) else page
        return replace(self.model, page=shown, trail=(Home(),), **changes)

    def stage(self, panel: str = "32 inch portrait", *, private: bool = False) -> KioskView:
        """A glass; `private`: with caches of its own."""
        window = Window(self.panels[panel], "test", headless=True)
        window.open()
        stage = KioskView(window, self.wordings, self.languages)
        if not private:
            stage.painter.typesetter = self.typesetter
        return stage

    def measured(self, panel: str) -> KioskView:
        """A glass on which nothing is drawn: every width that was measured is kept."""
        stage = self.stage(panel)
        stage.painter.typesetter = self.widths
        return stage

    @property
    def lexicons(self) -> Mapping[str, Lexicon]:
        return {lang: Lexicon(words, reader(lang)) for lang, words in self.wordings.items()}

    def with_counters(self, counters: Mapping[str, CounterState]) -> World:
        return replace(self.world, counters=counters)

    def ticket(self, number: str) -> PublicTicket:
        return _ticket(number)

    def appointment(self, number: str | None = None) -> Appointment:
        return _appointment(number)

    def texts_within(self, root: object) -> Iterator[str]:
        return _texts_within(root)

    def dossier(self, status: int, code: str = "H38.12-261110-0042") -> DossierData:
        return _dossier(status, code)


@pytest.fixture(scope="session")
def kit() -> Kit:
    wordings = {lang: wording.load(lang) for lang in ("vi", "en")}
    languages = tuple((tag, words("language.name")) for tag, words in wordings.items())
    world = _world()
    return Kit(_setup(), world, _pages(world.shelf), wordings, languages, PANELS)


@pytest.fixture
def language_file(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(lang: str, text: str) -> Path:
        (tmp_path / f"{lang}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write
