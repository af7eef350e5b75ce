"""`motcua check` as a technician sees it: every mistake at once, with its place and a hint."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hall.cli.__main__ import main
from hall.cli.checking import check, parts
from hall.runtime import settings
from hall.runtime.clock import SetClock
from kiosk import packs

Check = Callable[[str], tuple[int, str]]
GOOD = """\
version: 1
hall: {id: thu, name: "Hội trường thử", days_off: ["2027-02-04..2027-02-10"]}
services:
  - {id: ho-tich, name: "Hộ tịch", prefix: A, last: 499}
  - {id: dat-dai, name: "Đất đai", prefix: B}
counters:
  - {id: "1", serves: [ho-tich]}
  - {id: 5A, serves: [dat-dai], helps: [ho-tich]}
"""


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Monday 23 November 2026, eight in the morning."""
    clock = SetClock()
    monkeypatch.setattr(check, "SystemClock", lambda: clock)
    return clock


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], today: SetClock) -> Check:
    del today

    def judged(text: str) -> tuple[int, str]:
        path = tmp_path / "hall.yaml"
        path.write_text(text, encoding="utf-8")
        status = main(["check", "-c", str(path)])
        captured = capsys.readouterr()
        return status, (captured.out + captured.err).replace(str(tmp_path) + "/", "")

    return judged


def test_the_smallest_hall_is_good(checked: Check) -> None:
    assert checked(GOOD) == (0, "hall.yaml: tốt.\n")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [("D", "G", "G (giê) và D (dê) đọc nghe như nhau"), ("D", "V", "V (vê) và D (dê) đọc nghe"),
     ("B", "C", "C (xê) và B (bê) đọc cùng vần"), ("A", "B", "")],
)  # fmt: skip
def test_letters_that_sound_alike_are_told(
    checked: Check, first: str, second: str, told: str
) -> None:
    text = GOOD.replace("prefix: B", f"prefix: {second}").replace("prefix: A", f"prefix: {first}")
    status, said = checked(text)

    assert status == 0
    assert (told in said) if told else said == "hall.yaml: tốt.\n"


def test_letters_are_judged_as_this_hall_reads_them(checked: Check) -> None:
    own = 'display: {voice: {player: simulated, letters: {C: "cá"}}}\n'
    status, said = checked(GOOD.replace("prefix: A", "prefix: C") + own)

    assert (status, "đọc" in said) == (0, False)


def test_a_misspelt_key_is_named_with_its_place_and_what_was_meant(checked: Check) -> None:
    status, said = checked(GOOD.replace("prefix: A", "prefx: A"))

    assert status == 2
    assert "hall.yaml:4:36: services.0.prefx: không có khoá này (ý bạn là 'prefix'?)" in said


def test_all_mistakes_come_at_once(checked: Check) -> None:
    broken = GOOD.replace("id: thu", "id: Thử").replace("last: 499", "last: x")

    _, said = checked(broken + "queue: {recall_limit: nhiều}\n")

    assert [line.split(": ")[1] for line in said.splitlines() if "hall.yaml:" in line] == [
        "hall.id",
        "services.0.last",
        "queue.recall_limit",
    ]


def test_no_mistake_of_one_kind_hides_one_of_another(checked: Check) -> None:
    broken = """\
version: 1
version: 1
hall: {id: thu, name: "Hội\\x1btrường", nmae: x, hours: ["07:30-25:30"]}
services:
  - {id: ho-tich, name: "Hộ\x07 tịch", prefix: A, last: 499}
  - {id: dat-dai, name: "Đất đai", prefix: A, first: 400}
counters:
  - {id: "1", serves: [ho-tich, dat-dai], helps: [khac], server: x}
printers: [{id: printer-1, driver: simulatd}]
kiosks: [{id: kiosk-1, printer: printer-7}]
display: {faces: [{counter: "9", width: 3, charset: alnum, driver: simulated}]}
bridges: [{id: bridge-1, buses: [{port: simulated, units: [{address: 1, counter: "7"}]}]}]
"""

    _, said = checked(broken)

    told = [line.split(":") for line in said.splitlines() if line.startswith("hall.yaml:")]
    assert [(int(line), path.strip()) for _, line, _, path, *_ in told] == [
        (2, "version"),
        (3, "hall.name"),
        (3, "hall.nmae"),
        (3, "hall.hours.0"),
        (5, "có ký tự điều khiển (U+0007)"),
        (6, "services.1.last"),
        (8, "counters.0.helps.0"),
        (8, "counters.0.server"),
        (9, "printers.0"),
        (10, "kiosks.0.printer"),
        (11, "display.faces.0.counter"),
        (12, "bridges.0.buses.0.units.0.counter"),
    ]


