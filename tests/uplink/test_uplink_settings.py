"""The section `uplink`: what it may hold, what is noted of it, and that a day fits the line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hall.cli.checking import check
from hall.contract import codec
from hall.contract.messages import PublicTicket, TicketEvent
from hall.contract.province import START, JournalPlace
from hall.runtime import settings
from hall.uplink.batching import Sender, batch_of
from hall.uplink.budget import OVERHEAD_BYTES
from hall.uplink.drivers.mqtt import BrokerLink
from hall.uplink.settings import UplinkConfig

HALL = """\
version: 1
hall: {id: thu, name: "Xã Thử"}
services: [{id: ho-tich, name: "Hộ tịch", prefix: A}]
counters: [{id: "1", serves: [ho-tich]}]
"""
AT = datetime(2026, 11, 30, 1, tzinfo=UTC)


def document(folder: Path, section: str) -> settings.Document:
    file = folder / "hall.yaml"
    file.write_text(HALL + section, encoding="utf-8")
    return settings.read(file)


def test_the_contract_s_own_example_is_read(tmp_path: Path) -> None:
    text = "uplink: {url: 'mqtts://tinh.vn:8883', credential: tinh, unit: bac-tu-liem}\n"
    config = settings.check(document(tmp_path, text), UplinkConfig)

    assert isinstance(config.uplink, BrokerLink)
    assert (config.uplink.credential, config.uplink.unit) == ("tinh", "bac-tu-liem")


def test_a_hall_without_a_province_has_no_such_section(tmp_path: Path) -> None:
    assert settings.check(document(tmp_path, ""), UplinkConfig).uplink is None


@pytest.mark.parametrize(
    "section",
    [
        "uplink: {url: 'http://tinh.vn'}\n",
        "uplink: {url: 'mqtts://user:word@tinh.vn'}\n",
        "uplink: {url: 'mqtts://tinh.vn', kbit_s: 1}\n",
        "uplink: {url: 'mqtts://tinh.vn', password: x}\n",
        "uplink: {}\n",
    ],
)
def test_what_is_no_province_is_an_error_with_its_line(tmp_path: Path, section: str) -> None:
    with pytest.raises(settings.ConfigError, match=r"hall\.yaml:5:"):
        settings.check(document(tmp_path, section), UplinkConfig)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("uplink: {url: 'mqtt://tinh.vn'}\n", "không có TLS"),
        ("uplink: {url: 'mqtts://tinh.vn', ca: /nirgends/ca.crt}\n", "/nirgends/ca.crt"),
    ],
)
def test_check_notes_what_a_technician_should_mend(tmp_path: Path, section: str, said: str) -> None:
    notes = check.warnings(document(tmp_path, section))

    assert [note for note in notes if said in note.text and note.path.startswith("uplink")]


def test_a_day_of_1200_tickets_takes_a_64_kbit_line_less_than_ten_minutes() -> None:
    """Six events a ticket; the rest of the day is free for states."""
    kinds = ("issued", "printed", "called", "started", "finished", "rated")
    events = [
        TicketEvent.model_validate({
            "epoch": 1, "seq": number + 1, "type": kinds[number % 6], "by": "printer-1",
            "at": AT + timedelta(seconds=4 * number), "counter": "12", "wait_s": 1234,
            "ticket": PublicTicket(
                id=f"1-212-{number // 6}", number="A123", service="ho-tich-chung-thuc",
                day="2026-11-30", issued_at=AT, channel="button", priority="uu-tien",
            ),
        })
        for number in range(7200)
    ]  # fmt: skip
    place, sent = START, 0
    while (
        batch := batch_of(events[place.seq :][:200], place, Sender("m" * 24, "pi"), 8000)
    ) is not None:
        sent += len(codec.pack(batch, hall="mu-cang-chai", src="uplink", ts=AT)) + OVERHEAD_BYTES
        place = JournalPlace(epoch=1, seq=batch.last_seq)

    assert place.seq == 7200
    assert sent / (64_000 / 8) < 600
