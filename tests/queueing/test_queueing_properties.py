"""What holds for every day that can be thought of."""

import inspect
import re
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.queueing import calling, views
from hall.queueing import commands as cmd
from hall.queueing.decide import decide
from hall.queueing.events import Printed, Rated, Unrated
from hall.queueing.evolve import evolve
from hall.queueing.refusals import Reason, Refused
from hall.queueing.rules import MINUTE, BookingPlan, Counter, PolicyName
from hall.queueing.shelves import PersistentMap, RankQueue
from hall.queueing.state import Hall
from hall.queueing.tickets import HELD, State

Day = Any
COUNTERS = st.sampled_from(["1", "2", "3"])
SERVICES = st.sampled_from(["a", "b"])
SERIALS = st.integers(0, 12)
CODES = st.sampled_from(["h1", "h2", "h3", "h4"])
# When a day here begins, and behind every moment that it reaches.
NOON = 1_790_000_000_000
LATER = NOON + 24 * 60 * MINUTE


def commands() -> st.SearchStrategy[Callable[[Day], cmd.Command]]:
    """Any command; tickets by their place in the day."""

    def ticket_id(day: Day, serial: int) -> str:
        found = day.hall.tickets.get(serial)
        return found.id if found else "1-1-99"

    return st.one_of(
        st.builds(
            lambda s, p: lambda _: cmd.Issue("p", s, "button", p),
            SERVICES,
            st.sampled_from([None, None, "uu-tien"]),
        ),
        st.builds(lambda c: lambda _: cmd.CallNext("b", c), COUNTERS),
        st.builds(
            lambda c, s: lambda day: cmd.CallTicket("b", c, ticket=ticket_id(day, s)),
            COUNTERS,
            SERIALS,
        ),
        st.builds(lambda c: lambda _: cmd.Recall("b", c), COUNTERS),
        st.builds(lambda c: lambda _: cmd.Start("b", c), COUNTERS),
        st.builds(lambda c: lambda _: cmd.Finish("b", c), COUNTERS),
        st.builds(lambda c: lambda _: cmd.MarkNoShow("b", c), COUNTERS),
        st.builds(
            lambda c, s, t, p: lambda _: cmd.Transfer("b", c, s, t, p),
            COUNTERS,
            st.none() | SERVICES,
            st.none() | COUNTERS,
            st.sampled_from(cmd.Position),
        ),
        st.builds(
            lambda c, m: lambda _: cmd.Park("b", c, m), COUNTERS, st.none() | st.integers(1, 30)
        ),
        st.builds(lambda s: lambda day: cmd.Resume("b", ticket_id(day, s)), SERIALS),
        st.builds(lambda s: lambda day: cmd.Cancel("b", ticket_id(day, s)), SERIALS),
        st.builds(
            lambda s, r: lambda day: cmd.PrintResult("p", ticket_id(day, s), r),
            SERIALS,
            st.sampled_from(cmd.PaperResult),
        ),
        st.builds(lambda c: lambda _: cmd.OpenCounter("b", c), COUNTERS),
        st.builds(lambda c: lambda _: cmd.PauseCounter("b", c), COUNTERS),
        st.builds(lambda c: lambda _: cmd.CloseCounter("b", c), COUNTERS),
        st.builds(
            lambda c, slot, s: lambda _: cmd.Appoint("o", c, s, slot, "2026-11-23"),
            CODES,
            st.sampled_from([LATER, LATER + 15 * MINUTE]),
            SERVICES,
        ),
        st.builds(lambda c: lambda _: cmd.CancelAppointment("o", c), CODES),
        st.builds(lambda c: lambda _: cmd.CheckIn("k", c, "kiosk"), CODES),
        st.builds(lambda c: lambda _: cmd.Undo("b", c), COUNTERS),
        st.builds(
            lambda s, c: lambda day: cmd.Cancel("b", ticket_id(day, s), c), SERIALS, COUNTERS
        ),
        st.builds(lambda s: lambda _: cmd.CloseService("b", s), SERVICES),
        st.builds(lambda s: lambda _: cmd.OpenService("b", s), SERVICES),
        st.builds(
            lambda at: (
                lambda _: cmd.CloseHall(
                    "t", NOON + at * MINUTE, "2026-11-23", NOON + (at + 20) * MINUTE
                )
            ),
            st.integers(0, 300),
        ),
        st.builds(
            lambda score, c, s: (
                lambda day: cmd.Rate(
                    "k", score, None if s is None else ticket_id(day, s), c if s is None else None
                )
            ),
            st.integers(1, 5),
            st.none() | COUNTERS,
            st.none() | SERIALS,
        ),
        st.builds(
            lambda c, s: (
                lambda day: cmd.Unrate(
                    "k", None if s is None else ticket_id(day, s), c if s is None else None
                )
            ),
            st.none() | COUNTERS,
            st.none() | SERIALS,
        ),
        st.builds(lambda: lambda _: cmd.PassTime("c")),
    )


