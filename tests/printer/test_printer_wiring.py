"""From the hall's YAML to a running dispenser, on every driver; and from the terminal."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main as motcua
from hall.contract import codec
from hall.contract.requests import Dispense
from hall.contract.topics import DEV_ALERT, REQ_DEV, RSP
from hall.runtime import roles, settings
from hall.runtime.answered import KeptFile
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SystemClock
from hall.runtime.daemon import Daemon, Fatal, Ground
from printer.__main__ import build, provision_printer
from printer.jobs.store import Store
from printer.paper.drawing import read_picture
from printer.ports import ButtonPressed
from printer.simulator.bench import Bench
from printer.simulator.machine import Make
from printer.waiting import TEXT

YAML = """version: 1
hall: {{id: thu, name: "Xã Mù Cang Chải", hours: ["00:00-24:00"],
       days: [mon, tue, wed, thu, fri, sat, sun]}}
services: [{{id: ho-tich, name: "Hộ tịch – Chứng thực", prefix: A}}]
counters: [{{id: "1", serves: [ho-tich]}}, {{id: "3", serves: [ho-tich]}}]
printers:
  - {{id: printer-1, buttons: [{{service: ho-tich}}], {driver}}}
"""


def document(folder: Path, driver: str) -> settings.Document:
    if "profile" not in driver:
        driver += ", profile: TM-T20III"
    path = folder / "hall.yaml"
    path.write_text(YAML.format(driver=driver), encoding="utf-8")
    return settings.read(path)


def ground(hall: Any, folder: Path) -> Ground:
    clock = SystemClock()
    broker: MemoryBroker = hall.broker
    return Ground("thu", clock, folder, lambda c: broker.bus(c, "thu", clock), folder / "pictures")


@pytest.fixture
def bench(hall: Any) -> Iterator[Bench]:
    printer = Bench(Make(), hall.sheets.append)
    yield printer
    printer.stop()


def turning(hall: Any, daemon: Daemon, true: Any) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "waited in vain"
        hall.controller.turn()
        daemon.turn(time.clock_gettime(time.CLOCK_BOOTTIME), 0.01)


@pytest.mark.parametrize("line", ["simulated", "network", "serial", "usb"])
def test_a_printer_of_the_yaml_prints(hall: Any, bench: Bench, tmp_path: Path, line: str) -> None:
    driver = {
        "simulated": lambda: "driver: simulated, speed: 0",
        "network": lambda: f"driver: network, host: 127.0.0.1, port: {bench.listen()}",
        "serial": lambda: f"driver: serial, device: {bench.open_pty()}, flow: none",
        "usb": lambda: f"driver: usb, device: {bench.open_pty()}",
    }[line]()
    bench.start()
    (daemon,) = build(document(tmp_path, driver), ground(hall, tmp_path), None)
    daemon.service.start()
    daemon.open()
    turning(hall, daemon, lambda: daemon.service._watch.takes_jobs)

    daemon.context.inbox.post(ButtonPressed("ho-tich"))
    turning(hall, daemon, lambda: hall.results == [("t1", "printed")])

    daemon.close()
    if line == "simulated":
        assert (tmp_path / "pictures/tickets/0001-A001.png").stat().st_size > 1000
    else:
        assert len(hall.sheets) == 1


def test_only_the_wanted_printer_is_built(hall: Any, tmp_path: Path) -> None:
    yaml = document(tmp_path, "driver: simulated")

    assert build(yaml, ground(hall, tmp_path), "printer-2") == []


@pytest.mark.parametrize("outside", [None, "/from/outside"])
def test_who_is_started_from_a_dispenser_inherits_no_folder_of_it(
    hall: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside: str | None
) -> None:
    """A check's folder is gone by then: the heir could not even start."""
    name = "ESCPOS_CAPABILITIES_PICKLE_DIR"
    monkeypatch.delenv(name, raising=False)
    if outside is not None:
        monkeypatch.setenv(name, outside)

    build(document(tmp_path, "driver: simulated"), ground(hall, tmp_path), "printer-2")

    assert os.environ.get(name) == outside


