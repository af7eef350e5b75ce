"""The kiosk on a bus, under simulated fingers: asks, answers, faults, pictures, wiping."""

import base64
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from earlier_run import leave_alert

from hall.contract import catalogue
from hall.contract.catalogue import CatalogueContent, CatalogueProcedure
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, DaemonContext
from hall.runtime.devices import Device
from hall.runtime.health import Health
from hall.runtime.inbox import Inbox
from hall.runtime.requester import Requester
from hall.scanning.drivers.simulated import SimulatedScanner
from hall.scanning.ports import Post, Scan
from hall.screen.geometry import Panel
from hall.screen.pointer import FoundNothing
from hall.screen.tree import targets, texts
from hall.screen.window import Blind, Closed, Window
from kiosk.model.actions import Erase
from kiosk.model.pages import (
    Attract,
    DossierResult,
    Home,
    LookingUp,
    NoResult,
    NoTicket,
    TicketTaken,
)
from kiosk.model.state import KioskModel
from kiosk.service import Extras, KioskService
from kiosk.speakers.simulated import SimulatedSpeaker

LOOK_UPS = 1000 if os.environ.get("MOTCUA_FAULTS") == "full" else 150
CODE = "H38.12-181129-0001"
TOPIC = "motcua/1/thu"


@dataclass
class Hall:
    """A kiosk, and the other side of its bus played by hand."""

    kit: Any
    folder: Path
    steered: bool = True
    pictured: bool = True
    samples: bool = False
    clock: SetClock = field(default_factory=SetClock)
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    speaker: SimulatedSpeaker = field(default_factory=SimulatedSpeaker)
    scanner: SimulatedScanner = field(default_factory=SimulatedScanner)
    more: tuple[SimulatedScanner, ...] = ()
    attract_s: float = 0.0

    def __post_init__(self) -> None:
        self.bus = self.broker.bus("kiosk-1", "thu", self.clock)
        health, requester = Health(self.bus, self.clock), Requester(self.bus)
        context = DaemonContext("kiosk-1", "thu", self.bus, Inbox(), self.clock, health, requester)
        extras = Extras(
            ZoneInfo("Asia/Ho_Chi_Minh"),
            self.speaker,
            self.kit.lexicons,
            (self.scanner, *self.more),
            self.folder / "pictures" if self.pictured else None,
            self.steered,
            self.samples,
        )
        model = KioskModel(replace(self.kit.setup, pin="", speaks=True, attract_s=self.attract_s))
        self.stage = self.kit.stage("coarse", private=True)
        self.service = KioskService(context, model, self.stage, extras, self.folder / "catalogue")
        self.daemon = Daemon(context, self.service, chosen={"printer": ("printer-1",)})
        self.service.start()
        self.daemon.open()

    def publish(self, topic: str, src: str, **content: Any) -> None:
        body = {
            "schema": 1,
            "hall": "thu",
            "src": src,
            "ts": self.clock.now().isoformat(),
            **content,
        }
        retain = topic.startswith(("state", "ext", "dev"))
        self.broker.publish(f"{TOPIC}/{topic}", json.dumps(body).encode(), retain=retain)

    def turn(self, seconds: float = 0.1) -> None:
        """Let some time pass, in steps of a tenth of a second, and everything be handled."""
        for _ in range(max(1, round(seconds / 0.1))):
            self.clock.advance(0.1)
            for _ in range(30):
                self.daemon.turn(self.clock.monotonic(), 0.0)

    def beat(self) -> None:
        self.publish(
            "state/hall",
            "controller",
            epoch=1,
            ver=1,
            day="2026-11-23",
            open=True,
            clock="trusted",
            board_ver=1,
            evt_seq=1,
            waiting=0,
            served_today=0,
        )

    def tap(self, key: str) -> None:
        self.publish(
            "req/dev/kiosk-1/simulate/tech",
            "tech",
            id=f"t{len(self.broker.log)}",
            action="tap",
            args={"key": key},
        )
        self.turn(0.6)

    def asked(self, branch: str) -> list[dict[str, Any]]:
        prefix = f"{TOPIC}/req/{branch}"
        return [json.loads(raw) for topic, raw in self.broker.log if topic.startswith(prefix)]

    def answer(self, asked: dict[str, Any], src: str, **content: Any) -> None:
        self.publish("rsp/kiosk-1", src, id=asked["id"], **content)
        self.turn()

    @property
    def page(self) -> Any:
        return self.service.model.page

    @property
    def shown(self) -> tuple[str, ...]:
        return texts(self.stage.scene) if self.stage.scene else ()


