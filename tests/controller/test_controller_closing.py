"""A person stops new tickets: whoever waits is still called, and everybody is told."""

from typing import Any

import pytest

World = Any
DAYTIME = """
version: 1
hall: {id: thu, name: Thử, hours: ["07:30-11:30", "13:30-17:00"], days: [mon, tue, wed, thu, fri]}
services: [{id: a, name: Hộ tịch, prefix: A, last: 499}, {id: b, name: Đất đai, prefix: B, last: 499}]
counters: [{id: "1", serves: [a]}, {id: "3", serves: [a, b]}]
"""  # noqa: E501


def press(hall: World, service: str = "a") -> Any:
    return hall.ask("issue", service=service, channel="button")


@pytest.fixture
def daytime(world: World) -> World:
    """A hall with a midday break; it is Monday, 08:00."""
    world.text = DAYTIME
    return world.start()


# --- a service ----------------------------------------------------------------------------------


def test_a_service_closed_by_a_person_gives_no_tickets_and_calls_who_waits(hall: World) -> None:
    hall.issue()

    reply = hall.ask("service-close", "counters", service="a", reason="cán bộ đi họp")

    assert reply.data["service"]["open"] is False
    assert hall.state("state/service/a")["open"] is False
    assert press(hall).error.code == "closed"
    assert "vẫn được gọi" in press(hall).error.text
    assert press(hall, "b").status == "ok"
    assert hall.call("1") == "A001"


def test_it_is_opened_again(hall: World) -> None:
    hall.ask("service-close", service="a")
    reply = hall.ask("service-open", "counters", service="a")

    assert reply.data["service"]["open"] is True
    assert hall.issue() == "A001"


def test_the_stream_says_which_service_and_why(hall: World) -> None:
    hall.ask("service-close", service="a", reason="mất mạng")
    hall.ask("service-open", service="a")

    closed, opened = hall.said("evt/ticket")[-2:]
    assert (closed["type"], closed["service"], closed["cause"], closed["ticket"]) == (
        "service_closed",
        "a",
        "mất mạng",
        None,
    )
    assert (opened["type"], opened["service"]) == ("service_opened", "a")


@pytest.mark.parametrize("verb", ["service-close", "service-open"])
def test_what_is_so_already_is_no_event(hall: World, verb: str) -> None:
    if verb == "service-close":
        hall.ask(verb, service="a")
    seq = hall.books.hall.seq

    assert hall.ask(verb, service="a").status == "ok"
    assert hall.books.hall.seq == seq


def test_a_service_that_does_not_exist_is_unknown(hall: World, refusal: Any) -> None:
    assert refusal(hall.ask("service-close", service="x")) == "unknown"


def test_the_next_day_begins_with_every_service(hall: World) -> None:
    hall.ask("service-close", service="a")
    hall.wait(24 * 3600)

    assert hall.issue() == "A001"


def test_a_promised_slot_is_honoured_by_a_closed_service(hall: World) -> None:
    slot = "2026-11-23T08:30:00+07:00"
    hall.ask("appoint", "onestop", code="H38-1", service="a", slot=slot)
    hall.ask("service-close", service="a")

    assert hall.ask("check-in", "kiosk-1", code="H38-1", channel="kiosk").status == "ok"


@pytest.mark.parametrize("client", ["onestop", "bridge-1", "kiosk-1", "printer-1"])
@pytest.mark.parametrize("verb", ["service-close", "service-open", "hall-close"])
def test_only_staff_and_technicians_close(
    hall: World, refusal: Any, verb: str, client: str
) -> None:
    body = {"at": "2026-11-23T09:00:00+07:00"} if verb == "hall-close" else {"service": "a"}

    assert refusal(hall.ask(verb, client, **body)) == "unauthorized"


def test_before_the_first_press_of_a_day_nothing_of_yesterday_keeps_people_from_asking(
    world: World,
) -> None:
    world.text = DAYTIME.replace("prefix: B,", "prefix: B, quota: 1,")
    daytime = world.start()
    daytime.ask("service-close", service="a")
    assert press(daytime, "b").status == "ok"
    daytime.clock.is_trusted = False
    daytime.ask("hall-close", at="2026-11-23T09:00:00+07:00", notice="Mất điện.")
    daytime.clock.is_trusted = True
    assert [daytime.state(f"state/service/{s}")["open"] for s in "ab"] == [False, False]
    daytime.wait(24 * 3600)

    assert [daytime.state(f"state/service/{s}")["open"] for s in "ab"] == [True, True]
    assert daytime.state("state/service/b")["left"] == 1
    assert closed_by(daytime) == (True, None)
    assert daytime.state("state/hall")["notice"] is None
    assert press(daytime, "b").status == "ok"


# --- the hall -----------------------------------------------------------------------------------


def test_a_hall_gives_no_tickets_from_the_hour_that_was_ordered(daytime: World) -> None:
    notice = "Hôm nay ngừng cấp số lúc 10:00."
    reply = daytime.ask("hall-close", at="2026-11-23T10:00:00+07:00", notice=notice)

    assert reply.data["hall"]["notice"] == notice
    assert daytime.state("state/hall")["notice"] == notice
    assert daytime.issue() == "A001"
    daytime.wait(2 * 3600)
    assert press(daytime).error.code == "closed"
    assert [daytime.state(f"state/service/{s}")["open"] for s in "ab"] == [False, False]
    assert daytime.call("1") == "A001"


def closed_by(hall: World) -> tuple[bool, str | None]:
    state = hall.state("state/hall")
    return state["open"], state["closed_by"]