def test_a_service_that_is_only_helped_out_is_called_too(checked: Check) -> None:
    helped = GOOD.replace(
        "serves: [dat-dai], helps: [ho-tich]", "serves: [ho-tich], helps: [dat-dai]"
    )

    assert checked(helped)[0] == 0


def test_a_number_may_be_longer_than_the_digits_nobody_asked_for(checked: Check) -> None:
    assert checked(GOOD.replace("last: 499", "last: 20000"))[0] == 0


@pytest.mark.parametrize(
    "section",
    [
        "broker: {url: 'mqtt://10.0.0.5:99999'}\n",
        (
            "bridges: [{id: bridge-1, buses: [{port: 'socket://10.0.0.9:0', units: "
            "[{address: 1, counter: '1'}]}]}]\n"
        ),
    ],
)
def test_a_port_that_no_machine_has_is_refused(checked: Check, section: str) -> None:
    status, said = checked(GOOD + section)

    assert status == 2
    assert "phải từ 1 đến 65535" in said


def test_a_device_of_somebody_else_may_act_and_show(checked: Check) -> None:
    foreign = GOOD.replace("serves: [ho-tich]}", "serves: [ho-tich], clients: [bridge-1]}")

    status, said = checked(foreign + "display: {faces: [{counter: '1', width: 4}]}\n")

    assert status == 0
    assert "hall.yaml:7:44: lưu ý: 'bridge-1' không có trong tệp này" in said
    assert "lưu ý: không có bảng LED nào của quầy 1 trong mục bridges" in said


def test_a_device_that_is_none_of_ours_is_misspelt(checked: Check) -> None:
    named = GOOD.replace("serves: [ho-tich]}", "serves: [ho-tich], clients: [bridge-2]}")
    bridges = (
        "bridges: [{id: bridge-1, buses: [{port: simulated, units: [{address: 1, counter: '1'}]}]}]"
    )

    status, said = checked(named + bridges + "\n")

    assert status == 2
    assert "counters.0.clients.0: không có máy 'bridge-2'; có: bridge-1" in said


@pytest.mark.parametrize("kiosks", ["", "kiosks: [{id: kiosk-1}]\n"])
def test_a_kiosk_does_not_call_people_to_a_counter(checked: Check, kiosks: str) -> None:
    named = GOOD.replace("serves: [ho-tich]}", "serves: [ho-tich], clients: [kiosk-1]}")

    status, said = checked(named + kiosks)

    assert status == 2
    assert "hall.yaml:7:44: counters.0.clients.0: 'kiosk-1' không gọi số thay quầy được" in said


def test_a_key_that_stands_outside_its_section_is_told_where_it_belongs(checked: Check) -> None:
    status, said = checked(GOOD + "appointments: {slot_min: 15}\n")

    assert status == 2
    assert "appointments: không có khoá này; ghi trong từng mục của services" in said


PINS = """\
printers:
  - {id: printer-1, driver: simulated, buttons: [{service: ho-tich, gpio: 17, lamp: 27}]}
  - {id: printer-2, driver: simulated, buttons: [{service: ho-tich, gpio: 4}]}
bridges:
  - {id: bridge-1, keypads: [{counter: "1", rows: [22, 6, 13, 19]}]}
"""


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("gpio: 4", "gpio: 27", "11:69"),
        ("rows: [22", "rows: [27", "13:45"),
        ("gpio: 4", "gpio: 12", "13:31"),
    ],
)
def test_one_pin_in_two_devices_is_said_once_since_they_may_be_on_two_machines(
    checked: Check, before: str, after: str, place: str
) -> None:
    status, text = checked(GOOD + PINS.replace(before, after))

    assert status == 0
    assert text.startswith(f"hall.yaml:{place}: lưu ý: chân ")
    assert text.count("hai thiết bị phải ở hai máy khác nhau") == 1


def test_one_pin_twice_in_one_device_is_one_mistake(checked: Check) -> None:
    status, text = checked(GOOD + PINS.replace("lamp: 27", "lamp: 17"))

    assert status == 2
    assert text.count("17") == 1
    assert "chân BCM 17 được dùng hai lần" in text


def test_the_same_number_on_another_chip_is_another_pin(checked: Check) -> None:
    other = PINS.replace("gpio: 4}]", "gpio: 27}], gpiochip: cp2112_gpio")

    assert "lưu ý" not in checked(GOOD + other)[1]


