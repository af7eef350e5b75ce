"""The wiring drawings agree with the sample hall and with a Raspberry Pi's header."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from gpiozero.pins.pi import PiBoardInfo

ROOT = Path(__file__).parents[2]
DRAWINGS = ROOT / "docs" / "wiring"
HALL = yaml.safe_load((ROOT / "config" / "hall.yaml").read_text(encoding="utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
# A Raspberry Pi 4 B; every Pi with forty pins has the same header.
PI = 0xC03111


def drawn(name: str) -> ET.Element:
    return ET.parse(DRAWINGS / name).getroot()


def words(element: ET.Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def header() -> dict[int, str]:
    """What is written at each pin of the drawing, "" where nothing is."""
    groups = [words(group) for group in drawn("buttons.svg").iter(f"{SVG}g")]
    return {int(number): "".join(label) for number, *label in groups}


def wired(printer: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Each BCM pin that the sample hall uses, and what is on it."""
    names = {service["id"]: service["name"] for service in HALL["services"]}
    for button in printer["buttons"]:
        name = names[button["service"]] + (" (ưu tiên)" if "priority" in button else "")
        yield button["gpio"], f"nút {name}"
        if "lamp" in button:
            yield button["lamp"], f"đèn {name}"


def test_each_pin_of_the_header_is_where_a_pi_has_it() -> None:
    pins = PiBoardInfo.from_revision(PI).headers["J8"].pins
    told = header()

    assert sorted(told) == sorted(pins)
    for number, label in told.items():
        name = pins[number].name.replace("3V3", "3,3 V").replace("5V", "5 V")
        assert name in label.split(" · ") or (label == "" and name.startswith("GPIO")), number


def test_buttons_and_lamps_are_on_the_pins_of_the_sample_hall() -> None:
    labels = [label.split(" · ") for label in header().values() if " · " in label]
    told = {frozenset(label) for label in labels}

    assert told == {frozenset((f"GPIO{pin}", what)) for pin, what in wired(HALL["printers"][0])}


def test_the_bus_has_the_units_of_the_sample_hall() -> None:
    bus = HALL["bridges"][0]["buses"][0]
    text = words(drawn("bus.svg"))

    assert bus["port"] in text
    assert [word for word in text if re.match(r"(quầy|địa chỉ) \d", word)] == [
        word
        for unit in bus["units"]
        for word in (f"quầy {unit['counter']}", f"địa chỉ {unit['address']}")
    ]


@pytest.mark.parametrize("drawing", sorted(DRAWINGS.glob("*.svg")), ids=lambda path: path.name)
def test_a_drawing_has_a_title_and_its_letters_in_one_form(drawing: Path) -> None:
    text = drawing.read_text(encoding="utf-8")

    assert drawn(drawing.name).findtext(f"{SVG}title")
    assert unicodedata.is_normalized("NFC", text)
