"""Appointments as the one-stop software and a citizen with a code meet them on the bus."""

from pathlib import Path
from typing import Any

import pytest

World = Any
CODE = "h38.12-261123-0007"
NINE = "2026-11-23T09:00:00+07:00"


@pytest.fixture
def hall(world: World) -> World:
    """Monday, eight in the morning; service a is booked by quarters of an hour."""
    hours = 'hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]'
    assert hours in world.text
    world.text = world.text.replace(hours, "days_off: [2026-11-24]").replace(
        "prefix: A", "prefix: A, appointments: {slot_min: 15, per_slot: 2, days_ahead: 6}"
    )
    return world.start()


def appoint(hall: World, code: str = CODE, slot: str = NINE, **more: Any) -> Any:
    return hall.ask("appoint", "onestop", code=code, service="a", slot=slot, **more)


def slots(hall: World, first: str = "2026-11-23", days: int = 1, service: str = "a") -> Any:
    reply = hall.ask("slots", "onestop", service=service, **{"from": first}, days=days)
    return reply.data["slots"] if reply.data else reply.error.code


def test_slots_are_those_of_the_calendar(hall: World) -> None:
    today = slots(hall)

    assert today[0] == {"at": "2026-11-23T08:00:00+07:00", "left": 2}
    assert [slot["at"][11:16] for slot in today][13:15] == ["11:15", "13:30"]
    assert today[-1]["at"] == "2026-11-23T16:45:00+07:00"
    assert slots(hall, "2026-11-24") == []
    assert slots(hall, "2026-11-25", 14)[-1]["at"].startswith("2026-11-27")
    assert slots(hall, service="b") == []
    assert slots(hall, service="x") == "unknown"


def test_the_end_of_the_calendar_has_no_slots(hall: World) -> None:
    assert slots(hall, "9999-12-25", 14) == []


def test_in_a_hall_that_never_closes_whatever_is_offered_can_be_booked(world: World) -> None:
    """Before day_start, five in the morning, it is still the day before."""
    plan = "prefix: A, appointments: {slot_min: 60, per_slot: 1, days_ahead: 3}"
    world.text = world.text.replace("prefix: A", plan)
    world.start()
    offered = [slot["at"] for slot in slots(world, "2026-11-24")]

    assert (offered[0][5:16], offered[-1][5:16]) == ("11-24T05:00", "11-25T04:00")
    assert len(offered) == 24
    refused = [at for n, at in enumerate(offered) if appoint(world, f"c-{n}", at).error]
    assert refused == []
    assert slots(world, "2026-11-24") == []


def test_more_slots_than_a_message_holds_are_told_in_part(world: World) -> None:
    world.text = world.text.replace("prefix: A", "prefix: A, appointments: {slot_min: 5}")
    world.start()

    assert len(slots(world, days=14)) == 500


def test_a_booking_says_its_slot_and_place(hall: World) -> None:
    appoint(hall, "other")
    booked = appoint(hall).data

    assert booked == {"code": CODE, "slot": NINE, "service": "a", "place": 1}
    assert next(slot for slot in slots(hall) if slot["at"] > NINE)["at"][11:16] == "09:15"


@pytest.mark.parametrize(
    ("slot", "code"),
    [
        ("2026-11-23T03:00:00+07:00", "expired"),
        ("2026-11-23T12:00:00+07:00", "closed"),
        ("2026-11-23T09:05:00+07:00", "closed"),
        ("2026-11-24T09:00:00+07:00", "closed"),
        ("2026-11-29T09:00:00+07:00", "closed"),
        ("2027-11-23T09:00:00+07:00", "closed"),
        ("2026-11-22T09:00:00+07:00", "expired"),
    ],
)
def test_nobody_is_booked_outside_the_calendar(hall: World, slot: str, code: str) -> None:
    assert appoint(hall, slot=slot).error.code == code