@pytest.fixture
def hall(kit: Any, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(kit, tmp_path)
    made.beat()
    made.publish("ext/onestop/status", "onestop", state="ready", source="x", conn="c")
    made.turn(0.5)
    yield made
    made.daemon.close()


TICKET = {
    "id": "t1",
    "number": "A025",
    "service": "ho-tich",
    "day": "2026-11-23",
    "issued_at": "2026-11-23T10:32:00+07:00",
    "channel": "kiosk",
}
ISSUED = {"ticket": TICKET, "ahead": 2, "wait_min": [5, 10], "counters": ["1"]}
FOUND = {"code": CODE, "status": 4, "procedure": {"code": "1.001193", "name": "Khai sinh"}}


def take_number(hall: Hall) -> dict[str, Any]:
    for key in ("ticket", "service.ho-tich.go", "priority.no.go"):
        hall.tap(key)
    return hall.asked("dev/printer-1/dispense/kiosk-1")[-1]


def test_fingers_take_a_number_through_the_printer(hall: Hall) -> None:
    asked = take_number(hall)
    assert asked["service"] == "ho-tich"
    hall.answer(asked, "printer-1", status="ok", data=ISSUED)

    assert isinstance(hall.page, TicketTaken)
    assert "A025" in hall.shown


def test_a_printer_that_is_silent_is_asked_again_with_the_same_id(hall: Hall) -> None:
    take_number(hall)
    hall.turn(3.0)

    asked = hall.asked("dev/printer-1/dispense/kiosk-1")
    assert len(asked) >= 3
    assert len({each["id"] for each in asked}) == 1


def test_a_printer_that_stays_silent_is_given_up_with_words(hall: Hall) -> None:
    take_number(hall)
    hall.turn(7.0)

    assert isinstance(hall.page, NoTicket)
    assert any("quầy hướng dẫn" in text for text in hall.shown)


def test_an_answer_that_cannot_be_read_does_not_leave_a_citizen_waiting(hall: Hall) -> None:
    asked = take_number(hall)
    hall.answer(asked, "printer-1", status="ok", data={"number": 5})

    assert isinstance(hall.page, NoTicket)
    assert any("quầy hướng dẫn" in text for text in hall.shown)


def test_a_paper_fault_is_known_before_anybody_asks(hall: Hall) -> None:
    hall.publish(
        "dev/printer-1/alert/paper_out",
        "printer-1",
        code="paper_out",
        text="Hết giấy",
        since="2026-11-23T10:00:00+07:00",
    )
    hall.turn()
    assert "Máy hết giấy – mời gặp quầy hướng dẫn" in hall.shown

    hall.broker.publish(f"{TOPIC}/dev/printer-1/alert/paper_out", b"", retain=True)
    hall.turn()
    assert "Cả khi ông/bà đã hẹn trước" in hall.shown


def test_a_scanned_code_is_asked_for_in_the_payload_alone(hall: Hall) -> None:
    hall.scanner.show_code(CODE)
    hall.turn()
    (asked,) = hall.asked("onestop/dossier-lookup")

    assert asked["code"] == CODE
    assert not any("0001" in topic for topic, _ in hall.broker.log)


def test_the_spinner_waits_and_the_question_is_repeated_then_given_up(hall: Hall) -> None:
    hall.scanner.show_code(CODE)
    hall.turn(0.2)
    assert not any(node.key == "spin" for node in hall.stage.scene.nodes)
    hall.turn(0.4)
    assert any(node.key == "spin" for node in hall.stage.scene.nodes)
    hall.turn(1.2)
    assert len(hall.asked("onestop/dossier-lookup")) == 2
    assert isinstance(hall.page, LookingUp)
    hall.turn(3.6)
    assert isinstance(hall.page, NoResult)
    assert "Tạm thời chưa tra cứu được" in hall.shown


def test_a_result_is_shown_and_gone_after_thirty_seconds(hall: Hall) -> None:
    hall.scanner.show_code(CODE)
    hall.turn()
    hall.answer(hall.asked("onestop/dossier-lookup")[0], "onestop", status="ok", data=FOUND)
    assert isinstance(hall.page, DossierResult)

    hall.turn(25.0)
    assert any("5 giây" in text for text in hall.shown)
    hall.turn(6.0)
    assert hall.page == Home()


def test_a_late_answer_does_not_show_a_dossier_to_the_next_one(hall: Hall) -> None:
    hall.scanner.show_code(CODE)
    hall.turn()
    asked = hall.asked("onestop/dossier-lookup")[0]
    hall.tap("finish")
    hall.answer(asked, "onestop", status="ok", data=FOUND)

    assert hall.page == Home()


def test_figures_and_counters_appear_as_they_are_heard(hall: Hall) -> None:
    hall.publish(
        "state/counter/1",
        "controller",
        epoch=1,
        ver=9,
        counter="1",
        name="Quầy 1",
        status="serving",
        ticket=TICKET,
    )
    hall.turn()

    assert "A025" in hall.shown


def test_an_older_state_does_not_come_back(hall: Hall) -> None:
    hall.publish(
        "state/counter/1",
        "controller",
        epoch=1,
        ver=9,
        counter="1",
        name="Quầy 1",
        status="serving",
        ticket=TICKET,
    )
    hall.publish(
        "state/counter/1", "controller", epoch=1, ver=8, counter="1", name="Quầy 1", status="paused"
    )
    hall.turn()

    assert "A025" in hall.shown


def test_the_greeting_waits_until_the_first_page_was_left_alone(kit: Any, tmp_path: Path) -> None:
    clock = SetClock()
    clock.advance(3600.0)
    hall = Hall(kit, tmp_path, clock=clock, attract_s=20.0)
    hall.beat()
    hall.turn(15.0)
    at_first = hall.page
    hall.turn(10.0)
    then = hall.page
    hall.daemon.close()

    assert (at_first, then) == (Home(), Attract())


def test_a_controller_silent_for_twenty_seconds_is_called_lost(hall: Hall) -> None:
    hall.turn(21.0)
    assert any("Mất kết nối" in text for text in hall.shown)
    hall.beat()
    hall.turn()
    assert not any("Mất kết nối" in text for text in hall.shown)


def test_a_lost_bus_shows_and_comes_back(hall: Hall) -> None:
    hall.bus.drop()
    hall.turn()
    assert any("Mất kết nối" in text for text in hall.shown)
    hall.bus.connect()
    hall.beat()
    hall.turn()
    assert "Đang phục vụ tại các quầy" in hall.shown


def content(count: int) -> CatalogueContent:
    return CatalogueContent(
        procedures=tuple(
            CatalogueProcedure(code=f"1.{n:06d}", name=f"Thủ tục số {n} " * 6, field="Hộ tịch")
            for n in range(count)
        )
    )


def announce(hall: Hall, made: CatalogueContent) -> bytes:
    packed = catalogue.pack(made)
    told = catalogue.announce(packed, len(made.procedures))
    hall.publish("ext/onestop/catalogue", "onestop", **told.model_dump())
    hall.turn()
    return packed


def serve(hall: Hall, packed: bytes, spoil: Callable[[str], str] = lambda piece: piece) -> None:
    for _ in range(10):
        for asked in hall.asked("onestop/catalogue-chunk"):
            if hall.service._library._asked == asked["id"]:
                piece = catalogue.chunk(packed, asked["index"])
                data = {"ver": asked["ver"], "index": asked["index"], "data": spoil(piece or "")}
                hall.answer(asked, "onestop", status="ok", data=data)


def test_the_catalogue_comes_piece_by_piece_and_is_kept(hall: Hall, kit: Any) -> None:
    made = content(600)
    serve(hall, announce(hall, made))
    assert len(hall.service.model.world.shelf.procedures) == 600

    again = Hall(kit, hall.folder)
    assert len(again.service.model.world.shelf.procedures) == 600
    again.daemon.close()


def test_a_damaged_catalogue_is_not_put_up_and_fetched_again(hall: Hall) -> None:
    packed = announce(hall, content(20))
    serve(hall, packed, lambda _: base64.b64encode(b"{}").decode())
    assert hall.service.model.world.shelf.procedures == ()

    hall.turn(16.0)
    serve(hall, packed)
    assert len(hall.service.model.world.shelf.procedures) == 20


@pytest.mark.parametrize("spoil", [lambda b: b[:-9], lambda b: b[:0], lambda b: b"x" * len(b)])
def test_a_torn_file_is_not_used(
    hall: Hall, kit: Any, spoil: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    serve(hall, announce(hall, content(20)))
    path = hall.folder / "catalogue"
    path.write_bytes(spoil(path.read_bytes()))
    with caplog.at_level(logging.CRITICAL):
        again = Hall(kit, hall.folder)

    assert again.service.model.world.shelf.procedures == ()
    again.daemon.close()


def test_an_unplugged_scanner_is_an_alert_until_it_is_back(hall: Hall) -> None:
    hall.scanner.unplug()
    hall.turn()
    assert f"{TOPIC}/dev/kiosk-1/alert/scanner_offline" in hall.broker.retained
    hall.scanner.plug()
    hall.turn()
    assert f"{TOPIC}/dev/kiosk-1/alert/scanner_offline" not in hall.broker.retained


class SlowScanner(SimulatedScanner):
    """Its cable is looked for only when somebody pulls or plugs it."""

    def start(self, post: Post) -> None:
        self._post = post


def test_a_scanner_s_alert_of_an_earlier_run_stands_until_it_was_looked_for(
    kit: Any, tmp_path: Path
) -> None:
    broker, topic = MemoryBroker(), f"{TOPIC}/dev/kiosk-1/alert/scanner_offline"
    leave_alert(broker, "thu", "kiosk-1", "scanner_offline")
    hall = Hall(kit, tmp_path, broker=broker, scanner=SlowScanner())
    hall.turn()
    assert topic in broker.retained

    hall.scanner.plug()
    hall.turn()

    assert topic not in broker.retained
    hall.daemon.close()


def test_a_scanner_that_is_there_at_the_start_ends_the_alert_of_an_earlier_run(
    kit: Any, tmp_path: Path
) -> None:
    broker, topic = MemoryBroker(), f"{TOPIC}/dev/kiosk-1/alert/scanner_offline"
    leave_alert(broker, "thu", "kiosk-1", "scanner_offline")
    hall = Hall(kit, tmp_path, broker=broker)

    hall.turn()

    assert topic not in broker.retained
    hall.daemon.close()


def alert(hall: Hall, code: str) -> dict[str, Any] | None:
    payload = hall.broker.retained.get(f"{TOPIC}/dev/kiosk-1/alert/{code}")
    return None if payload is None else dict(json.loads(payload))


def test_of_two_scanners_each_has_its_own_fate(kit: Any, tmp_path: Path) -> None:
    front, back = (
        SimulatedScanner(Device("scanner_offline", name)) for name in ("máy quét A", "máy quét B")
    )
    hall = Hall(kit, tmp_path, scanner=front, more=(back,))
    front.unplug()
    back.unplug()
    front.plug()
    hall.turn()

    told = alert(hall, "scanner_offline")
    assert told is not None
    assert told["text"] == "Không dùng được máy quét B: đã rút cáp."

    back.plug()
    hall.turn()
    assert alert(hall, "scanner_offline") is None
    hall.daemon.close()


def test_a_kiosk_that_nobody_can_hear_says_so_until_a_sound_was_played(
    kit: Any, tmp_path: Path
) -> None:
    hall = Hall(kit, tmp_path, speaker=SimulatedSpeaker(broken=True))
    hall.turn()
    told = alert(hall, "speech_lost")
    assert told is not None
    assert "loa mô phỏng đang hỏng" in told["text"]

    hall.turn(12)
    assert alert(hall, "speech_lost") == told
    hall.speaker.broken = False
    hall.turn(12)

    assert alert(hall, "speech_lost") is None
    hall.daemon.close()


def test_a_kiosk_without_a_glass_listens_on_and_opens_it_when_it_comes(
    kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glass = Breaking(monkeypatch, spare=1)
    hall = Hall(kit, tmp_path)
    hall.turn(3)
    told = alert(hall, "screen_lost")
    assert told is not None
    assert "SDL không mở được màn hình" in told["text"]
    assert hall.service.model.now == hall.clock.monotonic()

    glass.broken = False
    hall.turn(12)

    assert alert(hall, "screen_lost") is None
    hall.tap("ticket")
    assert hall.page != Home()
    hall.daemon.close()


def test_a_glass_that_goes_in_use_is_opened_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.turn()
    monkeypatch.setattr(Window, "inputs", lambda _: (Closed(),))
    hall.turn()
    told = alert(hall, "screen_lost")
    assert told is not None
    assert "cửa sổ đã đóng" in told["text"]

    monkeypatch.undo()
    hall.turn(12)

    assert alert(hall, "screen_lost") is None
    assert hall.stage.scene is not None


def test_with_speech_a_press_in_vain_is_said_and_the_ring_is_on_the_glass(hall: Hall) -> None:
    hall.tap("mode.aloud")
    hall.service._do_action(Erase())
    told = hall.kit.wordings["vi"]("said.vain")

    assert hall.speaker.saying == (told.rstrip("."),)
    assert hall.stage.pointer.missed(hall.clock.monotonic()) is not None

    hall.service._act(FoundNothing())
    assert hall.speaker.saying == ("Chỗ này không có gì để chạm",)


class OtherGlass:
    """A glass of another size than the YAML's, as a real window finds it when it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
        self.size = size
        opened = Window.open
        monkeypatch.setattr(Window, "is_other", property(self.is_other))

        def open_there(window: Window) -> None:
            window.panel = Panel(*self.size, window.said.diagonal_inch)
            opened(window)

        monkeypatch.setattr(Window, "open", open_there)

    def is_other(self, window: Window) -> bool:
        return window.panel.size != self.size


def test_a_glass_of_another_size_is_drawn_whole_and_told_of_until_it_is_right(
    kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glass = OtherGlass(monkeypatch, (640, 400))
    hall = Hall(kit, tmp_path)
    said = hall.stage.window.said
    hall.turn(1)
    told = alert(hall, "screen_size")
    assert told is not None
    assert "640 x 400" in told["text"]
    assert f"{said.width} x {said.height}" in told["text"]
    assert "width: 640, height: 400" in told["advice"]
    assert hall.stage.window.surface.get_size() == (640, 400)
    assert all(hall.stage.panel.area.holds(p.rect) for p in targets(hall.stage.scene))
    hall.tap("ticket")
    assert hall.page != Home()

    glass.size = (said.height, said.width)
    hall.turn(1)
    told = alert(hall, "screen_size")
    assert told is not None
    assert "rotate: 90" in told["advice"]
    assert alert(hall, "screen_lost") is None

    glass.size = said.size
    hall.turn(1)
    assert alert(hall, "screen_size") is None
    assert hall.stage.painter.panel == said
    hall.daemon.close()


class Breaking:
    """A window system that is not there after the `spare` first openings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, spare: int) -> None:
        self.broken = True
        opened, spared = Window.open, iter(range(spare))

        def open_or_not(window: Window) -> None:
            if self.broken and next(spared, None) is None:
                raise Blind("SDL không mở được màn hình (No available video device)")
            opened(window)

        monkeypatch.setattr(Window, "open", open_or_not)


def test_reading_aloud_speaks_the_page_and_stops_at_the_end(hall: Hall) -> None:
    hall.tap("mode.aloud")
    hall.tap("ticket")
    assert "Ông/bà cần làm việc gì?" in hall.speaker.saying

    hall.tap("finish")
    assert hall.speaker.saying == ()


def test_a_picture_is_taken_of_public_pages_only(hall: Hall) -> None:
    picture = hall.folder / "pictures" / "kiosk-1.png"
    hall.turn(2.0)
    assert picture.exists()
    picture.unlink()
    hall.scanner.show_code(CODE)
    hall.turn()
    hall.answer(hall.asked("onestop/dossier-lookup")[0], "onestop", status="ok", data=FOUND)
    hall.turn(3.0)

    assert not picture.exists()


def test_a_made_up_dossier_is_pictured_for_those_who_learn(kit: Any, tmp_path: Path) -> None:
    hall = Hall(kit, tmp_path, samples=True)
    hall.beat()
    hall.publish("ext/onestop/status", "onestop", state="ready", source="x", conn="c")
    hall.turn(2.0)
    hall.scanner.show_code(CODE)
    hall.turn()
    before = (tmp_path / "pictures" / "kiosk-1.png").read_bytes()
    hall.answer(hall.asked("onestop/dossier-lookup")[0], "onestop", status="ok", data=FOUND)
    hall.turn(3.0)

    assert (tmp_path / "pictures" / "kiosk-1.png").read_bytes() != before


def test_a_real_glass_is_not_steered_over_the_bus(kit: Any, tmp_path: Path) -> None:
    hall = Hall(kit, tmp_path, steered=False)
    hall.turn()
    hall.tap("ticket")
    (reply,) = [json.loads(raw) for topic, raw in hall.broker.log if topic.endswith("rsp/tech")]

    assert reply["error"]["code"] == "bad_request"
    assert hall.page == Home()
    hall.daemon.close()


def test_nothing_of_many_look_ups_stays_on_disk_in_logs_or_on_the_bus(
    kit: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hall = Hall(kit, tmp_path, pictured=False)
    hall.publish("ext/onestop/status", "onestop", state="ready", source="x", conn="c")
    hall.beat()
    hall.turn()
    answered = 0
    caplog.set_level(logging.DEBUG)
    card = "099046000002|999000002|TRẦN VĂN THỬ|22111946|Nam|Thôn Mẫu|15042021"
    codes = []
    for n in range(LOOK_UPS):
        code = f"H38.12-181129-7{n:04d}"
        codes.append(code)
        # Five look-ups a citizen, then a pause that wipes.
        hall.clock.advance(900.0 if n % 5 == 0 else 1.0)
        hall.publish("ext/onestop/status", "onestop", state="ready", source="x", conn="c")
        hall.scanner.show_code(f"https://dvc.example.vn/?ma={code}" if n % 2 else code)
        if n % 50 == 0:
            hall.scanner.show_code(card)
        for _ in range(4):
            hall.daemon.turn(hall.clock.monotonic(), 0.0)
        hall.beat()
        asked = [raw for topic, raw in hall.broker.log if "dossier-lookup" in topic]
        if asked:
            answered += 1
            found = {**FOUND, "code": code}
            hall.publish(
                "rsp/kiosk-1", "onestop", id=json.loads(asked[-1])["id"], status="ok", data=found
            )
            for _ in range(3):
                hall.daemon.turn(hall.clock.monotonic(), 0.0)
        kept_back = [entry for entry in hall.broker.log if "/rsp/" not in entry[0]]
        hall.broker.log[:] = kept_back[-4:]
    hall.turn(35.0)

    assert len(codes) == answered == LOOK_UPS
    assert hall.stage.scene is not None
    assert hall.page == Home()
    disk = b"".join(path.read_bytes() for path in hall.folder.rglob("*") if path.is_file())
    retained = b"".join(hall.broker.retained.values()) + " ".join(hall.broker.retained).encode()
    remembered = " ".join(hall.stage.painter.typesetter.remembered())
    # The log is the test's own ear; what repr shows would leave the citizen's fields out.
    hall.broker.log.clear()
    state = "\n".join(kit.texts_within(hall.service))
    for haystack in (caplog.text, remembered, state, disk.decode("latin-1"), retained.decode()):
        assert "181129-7" not in haystack
        assert "099046000002" not in haystack
        assert "THỬ" not in haystack
    assert hall.service.model.trail == ()
    hall.daemon.close()


# --- who has an appointment ---------------------------------------------------------------------


def test_the_code_of_an_appointment_goes_to_the_printer_that_prints_its_number(hall: Hall) -> None:
    hall.service.handle(Scan("HEN-4711"))
    (asked,) = hall.asked("dev/printer-1/check-in")
    assert asked["code"] == "HEN-4711"

    hall.answer(asked, "printer-1", status="ok", data=ISSUED)
    assert isinstance(hall.page, TicketTaken)


def test_without_paper_it_goes_to_the_queue_itself(hall: Hall) -> None:
    hall.publish(
        "dev/printer-1/alert/paper_out",
        "printer-1",
        code="paper_out",
        text="Hết giấy",
        since="2026-11-23T10:00:00+07:00",
    )
    hall.turn()
    hall.service.handle(Scan("HEN-4711"))
    hall.turn()
    hall.tap("screen")

    (asked,) = hall.asked("queue/check-in")
    assert (asked["code"], asked["channel"]) == ("HEN-4711", "kiosk")
    assert hall.asked("dev/printer-1/check-in") == []