def test_every_command_has_its_part_in_a_day() -> None:
    """Recover belongs to a start, not to a day."""
    built = set(re.findall(r"cmd\.([A-Z]\w+)\(", inspect.getsource(commands)))

    assert built == {kind.__name__ for kind in get_args(cmd.Command)} - {"Recover"}


STEPS = st.lists(st.tuples(st.floats(0, 15), commands()), max_size=60)
POLICIES = st.sampled_from(PolicyName)


def live(day: Day, steps: Any) -> None:
    for minutes, make in steps:
        day.wait(minutes)
        try:
            day.do(make(day))
        except Refused:
            continue


@given(STEPS, POLICIES)
@settings(max_examples=150, deadline=None)
def test_a_hall_is_sound_after_every_command(new_day: Any, steps: Any, policy: Any) -> None:
    day = new_day().with_rules(policy=policy)
    planned = replace(day.rules.services["a"], plan=BookingPlan(capacity=1))
    day.with_rules(services={**day.rules.services, "a": planned})
    for step in steps:
        live(day, [step])
        check(day)


def check(day: Day) -> None:
    """Each ticket stands in exactly one place, and the counts say so."""
    hall = day.hall
    queued = [key[1] for line in hall.queues.values() for key in line]
    waiting = {t.serial for t in hall.tickets if t.state is State.WAITING}
    assert sorted(queued) == sorted(waiting)
    assert hall.waiting == len(waiting)
    held = [desk.serial for desk in hall.counters.values() if desk.serial is not None]
    assert sorted(held) == sorted(t.serial for t in hall.tickets if t.state in HELD)
    for counter, desk in hall.counters.items():
        if desk.serial is not None:
            assert hall.tickets.get(desk.serial).counter == counter
    places = {*day.rules.services, *(f"@{c}" for c in day.rules.counters)}
    assert views.everyone(day.rules, hall) == len(waiting)
    assert sum(views.waiting(hall, place) for place in places) == len(waiting)
    numbers = [t.number for t in hall.tickets]
    assert len(set(numbers)) == len(numbers)
    timed = {serial for _, serial in hall.timed}
    assert all(hall.tickets.get(s).state is State.PARKED for s in timed)
    assert all(desk.ver <= hall.seq for desk in hall.counters.values())
    check_bookings(day)
    check_ratings(day)


def check_bookings(day: Day) -> None:
    """Each appointment stands in its slot once, and no slot or person has too many."""
    hall = day.hall
    placed = [
        (code, service, date, slot)
        for (service, date), slots in hall.slots.items()
        for slot, codes in slots.items()
        for code in codes
    ]
    booked = {(c, b.service, b.date, b.slot) for c, b in hall.bookings.items()}
    assert sorted(placed) == sorted(booked)
    for place, rule in day.rules.services.items():
        most = rule.plan.capacity
        filled = [len(c) for (s, _), day in hall.slots.items() if s == place for c in day.values()]
        assert most is None or max(filled, default=0) <= most
    serials = [b.serial for b in hall.bookings.values() if b.serial is not None]
    assert len(set(serials)) == len(serials)