def test_slots_and_people_have_their_limits(hall: World) -> None:
    for number in range(2):
        appoint(hall, f"full-{number}")
    assert appoint(hall).error.code == "limit"
    for minute in (15, 30):
        appoint(hall, f"p-{minute}", f"2026-11-23T09:{minute}:00+07:00", person="6fa1c0")
    refused = appoint(hall, "p-45", "2026-11-23T09:45:00+07:00", person="6fa1c0")

    assert (refused.error.code, refused.error.text) == (
        "limit",
        "Đã đặt đủ số lượt hẹn trong ngày này.",
    )


@pytest.mark.parametrize(
    "number",
    ["034095001234", "034 095 001 234", "012345678", "0912345678", "]C1034095001234"],
)
def test_a_number_that_is_a_persons_is_no_code_of_an_appointment(hall: World, number: str) -> None:
    asked = [
        appoint(hall, number),
        hall.ask("cancel-appointment", "onestop", code=number),
        hall.ask("check-in", "kiosk-1", code=number, channel="kiosk"),
    ]

    assert {reply.error.code for reply in asked} == {"bad_request"}
    assert all("code là số định danh" in reply.error.text for reply in asked)


def test_what_a_cards_qr_holds_is_no_code_either(hall: World) -> None:
    card = "034095001234|012345678|Tran Thi B|01011995|Nu|Ha Noi"

    assert appoint(hall, card).error.code == "bad_request"


@pytest.mark.parametrize("code", ["12345678", "0340950012345", "2611-23-0007", "h034095001234"])
def test_other_codes_of_digits_are_taken(hall: World, code: str) -> None:
    assert appoint(hall, code).status == "ok"


def test_an_identity_number_is_no_opaque_key(hall: World) -> None:
    refused = appoint(hall, person="034095001234").error

    assert (refused.code, "person là số định danh" in refused.text) == ("bad_request", True)


def test_the_quota_a_person_is_over_services_without_a_plan_as_well(hall: World) -> None:
    """Service b is booked by the one-stop side's own plan; it is no way round the quota of a."""
    booked = [
        hall.ask("appoint", "onestop", code=f"q-{n}", service=s, slot=NINE, person="6fa1c0").status
        for n, s in enumerate("ab")
    ]
    refused = hall.ask("appoint", "onestop", code="q-9", service="b", slot=NINE, person="6fa1c0")

    assert booked == ["ok", "ok"]
    assert refused.error.code == "limit"
    other = hall.ask("appoint", "onestop", code="q-9", service="b", slot=NINE, person="77aa")
    assert other.status == "ok"


def test_a_code_is_good_in_any_case(hall: World) -> None:
    appoint(hall, CODE.lower(), "2026-11-23T08:15:00+07:00")
    reply = hall.ask("check-in", "kiosk-1", code=CODE.upper(), channel="kiosk")

    assert reply.data["ticket"]["number"] == "A001"
    assert hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk").error.code == "not_now"


def test_a_scanner_may_name_the_symbology_ahead_of_the_code(hall: World) -> None:
    appoint(hall, slot="2026-11-23T08:15:00+07:00")

    assert hall.ask("check-in", "kiosk-1", code=f"]Q3{CODE}", channel="kiosk").status == "ok"


def test_who_comes_an_hour_early_is_told_to_come_again(hall: World) -> None:
    appoint(hall)
    early = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk").error

    assert early.code == "not_now"
    assert early.text.startswith("Chưa đến giờ hẹn.")


def test_a_slot_that_is_given_back_can_be_had_again(hall: World) -> None:
    appoint(hall, "other"), appoint(hall)
    assert hall.ask("cancel-appointment", "onestop", code=CODE.upper()).data == {}
    types = [event["type"] for event in hall.said("evt/ticket")]

    assert types[-3:] == ["appointed", "appointed", "unbooked"]
    assert appoint(hall, "third").data["place"] == 1
    assert hall.ask("cancel-appointment", "onestop", code=CODE).error.code == "unknown"


