"""What the doctor says of a device: what is wrong, since when, and what to do about it."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hall.contract.messages import Alert, DeviceStatus, UnitHealth
from hall.contract.onestop_messages import OnestopStatus
from hall.doctor import findings
from hall.doctor.findings import BusObservation, Finding

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
EARLIER = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
QUIET = BusObservation(NOW, ZoneInfo("Asia/Ho_Chi_Minh"), {}, {}, {}, ())
PAPER = Alert(code="paper_out", text="Hết giấy.", advice="Thay giấy.", since=EARLIER)


def status(state: str, *units: UnitHealth) -> DeviceStatus:
    told = {"state": state, "conn": "c", "sw": "motcua 1", "units": units}
    return DeviceStatus.model_validate(told)


def of(heard: BusObservation, *wanted: str) -> list[Finding]:
    return list(findings.devices(wanted, heard))


def test_a_device_that_answers_was_seen_just_now() -> None:
    heard = replace(QUIET, statuses={"display": status("ready")}, answering=("display",))

    assert of(heard) == [Finding("display", "tốt", well=True, text="motcua 1", last_seen=NOW)]


def test_a_device_that_hangs_is_found_out_though_it_is_connected() -> None:
    heard = replace(QUIET, statuses={"display": status("ready")}, spoke={"display": EARLIER})

    [found] = of(heard)

    assert (found.state, found.well, found.last_seen) == ("không trả lời", False, EARLIER)
    assert found.advice == "Chạy lại: sudo systemctl restart motcua-display"


def test_a_device_of_another_maker_is_believed_without_being_asked() -> None:
    theirs = DeviceStatus(state="ready", conn="c", sw="X-Print 2.1")
    heard = replace(QUIET, statuses={"printer-1": theirs}, spoke={"printer-1": EARLIER})

    assert heard.live() == ()
    assert of(heard) == [
        Finding("printer-1", "tốt", well=True, text="X-Print 2.1", last_seen=EARLIER)
    ]


@pytest.mark.parametrize(
    ("state", "said", "advice"),
    [
        ("lost", "mất kết nối", "Xem: systemctl status motcua-printer@printer-1"),
        ("disconnected", "đã dừng", "Chạy lại: sudo systemctl start motcua-printer@printer-1"),
    ],
)
def test_a_device_that_is_gone_is_told_with_its_last_word_and_its_service(
    state: str, said: str, advice: str
) -> None:
    heard = replace(QUIET, statuses={"printer-1": status(state)}, spoke={"printer-1": EARLIER})

    [found] = of(heard)

    assert (found.state, found.well, found.last_seen) == (said, False, EARLIER)
    assert found.advice.startswith(advice)


def test_a_device_of_the_yaml_that_never_spoke_is_missed() -> None:
    [found] = of(QUIET, "kiosk-2")

    assert (found.state, found.well, found.last_seen) == ("chưa thấy", False, None)
    assert "motcua-kiosk@kiosk-2" in found.advice


def test_an_alert_is_told_in_the_halls_own_time() -> None:
    heard = replace(
        QUIET,
        statuses={"printer-1": status("degraded")},
        alerts={"printer-1/paper_out": PAPER},
        answering=("printer-1",),
    )

    [found] = of(heard)

    assert (found.well, found.text, found.advice) == (
        False,
        "Hết giấy. (từ 08:30 23/11)",
        "Thay giấy.",
    )


def test_every_unit_on_a_bus_has_its_line() -> None:
    units = (
        UnitHealth(bus=1, address=1, counter="1", alive=True, seen_at=NOW),
        UnitHealth(bus=1, address=2, counter="5A", alive=False, seen_at=EARLIER),
    )
    heard = replace(QUIET, statuses={"bridge-1": status("ready", *units)}, answering=("bridge-1",))

    bridge, first, second = of(heard)

    assert bridge.well
    assert (first.name, first.well) == ("bridge-1 · bus 1, địa chỉ 1", True)
    assert (first.text, first.last_seen) == ("bộ ở quầy 1", NOW)
    assert (second.well, second.last_seen) == (False, EARLIER)


def test_what_the_one_stop_software_sent_and_nobody_could_use_is_told() -> None:
    ready = OnestopStatus(state="ready", source="Tệp", conn="c")
    bad = Alert(code="bad_figures", text="figures.csv: dòng 2", advice="Sửa tệp.", since=EARLIER)
    heard = replace(QUIET, onestop=ready, alerts={"onestop/bad_figures": bad})

    [found] = findings.onestop(heard)

    assert not found.well
    assert found.text == "figures.csv: dòng 2 (từ 08:30 23/11)"


def test_the_one_stop_software_that_is_away_stops_nothing_else() -> None:
    lost = OnestopStatus(state="lost", source="Tệp", conn="c")

    [found] = findings.onestop(replace(QUIET, onestop=lost, spoke={"onestop": EARLIER}))

    assert (found.state, found.well, found.last_seen) == ("mất kết nối", False, EARLIER)
    assert "Lấy số, gọi số vẫn chạy" in found.advice


def test_the_staff_pages_have_a_service_of_another_name() -> None:
    assert QUIET.service_of("counters") == "motcua-counter"


def test_counter_displays_in_a_window_have_a_unit_of_their_own() -> None:
    stopped = replace(QUIET, statuses={"display": status("disconnected")})

    [panels] = of(stopped)
    [window] = of(replace(stopped, services={"display": "motcua-window"}))

    assert panels.advice == "Chạy lại: sudo systemctl start motcua-display"
    assert window.advice == "Chạy lại: sudo systemctl start motcua-window"
