"""After a stand-still, or cut off from the broker, nobody takes an old request for a new one."""

from hall.runtime.standstill import StandStill


def there(now: float = 100.0) -> StandStill:
    still = StandStill()
    still.connected(now)
    return still


def test_what_comes_while_we_are_there_was_sent_as_it_comes() -> None:
    still = there()
    still.waits(100.0)
    still.turns(101.0)
    still.hear_bytes(101.0)

    assert still.sent_at(101.0) == 101.0
    assert not still.needs_barrier(101.0)


def test_what_a_stopped_process_finds_may_be_as_old_as_its_stop() -> None:
    still = there()
    still.waits(100.0)
    still.turns(110.0)
    still.hear_bytes(110.0)

    assert still.sent_at(110.0) == 100.0


def test_what_comes_through_a_mended_cable_may_be_as_old_as_the_last_word() -> None:
    still = there()
    still.asks(103.0)
    for second in range(101, 109):
        still.waits(float(second))
        still.turns(second + 1.0)
    still.hear_bytes(109.0)

    assert still.sent_at(109.0) == 100.0


def test_a_silence_in_which_nothing_was_asked_is_no_fault() -> None:
    still = there()
    for second in range(100, 130):
        still.waits(float(second))
        still.turns(second + 1.0)
    still.hear_bytes(130.0)

    assert still.sent_at(130.0) == 130.0


def test_what_comes_behind_the_barrier_is_new_again() -> None:
    still = there()
    still.waits(100.0)
    still.turns(110.0)
    assert still.needs_barrier(110.0)
    still.passed(110.1)

    assert still.sent_at(110.2) == 110.2
    assert not still.needs_barrier(120.0)


def test_a_barrier_that_was_dropped_is_published_again() -> None:
    still = there()
    still.waits(100.0)
    still.turns(110.0)

    assert [still.needs_barrier(now) for now in (110.0, 110.5, 111.0)] == [True, False, True]


def test_of_two_stand_stills_the_older_counts_until_the_barrier() -> None:
    still = there()
    still.waits(100.0)
    still.turns(108.0)
    still.waits(108.0)
    still.turns(116.0)

    assert still.sent_at(116.0) == 100.0


def test_a_new_connection_knows_nothing_of_the_old_ones_queue() -> None:
    still = there()
    still.waits(100.0)
    still.turns(120.0)
    still.connected(120.5)

    assert still.sent_at(121.0) == 121.0


def frozen_and_left() -> StandStill:
    """The broker stood still from 100; we left it at 120 and are back at 130."""
    still = there()
    still.ended(in_silence=True)
    still.ended(in_silence=True)
    still.connected(130.0)
    return still


def test_what_a_broker_that_stood_still_finds_in_its_sockets_is_as_old_as_its_last_word() -> None:
    still = frozen_and_left()

    assert still.sent_at(130.1) == 100.0


def test_a_connection_that_ended_otherwise_left_nothing_old() -> None:
    still = there()
    still.ended(in_silence=False)
    still.connected(130.0)

    assert still.sent_at(130.1) == 130.1


def test_a_connection_that_ended_before_its_barrier_came_leaves_what_was_old() -> None:
    still = there()
    still.waits(100.0)
    still.turns(110.0)
    still.ended(in_silence=False)
    still.connected(111.0)

    assert still.sent_at(111.1) == 100.0


def test_requests_between_two_barriers_ask_for_another() -> None:
    still = frozen_and_left()
    assert still.needs_barrier(130.0)
    still.hear_request()
    still.passed(130.1)
    assert still.sent_at(130.1) == 100.0
    assert still.needs_barrier(130.1)
    still.passed(130.2)

    assert still.sent_at(130.2) == 130.2


def test_a_hall_in_which_somebody_always_asks_is_served_again_all_the_same() -> None:
    still = frozen_and_left()
    for tenth in range(30):
        still.hear_request()
        still.passed(130.0 + tenth / 10)
    assert still.since is not None
    still.hear_request()
    still.passed(133.0)

    assert still.since is None


def test_where_nothing_can_be_published_to_come_back_it_ends_by_itself() -> None:
    still = frozen_and_left()
    still.has_no_barrier(132.9)
    assert still.since is not None
    still.has_no_barrier(133.0)

    assert still.since is None
