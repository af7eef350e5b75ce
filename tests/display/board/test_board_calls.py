"""The large place: each call has its time, none is lost or cut short, and it flashes gently."""

import itertools
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from display.board.calls import EACH_S, FLASH_S, Calls, ShownCall, add_call, due, step


def call(n: int, counter: str = "1") -> ShownCall:
    return ShownCall(f"c{n}", f"A{n:03}", counter)


def test_a_call_takes_the_large_place_at_once() -> None:
    calls = add_call(Calls(), call(1), 10.0)

    assert calls.current is not None
    assert calls.current.calls == (call(1),)


def test_calls_at_the_same_moment_have_four_seconds_each() -> None:
    calls = reduce(lambda c, n: add_call(c, call(n, str(n)), 0.0), range(1, 4), Calls())

    def large(now: float) -> str:
        nonlocal calls
        calls = step(calls, now)
        return calls.current.calls[0].number if calls.current else ""

    assert [large(t) for t in (0, 3.9, 4, 7.9, 8, 60)] == [
        "A001", "A001", "A002", "A002", "A003", "A003",
    ]  # fmt: skip


def test_a_board_that_is_behind_shows_three_at_a_time() -> None:
    calls = reduce(lambda c, n: add_call(c, call(n, str(n)), 0.0), range(1, 8), Calls())
    groups = []
    for now in (0.0, 4.0, 8.0, 12.0, 16.0):
        calls = step(calls, now)
        assert calls.current is not None
        groups.append([each.number[-1] for each in calls.current.calls])

    assert groups == [["1"], ["2", "3", "4"], ["5"], ["6"], ["7"]]


def test_a_call_delivered_twice_is_shown_once() -> None:
    calls = add_call(add_call(Calls(), call(1), 0.0), call(1), 1.0)

    assert not calls.waiting


def test_a_recall_flashes_again() -> None:
    calls = add_call(Calls(), call(1), 0.0)
    assert calls.current is not None
    assert not calls.current.flashing(7.0)

    calls = add_call(calls, ShownCall("again", "A001", "1"), 10.0)

    assert calls.current is not None
    assert calls.current.flashing(11.0)


def test_flashing_stays_below_two_hertz_and_ends() -> None:
    shown = add_call(Calls(), call(1), 0.0).current
    assert shown is not None
    states = [shown.bright(t / 100) for t in range(2000)]
    flashes = sum(1 for a, b in itertools.pairwise(states) if b and not a)

    assert states[0]
    assert flashes + 1 == FLASH_S
    assert not any(states[600:])


def test_nothing_is_due_when_all_is_calm() -> None:
    calls = add_call(Calls(), call(1), 0.0)

    assert due(calls, 0.1) == 0.5
    assert due(step(calls, 30.0), 30.0) == 60.0, "it may leave the board then"
    assert due(step(calls, 61.0), 61.0) is None


def test_a_number_called_again_while_it_waits_stands_once() -> None:
    """B107, C002, C002 again, D044, E311 within a second: nobody is shown twice, nobody waits."""
    calls = add_call(Calls(), ShownCall("b", "B107", "2"), 0.0)
    calls = add_call(calls, ShownCall("c", "C002", "3"), 0.2)
    calls = add_call(calls, ShownCall("c-again", "C002", "3"), 0.5)
    calls = add_call(calls, ShownCall("d", "D044", "4"), 0.7)
    large = []
    for now in (0.8, 4.0, 8.0, 12.0):
        calls = step(calls, now)
        assert calls.current is not None
        large += [call.number for call in calls.current.calls]

    assert large == ["B107", "C002", "D044", "D044"]


def test_a_number_called_again_while_it_stands_large_flashes_and_keeps_nobody_waiting() -> None:
    calls = add_call(Calls(), call(1, "1"), 0.0)
    calls = add_call(calls, call(2, "2"), 0.1)
    calls = add_call(calls, ShownCall("again", "A001", "1"), 3.0)
    assert calls.current is not None
    assert calls.current.bright(3.1)

    calls = step(calls, EACH_S)

    assert calls.current is not None
    assert calls.current.calls == (call(2, "2"),)
    assert not calls.waiting


def test_who_is_sent_to_another_counter_is_called_there_only() -> None:
    calls = add_call(Calls(), call(1, "1"), 0.0)
    calls = add_call(calls, call(2, "2"), 0.1)
    calls = add_call(calls, ShownCall("moved", "A002", "5"), 0.2)

    assert [(each.number, each.counter) for each in calls.waiting] == [("A002", "5")]
    assert [each.number for each in calls.in_sight(59.0)] == ["A002", "A001"]
    assert not calls.in_sight(61.0)


@settings(deadline=None)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=40))
def test_every_call_is_shown_once_for_its_whole_time(gaps: list[float]) -> None:
    calls, now = Calls(), 0.0
    shown: list[tuple[str, float]] = []
    arrivals = []
    for index, gap in enumerate(gaps):
        now += gap
        arrivals.append((now, call(index)))
    now = 0.0
    end = arrivals[-1][0] + EACH_S * (len(arrivals) + 1)
    while now <= end:
        while arrivals and arrivals[0][0] <= now:
            calls = add_call(calls, arrivals.pop(0)[1], now)
        calls = step(calls, now)
        names = [each.id for each in calls.current.calls] if calls.current else []
        if names and (not shown or shown[-1][0] != names[-1]):
            shown += [(name, now) for name in names]
        now += 0.25

    assert [name for name, _ in shown] == [f"c{i}" for i in range(len(gaps))]
    begun = sorted({since for _, since in shown})
    assert all(b - a >= EACH_S for a, b in itertools.pairwise(begun))
