"""The `printers` section: what a technician may write, and what is refused with its reason."""

from typing import Any

import pytest
from pydantic import ValidationError

from hall.runtime.settings import Document, check
from printer.buttons.gpio import GpioButton
from printer.drivers.simulated import SimulatedPrinter
from printer.sections import TicketSection
from printer.settings import PrinterFile

HALL = {
    "version": 1,
    "hall": {"id": "thu", "name": "Xã Thử"},
    "services": [{"id": "ho-tich", "name": "Hộ tịch", "prefix": "A"}],
    "counters": [{"id": "1", "serves": ["ho-tich"]}],
}


def printers(*sections: dict[str, Any]) -> PrinterFile:
    return check(Document("hall.yaml", {**HALL, "printers": list(sections)}), PrinterFile)


@pytest.mark.parametrize(
    "section",
    [
        {"driver": "network", "host": "10.0.0.20", "port": 9100, "profile": "default"},
        {"driver": "serial", "device": "/dev/hall/printer", "baud": 19200, "flow": "xonxoff"},
        {"driver": "usb", "device": "/dev/hall/printer"},
        {"driver": "simulated"},
    ],
)
def test_every_driver_of_the_design_is_accepted(section: dict[str, Any]) -> None:
    assert printers({"id": "printer-1", **section}).printers[0].driver == section["driver"]


def test_the_paper_follows_the_model_unless_it_is_said() -> None:
    wide = SimulatedPrinter(id="printer-1", driver="simulated", profile="TM-T20III")
    narrow = SimulatedPrinter(id="printer-1", driver="simulated", profile="TM-T20III", paper_mm=58)
    small = SimulatedPrinter(id="printer-1", driver="simulated", profile="XP-58", paper_mm=80)

    assert (wide.width, narrow.width, small.width) == (576, 384, 384)


@pytest.mark.parametrize(
    "button",
    [
        {"service": "a", "gpio": 17, "device": "/dev/x", "key": "KEY_1"},
        {"service": "a", "device": "/dev/x"},
        {"service": "a", "device": "/dev/x", "key": "KEY_NOPE"},
    ],
)
def test_a_button_has_one_source_that_exists(button: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SimulatedPrinter.model_validate(
            {"id": "printer-1", "driver": "simulated", "buttons": [button]}
        )


@pytest.mark.parametrize(
    ("pins", "why"),
    [
        ({"gpio": 0}, "chân BCM 0 dành cho EEPROM"),
        ({"gpio": 17, "lamp": 1}, "chân BCM 1 dành cho EEPROM"),
        ({"gpio": 28}, "chân BCM 28 không có trên đầu nối 40 chân"),
        ({"gpio": 2, "lamp": 40}, "chân BCM 40 không có trên đầu nối"),
    ],
)
def test_a_pin_that_the_header_has_not_or_keeps_for_itself_is_refused(
    pins: dict[str, int], why: str
) -> None:
    values = {"id": "printer-1", "driver": "simulated", "buttons": [{"service": "a", **pins}]}

    with pytest.raises(ValidationError, match=why):
        SimulatedPrinter.model_validate(values)

    assert SimulatedPrinter.model_validate({**values, "gpiochip": "cp2112_gpio"})


def test_a_pin_that_no_chip_has_is_refused() -> None:
    with pytest.raises(ValidationError):
        GpioButton(service="a", gpio=512)


def test_a_button_for_priority_has_a_name_of_its_own() -> None:
    plain = GpioButton(service="ho-tich", gpio=17)
    first = GpioButton(service="ho-tich", gpio=18, priority="uu-tien")

    assert (plain.name, first.name) == ("ho-tich", "ho-tich+uu-tien")


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="TM-T20III"):
        SimulatedPrinter(id="printer-1", driver="simulated", profile="TM-9000")


@pytest.mark.parametrize(
    ("buttons", "why"),
    [
        ([{"service": "a", "gpio": 17}, {"service": "a", "gpio": 18}], "song song"),
        ([{"service": "a", "gpio": 17}, {"service": "b", "gpio": 17}], "BCM 17"),
        ([{"service": "a", "gpio": 17, "lamp": 18}, {"service": "b", "gpio": 18}], "BCM 18"),
        (
            [
                {"service": "a", "device": "/dev/x", "key": "KEY_1"},
                {"service": "b", "device": "/dev/x", "key": "KEY_1"},
            ],
            "KEY_1",
        ),
    ],
)
def test_a_button_that_would_take_another_s_place_is_refused(
    buttons: list[dict[str, Any]], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        SimulatedPrinter.model_validate(
            {"id": "printer-1", "driver": "simulated", "buttons": buttons}
        )


@pytest.mark.parametrize("qr", ["https://x.vn/{id}", "https://x.vn/{", "https://x.vn/{ticket!r}"])
def test_an_address_that_could_not_be_filled_in_is_refused(qr: str) -> None:
    with pytest.raises(ValidationError, match="ticket"):
        TicketSection(qr=qr)


def test_an_address_takes_the_ticket_and_its_number() -> None:
    qr = "https://x.vn/{ticket}?so={number}&t={ticket}"

    assert (
        TicketSection(qr=qr).qr.format(ticket="1-1", number="A1") == "https://x.vn/1-1?so=A1&t=1-1"
    )
