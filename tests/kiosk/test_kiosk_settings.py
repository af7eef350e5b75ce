"""The kiosk's section of the YAML, and how a kiosk is put together from it."""

from pathlib import Path

import pytest

from hall.runtime import settings
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Ground
from hall.runtime.roles import WantedRole, rehearse
from hall.runtime.settings import ConfigError
from kiosk.__main__ import build
from kiosk.service import KioskService
from kiosk.settings import KioskSection, ScreenSection

HALL = """
version: 1
hall: {id: thu, name: "Trung tâm Phục vụ hành chính công"}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
printers: [{id: printer-1, driver: simulated}]
"""


SAMPLES = Path(__file__).parents[2] / "config" / "pictures"


def ground(folder: Path) -> Ground:
    clock, broker = SetClock(), MemoryBroker()
    return Ground(
        "thu", clock, folder, lambda client: broker.bus(client, "thu", clock), headless=True
    )


def written(folder: Path, kiosks: str) -> settings.Document:
    path = folder / "hall.yaml"
    path.write_text(HALL + kiosks, encoding="utf-8")
    return settings.read(path)


def test_a_kiosk_needs_only_its_name(tmp_path: Path) -> None:
    (daemon,) = build(written(tmp_path, "kiosks: [{id: kiosk-1}]"), ground(tmp_path), None)
    service = daemon.service
    assert isinstance(service, KioskService)

    assert daemon.name == "kiosk-1"
    assert service.model.setup.counters[0].serves == ("Hộ tịch",)
    assert service.model.setup.languages == ("vi", "en")
    assert not service.needs_main_thread


def test_what_the_hall_says_of_hours_and_other_places_reaches_the_glass(tmp_path: Path) -> None:
    hall = HALL.replace(
        "prefix: A}", 'prefix: A, intake_until: "15:00", elsewhere: {name: "Điểm 2"}}'
    )
    path = tmp_path / "hall.yaml"
    text = f'{hall}queue: {{day_start: "04:00"}}\nkiosks: [{{id: kiosk-1}}]\n'
    path.write_text(text, encoding="utf-8")
    (daemon,) = build(settings.read(path), ground(tmp_path), None)
    assert isinstance(daemon.service, KioskService)
    setup = daemon.service.model.setup

    assert (setup.services[0].elsewhere, setup.services[0].intake_until) == ("Điểm 2", 900)
    assert setup.calendar.day_start_min == 240
    assert setup.calendar.usual == ((450, 690), (810, 1020))


def test_one_kiosk_of_several_can_be_run_alone(tmp_path: Path) -> None:
    document = written(tmp_path, "kiosks: [{id: kiosk-1}, {id: kiosk-2}]")

    assert [d.name for d in build(document, ground(tmp_path), "kiosk-2")] == ["kiosk-2"]


def test_everything_a_kiosk_can_have_is_put_together(tmp_path: Path) -> None:
    kiosks = """
kiosks:
  - id: kiosk-1
    printer: printer-1
    screen: {width: 1280, height: 800, diagonal_inch: 10.1}
    languages: [vi, en]
    scanners:
      - {driver: serial, device: /dev/motcua-none}
      - {driver: evdev, device: /dev/motcua-none}
      - {driver: simulated}
    speech: espeak
    paperless: offer
    attract_s: 120
    public_url: https://dichvucong.gov.vn
"""
    (daemon,) = build(written(tmp_path, kiosks), ground(tmp_path), None)
    assert isinstance(daemon.service, KioskService)
    daemon.service.start()
    daemon.service.stop()

    assert daemon.service.model.setup.paperless
    assert daemon.service.model.setup.speaks


@pytest.mark.parametrize(
    ("kiosks", "told"),
    [
        ("kiosks: [{id: kiosk-1, langages: [vi]}]", "languages"),
        ("kiosks: [{id: kiosk-1, languages: [vi, vi]}]", "hai lần"),
        ("kiosks: [{id: kiosk-1, scanners: [{driver: camera}]}]", "camera"),
        ("kiosks: [{id: kiosk-1, screen: {diagonal_inch: 3}}]", "7"),
        (
            "kiosks: [{id: kiosk-1, screen: {width: 800, height: 480, diagonal_inch: 7}}]",
            "quá nhỏ cho nút 20 mm",
        ),
        ("kiosks: []", "ít nhất 1"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, kiosks: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        build(written(tmp_path, kiosks), ground(tmp_path), None)

    assert "hall.yaml:7:" in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "told", "left"),
    [
        ("languages: [vi, xx]", "xx.toml", ("vi",)),
        ("languages: [xx]", "xx.toml", ("vi",)),
        ("texts: nowhere, languages: [tyz, en]", "tyz.toml", ("en",)),
        ("texts: ., languages: [vi, en]", "en.toml", ("vi", "en")),
        ("clips: nowhere", "nowhere", ("vi", "en")),
        ("logo: nowhere.png", "nowhere.png", ("vi", "en")),
        ("photographs: [good.jpg, en.toml]", "không phải ảnh JPEG hay PNG", ("vi", "en")),
        ("photographs: [torn.jpg]", "ảnh bị cụt", ("vi", "en")),
    ],
)
def test_a_kiosk_whose_files_are_gone_or_broken_shows_what_it_can_and_says_so(
    tmp_path: Path, keys: str, told: str, left: tuple[str, ...]
) -> None:
    (tmp_path / "en.toml").write_text("[ticket", encoding="utf-8")
    sample = (SAMPLES / "tru-so.jpg").read_bytes()
    (tmp_path / "good.jpg").write_bytes(sample)
    (tmp_path / "torn.jpg").write_bytes(sample[:-1000])
    document = written(tmp_path, f"kiosks: [{{id: kiosk-1, {keys}}}]")

    (daemon,) = build(document, ground(tmp_path), None)

    assert isinstance(daemon.service, KioskService)
    assert daemon.service.model.setup.languages == left
    (mistake,) = daemon.unusable
    assert told in mistake.text
    assert mistake.line == 7
    shown = daemon.service.model.setup
    assert shown.logo == ""
    assert [Path(each).name for each in shown.photographs] == ["good.jpg"] * ("good" in keys)
    with pytest.raises(ConfigError, match=told):
        rehearse([WantedRole(build, None, "kiosk")], document, "thu")


def test_the_pin_comes_from_a_credential_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kiosk-pin").write_text("2580\n", encoding="ascii")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    document = written(tmp_path, "kiosks: [{id: kiosk-1, pin_credential: kiosk-pin}]")
    (daemon,) = build(document, ground(tmp_path), None)
    assert isinstance(daemon.service, KioskService)

    assert daemon.service.model.setup.pin == "2580"
    assert "2580" not in repr(daemon.service.model.setup)


def test_every_setting_is_explained_in_vietnamese() -> None:
    for model in (KioskSection, ScreenSection):
        for name, field in model.model_fields.items():
            assert field.description, name
