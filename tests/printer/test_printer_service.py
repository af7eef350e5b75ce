"""What a citizen, a kiosk and the staff see of the dispenser."""

from dataclasses import replace
from typing import Any

import pytest
from earlier_run import leave_alert

from hall.contract.requests import Identify, Reprint, Simulate
from hall.contract.requests import TestPrint as PrintTestPage
from hall.contract.topics import DEV_STATUS
from hall.runtime.attachments import input_box
from hall.runtime.causes import cause_of
from hall.runtime.devices import DeviceLost, DeviceWell
from hall.runtime.limits import Limits
from printer.ports import ButtonFoundDown, ButtonPressed, ButtonReleased, Lost
from printer.simulator.machine import Make


def test_a_press_becomes_a_number_a_paper_and_a_result(dispenser: Any) -> None:
    dispenser.daemon.context.inbox.post(ButtonPressed("ho-tich"))

    dispenser.until(lambda: dispenser.results == [("t1", "printed")])

    assert len(dispenser.sheets) == 1
    assert dispenser.album == ["A001"]


def test_a_kiosk_is_answered_as_soon_as_the_number_is_known(dispenser: Any) -> None:
    dispenser.bench.change(stalled=True)

    reply = dispenser.answer(dispenser.dispense("dat-dai", priority="uu-tien"))

    assert reply.status == "ok"
    assert reply.data["ticket"]["number"] == "A001"
    assert dispenser.sheets == []


def test_a_retry_with_the_same_id_gets_the_same_ticket_and_no_second_paper(
    dispenser: Any,
) -> None:
    dispenser.dispense(id="once")
    dispenser.until(lambda: dispenser.results)
    first = dispenser.replies.pop("once")

    dispenser.dispense(id="once")

    assert dispenser.answer("once").data == first.data
    assert dispenser.controller.questions == 1
    assert len(dispenser.sheets) == 1


def test_a_retry_after_a_restart_gets_the_same_ticket_and_no_second_paper(dispenser: Any) -> None:
    dispenser.dispense(id="once")
    dispenser.until(lambda: dispenser.results)
    first = dispenser.replies.pop("once")
    dispenser.stop()
    dispenser.start().ready()

    dispenser.dispense(id="once")

    assert dispenser.answer("once").data == first.data
    assert len(dispenser.sheets) == 1


def test_an_awaited_id_for_another_service_is_refused(dispenser: Any) -> None:
    """While the number has not come the second wish would otherwise be left without a word."""
    dispenser.controller.silent = True
    dispenser.dispense("ho-tich", id="once")

    reply = dispenser.answer(dispenser.dispense("dat-dai", id="once"))

    assert reply.error.code == "id_reused"


def test_the_same_id_for_another_service_is_refused(dispenser: Any) -> None:
    dispenser.answer(dispenser.dispense("ho-tich", id="once"))
    del dispenser.replies["once"]

    reply = dispenser.answer(dispenser.dispense("dat-dai", id="once"))

    assert reply.error.code == "id_reused"


@pytest.mark.parametrize(
    ("mishap", "mend", "alert", "words"),
    [
        ("paper-out", "paper-in", "paper_out", "hết giấy"),
        ("cover-open", "cover-close", "cover_open", "Nắp"),
        ("cutter-jam", "cutter-free", "cutter_error", "Dao cắt"),
        ("offline", "online", "offline", "ngừng"),
        ("power-off", "power-on", "offline", "Không thấy máy in"),
    ],
)
def test_a_fault_burns_no_number_and_says_why(
    dispenser: Any, mishap: str, mend: str, alert: str, words: str
) -> None:
    dispenser.simulate(mishap)
    dispenser.until(lambda: alert in dispenser.alerts)
    if mishap == "power-off":
        dispenser.until(lambda: "Không thấy" in _alert_text(dispenser, alert))

    reply = dispenser.answer(dispenser.dispense())

    assert reply.error.code == "unavailable"
    assert words in reply.error.text
    assert dispenser.controller.questions == 0
    dispenser.simulate(mend)
    dispenser.until(lambda: alert not in dispenser.alerts)
    dispenser.ready()
    assert dispenser.answer(dispenser.dispense()).status == "ok"