def test_a_bus_may_stand_anywhere_on_the_machine(checked: Check) -> None:
    bus = "{port: /run/motcua/bus1, units: [{address: 1, counter: '1'}]}"

    assert checked(GOOD + f"bridges: [{{id: bridge-1, buses: [{bus}]}}]\n")[0] == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("serves: [ho-tich]", "serves: [ho-tic]", "không có dịch vụ 'ho-tic'"),
        ("prefix: B", "prefix: A", "dải số trùng với dịch vụ 'ho-tich'"),
        ("last: 499", "last: 4999, digits: 3", "số A4999 dài quá: nhiều nhất 3 chữ số"),
        ("prefix: A, last: 499", "prefix: AB, last: 49999", "số AB49999 dài quá"),
        ("serves: [dat-dai], helps: [ho-tich]", "serves: [ho-tich]", "phục vụ 'dat-dai'"),
        ("id: 5A", 'id: "1"', "'1' đã dùng ở trên"),
    ],
)
def test_what_no_section_sees_alone_is_seen(
    checked: Check, before: str, after: str, said: str
) -> None:
    status, text = checked(GOOD.replace(before, after))

    assert status == 2
    assert said in text


def test_a_number_that_the_display_cannot_show_is_refused(checked: Check) -> None:
    faces = "display: {faces: [{counter: '1', width: 3, charset: alnum, driver: simulated}]}\n"

    status, said = checked(GOOD + faces)

    assert status == 2
    assert "bảng 3 ký tự không hiện được số A499" in said


def test_a_kiosk_without_its_printer_is_refused(checked: Check) -> None:
    kiosk = "kiosks: [{id: kiosk-1, printer: printer-9}]\n"

    _, said = checked(GOOD + kiosk)

    assert "không có máy in 'printer-9'" in said


def test_an_unknown_command_says_which_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chek"]) == 2
    assert "ý bạn là 'check'?" in capsys.readouterr().err


def test_help_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "motcua LỆNH" in capsys.readouterr().out


def test_an_unknown_role_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hall.yaml"
    path.write_text(GOOD, encoding="utf-8")

    assert main(["run", "controler", "-c", str(path)]) == 2
    assert "không có vai trò 'controler'" in capsys.readouterr().err


def test_an_empty_list_of_roles_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", ",", "-c", str(tmp_path / "hall.yaml")]) == 2
    assert "cần một vai trò: controller, printer" in capsys.readouterr().err


def test_every_section_that_the_roles_need_is_missed_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A log onto this test's own stderr would outlive it.
    monkeypatch.setattr("hall.runtime.logs.start", lambda **_: None)
    path = tmp_path / "hall.yaml"
    path.write_text(GOOD + "display: {faces: []}\nprinters: [{id: printer-1, driver: simulated}]\n")

    assert main(["run", "controller,printer-2,kiosk,board,bridge,onestop", "-c", str(path)]) == 2

    said = capsys.readouterr().err
    assert "display.board: thiếu khoá này, vai trò board cần nó" in said
    for section in ("kiosks", "bridges", "onestop"):
        assert f" {section}: thiếu khoá này" in said
    assert "printers: không có thiết bị 'printer-2'; có: printer-1" in said


def test_a_role_is_not_run_with_a_mistake_in_the_section_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.runtime.logs.start", lambda **_: None)
    path = tmp_path / "hall.yaml"
    path.write_text(GOOD + "kiosks: [{id: kiosk-1, printer: printer-9}]\n", encoding="utf-8")

    # Nothing could run in a folder that is a file: the mistake comes first.
    assert main(["run", "controller", "-c", str(path), "--state", str(path)]) == 2

    assert f"{path}:{len(GOOD.splitlines()) + 1}:24: kiosks.0.printer: " in capsys.readouterr().err


def test_a_role_named_twice_runs_once() -> None:
    assert parts.named("printer-1, controller,printer,controller,kiosk-1") == (
        "controller",
        "printer",
        "kiosk-1",
    )


def test_a_device_that_the_hall_has_not_is_a_wrong_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hall.yaml"
    path.write_text(GOOD + "printers: [{id: printer-3, driver: simulated}]\n")

    assert main(["test-print", "printer-1/#", "-c", str(path)]) == 2
    assert "không có thiết bị 'printer-1/#'; có: controller" in capsys.readouterr().err


