"""All halls now: states in, rows out, without a broker."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hall.contract import codec
from hall.contract.province import topic_up
from hall.contract.topics import (
    DEV_ALERT,
    DEV_STATUS,
    STATE_COUNTER,
    STATE_HALL,
    STATE_SERVICE,
    Channel,
)
from hall.contract.upward import UpAlert, UpCounter, UpHall, UpStatus
from hall.contract.words import WireModel
from hall.province.watch.arrivals import SeenEvent
from hall.province.watch.province_now import SETTLED, NamedHall, ProvinceNow
from hall.province.watch.rows import MUTE, HallLink

NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)
TODAY = "2026-11-30"
XA = NamedHall("xa", "Trung tâm xã", "don-vi", "Đơn vị")


class Halls:
    """A province of one hall, and its clock."""

    def __init__(self) -> None:
        self.now = ProvinceNow()
        self.at = NOON

    def hear(
        self, channel: Channel, message: WireModel | None, *, retained: bool = False, **levels: str
    ) -> None:
        payload = (
            b"" if message is None else codec.pack(message, hall="xa", src="controller", ts=self.at)
        )
        topic = topic_up("xa", channel, levels)
        self.now.hear_message(topic, payload, retained=retained, now=self.at)

    def hear_hall(self, *, retained: bool = False, **more: Any) -> None:
        told = {"epoch": 1, "ver": 1, "day": TODAY, "open": True, "clock": "trusted"} | more
        told = {"evt_seq": 1, "waiting": 4, "served_today": 9} | told
        self.hear(STATE_HALL, UpHall.model_validate(told), retained=retained)

    def hear_uplink(self, state: Any, *, retained: bool = False) -> None:
        told = UpStatus(state=state, conn="c", sw="1")
        self.hear(DEV_STATUS, told, retained=retained, client="uplink")

    def row(self) -> Any:
        return self.now.turn(self.at).get("xa")


@pytest.fixture
def halls() -> Halls:
    made = Halls()
    made.now.register([XA])
    return made


def test_only_what_differs_is_told_again(halls: Halls) -> None:
    halls.hear_uplink("ready")
    halls.hear_hall()
    assert halls.row().waiting == 4

    assert halls.row() is None
    halls.hear_hall(waiting=5)
    assert halls.row().waiting == 5


def test_a_hall_that_was_never_heard_is_in_the_table(halls: Halls) -> None:
    row = halls.row()

    assert row.link is HallLink.NEVER
    assert row.heard is None


@pytest.mark.parametrize(
    ("state", "link"),
    [("ready", HallLink.UP), ("degraded", HallLink.UP), ("lost", HallLink.DOWN),
     ("disconnected", HallLink.OFF)],
)  # fmt: skip
def test_the_line_is_what_the_uplink_or_the_broker_said_last(
    halls: Halls, state: str, link: HallLink
) -> None:
    halls.hear_hall()
    halls.hear_uplink(state)

    assert halls.row().link is link


def test_a_hall_without_a_heartbeat_becomes_mute_though_it_says_nothing(halls: Halls) -> None:
    halls.hear_uplink("ready")
    halls.hear_hall()
    halls.row()
    halls.at += MUTE + timedelta(seconds=1)

    assert halls.row().link is HallLink.MUTE


def test_an_old_retained_heartbeat_is_no_life(halls: Halls) -> None:
    halls.at = NOON - timedelta(hours=2)
    halls.hear_uplink("ready", retained=True)
    halls.hear_hall(retained=True)
    halls.at = NOON

    row = halls.row()

    assert row.link is HallLink.MUTE
    assert row.heard == int((NOON - timedelta(hours=2)).timestamp())


def test_numbers_of_another_day_are_nobodys_today(halls: Halls) -> None:
    halls.hear_uplink("ready")
    halls.hear_hall(day="2026-11-29", waiting=3, served_today=80)

    row = halls.row()

    assert (row.waiting, row.served) == (None, None)


def test_midnight_takes_yesterdays_numbers_away(halls: Halls) -> None:
    halls.hear_uplink("ready")
    halls.hear_hall()
    assert halls.row().served == 9
    halls.at = datetime(2026, 11, 30, 17, 0, 1, tzinfo=UTC)

    assert halls.row().served is None


def test_counters_alerts_and_lost_devices_are_counted(halls: Halls) -> None:
    halls.hear_hall()
    for name, status in (("1", "serving"), ("2", "open"), ("3", "paused"), ("4", "closed")):
        told = UpCounter.model_validate(
            {"epoch": 1, "ver": 1, "counter": name, "name": name, "status": status}
        )
        halls.hear(STATE_COUNTER, told, counter=name)
    alert = UpAlert(code="paper_out", text="Hết giấy", since=NOON)
    halls.hear(DEV_ALERT, alert, client="printer-1", code="paper_out")
    halls.hear(DEV_STATUS, UpStatus(state="lost", conn="c", sw="1"), client="display")

    row = halls.row()

    assert (row.open, row.counters, row.faults, row.fault) == (2, 4, 2, "Hết giấy")
    halls.hear(DEV_ALERT, None, client="printer-1", code="paper_out")
    assert halls.row().faults == 1


def test_what_does_not_come_again_after_a_new_connection_is_no_more(halls: Halls) -> None:
    """Solved while the page was cut off: the broker has nothing retained of it any more."""
    halls.hear_hall()
    halls.hear(DEV_ALERT, UpAlert(code="bus_down", since=NOON), client="bridge-1", code="bus_down")
    assert halls.row().faults == 1

    halls.now.linked(halls.at)
    halls.hear_hall(retained=True)
    assert halls.row() is None
    halls.at += SETTLED

    assert halls.row().faults == 0


def test_who_waits_longest_comes_from_todays_events(halls: Halls) -> None:
    halls.hear_uplink("ready")
    halls.hear_hall()
    taken = NOON - timedelta(minutes=40)
    event = SeenEvent("xa", 1, 7, NOON.date(), "issued", taken, "t1", None)
    halls.now.take_events([event], {"xa": (1, 9)})

    assert halls.row().since == int(taken.timestamp())
    assert halls.now.places() == {"xa": (1, 9)}
    halls.hear_hall(waiting=0)
    assert halls.row().since is None


def test_who_waits_in_a_hall_whose_name_comes_later_is_not_forgotten(halls: Halls) -> None:
    halls.now.register([])
    taken = NOON - timedelta(minutes=40)
    event = SeenEvent("xa", 1, 7, NOON.date(), "issued", taken, "t1", None)
    halls.now.take_events([event], {"xa": (1, 9)})
    halls.hear_uplink("ready")
    halls.hear_hall()
    assert halls.row() is None

    halls.now.register([XA])

    assert halls.row().since == int(taken.timestamp())


def test_what_an_unregistered_hall_says_is_there_when_it_is_registered(halls: Halls) -> None:
    halls.now.register([])
    halls.hear_hall(waiting=6)
    assert halls.row() is None

    halls.now.register([XA])

    assert halls.row().waiting == 6


def test_garbage_is_counted_and_changes_nothing(halls: Halls) -> None:
    halls.hear_hall()
    halls.row()
    topic = topic_up("xa", STATE_SERVICE, {"service": "a"})
    for payload in (b"{", b"[]", b'{"schema":1}', b"\xff"):
        halls.now.hear_message(topic, payload, retained=False, now=halls.at)
    halls.now.hear_message("motcua/1/xa/nothing/here", b"{}", retained=False, now=halls.at)

    assert halls.now.garbled == 4
    assert halls.row() is None
