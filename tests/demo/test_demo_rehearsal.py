"""A hall's own file played with simulated devices: nothing real is touched, its words stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from hall.cli.__main__ import main
from hall.cli.checking import parts
from hall.cli.checking.check import judge
from hall.cli.stand_ins import STAND_INS
from hall.demo import rehearsal
from hall.demo.rehearsal import Wishes
from hall.runtime import settings

CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted([CONFIG / "hall.yaml", CONFIG / "demo.yaml", *(CONFIG / "examples").glob("*.yaml")])
REAL = {"usb", "network", "serial", "gpio", "max7219", "window", "evdev", "alsa", "mixer", "file"}
REHEARSAL = Wishes("phu-tien", 0, 0)


def rehearsed(file: Path, folder: Path) -> tuple[settings.Document, dict[str, Any]]:
    """Judged as any hall's file is."""
    document, _ = judge(file)
    played = rehearsal.rehearsed(document.values, file.parent, REHEARSAL, STAND_INS)
    path = folder / "played.yaml"
    path.write_text(json.dumps(played), encoding="utf-8")
    return judge(path)[0], played


def words_in(values: object) -> set[str]:
    match values:
        case dict():
            return {word for value in values.values() for word in words_in(value)}
        case list():
            return {word for value in values for word in words_in(value)}
        case _:
            return {str(values)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_hall_can_be_rehearsed_without_a_single_real_device(
    file: Path, tmp_path: Path
) -> None:
    document, played = rehearsed(file, tmp_path)

    # A board is a picture until somebody sits before the screen: `headless` opens no window.
    board = played.get("display", {}).pop("board", None)
    assert board is None or board["driver"] == "window"
    assert words_in(played) & REAL == set()
    assert not [word for word in words_in(played) if word.startswith(("/dev/", "mqtt"))]
    assert {"controller", "printer", "onestop"} <= set(parts.runnable(document))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_services_counters_and_names_stay(file: Path, tmp_path: Path) -> None:
    values = settings.read(file).values
    _, played = rehearsed(file, tmp_path)

    assert played["hall"]["name"] == values["hall"]["name"]
    assert played["counters"] == values["counters"]
    assert [s["id"] for s in played["services"]] == [s["id"] for s in values["services"]]


def test_somebody_can_press_for_every_service_of_a_hall_without_buttons(tmp_path: Path) -> None:
    document, played = rehearsed(CONFIG / "examples" / "district.yaml", tmp_path)

    pressed = [button["service"] for button in played["printers"][0]["buttons"]]
    assert pressed == [service["id"] for service in document.values["services"]]


def test_only_units_with_keys_are_given_to_the_clerks() -> None:
    units = [
        {"address": 1, "counter": "1"},
        {"address": 2, "counter": "2", "keypad": False},
        {"address": 3, "counter": "3", "kind": "dm56"},
    ]
    values = {
        "services": [{"id": "a"}],
        "counters": [{"id": n} for n in "123"],
        "printers": [{"id": "printer-1"}],
        "bridges": [{"id": "bridge-1", "buses": [{"units": units}]}],
    }

    assert rehearsal.cast(values).keypads == {"1": "bridge-1"}
    assert rehearsal.cast(values).priority is None


def test_relative_files_are_found_from_where_the_hall_s_file_lies() -> None:
    values = {
        "hall": {"id": "h"},
        "services": [{"id": "a"}],
        "counters": [],
        "printers": [{"id": "printer-1", "driver": "usb", "ticket": {"logo": "logo.png"}}],
        "kiosks": [{"id": "kiosk-1", "texts": "tieng", "logo": "a.png", "photographs": ["b.jpg"]}],
    }

    played = rehearsal.rehearsed(values, Path("/etc/motcua"), REHEARSAL, STAND_INS)

    assert played["printers"][0]["ticket"]["logo"] == "/etc/motcua/logo.png"
    (kiosk,) = played["kiosks"]
    assert kiosk["texts"] == "/etc/motcua/tieng"
    assert (kiosk["logo"], kiosk["photographs"]) == ("/etc/motcua/a.png", ["/etc/motcua/b.jpg"])


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_no_machine_has_is_wrong_use(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--headless", f"--port={port}"])

    assert ended.value.code == 2
    assert f"cổng từ 0 đến 65535, không phải '{port}'" in capsys.readouterr().err