def test_a_hall_that_does_not_rest_at_tet_is_told_its_day(checked: Check) -> None:
    _, said = checked(GOOD.replace(', days_off: ["2027-02-04..2027-02-10"]', ""))

    assert "chưa có ngày nghỉ Tết 2027 (mùng một là 06/02/2027): ghi ở days_off" in said


def test_holidays_that_have_all_passed_are_told_as_such(checked: Check, today: SetClock) -> None:
    today.advance(80 * 24 * 3600)

    assert "lưu ý: mọi ngày nghỉ ghi ở đây đã qua" in checked(GOOD)[1]


def test_a_hall_told_of_tet_by_single_holidays_is_told_nothing(checked: Check) -> None:
    by_days = GOOD.replace("days_off", "holidays").replace("..2027-02-10", '", "2027-02-08')

    assert checked(by_days) == (0, "hall.yaml: tốt.\n")


def test_an_unsure_clock_and_a_hall_that_never_rests_give_no_advice(
    checked: Check, today: SetClock
) -> None:
    always = "hours: [00:00-24:00], days: [mon, tue, wed, thu, fri, sat, sun]"

    assert "lưu ý" not in checked(GOOD.replace('days_off: ["2027-02-04..2027-02-10"]', always))[1]
    today.is_trusted = False
    assert "lưu ý" not in checked(GOOD.replace(', days_off: ["2027-02-04..2027-02-10"]', ""))[1]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("days_worked: [{date: 2027-02-05}]", "'2027-02-05' cũng là ngày nghỉ"),
        ("days_worked: [{date: 2027-02-20}, {date: 2027-02-20}]", "'2027-02-20' ghi hai lần"),
        ('hours: {mon: ["07:30-11:30"]}, days: [mon]', "bỏ khoá days"),
    ],
)
def test_a_day_told_in_two_ways_is_refused(checked: Check, keys: str, told: str) -> None:
    status, said = checked(GOOD.replace("days_off:", f"{keys}, days_off:"))

    assert status == 2
    assert told in said


PLACES = """\
printers:
  - {id: printer-1, driver: usb, device: /dev/hall/printer, buttons: [{service: ho-tich, gpio: 17}]}
  - {id: printer-2, driver: network, host: 10.0.0.20}
bridges:
  - id: bridge-1
    buses: [{port: /dev/hall/bus1, units: [{address: 1, counter: '1'}]}]
"""
OTHER_BUS = "{port: /dev/hall/bus1, units: [{address: 2, counter: '1'}]}"
ONE_CONVERTER = "{port: 'socket://10.0.0.9:4196', units: [{address: 2, counter: '1'}]}"
TWO_MASTERS = f"    buses: [{ONE_CONVERTER}]\n  - id: bridge-2\n    buses: [{ONE_CONVERTER}]\n"
FACES = """\
display:
  faces:
    - {counter: "1", driver: max7219}
    - {counter: 5A, driver: max7219, spi: [0, 1]}
"""


def test_devices_that_share_nothing_are_good(checked: Check) -> None:
    assert checked(GOOD + PLACES + FACES) == (0, "hall.yaml: tốt.\n")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("host: 10.0.0.20",
         "host: 10.0.0.20}\n  - {id: printer-3, driver: network, host: 10.0.0.20",
         "printers.2.host: 10.0.0.20:9100 đã dùng cho printer-2 ở trên"),
        ("buses: [", f"buses: [{OTHER_BUS}, ",
         "bridges.0.buses.1.port: /dev/hall/bus1 đã dùng cho bridge-1 ở trên"),
        ("    buses:",
         f"{TWO_MASTERS}  - id: bridge-3\n    buses:",
         "socket://10.0.0.9:4196 đã dùng cho bridge-1 ở trên"),
        ("spi: [0, 1]", "spi: [0, 0]", "/dev/spidev0.0 đã dùng cho display ở trên"),
        ("10.0.0.20", "'http://10.0.0.20'", "printers.1.host: 'http://10.0.0.20': chỉ ghi địa chỉ"),
        ("10.0.0.20", "10.0.0.256", "printers.1.host: '10.0.0.256': chỉ ghi địa chỉ"),
        ("10.0.0.20", "may_in", "printers.1.host: 'may_in': chỉ ghi địa chỉ"),
    ],
)  # fmt: skip
def test_one_place_of_two_devices_and_a_host_that_is_none_are_mistakes(
    checked: Check, before: str, after: str, said: str
) -> None:
    status, text = checked(GOOD + (PLACES + FACES).replace(before, after, 1))

    assert status == 2
    assert said in text
    assert "\n1 lỗi." in text