def test_a_hall_that_gives_no_tickets_is_not_open_and_says_why(daytime: World) -> None:
    daytime.ask("hall-close", at="2026-11-23T10:00:00+07:00")
    assert closed_by(daytime) == (True, None)
    daytime.wait(2 * 3600)
    assert closed_by(daytime) == (False, "order")
    daytime.wait(2 * 3600)
    assert closed_by(daytime) == (False, "hours")
    daytime.wait(1.6 * 3600)

    assert closed_by(daytime) == (True, None)


def test_it_opens_again_with_the_next_opening_and_the_notice_is_gone(daytime: World) -> None:
    daytime.ask("hall-close", at="2026-11-23T10:00:00+07:00", notice="Nghỉ họp.")
    daytime.wait(5.6 * 3600)

    assert daytime.state("state/hall")["notice"] is None
    assert daytime.state("state/service/a")["open"] is True
    assert daytime.issue() == "A001"


def test_a_booked_person_gets_no_ticket_either(daytime: World, refusal: Any) -> None:
    slot = "2026-11-23T08:30:00+07:00"
    daytime.ask("appoint", "onestop", code="H38-1", service="a", slot=slot)
    daytime.ask("hall-close", at="2026-11-23T08:00:00+07:00")

    assert refusal(daytime.ask("check-in", "kiosk-1", code="H38-1", channel="kiosk")) == "closed"


def test_a_hall_closed_by_a_person_says_when_tickets_are_given_again(daytime: World) -> None:
    daytime.ask("hall-close", at="2026-11-23T10:00:00+07:00")
    assert daytime.state("state/hall")["opens_next"] is None
    daytime.wait(2 * 3600)
    assert daytime.state("state/hall")["opens_next"] == "2026-11-23T13:30:00+07:00"
    daytime.wait(2 * 3600)
    assert daytime.state("state/hall")["open"] is False
    assert daytime.state("state/hall")["opens_next"] == "2026-11-23T13:30:00+07:00"
    daytime.wait(1.6 * 3600)

    assert daytime.state("state/hall")["opens_next"] is None


def test_an_hour_that_has_passed_means_now(daytime: World, refusal: Any) -> None:
    daytime.ask("hall-close", at="2026-11-23T07:45:00+07:00")

    assert refusal(press(daytime)) == "closed"


def test_the_later_order_holds(daytime: World) -> None:
    daytime.ask("hall-close", at="2026-11-23T08:00:00+07:00", notice="Nhầm.")
    daytime.ask("hall-close", at="2026-11-23T16:00:00+07:00")

    assert daytime.state("state/hall")["notice"] is None
    assert daytime.issue() == "A001"


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-24"])
def test_another_day_is_refused(daytime: World, refusal: Any, day: str) -> None:
    assert refusal(daytime.ask("hall-close", at=f"{day}T10:00:00+07:00")) == "bad_request"


def test_with_an_unsure_clock_it_holds_at_once_and_all_day(daytime: World, refusal: Any) -> None:
    daytime.clock.is_trusted = False
    daytime.ask("hall-close", at="2026-11-23T16:00:00+07:00", notice="Nghỉ.")

    assert refusal(press(daytime)) == "closed"
    assert closed_by(daytime) == (False, "order")
    assert daytime.state("state/hall")["notice"] == "Nghỉ."


def test_a_power_cut_does_not_open_it(daytime: World, refusal: Any) -> None:
    daytime.ask("hall-close", at="2026-11-23T08:00:00+07:00", notice="Mất điện.")
    daytime.ask("service-close", service="b")
    before = daytime.books.hall
    daytime.crash()
    daytime.start()

    assert daytime.books.hall == before
    assert refusal(press(daytime)) == "closed"
    assert daytime.said("evt/ticket")[-2]["type"] == "intake_closed"


# --- who of the staff ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("issue", {"service": "a", "channel": "counter"}),
        ("call-next", {"counter": "1"}),
        ("finish", {"counter": "1"}),
        ("transfer", {"counter": "1", "to": {"service": "b"}}),
        ("undo", {"counter": "1"}),
        ("counter-close", {"counter": "3"}),
        ("service-close", {"service": "a"}),
        ("hall-close", {"at": "2026-11-23T09:00:00+07:00"}),
        ("rate", {"score": 5}),
    ],
)
def test_who_asked_is_journalled_and_told_to_nobody(hall: World, verb: str, body: Any) -> None:
    hall.issue(), hall.issue()
    hall.ask("counter-open", counter="3")
    hall.call("1")
    seq = hall.books.hall.seq

    assert hall.ask(verb, staff="nv.07", **body).status == "ok"

    rows = list(hall.books.rows(seq + 1, 10))
    assert rows
    assert {row.body["staff"] for row in rows} == {"nv.07"}
    hall.ask("replay", from_seq=1, epoch=1)
    heard = [p for t, p in hall.broker.log if "/req/" not in t]
    assert not any(b"nv.07" in payload for payload in heard)


@pytest.mark.parametrize("staff", ["Nguyễn Văn A", "a" * 33, "", "a b", 7])
def test_a_mark_that_could_be_a_name_is_refused(hall: World, refusal: Any, staff: Any) -> None:
    assert refusal(hall.ask("call-next", counter="1", staff=staff)) == "bad_request"


def test_another_mark_is_another_request(hall: World, refusal: Any) -> None:
    hall.ask("call-next", id="k", counter="1", staff="a")

    assert refusal(hall.ask("call-next", id="k", counter="1", staff="b")) == "id_reused"