def check_ratings(day: Day) -> None:
    """A rating is of a ticket there is, and the newest of each that stands is known."""
    given: dict[int, int | None] = {}
    for seq, event in enumerate(day.events, start=1):
        match event:
            case Rated(serial=serial):
                given[seq] = serial
            case Unrated(of=of):
                assert given.pop(of) == event.serial
    newest = {serial: seq for seq, serial in given.items() if serial is not None}
    known = {t.serial: day.hall.ratings.get(t.serial) for t in day.hall.tickets}
    assert {serial: about[""] for serial, about in known.items() if about} == newest


@given(STEPS, POLICIES)
@settings(max_examples=60, deadline=None)
def test_the_same_day_lived_twice_gives_the_same_events(
    new_day: Any, steps: Any, policy: Any
) -> None:
    one, other = (new_day().with_rules(policy=policy) for _ in range(2))
    live(one, steps)
    live(other, steps)

    assert one.events == other.events
    assert one.hall == other.hall


@given(STEPS, COUNTERS, POLICIES)
@settings(max_examples=100, deadline=None)
def test_no_counter_is_idle_while_someone_it_serves_waits(
    new_day: Any, steps: Any, counter: str, policy: Any
) -> None:
    day = new_day().with_rules(policy=policy)
    live(day, steps)
    day.do(cmd.PassTime("c"))
    served = (f"@{counter}", *day.rules.counters[counter].serves)
    could = any(calling.heads(day.hall, served))

    called = decide(day.rules, day.hall, cmd.CallNext("b", counter), day.now).serial

    assert (called is not None) or not could


@given(st.lists(st.tuples(st.floats(0, 12), SERVICES, st.booleans()), min_size=2, max_size=25))
@settings(max_examples=100, deadline=None)
def test_nobody_is_overtaken_by_who_came_more_than_a_head_start_later(
    new_day: Any, arrivals: Any
) -> None:
    """Rank time, one counter for all: the bound that makes starvation impossible."""
    day = new_day()
    tickets = []
    for minutes, service, is_priority in arrivals:
        day.wait(minutes)
        tickets.append(day.issue(service, "uu-tien" if is_priority else None))
    by_number = {t.number: t for t in tickets}
    order = [by_number[number] for _ in tickets if (number := day.call("3"))]

    assert len(order) == len(tickets)
    for place, ticket in enumerate(order):
        for later in order[place + 1 :]:
            assert ticket.arrived - later.arrived <= 20 * MINUTE
            if (ticket.priority, ticket.service) == (later.priority, later.service):
                assert ticket.serial < later.serial


@given(
    st.lists(st.booleans(), min_size=1, max_size=30),
    st.integers(1, 4),
)
@settings(max_examples=100, deadline=None)
def test_strict_ratio_holds_nobody_up_longer_than_its_ratio(
    new_day: Any, kinds: Any, ratio: int
) -> None:
    day = new_day().with_rules(policy=PolicyName.STRICT_RATIO, ratio=ratio)
    for is_priority in kinds:
        day.issue("a", "uu-tien" if is_priority else None)
    streak = 0
    while (number := day.call("1")) is not None:
        ticket = next(t for t in day.hall.tickets if t.number == number)
        streak = streak + 1 if ticket.priority else 0
        normal = any(t.state is State.WAITING and not t.priority for t in day.hall.tickets)
        assert streak <= ratio or not normal


def test_priorities_without_end_do_not_starve_a_normal_person(day: Day) -> None:
    """Under rank time a normal one waits at most for those of one head start."""
    normal = day.issue()
    for _ in range(40):
        day.wait(1)
        day.issue(priority="uu-tien")
    before = 0
    while day.call("1") != normal.number:
        before += 1

    assert before <= 20


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_helpers_take_the_others_people_only_when_free_or_late(new_day: Any, steps: Any) -> None:
    day = new_day()
    live(day, steps)
    day.do(cmd.PassTime("c"))
    counter: Counter = day.rules.counters["2"]
    own = any(calling.heads(day.hall, ("@2", *counter.serves)))
    for head in calling.candidates(day.hall, counter, day.now):
        if head.place in counter.helps and own:
            longest = max(
                day.now.at - h.ticket.arrived for h in calling.heads(day.hall, (head.place,))
            )
            assert longest > counter.help_after_ms


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_the_waiting_list_shown_is_in_the_order_of_rank(new_day: Any, steps: Any) -> None:
    day = new_day()
    live(day, steps)
    for service in ("a", "b"):
        tickets = list(views.in_order(day.hall, service))
        assert [t.key for t in tickets] == sorted(t.key for t in tickets)
        assert [views.ahead(day.hall, t) for t in tickets] == list(range(len(tickets)))


