"""The manual's second table of faults: a test that provokes each row, and a doctor's line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.contract.messages import Alert, DeviceStatus
from hall.contract.rights import codes, role_of
from hall.doctor import findings
from hall.doctor.findings import BusObservation

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
LOST = "tests/hall/test_lost_devices.py::test_a_device_that_does_not_open_is_lost_until_it_works_"
# By the beginning of a row's first cell. Those of the first line read the doctor's line themselves.
PROVOKED = {
    "`offline` ở máy in": f"{LOST}and_nothing_else_is",
    "`bus_down` ở cầu RS-485": f"{LOST}and_nothing_else_is",
    "phiếu không ra, đèn nút nháy chậm": "tests/printer/test_printer_buttons.py::"
    "test_lamps_blink_while_printing_and_flash_at_a_fault",
    "bảng quầy có dấu mờ": "tests/display/test_display_controller.py::"
    "test_a_face_is_marked_while_the_controller_is_not_there",
    "`unit_lost`": "tests/firmware_bridge/test_bridge_service.py::"
    "test_a_lost_unit_is_named_with_its_counter_and_solved_when_it_is_back",
    "“broker từ chối tên": "tests/bus/test_broker_admission.py::"
    "test_a_wrong_password_is_named_with_the_file_it_came_from",
    "“không tin được chứng chỉ": "tests/bus/test_broker_admission.py::"
    "test_a_certificate_that_is_refused_is_told_why",
    "`flood`": "tests/runtime/test_daemon.py::"
    "test_who_floods_is_named_and_unheard_for_a_while_and_nobody_else_is",
    "“Yêu cầu đến quá muộn": "tests/controller/test_controller_admission.py::"
    "test_a_request_whose_turn_comes_too_late_is_told_so_and_not_done",
    "phiếu ghi “giờ chưa xác định”": "tests/printer/test_printer_service.py::"
    "test_an_unsure_clock_leaves_the_time_off_the_paper",
    "kiosk “chưa có số liệu”": "tests/kiosk/screens/test_kiosk_screens.py::"
    "test_unknown_figures_are_words_and_not_zero",
    "số liệu kèm “đang đối chiếu”": "tests/kiosk/screens/test_kiosk_screens.py::"
    "test_figures_that_disagree_are_not_shown_as_fact",
    "`twin`": "tests/faults/test_faults_twins.py::"
    "test_of_two_devices_of_one_name_both_are_named_and_one_goes_on",
    "`journal_restored`": "tests/controller/test_controller_damage.py::"
    "test_what_was_restored_is_said_in_vietnamese",
    "`config_wrong`": "tests/runtime/test_reloading.py::"
    "test_a_role_starts_with_the_last_good_file_and_says_so_until_it_is_mended",
    "`files_unusable`": "tests/printer/test_printer_wiring.py::"
    "test_a_dispenser_whose_logo_is_gone_prints_without_it_and_says_so",
    "dịch vụ dừng, mã thoát 2": "tests/runtime/test_roles.py::"
    "test_a_mistake_in_the_yaml_ends_with_2_and_nothing_was_started",
    "dịch vụ khởi động lại mãi, mã thoát 3": "tests/faults/test_faults_disk.py::"
    "test_a_sync_that_fails_ends_the_process_before_it_says_yes",
    "trang gọi số đòi mã ghép": "tests/counter/door/test_door_pairing.py::"
    "test_an_unpaired_browser_sees_no_page_no_stream_and_cannot_press",
}


def rows() -> list[str]:
    manual = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")
    [table] = re.findall(r"^\| thấy \|.*?\n\n", manual, re.MULTILINE | re.DOTALL)
    return [line.split("|")[1].strip() for line in table.strip().splitlines()[2:]]


def test_every_row_has_the_test_that_provokes_it() -> None:
    told, known = rows(), [*PROVOKED]

    assert [row for row in told if not any(row.startswith(each) for each in known)] == []
    assert [each for each in known if not any(row.startswith(each) for row in told)] == []


@pytest.mark.parametrize("name", sorted({*PROVOKED.values()}))
def test_that_test_is_there(name: str) -> None:
    file, _, test = name.partition("::")

    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("client", ["controller", "printer-1", "kiosk-1", "bridge-1", "voice"])
def test_whatever_a_client_may_raise_is_a_doctor_s_line_of_its_own(client: str) -> None:
    raised = sorted(codes(role_of(client)))
    alerts = {
        f"{client}/{code}": Alert(code=code, text=f"Lỗi {code}.", advice=f"Sửa {code}.", since=NOW)
        for code in raised
    }
    status = DeviceStatus(state="degraded", conn="1", sw="motcua 0.0.0", alerts=tuple(raised))
    heard = BusObservation(NOW, UTC, {client: status}, alerts, {}, (client,))

    told = {line.advice: line for line in findings.devices([client], heard)}

    assert [*told] == [f"Sửa {code}." for code in raised]
    assert not any(line.well for line in told.values())
    assert all(line.since == NOW for line in told.values())