@pytest.mark.parametrize("host", ["may-in.xa.local", "fe80::1", "10.0.0.20", "MAYIN"])
def test_a_printer_in_the_network_has_a_name_or_an_address(checked: Check, host: str) -> None:
    assert checked(GOOD + PLACES.replace("10.0.0.20", f"'{host}'"))[0] == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("driver: network, host: 10.0.0.20", "driver: usb, device: /dev/hall/printer",
         "/dev/hall/printer cũng là của printer-1: hai thiết bị phải ở hai máy khác nhau"),
        ("driver: network, host: 10.0.0.20", "driver: serial, device: /dev//hall/./printer",
         "/dev/hall/printer cũng là của printer-1: hai thiết bị phải ở hai máy khác nhau"),
        ("gpio: 17", "gpio: 2", "chân 2 là SDA của I2C, nơi đồng hồ RTC cắm vào"),
        ("gpio: 17", "gpio: 14", "chân 14 là TX của cổng nối tiếp"),
        ("gpio: 17", "gpio: 7", "chân 7 cũng là của printer-1"),
        ("gpio: 17", "gpio: 11", "chân 11 cũng là của printer-1"),
    ],
)  # fmt: skip
def test_what_is_right_only_on_another_machine_is_said(
    checked: Check, before: str, after: str, said: str
) -> None:
    status, text = checked(GOOD + (PLACES + FACES).replace(before, after, 1))

    assert status == 0
    assert text.count("lưu ý") == 1
    assert said in text


WIRED = (
    GOOD
    + """\
printers:
  - id: printer-1
    driver: simulated
    buttons:
      - {service: ho-tich, gpio: 17, lamp: 27}
      - {service: dat-dai, gpio: 22, lamp: 23}
display:
  faces: [{counter: "1", width: 4}]
  voice: {player: simulated, languages: [{lang: vi}]}
bridges:
  - id: bridge-1
    buses:
      - port: simulated
        units:
          - {address: 1, counter: "1"}
          - {address: 2, counter: 5A}
"""
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("gpio: 17", "gpio: 40"), "13:28: printers.0.buttons.0.gpio: chân BCM 40 không có"),
        (("gpio: 17", "gpio: 0"), "13:28: printers.0.buttons.0.gpio: chân BCM 0 dành cho"),
        (("gpio: 22", "gpio: 27"), "14:28: printers.0.buttons.1.gpio: chân BCM 27 được dùng"),
        (("lamp: 23", "lamp: 22"), "14:38: printers.0.buttons.1.lamp: chân BCM 22 được dùng"),
        (("address: 2", "address: 33"), "24:14: bridges.0.buses.0.units.1.address: địa chỉ của"),
        (("address: 2", "address: 1"), "24:14: bridges.0.buses.0.units.1.address: địa chỉ dùng"),
        (("simulated\n    b", "simulated\n    profile: X1\n    b"), "12:5: printers.0.profile:"),
        (("version: 1", "version: 0"), "1:1: version: tệp của một bản motcua cũ (version 0)"),
        (("version: 1", "version: 2"), "1:1: version: tệp của một bản motcua mới hơn"),
        (("version: 1\n", ""), "1:1: version: thiếu khoá này: thêm dòng 'version: 1'"),
        (('"Đất đai"', "“Đất đai”"), "5:25: services.1.name: dấu nháy “ không phải dấu nháy"),
        (("  - {id: dat-dai", "\u00a0 - {id: dat-dai"), "5:1: đầu dòng có dấu cách lạ (U+00A0)"),
        (("helps: [ho-tich]}", "helps: [ho-tich]"), "'}' (của phần bắt đầu ở dòng 8)"),
        (("id: thu", "id: Xã Thử"), "2:8: hall.id: 'Xã Thử' không đúng dạng: Mã hội trường"),
        (("id: thu", "id: Xã Thử"), "Ví dụ: mu-cang-chai"),
    ],
)
def test_a_mistake_is_told_where_it_stands_and_with_what_to_do(
    checked: Check, change: tuple[str, str], told: str
) -> None:
    assert change[0] in WIRED
    status, said = checked(WIRED.replace(*change, 1))

    assert status == 2
    assert told in said
    assert "^" not in said


def test_a_wrong_pin_is_said_once(checked: Check) -> None:
    assert checked(WIRED.replace("gpio: 17", "gpio: 40"))[1].count("BCM 40") == 1


