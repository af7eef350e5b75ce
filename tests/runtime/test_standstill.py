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
    still.passed()

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
