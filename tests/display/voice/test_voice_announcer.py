"""One queue for the hall: never two at once, none lost, merged when behind."""

from collections import Counter
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from display.voice.announcer import (
    Announcement,
    AnnouncementQueue,
    Spoken,
    SpokenCall,
    add_item,
    take_next,
)


def call(number: int, counter: str = "1", *, lang: str = "vi") -> SpokenCall:
    return SpokenCall(f"c{number}-{counter}", f"A{number:03}", counter, lang)


def queue_of(*items: SpokenCall | Spoken) -> AnnouncementQueue:
    return reduce(add_item, items, AnnouncementQueue())


def drained(queue: AnnouncementQueue) -> list[Announcement]:
    said: list[Announcement] = []
    while True:
        announcement, queue = take_next(queue)
        if announcement is None:
            return said
        said.append(announcement)


def test_a_quiet_hall_says_nothing() -> None:
    assert take_next(AnnouncementQueue()) == (None, AnnouncementQueue())


def test_three_calls_are_said_one_after_the_other() -> None:
    said = drained(queue_of(call(1), call(2, "2"), call(3, "3")))

    assert [len(a.lines) for a in said] == [1, 1, 1]
    assert [a.lines[0].item for a in said] == [call(1), call(2, "2"), call(3, "3")]


def test_more_than_three_share_one_chime() -> None:
    said = drained(queue_of(*(call(n, str(n)) for n in range(1, 7))))

    assert [len(a.lines) for a in said] == [4, 1, 1]
    assert said[0].merged
    assert not said[1].merged


def test_a_call_delivered_twice_is_said_once() -> None:
    queue = queue_of(call(1), call(1))
    first, queue = take_next(queue)

    assert first is not None
    assert take_next(add_item(queue, call(1)))[0] is None


def test_a_recall_while_the_call_still_waits_is_said_with_it() -> None:
    again = SpokenCall("c1-again", "A001", "1", recall=True)

    (only,) = drained(queue_of(call(1), again))

    assert only.ids == ("c1-1", "c1-again")


def test_a_recall_after_the_call_was_said_is_said_again() -> None:
    _, queue = take_next(queue_of(call(1)))
    again, _ = take_next(add_item(queue, SpokenCall("c1-again", "A001", "1", recall=True)))

    assert again is not None
    assert again.ids == ("c1-again",)


def test_the_same_number_to_another_counter_is_another_call() -> None:
    assert len(drained(queue_of(call(1, "1"), call(1, "2")))) == 2


def test_a_sentence_is_never_merged_with_calls() -> None:
    notice = Spoken("n1", "Trung tâm sắp đóng cửa")
    said = drained(queue_of(call(1), call(2, "2"), notice, call(3, "3"), call(4, "4")))

    assert [len(a.lines) for a in said] == [2, 1, 1, 1]
    assert [a.lines[0].item for a in said if a.lines[0].item == notice] == [notice]


def test_a_sentence_at_the_head_goes_alone_even_when_behind() -> None:
    queue = queue_of(Spoken("n", "x"), *(call(n, str(n)) for n in range(4)))

    assert [len(a.lines) for a in drained(queue)] == [1, 4]


def test_the_same_sentence_twice_is_said_once() -> None:
    (only,) = drained(queue_of(Spoken("a", "x"), Spoken("b", "x")))

    assert only.ids == ("a", "b")


def test_memory_does_not_grow_with_the_day() -> None:
    queue = AnnouncementQueue()
    for n in range(5000):
        _, queue = take_next(add_item(queue, call(n)))

    assert len(queue.heard) <= 512
    assert not queue.waiting


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.tuples(st.integers(0, 30), st.sampled_from(["1", "2", "3"])), st.just("take")),
        max_size=120,
    )
)
def test_every_call_is_answered_exactly_once_in_order(script: list[tuple[int, str] | str]) -> None:
    queue, said, made = AnnouncementQueue(), [], []
    for index, step in enumerate(script):
        if isinstance(step, str):
            announcement, queue = take_next(queue)
            said += [announcement] if announcement else []
        else:
            made.append(SpokenCall(f"id{index}", f"A{step[0]}", step[1]))
            queue = add_item(queue, made[-1])
    said += drained(queue)

    ids = [one for announcement in said for one in announcement.ids]
    assert Counter(ids) == Counter(c.id for c in made)
    firsts = [line.ids[0] for announcement in said for line in announcement.lines]
    assert firsts == sorted(firsts, key=lambda i: int(i[2:]))
