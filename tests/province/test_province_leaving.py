"""A hall or unit that leaves the province: what it has left at the broker goes, its events stay."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_province import OWN_WORD, UNIT, OwnProvince, until

from hall.contract import codec
from hall.contract.downward import DOWN_LINK
from hall.contract.onestop_messages import Notice, OnestopStatus
from hall.contract.province import PROVINCE, topic_up
from hall.contract.topics import DEV_STATUS, STATE_HALL
from hall.province.broker_clearing import of_hall, of_unit
from hall.province.database import Database
from hall.runtime.bus_mqtt import Server
from hall.runtime.clock import SystemClock
from hall.runtime.far_link import FarHeard, FarSent, FarUp, FarWill
from hall.runtime.far_link_mqtt import FarMqttLink, FarOptions
from hall.runtime.inbox import Inbox

pytestmark = pytest.mark.broker
STATUS = OnestopStatus(state="ready", conn="c1")


class Client:
    def __init__(self, province: OwnProvince, word: str, options: FarOptions) -> None:
        server = Server("127.0.0.1", province.port, word)
        self.inbox, self.taken = Inbox(), 0
        self.heard: dict[str, bytes] = {}
        self.up = False
        self.link = FarMqttLink(options, lambda: server, SystemClock())
        self.link.open(self.inbox.post)
        assert self.until(lambda: self.up)

    def until(self, condition: "callable[[], bool]") -> bool:  # type: ignore[valid-type]
        def turn() -> bool:
            while (item := self.inbox.take_item(0.02)) is not None:
                self.up |= isinstance(item, FarUp)
                self.taken += isinstance(item, FarSent) and item.taken
                if isinstance(item, FarHeard):
                    self.heard[item.topic] = item.payload
            return condition()

        return until(turn, 60.0, 0.01)

    def say(self, topic: str, owner: str, src: str) -> None:
        payload = codec.pack(STATUS, hall=owner, src=src, ts=SystemClock().now())
        self.link.publish(topic, payload, retain=True)


@pytest.fixture
def province(tmp_path: Path, dsn: str) -> Iterator[OwnProvince]:
    made = OwnProvince(tmp_path / "province", dsn)
    made.folder.mkdir()
    made.make(["di", "o-lai"])
    yield made
    made.stop()


def hall_line(province: OwnProvince, hall: str) -> Client:
    """With a last will, as its role `onestop` has."""
    will = FarWill(DOWN_LINK.topic(hall), b"{}")
    options = FarOptions(f"{hall}-onestop", hall, will=lambda _conn: will)
    return Client(province, province.words[hall], options)


def standing(province: OwnProvince, *filters: str) -> set[str]:
    """What a client that comes now is told; the hall that stays is heard last."""
    last = f"motcua/1/o-lai/{STATE_HALL.pattern}"
    options = FarOptions("province-see", PROVINCE, (*filters, last))
    own = Client(province, OWN_WORD, options)
    try:
        assert own.until(lambda: last in own.heard)
        return {topic for topic, payload in own.heard.items() if payload}
    finally:
        own.link.close()


def test_what_a_hall_has_left_goes_and_its_events_stay(province: OwnProvince) -> None:
    own = Client(province, OWN_WORD, FarOptions("province-x", PROVINCE))
    goes, stays = hall_line(province, "di"), hall_line(province, "o-lai")
    for number in range(120):
        goes.say(topic_up("di", DEV_STATUS, {"client": f"kiosk-{number}"}), "di", "uplink")
    goes.say(topic_up("di", STATE_HALL), "di", "controller")
    own.say("motcua/1/di/up/ack", "di", PROVINCE)
    own.say("motcua/1/di/down/notice", "di", PROVINCE)
    stays.say(topic_up("o-lai", STATE_HALL), "o-lai", "controller")
    assert goes.until(lambda: goes.taken == 121)
    assert own.until(lambda: own.taken == 2)
    assert stays.until(lambda: stays.taken == 1)
    sql = (
        "INSERT INTO event (hall, epoch, seq, day, type, at, client, preferred) "
        "VALUES ('di', 1, 1, '2026-11-02', 'issued', now(), 'printer-1', false)"
    )
    with Database(province.dsn) as database, database.transaction() as cursor:
        cursor.run(sql)
    before = standing(province, *of_hall("di"))
    assert len(before) >= 123

    done = province.motcua("unregister", "di", "--write", str(province.folder))

    assert done.returncode == 0, done.stderr
    assert "đã bỏ hội trường di" in done.stdout
    assert standing(province, *of_hall("di")) == {f"motcua/1/o-lai/{STATE_HALL.pattern}"}
    assert province.places("di") == [(1, 1)]
    again = province.motcua("unregister", "di", "--write", str(province.folder))
    assert (again.returncode, "không có trong danh sách" in again.stdout) == (0, True)
    for each in (own, goes, stays):
        each.link.close()


def test_a_unit_goes_when_its_last_hall_has_gone(province: OwnProvince) -> None:
    own = Client(province, OWN_WORD, FarOptions("province-x", PROVINCE))
    stays = hall_line(province, "o-lai")
    told = codec.pack(Notice(lines=("x",)), hall="unit", src=PROVINCE, ts=SystemClock().now())
    own.link.publish(f"motcua/1/unit/{UNIT}/notice", told, retain=True)
    stays.say(topic_up("o-lai", STATE_HALL), "o-lai", "controller")
    assert own.until(lambda: own.taken == 1)
    assert stays.until(lambda: stays.taken == 1)
    where = ("--write", str(province.folder))

    refused = province.motcua("unregister", "--unit", UNIT, *where)
    assert refused.returncode == 1
    assert "di, o-lai" in refused.stderr
    assert f"motcua/1/unit/{UNIT}/notice" in standing(province, *of_unit(UNIT))

    with Database(province.dsn) as database, database.transaction() as cursor:
        cursor.run("DELETE FROM hall")
    done = province.motcua("unregister", "--unit", UNIT, *where)
    assert done.returncode == 0, done.stderr
    assert f"motcua/1/unit/{UNIT}/notice" not in standing(province, *of_unit(UNIT))
    for each in (own, stays):
        each.link.close()
