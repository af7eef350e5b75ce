"""The bridge in a hall: faces reach the units, keys reach the controller, neither goes wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from firmware_bridge.protocols.own_unit import OwnUnit
from firmware_bridge.seats import Sign
from firmware_bridge.settings import KeyAction
from hall.contract.messages import Face, Refusal, Reply
from hall.contract.requests import CallTicket, Identify, Request, Say, Transfer
from hall.contract.topics import FACE

# The `hall` of conftest.py; tests are no package, so its class has no import here.
Hall = Any
HallOf = Callable[..., Any]


def refusal(code: str) -> Callable[[str, Request], Reply]:
    def answer(_: str, request: Request) -> Reply:
        error = Refusal.model_validate({"code": code, "text": "x"})
        return Reply(id=request.id, status="error", error=error)

    return answer


def verbs(hall: Hall) -> list[str]:
    return [verb for verb, _ in hall.asked]


def test_a_face_is_shown_within_a_tenth_of_a_second(hall: Hall) -> None:
    hall.face("A001", call="c1")

    hall.run(0.1)

    assert hall.shown() == "A001"


def test_a_new_call_blinks_three_seconds_and_then_stands(hall: Hall) -> None:
    hall.face("A001", call="c1")
    hall.run(0.1)
    blinking = {
        (hall.run(0.1), hall.wire.units[1].shown(hall.clock.monotonic()))[1] for _ in range(9)
    }
    hall.run(3)
    after = {(hall.run(0.1), hall.wire.units[1].shown(hall.clock.monotonic()))[1] for _ in range(9)}

    assert blinking == {"A001", ""}
    assert after == {"A001"}


def test_a_face_kept_by_the_broker_does_not_blink(hall_of: HallOf) -> None:
    hall = hall_of()
    hall.display.publish(FACE, Face(text="A007", style="steady", call="old"), counter="1")
    hall.daemon.context.bus.drop()
    fresh = hall_of()
    fresh.broker.retained.update(hall.broker.retained)
    fresh.daemon.context.bus.drop()
    fresh.daemon.context.bus.connect()
    fresh.run(0.2)

    assert fresh.shown() == "A007"
    assert fresh.wire.units[1].unit.flags >> 12 == 0


def test_a_face_turned_off_is_blank(hall: Hall) -> None:
    hall.face("A001")
    hall.run(0.1)
    hall.display.publish(FACE, Face(text="A001", style="off"), counter="1")
    hall.run(0.1)

    assert hall.shown() == ""


def test_a_stale_face_keeps_its_number_dimmed_and_blinking_slowly(hall: Hall) -> None:
    hall.display.publish(FACE, Face(text="A001", style="stale"), counter="1")
    hall.run(0.1)

    assert (hall.shown(), hall.wire.units[1].unit.flags >> 8) == ("A001", 0xF3)


def test_a_bridge_without_its_broker_marks_its_numbers_as_old_after_twenty_seconds(
    hall: Hall,
) -> None:
    hall.face("A001")
    hall.run(0.5)
    hall.daemon.context.bus.drop()
    hall.run(19)
    before = hall.wire.units[1].unit.flags >> 8
    hall.run(3)
    after = hall.wire.units[1].unit.flags >> 8
    hall.daemon.context.bus.connect()
    hall.beat()
    hall.run(0.5)

    assert (before, after) == (0, 0xF3)
    assert hall.wire.units[1].unit.flags >> 8 == 0


def test_numbers_of_a_display_daemon_that_is_gone_are_marked_as_old(hall: Hall) -> None:
    hall.face("A001")
    hall.status("display", "lost")
    hall.run(0.2)

    assert hall.wire.units[1].unit.flags >> 8 == 0xF3


def test_a_text_that_does_not_fit_is_never_cut_to_another_number(hall_of: HallOf) -> None:
    hall = hall_of(width=4)
    hall.face("A1234")
    hall.run(0.2)

    assert hall.shown() == "----"
    assert "quầy 1: “A1234”" in hall.alerts()["face_unfit"]

    hall.face("A123")
    hall.run(0.2)

    assert hall.shown() == "A123"
    assert "face_unfit" not in hall.alerts()


def test_a_word_is_spelt_though_its_letters_would_not_do_for_a_number(hall: Hall) -> None:
    hall.display.publish(FACE, Face(text="DONG", style="message"), counter="1")
    hall.run(0.2)

    assert (hall.shown(), hall.alerts()) == ("DONG", {})


def test_a_key_asks_the_controller_once_with_an_id_of_its_own(hall: Hall) -> None:
    hall.press("N")
    hall.run(0.2)
    hall.press("N")
    hall.run(0.2)

    assert verbs(hall) == ["call-next", "call-next"]
    assert len({request.id for _, request in hall.asked}) == 2
    assert {request.counter for _, request in hall.asked} == {"1"}


@pytest.mark.parametrize(
    ("key", "verb"), [("N", "call-next"), ("R", "recall"), ("F", "finish"), ("X", "no-show")]
)
def test_every_key_has_its_verb(hall: Hall, key: str, verb: str) -> None:
    hall.press(key, counter=2)
    hall.run(0.2)

    assert [(v, r.counter) for v, r in hall.asked] == [(verb, "2")]


def test_keys_mean_what_the_yaml_says(hall_of: HallOf) -> None:
    hall = hall_of(keys={"B": KeyAction(do="counter-pause"), "N": KeyAction(do="recall")})
    hall.press("B")
    hall.run(0.2)
    hall.press("N")
    hall.run(0.2)

    assert verbs(hall) == ["counter-pause", "recall"]


def test_a_clerk_feels_a_press_only_after_the_controller_has_answered(hall: Hall) -> None:
    hall.face("A001")
    hall.run(0.2)
    held: list[Request] = []
    hall.answer = lambda _, request: held.append(request)
    hall.press("N")
    hall.run(0.9)
    before = hall.beep()
    hall.answer = lambda _, request: Reply(id=request.id, status="ok", data={})
    hall.run(0.5)

    assert held
    assert before == 0
    assert hall.beep() == Sign.DONE.value


def test_the_beep_travels_with_the_face_that_the_press_brought(hall: Hall) -> None:
    hall.face("A001")
    hall.run(0.2)
    latches = hall.wire.units[1].unit.latches

    def call(_: str, request: Request) -> Reply:
        hall.face("A002", call="c2")
        return Reply(id=request.id, status="ok", data={})

    hall.answer = call
    hall.press("N")
    hall.run(0.5)

    assert (hall.shown(), hall.beep()) == ("A002", Sign.DONE.value)
    assert hall.wire.units[1].unit.latches - latches <= 2


def test_a_refusal_sounds_different_and_leaves_the_number(hall: Hall) -> None:
    hall.face("A001")
    hall.answer = refusal("closed")
    hall.run(0.2)
    hall.press("N")
    hall.run(0.3)

    assert (hall.shown(), hall.beep()) == ("A001", Sign.REFUSED.value)


def test_nobody_waiting_sounds_different_too(hall: Hall) -> None:
    hall.answer = lambda _, request: Reply(id=request.id, status="ok", data={"ticket": None})
    hall.press("N")
    hall.run(0.5)

    assert hall.beep() == Sign.NOBODY.value


def test_a_key_pressed_while_the_wire_was_cut_is_too_late_after_three_seconds(hall: Hall) -> None:
    hall.wire.bus.line.cut = True
    hall.run(1)
    hall.press("N")
    hall.run(3.5)
    hall.wire.bus.line.cut = False
    hall.run(12)

    assert hall.asked == []
    assert hall.beep() == Sign.LATE.value


def test_a_key_pressed_a_second_before_the_wire_came_back_still_counts(hall: Hall) -> None:
    hall.wire.bus.line.cut = True
    hall.run(0.1)
    hall.press("N")
    hall.run(0.3)
    hall.wire.bus.line.cut = False
    hall.run(3)

    assert verbs(hall) == ["call-next"]


def test_no_try_of_a_press_leaves_the_bridge_after_three_seconds(hall: Hall) -> None:
    hall.answer = lambda _, __: None
    hall.press("N")
    hall.run(8)
    tries = len(hall.asked)

    assert len({request.id for _, request in hall.asked}) == 1
    assert tries <= 4
    assert hall.beep() == Sign.REFUSED.value


def test_a_press_while_the_broker_is_away_is_not_acted_on_later(hall: Hall) -> None:
    hall.daemon.context.bus.drop()
    hall.press("N")
    hall.run(4)
    hall.daemon.context.bus.connect()
    hall.run(2)

    assert hall.asked == []


def test_a_press_while_the_controller_is_away_is_refused_at_once(hall: Hall) -> None:
    hall.status("controller", "lost")
    hall.run(0.1)
    hall.press("N")
    hall.run(0.3)

    assert (hall.asked, hall.beep()) == ([], Sign.REFUSED.value)


def test_the_same_key_again_before_the_answer_is_one_act(hall: Hall) -> None:
    hall.answer = lambda _, __: None
    hall.press("N")
    hall.run(0.2)
    hall.press("N")
    hall.run(0.2)

    assert len(hall.asked) == 1


def test_digits_and_the_hash_call_that_number(hall: Hall) -> None:
    for key in "A15#":
        hall.press(key)
        hall.run(0.3)

    ((verb, request),) = hall.asked
    assert verb == "call-ticket"
    assert isinstance(request, CallTicket)
    assert request.number == "A015"


def test_digits_alone_try_the_services_of_the_counter_in_turn(hall: Hall) -> None:
    def only_b(_: str, request: Request) -> Reply:
        if isinstance(request, CallTicket) and request.number == "B015":
            return Reply(id=request.id, status="ok", data={})
        return refusal("unknown")("", request)

    hall.answer = only_b
    for key in "15#":
        hall.press(key)
        hall.run(0.3)

    assert [r.number for _, r in hall.asked] == ["A015", "B015"]
    assert hall.beep() == Sign.DONE.value


def test_every_digit_is_felt_as_it_is_taken(hall: Hall) -> None:
    hall.press("1")
    hall.run(0.3)

    assert (hall.beep(), hall.wire.units[1].unit.flags & 15) == (Sign.TYPED.value, 2)


def test_a_transfer_goes_to_the_counter_that_was_typed(hall: Hall) -> None:
    for key in "5T":
        hall.press(key)
        hall.run(0.3)

    ((_, request),) = hall.asked
    assert isinstance(request, Transfer)
    assert request.to.counter == "5"


def test_a_transfer_to_nowhere_is_refused_on_the_spot(hall: Hall) -> None:
    hall.press("T")
    hall.run(0.3)

    assert (hall.asked, hall.beep()) == ([], Sign.REFUSED.value)


def test_a_keypad_without_a_bus_calls_for_its_counter(hall: Hall) -> None:
    hall.simulate("key", counter="9", key="N")
    hall.run(0.2)

    assert [(v, r.counter) for v, r in hall.asked] == [("call-next", "9")]


def test_a_trainer_presses_a_key(hall: Hall) -> None:
    hall.simulate("key", counter="2", key="R")
    hall.run(0.3)

    assert [(v, r.counter) for v, r in hall.asked] == [("recall", "2")]
    assert hall.answers[-1].status == "ok"


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("key", {"counter": "77", "key": "N"}),
        ("key", {"counter": "1", "key": "NN"}),
        ("explode", {}),
        ("bus-off", {"bus": "x"}),
        ("bus-off", {"bus": 7}),
    ],
)
def test_a_trainer_who_asks_for_nonsense_is_told(
    hall: Hall, action: str, args: dict[str, str | int]
) -> None:
    hall.simulate(action, **args)
    hall.run(0.1)

    assert hall.answers[-1].error.code == "bad_request"


def test_an_unknown_verb_is_refused(hall: Hall) -> None:
    hall.ask("say", Say(id="x1", text="chào"))
    hall.run(0.1)

    assert hall.answers[-1].error.code == "bad_request"


def test_identify_beeps_and_blinks_without_changing_a_number(hall: Hall) -> None:
    hall.face("A001")
    hall.run(0.2)
    hall.ask("identify", Identify(id="i1"))
    hall.run(0.2)

    assert (hall.shown(), hall.beep()) == ("A001", Sign.HERE.value)


def test_a_lost_unit_is_named_with_its_counter_and_solved_when_it_is_back(hall: Hall) -> None:
    hall.simulate("unit-off", counter="2")
    hall.run(5)
    lost = hall.alerts()
    hall.simulate("unit-on", counter="2")
    hall.run(12)

    assert "quầy 2 (bus 1, địa chỉ 2)" in lost["unit_lost"]
    assert hall.alerts() == {}


def test_the_status_carries_what_was_counted_of_every_unit(hall: Hall) -> None:
    hall.simulate("unit-off", counter="2")
    hall.run(31)
    one, two = hall.daemon.context.health.status().units

    assert (one.bus, one.address, one.counter, one.alive) == (1, 1, "1", True)
    assert one.exchanges > 500
    assert one.round_trip_ms > 2
    assert (two.counter, two.alive) == ("2", False)
    assert two.timeouts >= 3
    assert two.seen_at < one.seen_at


def test_the_status_tells_of_a_unit_as_soon_as_the_alert_does(hall: Hall) -> None:
    hall.run(1)
    hall.simulate("unit-off", counter="2")
    hall.run(7)
    lost = [unit.alive for unit in hall.daemon.context.health.status().units]
    hall.simulate("unit-on", counter="2")
    hall.run(12)

    assert lost == [True, False]
    assert [unit.alive for unit in hall.daemon.context.health.status().units] == [True, True]


def test_a_pulled_adapter_is_one_alert_and_comes_back_by_itself(hall: Hall) -> None:
    hall.face("A001")
    hall.simulate("bus-off")
    hall.run(8)
    down = hall.alerts()
    hall.simulate("bus-on")
    hall.run(8)

    assert set(down) == {"bus_down"}
    assert hall.alerts() == {}
    assert hall.shown() == "A001"


def test_a_unit_that_lost_its_power_shows_the_number_again_without_blinking(hall: Hall) -> None:
    hall.face("A001", call="c1")
    hall.run(4)
    hall.simulate("unit-off", counter="1")
    hall.run(0.05)
    hall.simulate("unit-on", counter="1")
    hall.run(1)

    assert hall.shown() == "A001"
    assert hall.wire.units[1].unit.flags >> 12 == 0


@pytest.mark.parametrize("typed", ["*", "AB#", "#", "é"])
def test_what_means_nothing_asks_nothing(hall: Hall, typed: str) -> None:
    for key in typed:
        hall.simulate("key", counter="9", key=key)
        hall.run(0.3)

    assert hall.asked == []


def test_a_star_forgets_what_was_typed(hall: Hall) -> None:
    for key in "1*5#":
        hall.press(key)
        hall.run(0.3)

    assert [request.number for _, request in hall.asked] == ["A005"]


def test_digits_left_alone_for_eight_seconds_are_forgotten(hall: Hall) -> None:
    hall.press("1")
    hall.run(9)
    for key in "5#":
        hall.press(key)
        hall.run(0.3)

    assert [request.number for _, request in hall.asked] == ["A005"]


def test_a_number_of_a_service_the_counter_has_not_is_refused(hall: Hall) -> None:
    for key in "C15#":
        hall.press(key)
        hall.run(0.3)

    assert (hall.asked, hall.beep()) == ([], Sign.REFUSED.value)


def test_a_trainer_may_spoil_the_wire_and_everything_still_arrives(hall: Hall) -> None:
    hall.simulate("faults", bus=1, rate=0.3)
    hall.face("A001")
    hall.run(3)
    hall.press("N")
    hall.run(3)

    assert hall.shown() == "A001"
    assert verbs(hall) == ["call-next"]
    assert hall.wire.bus.line.faults.rate == 0.3


def test_a_face_that_was_taken_away_leaves_the_display_blank(hall: Hall) -> None:
    hall.face("A001")
    hall.run(0.2)
    hall.display.clear(FACE, counter="1")
    hall.run(0.2)

    assert (hall.shown(), hall.daemon.context.health.errors) == ("", 0)


def test_a_wire_s_alert_of_an_earlier_run_stands_until_every_unit_was_asked(
    hall_of: HallOf,
) -> None:
    hall = hall_of(leaving=("unit_lost",), silent=(2,))
    early = set(hall.alerts())
    hall.run(5)
    lost = set(hall.alerts())
    hall.simulate("unit-on", counter="2")
    hall.run(12)

    assert early == {"unit_lost"}
    assert lost == {"unit_lost"}
    assert hall.alerts() == {}


def test_a_bus_s_alert_stands_until_a_unit_has_answered_on_it(hall_of: HallOf) -> None:
    hall = hall_of(leaving=("bus_down",), silent=(1, 2))
    hall.run(5)
    silent = hall.daemon.context.health.alerts["bus_down"]
    hall.simulate("unit-on", counter="2")
    hall.run(12)

    assert silent.text == "Không dùng được bus 1 /dev/hall/bus1: không bộ nào trả lời."
    assert "A–B" in silent.advice
    assert set(hall.alerts()) == {"unit_lost"}


def test_no_unit_of_a_bus_that_is_not_there_is_called_well(hall_of: HallOf) -> None:
    hall = hall_of(silent=(1, 2))
    hall.simulate("bus-off")
    hall.run(10)

    assert hall.alerts()["bus_down"].endswith("không thấy cổng mô phỏng.")
    assert [unit.alive for unit in hall.daemon.context.health.status().units] == [False, False]


def test_displays_that_never_answer_do_not_keep_an_alert_of_an_earlier_run(
    hall_of: HallOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OwnUnit, "hidden", property(lambda _: True))
    hall = hall_of(leaving=("unit_lost",), silent=(1, 2))
    hall.run(3)

    assert hall.alerts() == {}