def test_tickets_are_kept_for_who_is_booked(hall: World) -> None:
    before = hall.state("state/service/a")["left"]
    appoint(hall)
    hall.issue("b")

    hall.wait(5)
    assert hall.state("state/service/a")["left"] == before - 1
    hall.wait(76 * 60)
    assert hall.state("state/service/a")["left"] == before


def test_a_booking_asked_for_again_is_answered_as_before(hall: World) -> None:
    body = {"id": "b-1", "code": CODE, "service": "a", "slot": NINE}
    for _ in range(2):
        hall.send("appoint", "onestop", body)
    one, other = [reply for reply in hall.said("rsp/onestop") if reply["id"] == "b-1"]

    assert (
        one["data"]
        == other["data"]
        == {
            "code": CODE,
            "slot": NINE,
            "service": "a",
            "place": 0,
        }
    )


def test_no_code_and_no_key_is_kept_or_told_to_others(hall: World, tmp_path: Path) -> None:
    person = "key-of-a-person"
    appoint(hall, slot="2026-11-23T08:15:00+07:00", person=person)
    hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk")
    appoint(hall, CODE + "-2", person=person)
    hall.ask("cancel-appointment", "onestop", code=CODE + "-2")
    hall.ask("check-in", "kiosk-1", code=CODE + "-unknown", channel="kiosk")
    hall.stop()
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()).lower()
    ours = ("/req/", "/rsp/onestop")
    told = b"".join(p for t, p in hall.broker.log if not any(each in t for each in ours)).lower()

    for secret in (CODE.encode(), person.encode()):
        assert secret not in kept
        assert secret not in told


def test_who_comes_too_early_is_told_when_to_come(hall: World) -> None:
    appoint(hall)
    refused = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk").error

    assert refused.current == {
        "slot": NINE,
        "service": "a",
        "from": "2026-11-23T08:45:00+07:00",
    }


def test_who_is_booked_for_the_first_slot_comes_before_the_doors_open(hall: World) -> None:
    appoint(hall, slot="2026-11-23T13:30:00+07:00")
    hall.wait(5.4 * 3600)
    reply = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk")

    assert hall.state("state/hall")["open"] is False
    assert reply.data["promised"] == {"slot": "2026-11-23T13:30:00+07:00", "kept": True}


def test_who_has_the_ticket_already_is_told_its_number(hall: World) -> None:
    appoint(hall, slot="2026-11-23T08:15:00+07:00")
    hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk")
    refused = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk").error

    assert refused.current["ticket"]["number"] == "A001"


def test_an_appointment_of_another_day_names_it(hall: World) -> None:
    appoint(hall, slot="2026-11-25T09:00:00+07:00")
    refused = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk").error

    assert refused.current["slot"] == "2026-11-25T09:00:00+07:00"


@pytest.mark.parametrize(("minutes", "kept"), [(30, True), (31, False)])
def test_the_ticket_says_whether_the_promised_turn_is_kept(
    hall: World, minutes: int, *, kept: bool
) -> None:
    appoint(hall, slot="2026-11-23T08:15:00+07:00")
    hall.wait(minutes * 60)
    reply = hall.ask("check-in", "kiosk-1", code=CODE, channel="kiosk")

    assert reply.data["promised"] == {"slot": "2026-11-23T08:15:00+07:00", "kept": kept}


def test_nobody_is_booked_while_no_tickets_will_be_given(hall: World) -> None:
    hall.ask("hall-close", at="2026-11-23T09:00:00+07:00")

    assert [slot["at"][11:16] for slot in slots(hall)][3:5] == ["08:45", "13:30"]
    assert appoint(hall).error.code == "closed"
    assert appoint(hall, slot="2026-11-23T13:30:00+07:00").status == "ok"


def test_a_service_closed_for_today_is_booked_for_another_day_alone(hall: World) -> None:
    hall.ask("service-close", service="a")

    assert slots(hall) == []
    assert appoint(hall).error.code == "closed"
    assert appoint(hall, slot="2026-11-25T09:00:00+07:00").status == "ok"
