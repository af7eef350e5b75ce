"""What stands on the board: pages, lines, waits, figures, and when it sleeps."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from display.board import calls
from display.board import look as looking
from display.board.calls import IN_SIGHT_S
from display.board.contents import BoardShape
from display.board.figures_panel import period_title
from display.board.look import NOTHING, look
from display.board.model import BoardModel, take_message
from display.board.words import PeriodWords
from hall.contract.messages import CounterState, ServiceState
from hall.contract.onestop_messages import OnestopStatus, Period
from hall.figures.freshness import Age
from hall.runtime import opening
from hall.runtime.picture import Presence
from hall.wording.glossary import VIETNAMESE

Morning = Any


def seen(morning: Morning, model: BoardModel, now: float = 106.4, **place: Any) -> Any:
    counters = place.pop("counters", 8)
    return look(model, morning.place(counters, **place), now, morning.local)


def test_the_call_stands_large_with_its_counter(morning: Morning) -> None:
    big = seen(morning, morning.model()).call

    assert (big.number, big.title, big.fresh, big.bright) == ("A024", "Quầy 1", True, False)


def test_a_call_already_being_served_is_no_longer_invited(morning: Morning) -> None:
    served = morning.counters(1)[0] | {"status": "serving", "ver": 9}
    model = take_message(morning.model(), _counter(served), 104.0, retained=False)

    assert seen(morning, model, 104.0).call.fresh
    assert not seen(morning, model, 107.0).call.fresh


def test_after_a_restart_the_last_call_is_known_and_does_not_flash(morning: Morning) -> None:
    big = seen(morning, morning.model(called=False)).call

    assert (big.number, big.fresh, big.bright) == ("A024", False, False)


def test_a_retained_call_event_is_no_call(morning: Morning) -> None:
    model = take_message(
        BoardModel(Presence(linked=True, heard_at=90.0)), morning.call(), 100.0, retained=True
    )

    assert model.calls.current is None


def test_recent_calls_stay_with_their_counters(morning: Morning) -> None:
    shown = seen(morning, morning.model()).recent

    assert tuple((call.number, call.title) for call in shown) == (
        ("B107", "Quầy 2"),
        ("C015", "Quầy 3"),
        ("E0311", "Quầy 8"),
        ("A023", "Quầy 6"),
    )


def test_a_call_that_waits_for_the_large_place_is_not_among_the_earlier_ones(
    morning: Morning,
) -> None:
    model = take_message(morning.model(), morning.call("C015", "3"), 100.1, retained=False)
    shown = seen(morning, model, 100.2)

    assert shown.call.number == "A024"
    assert [call.number for call in shown.recent] == ["B107", "E0311", "A023"]


def test_every_card_keeps_what_its_counter_serves(morning: Morning) -> None:
    cards = seen(morning, morning.model()).cards

    assert [c.state for c in cards] == [
        "number", "number", "number", "open", "paused", "number", "closed", "number",
    ]  # fmt: skip
    assert [c.text for c in cards[3:5]] == ["Sẵn sàng", "Tạm nghỉ"]
    assert all(c.field for c in cards)


def test_a_counter_never_heard_of_shows_no_number(morning: Morning) -> None:
    (card,) = seen(morning, BoardModel(Presence(linked=True, heard_at=90.0)), counters=1).cards

    assert card.text == NOTHING


def test_more_than_eight_counters_take_turns(morning: Morning) -> None:
    model = morning.model(13, called=False)
    pages = [seen(morning, model, now, counters=13) for now in (0.0, 8.0, 16.0)]

    assert [p.cards[0].title for p in pages] == ["Quầy 1", "Quầy 9", "Quầy 1"]
    assert [len(p.cards) for p in pages] == [7, 5, 7], "counter 7 is closed"


def test_a_call_brings_its_card_at_once_and_holds_it_for_a_minute(morning: Morning) -> None:
    model = take_message(
        morning.model(13, called=False), morning.call("A030", "12"), 1.0, retained=False
    )

    pages = [seen(morning, model, t, counters=13) for t in (1.0, 4.0, 20.0, 59.0, 60.9)]
    assert all(page.cards[0].title == "Quầy 12" for page in pages)
    assert {page.pages.count for page in pages} == {2}


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(told=[(1, 5.0)] * 5)
@given(told=st.lists(st.tuples(st.integers(1, 40), st.floats(4.5, 30)), min_size=1, max_size=30))
def test_every_call_of_a_hall_with_forty_counters_stays_a_minute_in_sight(
    morning: Morning, told: list[tuple[int, float]]
) -> None:
    """Up to thirteen calls a minute, also of a counter that calls the next one at once."""
    place = replace(morning.place(40), shape=BoardShape(room=14, recent=3, queues=False))
    model, now = morning.model(40, called=False), 1000.0
    made: list[tuple[str, float]] = []
    for index, (counter, pause) in enumerate(told):
        number = f"W{index:03}"
        made.append((number, now))
        model = take_message(model, morning.call(number, str(counter)), now, retained=False)
        held = morning.counters(40)[0] | {
            "counter": str(counter), "ver": index + 5, "status": "called",
            "ticket": {"id": number, "number": number, "service": "ho-tich", "day": "2026-11-23",
                       "issued_at": morning.local, "channel": "button"},
        }  # fmt: skip
        model = take_message(model, CounterState.model_validate(held), now, retained=False)
        for step in (now, now + pause - 0.1):
            model = replace(model, calls=calls.step(model.calls, step))
            board = look(model, place, step, morning.local)
            shown = {card.text for card in board.cards} | {call.number for call in board.calls}
            earlier = {n for n, at in made if step < at + IN_SIGHT_S} - shown
            # Beside cards and the large place there is room for three.
            assert (
                earlier <= {call.number for call in board.recent}
                or len(earlier) > place.shape.recent
            )
        now += pause


def test_who_waits_is_told_with_a_range_and_who_is_next(morning: Morning) -> None:
    first, _, third = seen(morning, morning.model()).queues

    assert (first.count, first.wait, first.next[:2]) == (12, "25–35 phút", ("A025", "A026"))
    assert third.wait == "chưa ước tính"


def test_who_was_sent_to_one_counter_waits_on_the_board_as_well(morning: Morning) -> None:
    model = morning.model()
    sent = {"count": 2, "next": ["A003", "B001"]}
    told = morning.counters(2)[1] | {"ver": 2, "sent": sent}
    model = take_message(model, CounterState.model_validate(told), 1.0, retained=False)

    last = seen(morning, model).queues[-1]

    assert (last.name, last.count, last.next) == ("Quầy 2", 2, ("A003", "B001"))
    assert last.wait == "được chuyển đến"


def test_many_lines_take_turns_and_empty_ones_are_left_out(morning: Morning) -> None:
    many = tuple((f"s{n}", f"Lĩnh vực {n}") for n in range(9))
    model = morning.model()
    for n in range(6):
        told = {"epoch": 1, "ver": 1, "service": f"s{n}", "name": "x", "open": True, "waiting": 1}
        model = take_message(model, ServiceState.model_validate(told), 1.0, retained=True)
    pages = [seen(morning, model, t, services=many).queues for t in (0.0, 8.0)]

    assert [[q.name[-1] for q in page] for page in pages] == [["0", "1", "2", "3"], ["4", "5"]]


@pytest.mark.parametrize(
    ("wait", "text"), [((5, 10), "5–10 phút"), ((8, 8), "khoảng 8 phút"), (None, "chưa ước tính")]
)
def test_a_wait_is_never_one_invented_number(wait: tuple[int, int] | None, text: str) -> None:
    assert VIETNAMESE.wait.estimate(wait) == text


def test_figures_name_their_total_and_their_time(morning: Morning) -> None:
    told = seen(morning, morning.model()).told

    assert told.title == "Hồ sơ tháng 11/2026"
    assert (told.received, told.in_time, told.overdue) == ("1.075", "880", "4")
    assert (told.percent, told.base) == ("99,55%", "trên số đã giải quyết")
    assert told.as_of == "số liệu lúc 10:32"


@pytest.mark.parametrize(("minutes", "age"), [(1, Age.FRESH), (5, Age.GREY), (30, Age.AMBER)])
def test_old_figures_look_old(morning: Morning, minutes: int, age: Age) -> None:
    old = morning.figures(as_of=morning.local - timedelta(minutes=minutes))

    assert seen(morning, take_message(morning.model(), old, 1.0, retained=True)).told.age is age


def test_what_is_not_known_is_not_zero(morning: Morning) -> None:
    bare = morning.figures(periods=[{"id": "month"}])
    told = seen(morning, take_message(morning.model(), bare, 1.0, retained=True)).told

    assert told.received == told.in_time == told.overdue == told.percent == "chưa có số liệu"
    assert told.share is None


def test_figures_that_disagree_with_themselves_are_marked(morning: Morning) -> None:
    wrong = {"id": "month", "resolved": {"total": 900, "early_or_on_time": 880, "overdue": 4}}
    model = take_message(morning.model(), morning.figures(periods=[wrong]), 1.0, retained=True)
    told = seen(morning, model).told

    assert told.as_of == "số liệu đang đối chiếu · số liệu lúc 10:32"
    assert told.age is Age.AMBER


def test_figures_say_when_the_one_stop_software_is_away(morning: Morning) -> None:
    lost = OnestopStatus(state="lost", conn="x")
    told = seen(morning, take_message(morning.model(), lost, 1.0, retained=False)).told

    assert told.as_of == "mất kết nối một cửa · số liệu lúc 10:32"
    assert told.age is Age.AMBER


def test_the_hall_may_choose_its_period(morning: Morning) -> None:
    two = morning.figures(
        periods=[{"id": "month"}, {"id": "year", "from": "2026-01-01", "to": "2026-12-31"}]
    )
    model = take_message(morning.model(), two, 1.0, retained=True)

    assert seen(morning, model, period="year").told.title == "Hồ sơ năm 2026"


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        ("2026-11-23", "2026-11-23", "Hồ sơ ngày 23/11/2026"),
        ("2026-10-01", "2026-12-31", "Hồ sơ quý IV/2026"),
        ("2024-07-01", "2024-09-30", "Hồ sơ quý III/2024"),
        ("2026-01-01", "2026-06-30", "Hồ sơ 01/01–30/06/2026"),
        (None, None, "Hồ sơ"),
    ],
)
def test_a_period_is_named_by_its_days(first: str | None, last: str | None, title: str) -> None:
    period = Period.model_validate({"id": "x", "from": first, "to": last})

    assert period_title(period, PeriodWords()) == title


def test_why_a_person_stopped_the_tickets_runs_first(morning: Morning) -> None:
    told = "Hôm nay ngừng cấp số lúc 15:30."
    hall = morning.hall().model_copy(update={"ver": 9, "notice": told})
    model = take_message(morning.model(), hall, 1.0, retained=False)

    assert seen(morning, model, notices=("Nghỉ lễ ngày 2/9",)).ticker.startswith(
        f"{told}   •   Nghỉ"
    )


def test_notices_of_the_hall_and_of_the_software_run_together(morning: Morning) -> None:
    ticker = seen(morning, morning.model(), notices=("Nghỉ lễ ngày 2/9",)).ticker

    assert ticker == "Nghỉ lễ ngày 2/9   •   Hồ sơ khai sinh được giải quyết trong ngày"


def test_an_older_state_changes_nothing(morning: Morning) -> None:
    old = morning.hall(open_=False).model_copy(update={"ver": 0})

    assert not seen(morning, take_message(morning.model(), old, 1.0, retained=False)).closed


def test_of_the_same_version_the_later_state_holds(morning: Morning) -> None:
    model = take_message(morning.model(), morning.hall(), 101, retained=False)

    assert seen(morning, take_message(model, morning.hall(open_=False), 102, retained=False)).closed


@pytest.mark.parametrize(
    ("opens_next", "told"),
    [
        ("2026-11-23T13:30:00+07:00", "13:30 hôm nay"),
        ("2026-11-24T00:30:00+00:00", "07:30 Thứ Ba, 24/11"),
        (None, ""),
    ],
)
def test_a_closed_hall_says_when_it_opens(
    morning: Morning, opens_next: str | None, told: str
) -> None:
    state = morning.hall(open_=False, opens_next=opens_next)
    closed = seen(morning, take_message(morning.model(), state, 101, retained=False))

    assert closed.closed
    assert closed.opens == told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"opens_next": datetime.fromisoformat("2026-11-23T13:30:00+07:00")}, "lại: 13:30 hôm nay"),
        ({}, "Hội trường đang tạm ngừng cấp số."),
        ({"notice": "Mất điện."}, "Mất điện."),
    ],
)
def test_while_a_person_has_stopped_the_tickets_calls_are_shown_and_the_stop_is_told(
    morning: Morning, more: dict[str, object], told: str
) -> None:
    ordered = {"open": False, "closed_by": "order"} | more
    state = morning.hall().model_copy(update=ordered)
    shown = seen(morning, take_message(morning.model(), state, 101, retained=False))

    assert not shown.closed
    assert shown.ticker.split("   •   ")[0].endswith(told)


def test_the_board_is_stale_without_a_heartbeat_and_without_a_broker(morning: Morning) -> None:
    model = morning.model()

    assert not seen(morning, model, 109.0).stale
    assert seen(morning, model, 111.0).stale


HOURS = (opening.span("07:30-11:30"), opening.span("13:30-17:00"))


@pytest.mark.parametrize(
    ("clock", "dark"),
    [
        ("06:59", True),
        ("07:01", False),
        ("11:45", False),
        ("12:30", True),
        ("17:29", False),
        ("17:31", True),
    ],
)
def test_the_screen_sleeps_outside_the_hours(clock: str, dark: bool) -> None:  # noqa: FBT001
    at = datetime.fromisoformat(f"2026-11-23T{clock}:00+07:00")

    assert looking.dark(HOURS, timedelta(minutes=30), at) is dark


def test_a_hall_may_never_sleep() -> None:
    at = datetime.fromisoformat("2026-11-23T03:00:00+07:00")

    assert not looking.dark(HOURS, None, at)


def test_the_board_is_due_at_the_next_minute_page_or_slide(morning: Morning) -> None:
    assert looking.due(morning.place(), 100.0, morning.local) == 155.0
    assert looking.due(morning.place(13), 100.0, morning.local) == 104.0
    assert looking.due(morning.place(slides=("a",), slide_s=12), 100.0, morning.local) == 108.0


def _counter(told: dict[str, Any]) -> Any:

    return CounterState.model_validate(told)