def test_a_language_that_nobody_can_speak_is_told(checked: Check) -> None:
    spoken = "{lang: vi}, {lang: jra, phrases: {call: 'Mời {number} đến {counter}'}}"

    status, said = checked(WIRED.replace("{lang: vi}", spoken))

    assert status == 0, said
    assert "lưu ý: tiếng 'jra' chưa có đoạn tiếng nào" in said


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (GOOD.encode("utf-16"), "1:1: tệp ghi bằng UTF-16: lưu lại với bảng mã UTF-8"),
        (GOOD.encode("cp1258", "replace"), "2:1: không phải UTF-8: lưu lại với bảng mã UTF-8"),
        (b"# hall\n", "1:1: tệp trống; tạo tệp mới: motcua config new"),
    ],
)
def test_a_file_of_another_editor_is_told_how_to_be_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, told: str
) -> None:
    (tmp_path / "hall.yaml").write_bytes(raw)

    assert main(["check", "-c", str(tmp_path / "hall.yaml")]) == 2

    assert told in capsys.readouterr().err


@pytest.mark.parametrize("form", ["crlf", "bom", "cr"])
def test_another_systems_line_ends_and_marks_are_no_mistake(tmp_path: Path, form: str) -> None:
    text = {
        "crlf": GOOD.replace("\n", "\r\n"),
        "bom": "\ufeff" + GOOD,
        "cr": GOOD.replace("\n", "\r"),
    }[form]
    (tmp_path / "hall.yaml").write_bytes(text.encode())

    assert main(["check", "-c", str(tmp_path / "hall.yaml")]) == 0


def test_who_goes_on_with_the_last_good_file_is_told(
    checked: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = "Id=motcua-{}.service\\nLoadState=loaded\\nActiveState=active\\nStatusText={}\\n\\n"
    wrong = shown.format("voice", "voice: Tệp cấu hình không dùng được, đang chạy …: x")
    program = tmp_path / "systemctl"
    program.write_text(f"#!/bin/sh\nprintf '{wrong}{shown.format('board', 'sẵn sàng')}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    said = checked(GOOD.replace("id: thu", "id: Thử"))[1]

    assert "Đang chạy tiếp với bản tốt gần nhất: motcua-voice.\n" in said


KIOSK = """\
printers: [{id: printer-1, driver: simulated}]
kiosks: [{id: kiosk-1, printer: printer-1, languages: [vi, jra], texts: tieng, clips: thu,
          speech: simulated}]
"""


def test_a_recorded_language_is_counted_until_it_is_whole(tmp_path: Path, checked: Check) -> None:
    (tmp_path / "tieng").mkdir()
    (tmp_path / "tieng" / "jra.toml").write_text('[home]\nticket = "Mă sô̆"\n', encoding="utf-8")
    folder = tmp_path / "thu" / "jra"
    folder.mkdir(parents=True)
    said = checked(GOOD + KIOSK)[1]
    assert re.search(r"lưu ý: tiếng 'jra' thiếu (\d+) trên \1 đoạn tiếng thu", said)
    assert "tiếng 'vi'" not in said

    document = settings.skim(tmp_path / "hall.yaml")
    wanted = next(each for each in packs.clips_of(document) if each.lang == "jra")
    for name in wanted.clips:
        (folder / f"{name}.wav").touch()
    assert "đoạn tiếng thu" not in checked(GOOD + KIOSK)[1]


def test_the_sheet_lists_every_kiosk_language(
    tmp_path: Path, checked: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    checked(GOOD + KIOSK.replace("[vi, jra], texts: tieng, clips: thu", "[vi, en]"))
    assert main(["voice", "list", "-c", str(tmp_path / "hall.yaml")]) == 0

    said = capsys.readouterr().out
    assert "# kiosk, vi\n" in said
    assert "ticket.ahead_n-1.wav,người," in said
    assert "moojt.wav,một," in said


@pytest.mark.parametrize("uplink", ["", "uplink: {url: simulated}\n"])
def test_the_province_s_gateway_needs_a_line_to_it(checked: Check, uplink: str) -> None:
    status, said = checked(f"{GOOD}{uplink}onestop: {{driver: province}}\n")

    assert status == 2
    assert "driver province cần mục uplink" in said


def test_the_province_s_gateway_over_the_uplink_s_line_is_good(checked: Check) -> None:
    line = 'uplink: {url: "mqtts://mot-cua.lao-cai.gov.vn:8883", unit: bac-tu-liem}\n'

    assert checked(f"{GOOD}{line}onestop: {{driver: province}}\n")[0] == 0