def _alert_text(dispenser: Any, code: str) -> str:
    return str(dispenser.daemon.context.health.alerts[code].text)


def clone_without_order(hall: Any) -> Any:
    """It answers when asked how it is, and to nothing else."""
    hall.make = Make(in_order=False, process_id=False, identifies=False, asb=False, buffer=1 << 20)
    hall.with_printer().bench.start()
    return hall.start().ready()


def test_a_clone_that_only_says_how_it_is_prints_and_is_believed(hall: Any) -> None:
    clone_without_order(hall)

    for n in (1, 2):
        hall.dispense()
        hall.until(lambda n=n: len(hall.results) == n)

    assert hall.results == [("t1", "printed"), ("t2", "printed")]
    assert len(hall.sheets) == 2


def test_a_clone_that_only_says_how_it_is_holds_a_paper_as_well(hall: Any) -> None:
    hall.speed = 100.0
    clone_without_order(hall)
    hall.dispense()
    hall.until(lambda: hall.service._line._session._running is not None)
    hall.bench.change(paper_out=True)
    hall.until(lambda: "paper_out" in hall.alerts)
    assert hall.results == []

    hall.bench.new_roll()

    hall.until(lambda: hall.results == [("t1", "printed")])
    assert len([sheet for sheet in hall.sheets if not sheet.blank]) == 1


