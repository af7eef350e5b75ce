"""A hall's own table of procedures, from its folder to the citizen's page: papers, fee, place."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hall.onestop import __main__ as onestop
from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Daemon, Ground
from hall.screen.tree import Box, Label, Matrix, Node, Scroll, Target, texts
from kiosk import __main__ as kiosk
from kiosk import screens
from kiosk.model.actions import Acted, Open, ScrollTo
from kiosk.model.pages import Detail
from kiosk.model.step import step
from kiosk.service import KioskService

TABLE = Path(__file__).parents[1] / "data" / "procedures_with_papers.csv"
YAML = """version: 1
hall: {id: thu, name: Thử}
services: [{id: ho-tich, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
kiosks: [{id: kiosk-1, screen: {width: 1080, height: 1920, diagonal_inch: 32}}]
onestop: {driver: file, folder: FOLDER, every_s: 0.05}
"""


@dataclass
class Hall:
    """The gateway and the kiosk on one bus, the folder filled by hand."""

    daemons: list[Daemon]
    clock: SetClock

    @property
    def kiosk(self) -> KioskService:
        service = self.daemons[-1].service
        assert isinstance(service, KioskService)
        return service

    def turn_until_shelved(self) -> None:
        """The folder is read by a thread of its own: the hall turns until its catalogue is up."""
        ends = time.monotonic() + 400
        while not self.kiosk.model.world.shelf.procedures:
            assert time.monotonic() < ends
            self.clock.advance(0.05)
            for daemon in self.daemons:
                daemon.turn(self.clock.monotonic(), 0.01)

    def page(self, code: str) -> tuple[Node, ...]:
        model, _ = step(self.kiosk.model, Acted(Open(Detail(code)), "o"))
        self.kiosk.model = model
        look = self.kiosk._view.theme(model.modes)
        nodes = screens.scene(model, look).nodes
        (inside,) = (node.nodes for node in nodes if isinstance(node, Scroll))
        return (*nodes, *inside)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    place = tmp_path_factory.mktemp("hall")
    folder = place / "nhap"
    folder.mkdir()
    shutil.copy(TABLE, folder / "procedures.csv")
    clock, broker = SetClock(), MemoryBroker()
    written = clock.now().timestamp() - 60
    os.utime(folder / "procedures.csv", (written, written))
    path = place / "hall.yaml"
    path.write_text(YAML.replace("FOLDER", str(folder)), encoding="utf-8")
    document = settings.read(path)
    ground = Ground("thu", clock, place, lambda c: broker.bus(c, "thu", clock), headless=True)
    daemons = [*onestop.build(document, ground, None), *kiosk.build(document, ground, None)]
    for daemon in daemons:
        daemon.service.start()
        daemon.open()
    made = Hall(daemons, clock)
    made.turn_until_shelved()
    yield made
    for daemon in daemons:
        daemon.close()


def shown(nodes: tuple[Node, ...]) -> list[str]:
    return [node.text for node in nodes if isinstance(node, Label)]


def test_every_paper_reaches_the_citizen_as_a_numbered_line(hall: Hall) -> None:
    nodes = hall.page("1.001193")
    papers = [n for n in nodes if isinstance(n, Label) and n.key.startswith("paper.")]
    told = [label.text for label in papers if not label.key.endswith(".n")]

    assert len(told) == 5
    assert told[0] == "Tờ khai đăng ký khai sinh theo mẫu"
    assert told[1].startswith("Giấy chứng sinh; không có thì nộp văn bản")
    assert [label.text for label in papers if label.key.endswith(".n")] == list("12345")
    assert sum(isinstance(n, Box) and n.key.endswith(".disc") for n in nodes) >= 5
    assert "Giấy tờ cần có (5)" in shown(nodes)


def test_fee_exemptions_place_and_qr_stand_with_them(hall: Hall) -> None:
    nodes = hall.page("1.001193")
    told = shown(nodes)

    assert any(t.startswith("Không thu. Đăng ký trong 60 ngày") and "hộ nghèo" in t for t in told)
    assert "Quầy 1, hoặc nộp trực tuyến trên Cổng dịch vụ công quốc gia" in told
    assert any(isinstance(node, Matrix) and node.modules for node in nodes)


def test_papers_may_stand_between_semicolons_too(hall: Hall) -> None:
    told = shown(hall.page("2.000815"))

    assert "Bản chính giấy tờ cần chứng thực" in told
    assert "Bản sao (hoặc nhờ bộ phận chụp)" in told


def test_what_the_hall_does_not_say_is_asked_at_the_counter(hall: Hall) -> None:
    told = shown(hall.page("1.001776"))

    assert "Mời hỏi quầy hướng dẫn để nhận danh sách giấy tờ." in told
    assert any(text.startswith("Hỏi tại quầy: mức phí") for text in told)


def test_a_long_list_is_turned_by_a_button_to_its_end(hall: Hall) -> None:
    service = hall.kiosk
    many = service.model.world.shelf.procedures[0].model_copy(
        update={"code": "9.999999", "documents": tuple(f"Giấy tờ số {n}" for n in range(1, 31))}
    )
    shelf = service.model.world.shelf
    service._use_catalogue(type(shelf)("x", (*shelf.procedures, many), shelf.fields, shelf._index))
    model, _ = step(service.model, Acted(Open(Detail("9.999999")), "o"))
    look = service._view.theme(model.modes)
    seen = 0
    for _ in range(10):
        scene = screens.scene(model, look)
        (down,) = [n for n in scene.nodes if isinstance(n, Target) and n.key == "list.down"] or [
            None
        ]
        if down is None:
            break
        assert isinstance(down.action, ScrollTo)
        model, _ = step(model, Acted(down.action, "d"))
        seen += 1
    (window,) = (node for node in scene.nodes if isinstance(node, Scroll))

    assert 1 <= seen <= 6
    assert window.offset == pytest.approx(window.limit)
    assert "Lên trên" in texts(scene)
    assert "Giấy tờ số 30" in texts(scene)