# --- the frozen collections against plain ones --------------------------------------------------


@dataclass
class Plain:
    keys: list[tuple[int, int]] = field(default_factory=list)
    line: RankQueue = field(default_factory=RankQueue)


@given(st.lists(st.tuples(st.booleans(), st.integers(-50, 50)), max_size=400))
@settings(max_examples=100, deadline=None)
def test_a_line_is_a_sorted_list(steps: Any) -> None:
    both = Plain()
    for serial, (joins, rank) in enumerate(steps):
        if joins:
            insort(both.keys, (rank, serial))
            both.line = both.line.add((rank, serial))
        else:
            key = both.keys[rank % len(both.keys)] if both.keys else (0, 0)
            both.keys = [k for k in both.keys if k != key]
            both.line = both.line.remove(key).remove(key)
    assert list(both.line) == both.keys
    assert len(both.line) == len(both.keys)
    assert both.line.first() == (both.keys[0] if both.keys else None)
    assert both.line.last() == (both.keys[-1] if both.keys else None)
    for key in both.keys:
        assert both.line.before(key) == both.keys.index(key)


def test_nobody_stands_in_front_in_an_empty_line() -> None:
    assert RankQueue().before((1, 1)) == 0
    assert RankQueue().remove((1, 1)) == RankQueue()


@given(st.dictionaries(st.integers(0, 500), st.integers(), max_size=300))
@settings(max_examples=50, deadline=None)
def test_a_shelf_is_a_dictionary(values: Any) -> None:
    shelf: PersistentMap[int] = PersistentMap()
    for index, value in values.items():
        shelf = shelf.put(index, 0).put(index, value)

    assert len(shelf) == len(values)
    assert sorted(shelf) == sorted(values.values())
    assert all(shelf.get(index) == value for index, value in values.items())
    assert shelf.get(501) is None


def test_a_long_line_is_split_and_stays_in_order() -> None:
    """Thousands wait: every key finds its place among the chunks, from either end."""
    chance = Random(3)
    ranks = [chance.randrange(10**6) for _ in range(3000)]
    line, keys = RankQueue(), sorted((rank, serial) for serial, rank in enumerate(ranks))
    for serial, rank in enumerate(ranks):
        line = line.add((rank, serial))
    assert list(line) == keys
    assert [line.before(key) for key in keys[::100]] == list(range(0, 3000, 100))
    for key in keys[::2]:
        line = line.remove(key)

    assert list(line) == keys[1::2]
    assert line.remove((-1, -1)) is line


def test_an_event_of_no_ticket_of_this_day_is_an_error_of_the_journal() -> None:
    with pytest.raises(LookupError):
        evolve(Hall(), Printed(1, 1, "p", 7))


def test_a_refusal_knows_its_code() -> None:
    assert {reason.code for reason in Reason} == {
        "bad_request",
        "closed",
        "conflict",
        "expired",
        "limit",
        "not_now",
        "unauthorized",
        "unknown",
    }


def test_what_nobody_interfered_with_is_no_conflict() -> None:
    """The contract's list of both: a clerk is told of somebody else only where there was one."""
    by_code = {
        code: {reason.value[1] for reason in Reason if reason.code == code}
        for code in ("conflict", "not_now")
    }

    assert by_code["conflict"] == {"version", "other ticket"}
    assert by_code["not_now"] >= {
        *("holds nothing", "not called", "still serving", "not callable", "not waiting"),
        *("not aside", "paper settled", "checked in", "other day"),
    }
