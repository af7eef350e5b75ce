"""Who waits and since when, folded from events as PostgreSQL has them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hall.province.watch.arrivals import HallArrivals, SeenEvent

DAY = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 1, tzinfo=UTC)


class Journal:
    """Makes events one by one, a second apart."""

    def __init__(self) -> None:
        self.arrivals = HallArrivals()
        self.seq = 0
        self.at = MORNING

    def happen(
        self, kind: str, ticket: str | None = "t1", of: int | None = None, day: date = DAY
    ) -> int:
        self.seq += 1
        self.at += timedelta(seconds=1)
        event = SeenEvent("xa", 1, self.seq, day, kind, self.at, ticket, of)
        self.arrivals.take_event(event)
        return self.seq


@pytest.fixture
def journal() -> Journal:
    return Journal()


def test_the_longest_wait_is_of_the_oldest_ticket_that_waits(journal: Journal) -> None:
    journal.happen("issued", "t1")
    first = journal.at
    journal.happen("printed", "t1")
    journal.happen("issued", "t2")
    second = journal.at

    assert journal.arrivals.longest_since == first
    journal.happen("called", "t1")
    assert journal.arrivals.longest_since == second
    journal.happen("called", "t2")
    assert journal.arrivals.longest_since is None


@pytest.mark.parametrize("kind", ["returned", "resumed", "transferred"])
def test_who_comes_back_has_waited_since_their_number_was_taken(
    journal: Journal, kind: str
) -> None:
    journal.happen("issued")
    taken = journal.at
    journal.happen("called")
    journal.happen(kind)

    assert journal.arrivals.longest_since == taken


@pytest.mark.parametrize("kind", ["parked", "no_show", "finished", "cancelled", "voided"])
def test_who_is_aside_or_gone_does_not_wait(journal: Journal, kind: str) -> None:
    journal.happen("issued")
    journal.happen(kind)

    assert journal.arrivals.waiting == 0


def test_what_is_taken_back_leaves_the_ticket_where_it_was(journal: Journal) -> None:
    journal.happen("issued")
    taken = journal.at
    called = journal.happen("called")
    finished = journal.happen("finished")

    journal.happen("undone", of=finished)
    assert journal.arrivals.longest_since is None
    journal.happen("undone", of=called)
    assert journal.arrivals.longest_since == taken


def test_a_new_day_begins_with_nobody(journal: Journal) -> None:
    journal.happen("issued")
    journal.happen("day_opened", None, day=DAY + timedelta(days=1))
    assert journal.arrivals.longest_since is None

    # Yesterday's tickets expire after the new day has begun.
    journal.happen("expired", "t1", day=DAY)
    assert journal.arrivals.waiting == 0
    assert journal.arrivals.day == DAY + timedelta(days=1)


def test_who_has_left_is_forgotten_when_nothing_can_be_taken_back(journal: Journal) -> None:
    for number in range(50):
        journal.happen("issued", f"t{number}")
        journal.happen("finished", f"t{number}")
        journal.at += timedelta(minutes=1)

    assert len(journal.arrivals._turns) < 5