def test_a_printer_that_is_long_in_getting_ready_is_not_called_fine(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printer.watch.TARDY_S", 0.3)
    hall.make = Make(in_order=False)
    hall.with_printer().bench.start()
    hall.start()
    hall.until(lambda: "offline" in hall.alerts)
    assert "đã lâu" in _alert_text(hall, "offline")

    hall.bench.do_order(
        lambda machine, _now: setattr(machine, "make", replace(machine.make, in_order=True))
    )

    hall.ready()
    hall.until(lambda: not hall.alerts)


def test_a_printer_that_starts_in_its_time_is_no_alert(dispenser: Any) -> None:
    assert not dispenser.alerts
    assert not dispenser.daemon.context.health.alerts


def test_a_line_that_breaks_in_many_words_is_one_loss(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Closed and reset in turns, as by a host that is no printer."""
    hall.driver = FickleDriver()
    hall.start()

    hall.until(lambda: hall.driver.tries > 5)

    assert caplog.text.count("printer away") == 1


class FickleDriver:
    bytes_a_second, chunk, tries = 1e6, 4096, 0

    def open(self) -> Any:
        self.tries += 1
        raise Lost(f"lần {self.tries}")


def test_paper_low_warns_and_goes_on_printing(dispenser: Any) -> None:
    dispenser.simulate("paper-low")
    dispenser.until(lambda: "paper_low" in dispenser.alerts)

    assert dispenser.answer(dispenser.dispense()).status == "ok"
    dispenser.until(lambda: dispenser.results == [("t1", "printed")])


def test_without_a_sensor_the_tickets_of_a_roll_are_counted(hall: Any) -> None:
    hall.roll_tickets = 4
    hall.with_printer().bench.start()
    hall.start().ready()
    for n in (1, 2):
        assert "paper_low" not in hall.alerts
        hall.dispense()
        hall.until(lambda n=n: len(hall.results) == n)

    hall.until(lambda: "paper_low" in hall.alerts)

    hall.simulate("paper-out")
    hall.until(lambda: "paper_out" in hall.alerts)
    hall.simulate("paper-in")
    hall.until(lambda: not hall.alerts)


def test_a_refusal_of_the_controller_reaches_the_kiosk_in_its_own_words(dispenser: Any) -> None:
    dispenser.controller.refusal = "Hết giờ nhận hồ sơ."

    reply = dispenser.answer(dispenser.dispense())

    assert (reply.error.code, reply.error.text) == ("closed", "Hết giờ nhận hồ sơ.")


def test_an_unknown_service_is_refused_without_asking(dispenser: Any) -> None:
    assert dispenser.answer(dispenser.dispense("khong-co")).error.code == "unknown"
    assert dispenser.controller.questions == 0


def test_a_dispenser_cut_off_from_the_broker_prints_nothing(dispenser: Any) -> None:
    dispenser.daemon.context.bus.drop()
    dispenser.daemon.context.inbox.post(ButtonPressed("ho-tich"))
    dispenser.until(lambda: dispenser.service._lamp.value == "fault")

    dispenser.daemon.context.bus.connect()
    dispenser.until(lambda: dispenser.service._lamp.value == "ready")

    assert dispenser.sheets == []


def test_bounces_and_impatient_fingers_get_one_ticket(dispenser: Any) -> None:
    for _ in range(6):
        dispenser.daemon.context.inbox.post(ButtonPressed("ho-tich"))
        dispenser.daemon.context.inbox.post(ButtonReleased("ho-tich"))

    dispenser.until(lambda: dispenser.results)
    dispenser.until(lambda: not dispenser.service._printing.busy)

    assert len(dispenser.sheets) == 1


def test_an_unsure_clock_leaves_the_time_off_the_paper(dispenser: Any) -> None:
    dispenser.controller.beat("unsure")
    dispenser.until(lambda: dispenser.service._clock_unsure)

    dispenser.dispense()
    dispenser.until(lambda: dispenser.results)

    stored = dispenser.service._store.of_ticket("t1")[0]
    assert dispenser.service._composers.raster.content(stored).issued_at is None


def test_staff_may_reprint_the_same_number_labelled(dispenser: Any) -> None:
    dispenser.dispense()
    dispenser.until(lambda: dispenser.results)

    dispenser.ask("reprint", Reprint(id="r1"))

    dispenser.until(lambda: len(dispenser.sheets) == 2)
    assert dispenser.controller.questions == 1
    assert dispenser.sheets[1].image.height > dispenser.sheets[0].image.height


def test_a_reprint_asked_twice_under_one_id_is_one_paper(dispenser: Any) -> None:
    dispenser.dispense()
    dispenser.until(lambda: dispenser.results)
    dispenser.ask("reprint", Reprint(id="r1"))
    dispenser.until(lambda: len(dispenser.sheets) == 2)
    del dispenser.replies["r1"]

    assert dispenser.answer(dispenser.ask("reprint", Reprint(id="r1"))).status == "ok"

    dispenser.ask("reprint", Reprint(id="r2"))
    dispenser.until(lambda: len(dispenser.sheets) >= 3)
    dispenser.until(lambda: not dispenser.service._printing.busy)
    assert len(dispenser.sheets) == 3


def test_a_restart_puts_nothing_on_paper_again(dispenser: Any) -> None:
    """A reprint is known by its id, a number by its ticket: the queue gives the same one again."""
    first = dispenser.answer(dispenser.dispense(id="number"))
    dispenser.until(lambda: dispenser.results)
    dispenser.ask("reprint", Reprint(id="r1"))
    dispenser.until(lambda: len(dispenser.sheets) == 2)
    dispenser.until(lambda: not dispenser.service._printing.busy)
    dispenser.stop()
    dispenser.start().ready()
    dispenser.replies.clear()

    again = dispenser.answer(dispenser.dispense(id="number"))
    reprint = dispenser.answer(dispenser.ask("reprint", Reprint(id="r1")))

    assert (again.data, reprint.status) == (first.data, "ok")
    dispenser.ask("reprint", Reprint(id="r2"))
    dispenser.until(lambda: len(dispenser.sheets) >= 3)
    dispenser.until(lambda: not dispenser.service._printing.busy)
    assert len(dispenser.sheets) == 3


def test_an_id_of_a_number_is_not_taken_for_a_reprint_nor_the_other_way(dispenser: Any) -> None:
    dispenser.answer(dispenser.dispense(id="number"))
    dispenser.until(lambda: dispenser.results)
    dispenser.answer(dispenser.ask("test-print", PrintTestPage(id="page")))
    del dispenser.replies["number"], dispenser.replies["page"]

    for_paper = dispenser.answer(dispenser.ask("reprint", Reprint(id="number")))
    for_number = dispenser.answer(dispenser.dispense(id="page"))

    assert for_paper.error.code == "id_reused"
    assert for_number.error.code == "id_reused"


def test_a_paper_that_was_never_printed_here_cannot_be_reprinted(dispenser: Any) -> None:
    assert dispenser.answer(dispenser.ask("reprint", Reprint(id="r1"))).error.code == "unknown"


@pytest.mark.parametrize(
    ("verb", "request_", "name"),
    [("test-print", PrintTestPage(id="p"), "trang-thu"), ("identify", Identify(id="p"), "ten-may")],
)
def test_a_technician_gets_a_page_that_is_no_ticket(
    dispenser: Any, verb: str, request_: Any, name: str
) -> None:
    assert dispenser.answer(dispenser.ask(verb, request_)).status == "ok"

    dispenser.until(lambda: dispenser.album == [name])

    assert dispenser.results == []


def test_only_a_simulated_printer_may_be_steered(dispenser: Any) -> None:
    dispenser.service._steering = None

    reply = dispenser.answer_as_tech(Simulate(id="x", action="paper-out"))

    assert reply.error.code == "bad_request"


def test_what_nobody_can_do_to_a_printer_is_refused(dispenser: Any) -> None:
    reply = dispenser.answer_as_tech(Simulate(id="x", action="set-on-fire"))

    assert reply.error.code == "bad_request"


def test_a_simulated_press_goes_the_way_of_a_real_one(dispenser: Any) -> None:
    dispenser.simulate("press", service="dat-dai")

    dispenser.until(lambda: dispenser.results == [("t1", "printed")])


def test_a_stuck_button_is_an_alert_and_not_a_roll_of_tickets(dispenser: Any) -> None:
    dispenser.daemon.context.inbox.post(ButtonPressed("ho-tich"))
    dispenser.until(lambda: dispenser.results)

    later = dispenser.daemon.context.clock.monotonic() + 11
    dispenser.service.tick(later)

    assert "button_stuck" in dispenser.alerts
    assert len(dispenser.sheets) == 1


def test_a_lost_button_box_is_an_alert_until_it_is_back(dispenser: Any) -> None:
    box = input_box("buttons_lost", "hộp nút bấm", "/dev/input/box")
    dispenser.daemon.context.inbox.post(DeviceLost(box, cause_of(FileNotFoundError(2, "no file"))))
    dispenser.until(lambda: "buttons_lost" in dispenser.alerts)

    dispenser.daemon.context.inbox.post(DeviceWell(box))

    dispenser.until(lambda: not dispenser.alerts)


def test_a_button_found_down_gets_no_ticket(dispenser: Any) -> None:
    dispenser.daemon.context.inbox.post(ButtonFoundDown("ho-tich"))
    dispenser.daemon.context.inbox.post(ButtonReleased("ho-tich"))
    dispenser.daemon.context.inbox.post(ButtonPressed("dat-dai"))
    dispenser.turn()
    dispenser.turn()
    dispenser.turn()

    assert dispenser.controller.questions == 0


def test_a_press_for_a_service_that_is_not_there_is_refused(dispenser: Any) -> None:
    reply = dispenser.answer_as_tech(Simulate(id="x", action="press", args={"service": "khong"}))

    assert reply.error.code == "unknown"


def test_a_voided_ticket_is_never_reprinted(hall: Any) -> None:
    hall.wait_s = 0.2
    hall.with_printer().bench.start()
    hall.start().ready()
    hall.controller.silent = True
    hall.dispense()
    hall.until(lambda: hall.controller.questions)
    hall.bench.change(cover_open=True)
    hall.until(lambda: "cover_open" in hall.alerts)
    hall.controller.silent = False
    hall.until(lambda: hall.results == [("t1", "failed")])

    reply = hall.answer(hall.ask("reprint", Reprint(id="r", ticket="t1")))

    assert reply.error.code == "not_now"


def test_a_test_page_is_refused_while_nothing_can_be_printed(dispenser: Any) -> None:
    dispenser.simulate("paper-out")
    dispenser.until(lambda: "paper_out" in dispenser.alerts)

    reply = dispenser.answer(dispenser.ask("test-print", PrintTestPage(id="p")))

    assert reply.error.code == "unavailable"


def test_a_dispenser_is_not_called_ready_before_a_ticket_can_be_had(hall: Any) -> None:
    hall.with_printer().bench.change(mute=True)
    hall.bench.start()
    status = DEV_STATUS.topic("thu", client="printer-1")
    hall.start()
    hall.until(lambda: status in hall.broker.retained)

    assert b'"init"' in hall.broker.retained[status]
    hall.bench.change(mute=False)
    hall.ready()
    hall.until(lambda: b'"ready"' in hall.broker.retained[status])

    assert hall.answer(hall.dispense()).status == "ok"


def test_a_kiosk_is_answered_within_five_seconds_when_the_controller_is_not_there(
    dispenser: Any,
) -> None:
    dispenser.controller.silent = True
    wishes = dispenser.service._dispensing
    request = dispenser.dispense()
    dispenser.until(lambda: request in wishes._due)
    begun = dispenser.daemon.context.clock.monotonic()

    assert wishes._due[request] - begun < 5.0
    assert wishes.tick(begun + 5.0) is None
    dispenser.until(lambda: request in dispenser.replies)

    assert dispenser.replies[request].error.code == "unavailable"


def test_a_button_gets_its_number_while_a_kiosk_waits_for_the_same_service(dispenser: Any) -> None:
    dispenser.controller.silent = True
    dispenser.dispense()
    dispenser.until(lambda: dispenser.service._dispensing._wishes)
    dispenser.simulate("press", service="ho-tich")

    dispenser.until(lambda: len(dispenser.service._dispensing._wishes) == 2)


def test_a_refusal_of_our_own_mistake_is_not_laid_at_the_kiosks_door(dispenser: Any) -> None:
    dispenser.controller.refusal = "Yêu cầu không đúng mẫu."
    dispenser.controller.code = "bad_request"

    assert dispenser.answer(dispenser.dispense()).error.code == "internal"


def test_a_number_that_comes_when_nobody_waits_any_more_is_given_back(dispenser: Any) -> None:
    """A controller that was stopped for a while answers what was asked before."""
    dispenser.controller.silent = True
    request = dispenser.dispense()
    dispenser.until(lambda: dispenser.controller.questions)
    dispenser.service._dispensing.tick(dispenser.daemon.context.clock.monotonic() + 5.0)

    dispenser.controller.silent = False
    dispenser.until(lambda: dispenser.results == [("t1", "failed")])

    assert dispenser.answer(request).error.code == "unavailable"
    assert dispenser.answer(dispenser.dispense()).data["ticket"]["number"] == "A002"
    dispenser.until(lambda: ("t2", "printed") in dispenser.results)
    assert len([sheet for sheet in dispenser.sheets if not sheet.blank]) == 1
    assert not any(number == "A001" and stage != "failed" for number, stage in dispenser.lasting())


def test_a_fault_of_an_earlier_run_stands_until_the_printer_has_answered(hall: Any) -> None:
    for code in ("paper_out", "cover_open", "offline"):
        leave_alert(hall.broker, "thu", "printer-1", code)
    hall.with_printer()
    hall.start()
    hall.until(lambda: hall.service._watch._condition.down is not None)
    assert hall.alerts == {"paper_out", "cover_open", "offline"}

    hall.bench.change(paper_out=True)
    hall.bench.start()

    hall.until(lambda: hall.alerts == {"paper_out"})
    assert "hết giấy" in _alert_text(hall, "paper_out")


def test_a_fault_that_ended_while_the_daemon_was_down_is_withdrawn(dispenser: Any) -> None:
    dispenser.bench.change(paper_out=True)
    dispenser.until(lambda: "paper_out" in dispenser.alerts)
    dispenser.stop()
    assert dispenser.alerts == {"paper_out"}

    dispenser.bench.new_roll()
    dispenser.start()

    dispenser.until(lambda: not dispenser.alerts)
    assert dispenser.service._watch.takes_jobs


# --- who has an appointment ---------------------------------------------------------------------


def test_who_shows_the_code_of_an_appointment_gets_a_paper_like_anybody(dispenser: Any) -> None:
    reply = dispenser.answer(dispenser.check_in())
    dispenser.until(lambda: dispenser.results == [("t1", "printed")])

    assert reply.data["ticket"]["number"] == "A001"
    assert len(dispenser.sheets) == 1


def test_who_comes_too_early_hears_from_the_queue_when_to_come(dispenser: Any) -> None:
    dispenser.controller.early = {"from": "2026-11-23T08:45:00+07:00"}
    refused = dispenser.answer(dispenser.check_in()).error

    assert (refused.code, refused.text) == ("not_now", "Chưa đến giờ hẹn.")
    assert refused.current == dispenser.controller.early
    assert dispenser.sheets == []


def test_an_appointment_keeps_its_code_while_there_is_no_paper(dispenser: Any) -> None:
    dispenser.bench.change(paper_out=True)
    dispenser.until(lambda: "paper_out" in dispenser.alerts)

    assert dispenser.answer(dispenser.check_in()).error.code == "unavailable"
    assert dispenser.controller.questions == 0


def test_no_code_of_an_appointment_is_logged_or_written(
    dispenser: Any, tmp_path: Any, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    dispenser.answer(dispenser.check_in("H38-secret"))
    dispenser.controller.early = {}
    dispenser.answer(dispenser.check_in("H38-secret"))
    dispenser.stop()

    kept = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"H38-secret" not in kept
    assert "H38-secret" not in caplog.text


def test_a_kiosk_that_asks_for_too_many_tickets_uses_up_no_paper(hall: Any) -> None:
    hall.tickets = Limits(0.001, 3)
    dispenser = hall.with_printer()
    dispenser.bench.start()
    dispenser.start().ready()
    asked = [dispenser.dispense() for _ in range(5)]
    again = dispenser.dispense(id=asked[0])
    codes = [dispenser.answer(each).error for each in (*asked, again)]

    assert [each.code if each else "ok" for each in codes] == ["ok"] * 3 + ["limit"] * 2 + ["ok"]
    dispenser.daemon.context.inbox.post(ButtonPressed("ho-tich"))
    dispenser.until(lambda: len(dispenser.sheets) == 4)


# --- codes of appointments, before a scanner at the dispenser ---


def test_a_code_before_the_scanner_is_printed_as_a_number(dispenser: Any) -> None:
    dispenser.scanner.show_code("HEN-4711\r")
    dispenser.until(lambda: dispenser.results)

    assert dispenser.results == [("t1", "printed")]
    assert len(dispenser.sheets) == 1


def test_a_code_left_before_the_scanner_is_one_number(dispenser: Any) -> None:
    for _ in range(5):
        dispenser.scanner.show_code("HEN-4711")
    dispenser.until(lambda: dispenser.results)

    assert dispenser.controller.questions == 1


def test_a_code_that_brings_no_number_is_told_why_on_paper(dispenser: Any) -> None:
    dispenser.controller.early = {
        "slot": "2026-11-23T09:00:00+07:00",
        "service": "ho-tich",
        "from": "2026-11-23T08:45:00+07:00",
    }

    dispenser.scanner.show_code("HEN-4711")
    dispenser.until(lambda: dispenser.album)

    assert dispenser.album == ["chua-lay-duoc-so"]
    assert dispenser.results == []


def test_what_is_no_code_at_all_is_told_so_and_sent_to_nobody(dispenser: Any) -> None:
    dispenser.scanner.show_code("https://hoi-truong.example/" + "x" * 60)
    dispenser.until(lambda: dispenser.album)

    assert dispenser.album == ["chua-lay-duoc-so"]
    assert dispenser.controller.questions == 0


def test_a_card_before_the_scanner_is_not_sent_to_anybody(dispenser: Any) -> None:
    dispenser.scanner.show_code("034095001234|012345678|Trần Thị B|01011995|Nữ|Hà Nội|02032021")
    dispenser.until(lambda: dispenser.sheets)

    assert dispenser.controller.questions == 0
    assert not [topic for topic, _ in dispenser.broker.log if "check-in" in topic]


def test_a_scanner_that_is_pulled_out_is_told_and_the_buttons_go_on(dispenser: Any) -> None:
    dispenser.scanner.unplug()
    dispenser.until(lambda: "scanner_offline" in dispenser.alerts)
    dispenser.dispense()
    dispenser.until(lambda: dispenser.results)
    dispenser.scanner.plug()

    dispenser.until(lambda: "scanner_offline" not in dispenser.alerts)