def test_a_journal_that_cannot_be_had_is_waited_for_and_told(
    hall: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held by another dispenser here; a full or read-only disk looks alike from inside."""
    monkeypatch.setattr("printer.jobs.store.LOCK_S", 0.1)
    held = Store(tmp_path / "printer-1.sqlite")
    [daemon] = build(document(tmp_path, "driver: simulated"), ground(hall, tmp_path), None)
    daemon.service.start()

    assert daemon.service.tick(100.0) == 102.0
    assert "df -h" in daemon.context.health.alerts["disk_low"].advice
    held.close()
    with pytest.raises(Fatal, match="takes writes again"):
        daemon.service.tick(102.0)


def test_a_dispenser_without_a_journal_refuses_in_words_for_a_person(
    hall: Any, tmp_path: Path
) -> None:
    (tmp_path / "printer-1.sqlite").mkdir()
    [daemon] = build(document(tmp_path, "driver: simulated"), ground(hall, tmp_path), None)
    daemon.service.start()
    daemon.open()
    asked = Dispense(id="p-1", service="ho-tich")
    levels = {"target": "printer-1", "verb": "dispense", "client": "kiosk-1"}
    payload = codec.pack(asked, hall="thu", src="kiosk-1", ts=SystemClock().now())
    hall.broker.publish(REQ_DEV.topic("thu", **levels), payload)
    for _ in range(10):
        daemon.turn(0.0, 0.0)

    [told] = [p for t, p in hall.broker.log if t == RSP.topic("thu", client="kiosk-1")]
    error = json.loads(told)["error"]
    assert (error["code"], error["text"]) == ("unavailable", TEXT)
    daemon.close()


def test_a_dispenser_whose_logo_is_gone_prints_without_it_and_says_so(
    hall: Any, tmp_path: Path
) -> None:
    yaml = document(tmp_path, "driver: simulated, ticket: {logo: khong-co.png}")
    (daemon,) = build(yaml, ground(hall, tmp_path), None)
    composer = daemon.service._composers.raster

    daemon.open()

    told = daemon.context.health.alerts["files_unusable"]
    assert "khong-co.png" in told.text
    assert "printers.0.ticket.logo" in told.text
    assert not composer.dress.logo
    daemon.close()


def test_a_logo_that_cannot_be_read_is_refused_by_a_rehearsal_with_its_line(tmp_path: Path) -> None:
    yaml = document(tmp_path, "driver: simulated, ticket: {logo: khong-co.png}")

    with pytest.raises(settings.ConfigError, match=r"hall\.yaml:7:.*khong-co\.png"):
        roles.rehearse([roles.WantedRole(build, None, "printer")], yaml, "thu")


def test_a_logo_is_no_longer_than_half_the_paper_is_wide(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.new("L", (300, 5000), 0).save(tmp_path / "logo.png")

    assert read_picture(tmp_path / "logo.png", 288).size == (17, 288)


def test_a_picture_too_large_to_open_is_one_that_cannot_be_read(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.new("1", (8000, 4000)).save(tmp_path / "logo.png")

    with pytest.raises(OSError, match="quá lớn"):
        read_picture(tmp_path / "logo.png", 288)


def test_a_logo_beside_the_yaml_is_printed(hall: Any, tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.new("RGBA", (900, 300), (0, 0, 0, 255)).save(tmp_path / "logo.png")
    yaml = document(tmp_path, "driver: simulated, ticket: {logo: logo.png}")
    (daemon,) = build(yaml, ground(hall, tmp_path), None)

    studio = daemon.service._composers.raster.encoder.studio

    assert studio.picture("logo") == (288, 96)
    daemon.service.stop()


def test_a_technician_provisions_a_printer_from_the_terminal(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = bench.open_pty()
    bench.start()
    document(tmp_path, f"driver: serial, device: {device}, flow: none, assets: nv")
    command = ["provision", "printer-1", "-c", str(tmp_path / "hall.yaml")]

    status = motcua([*command, "--state", str(tmp_path)])

    assert status == 0, capsys.readouterr().err
    assert "ghi mới" in capsys.readouterr().out
    assert (tmp_path / "printer-1.assets.json").exists()


def provisioned(hall: Any, bench: Bench, assets: str) -> settings.Document:
    """A hall whose printer on a serial line holds what never changes."""
    bench.start()
    driver = (
        f"driver: serial, device: {bench.open_pty()}, flow: none, baud: 921600, assets: {assets}"
    )
    yaml = document(hall.folder, driver)
    provision_printer(yaml, hall.folder, hall.controller.context.clock, "printer-1")
    return yaml


def one_paper(hall: Any, yaml: settings.Document) -> bytes:
    """The bytes of a ticket that was pressed for."""
    (daemon,) = build(yaml, ground(hall, hall.folder), None)
    daemon.service.start()
    daemon.open()
    composers = daemon.service._composers
    turning(hall, daemon, lambda: daemon.service._printing._composer is composers.memory)
    daemon.context.inbox.post(ButtonPressed("ho-tich"))
    turning(hall, daemon, lambda: hall.results == [("t1", "printed")])
    daemon.close()
    return bytes(hall.sheets[-1].data)


@pytest.mark.parametrize(("assets", "baud", "strips"), [("nv", 9600, 9), ("nv-dress", 115200, 3)])
def test_a_ticket_of_a_provisioned_printer_takes_less_than_a_second_of_wire(
    hall: Any, bench: Bench, assets: str, baud: int, strips: int
) -> None:
    yaml = provisioned(hall, bench, assets)

    data = one_paper(hall, yaml)

    assert len(data) * 10 / baud < 1.0
    assert data.count(b"\x1d(L\x06\x000E") == strips
    assert alerts(hall) == set()


def test_a_service_renamed_since_is_printed_by_its_new_name_and_the_memory_called_short(
    hall: Any, bench: Bench
) -> None:
    yaml = provisioned(hall, bench, "nv")
    text = Path(yaml.file).read_text(encoding="utf-8").replace("Chứng thực", "Quốc tịch")
    Path(yaml.file).write_text(text, encoding="utf-8")

    data = one_paper(hall, settings.read(Path(yaml.file)))

    assert b"\x1dv0" in data
    assert data.count(b"\x1d(L\x06\x000E") == 8
    assert alerts(hall) == {"assets_missing"}


@pytest.mark.parametrize(("assets", "baud", "strips"), [("nv", 9600, 9), ("nv-dress", 115200, 2)])
def test_a_memory_older_than_the_pictures_still_serves_and_is_called_short(
    hall: Any, bench: Bench, assets: str, baud: int, strips: int
) -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setattr("printer.__main__.service_signs", lambda _: {})
        yaml = provisioned(hall, bench, assets)

    data = one_paper(hall, yaml)

    assert b"\x1dv0" in data
    assert data.count(b"\x1d(L\x06\x000E") == strips
    assert alerts(hall) == {"assets_missing"}
    # The picture alone is sent as dots: little on a slow line, beside the name in the memory.
    assert assets != "nv" or len(data) * 10 / baud < 1.0


def test_a_picture_changed_since_is_printed_and_the_memory_called_short_until_written_again(
    hall: Any, bench: Bench
) -> None:
    yaml = provisioned(hall, bench, "nv")
    text = Path(yaml.file).read_text(encoding="utf-8").replace("prefix: A", "prefix: A, icon: baby")
    Path(yaml.file).write_text(text, encoding="utf-8")
    changed = settings.read(Path(yaml.file))

    data = one_paper(hall, changed)
    short = alerts(hall)
    written = provision_printer(changed, hall.folder, hall.controller.context.clock, "printer-1")

    assert b"\x1dv0" in data
    assert short == {"assets_missing"}
    assert written.written == 1


def alerts(hall: Any) -> set[str]:
    prefix = DEV_ALERT.topic("thu", client="printer-1", code="")
    return {topic.removeprefix(prefix) for topic in hall.broker.retained if prefix in topic}


def test_memory_is_not_asked_of_a_model_that_has_none(hall: Any, tmp_path: Path) -> None:
    yaml = document(tmp_path, "driver: serial, device: /dev/x, assets: nv, profile: XP-80")

    with pytest.raises(settings.ConfigError, match=r"hall\.yaml:7:.*XP-80.*bộ nhớ"):
        build(yaml, ground(hall, tmp_path), None)


@pytest.mark.parametrize(
    ("name", "driver", "why"),
    [
        ("printer-9", "driver: simulated", "có: printer-1"),
        ("printer-1", "driver: simulated, assets: nv", "assets: nv"),
        ("printer-1", "driver: serial, device: /dev/khong-co, assets: nv", "dừng dịch vụ"),
    ],
)
def test_what_cannot_be_provisioned_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, driver: str, why: str
) -> None:
    document(tmp_path, driver)

    status = motcua(
        ["provision", name, "-c", str(tmp_path / "hall.yaml"), "--state", str(tmp_path)]
    )

    assert status == 1
    assert why in capsys.readouterr().err


def test_what_went_on_paper_is_remembered_beside_the_journal(hall: Any, tmp_path: Path) -> None:
    scanned = "driver: simulated, scanner: {driver: simulated}"
    [daemon] = build(document(tmp_path, scanned), ground(hall, tmp_path), None)

    assert daemon.context.answered.kept == KeptFile(tmp_path / "printer-1.answered.json")
    assert daemon.service._scanner.device.code == "scanner_offline"
    daemon.service.stop()
