"""At the door: what comes is counted as it arrives, and clients take turns."""

from typing import Any

import pytest

from hall.runtime.admission import Admission, AdmissionSection, Knock
from hall.runtime.inbox import MOST_BYTES, Inbox


def door(**rates: int) -> Inbox:
    return Inbox(admission=Admission(AdmissionSection(**rates)))


def knock(inbox: Inbox, client: str, what: object, at: float = 0.0, size: int = 10) -> None:
    inbox.knock(Knock(client, at, size, lambda: what, lambda: f"no {what}"))


def taken(inbox: Inbox) -> list[Any]:
    found = []
    while (item := inbox.take_item(0)) is not None:
        found.append(item)
    return found


def test_clients_take_turns_however_much_one_of_them_sends() -> None:
    inbox = door()
    for number in range(4):
        knock(inbox, "kiosk-1", f"k{number}")
    knock(inbox, "counters", "call")
    knock(inbox, "printer-1", "press")

    assert taken(inbox) == ["k0", "call", "press", "k1", "k2", "k3"]


def test_what_one_client_sends_keeps_its_order() -> None:
    inbox = door()
    for number in range(50):
        knock(inbox, "kiosk-1", number)

    assert taken(inbox) == list(range(50))


def test_a_bucket_is_counted_by_arrival_and_fills_at_its_rate() -> None:
    inbox = door(requests_per_s=2, burst=3)
    for number in range(5):
        knock(inbox, "kiosk-1", number, at=100.0)
    assert taken(inbox) == [0, 1, 2, "no 3", "no 4"]
    knock(inbox, "kiosk-1", "half a second later", at=100.5)
    knock(inbox, "kiosk-1", "too soon", at=100.6)
    knock(inbox, "kiosk-1", "a second later", at=101.0)

    assert taken(inbox) == ["half a second later", "no too soon", "a second later"]


def test_of_the_surplus_so_many_a_second_are_told_and_the_rest_is_dropped() -> None:
    inbox = door(requests_per_s=5, burst=10)
    for number in range(60):
        knock(inbox, "kiosk-1", number, at=50.0)

    assert taken(inbox) == [*range(10), *(f"no {n}" for n in range(10, 15))]
    assert inbox.admission.dropped == 45


def test_nothing_is_read_before_its_turn() -> None:
    read: list[str] = []
    inbox = door(burst=1)
    inbox.knock(Knock("kiosk-1", 0.0, 1, lambda: read.append("body") or "ask", lambda: None))
    inbox.knock(Knock("kiosk-1", 0.0, 1, lambda: read.append("body of one too many"), lambda: "no"))

    assert read == []
    assert taken(inbox) == ["ask", "no"]
    assert read == ["body"]


def test_what_turns_out_to_be_nothing_gives_its_turn_to_the_next() -> None:
    inbox = door()
    knock(inbox, "kiosk-1", None)
    knock(inbox, "counters", "call")

    assert inbox.take_item(0) == "call"
    assert inbox.is_empty


def test_the_waiting_requests_of_one_client_weigh_only_so_much() -> None:
    inbox = door(burst=10_000)
    for number in range(100):
        knock(inbox, "kiosk-1", number, size=MOST_BYTES // 10)
    knock(inbox, "counters", "call")

    assert len(taken(inbox)) == 12


@pytest.mark.parametrize("many", [300, 3000])
def test_who_floods_for_five_seconds_is_named_until_it_is_calm(many: int) -> None:
    admission = Admission()
    for number in range(many * 4):
        admission.judge("kiosk-1", 100 + number / many)
    assert admission.floods(104.0) == ()
    for number in range(many * 2):
        admission.judge("kiosk-1", 104 + number / many)
    admission.judge("counters", 105.0)

    assert admission.floods(106.0) == ("kiosk-1",)
    assert admission.floods(115.0) == ("kiosk-1",)
    assert admission.floods(117.0) == ()


def flood(inbox: Inbox, at: float) -> None:
    for number in range(300):
        knock(inbox, "kiosk-1", number, at=at)


def test_who_goes_on_without_an_answer_is_not_listened_to_for_ten_seconds() -> None:
    inbox = door()
    flood(inbox, at=100.0)
    knock(inbox, "counters", "call", at=100.0)

    assert inbox.admission.shut_out(100.0) == {"kiosk-1"}
    assert inbox.admission.floods(100.0) == ("kiosk-1",)
    assert taken(inbox) == ["call"]
    assert inbox.admission.shut_out(109.9) == {"kiosk-1"}
    assert inbox.admission.shut_out(110.0) == set()
    assert inbox.admission.floods(119.0) == ("kiosk-1",)
    assert inbox.admission.floods(120.5) == ()


def test_who_floods_on_when_it_is_heard_again_has_no_new_burst() -> None:
    inbox = door()
    flood(inbox, at=100.0)
    inbox.admission.shut_out(110.0)
    for number in range(60):
        knock(inbox, "kiosk-1", number, at=110.1)

    assert inbox.admission.shut_out(110.1) == {"kiosk-1"}
    assert inbox.take_item(0) is None


def test_a_burst_now_and_then_names_nobody() -> None:
    admission = Admission()
    for minute in range(10):
        for _ in range(300):
            admission.judge("kiosk-1", minute * 60.0)

    assert admission.floods(541.0) == ()


def test_who_keeps_sending_nonsense_is_named_and_one_slip_is_not() -> None:
    admission = Admission()
    admission.garbled("counters", 100.0)
    for number in range(60):
        admission.garbled("kiosk-1", 100 + number / 10)

    assert admission.nonsense(106.0) == ("kiosk-1",)


def test_what_was_one_too_many_is_remembered_as_long_as_copies_may_come() -> None:
    admission = Admission()
    admission.note_refused("kiosk-1", "p1", 100.0)
    for number in range(500):
        admission.note_refused("kiosk-2", f"p{number}", 101.0)

    assert admission.is_refused("kiosk-1", "p1", 106.0)
    assert not admission.is_refused("kiosk-2", "other", 106.0)
    assert not admission.is_refused("kiosk-1", "p1", 106.5)
    for number in range(5000):
        admission.note_refused("kiosk-2", f"q{number}", 107.0)
    assert len(admission._refused) == 1000


def test_many_names_are_not_remembered_for_ever() -> None:
    admission = Admission(AdmissionSection(requests_per_s=1, burst=1))
    for number in range(5000):
        for _ in range(2):
            admission.judge(f"kiosk-{number}", 100.0)

    assert len(admission._floods._streaks) <= 100
