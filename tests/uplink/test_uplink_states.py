"""Live states: the newest of each, once a second, within the budget of the line."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.contract import codec
from hall.contract.messages import Alert, CounterState, HallState
from hall.contract.province import find_up
from hall.contract.topics import DEV_ALERT, STATE_COUNTER, STATE_HALL
from hall.runtime.bus import Cleared, Received
from hall.runtime.bus_memory import MemoryBroker
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Ground
from hall.runtime.far_link import FarHeard, Post
from hall.uplink.budget import OVERHEAD_BYTES, ByteBudget
from hall.uplink.live_states import LiveStates
from hall.uplink.store import FileStore

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)


@dataclass
class FakeLink:
    up: bool = True
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def open(self, post: Post) -> None: ...

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> int | None:
        assert retain
        if not self.up:
            return None
        self.sent.append((topic, payload))
        return len(self.sent)

    def acknowledge(self, heard: FarHeard) -> None: ...

    def close(self) -> None: ...

    def topics(self) -> list[str]:
        return [topic.split("/", 3)[3] for topic, _ in self.sent]


@dataclass
class Line:
    states: LiveStates
    link: FakeLink
    now: float = 0.0

    def flush(self, *, arrives: bool = True) -> list[str]:
        """One second on: what was sent in it."""
        before = len(self.link.sent)
        self.now += 1.0
        self.states.tick(self.now)
        if arrives:
            for token in range(len(self.link.sent) + 1):
                self.states.arrived(token)
        return self.link.topics()[before:]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    clock = SetClock(at=AT)
    memory = MemoryBroker()
    ground = Ground("thu", clock, tmp_path, lambda c: memory.bus(c, "thu", clock))
    link = FakeLink()
    states = LiveStates(ground.context_of("uplink"), link, ByteBudget(8000.0), "mark")
    states.hall_linked(-10.0)
    states.linked("c1")
    return Line(states, link)


def counter(name: str, ver: int = 1) -> Received:
    state = CounterState(epoch=1, ver=ver, counter=name, name=f"Quầy {name}", status="open")
    return Received(STATE_COUNTER, {"counter": name}, state, "controller")


def hall(seq: int = 1) -> Received:
    state = HallState(
        epoch=1, ver=seq, day="2026-11-30", open=True, clock="trusted", board_ver=seq,
        evt_seq=seq, waiting=0, served_today=0,
    )  # fmt: skip
    return Received(STATE_HALL, {}, state, "controller")


def test_ten_changes_in_a_second_go_up_as_one(line: Line) -> None:
    line.flush()
    for ver in range(10):
        line.states.take_state(counter("1", ver))

    assert line.flush() == ["state/counter/1"]
    assert b'"ver":9' in line.link.sent[-1][1]
    assert line.flush() == []


def test_nothing_new_goes_before_the_last_has_arrived(line: Line) -> None:
    line.states.take_state(counter("1", 1))
    assert line.flush(arrives=False)
    line.states.take_state(counter("1", 2))

    assert line.flush(arrives=False) == []
    for token in range(9):
        line.states.arrived(token)
    assert line.flush() == ["state/counter/1"]


def test_a_new_connection_gets_everything_again_faults_first(line: Line) -> None:
    line.states.take_state(counter("1"))
    line.states.take_state(hall())
    alert = Alert(code="paper_out", text="Hết giấy", since=AT)
    line.states.take_state(
        Received(DEV_ALERT, {"client": "printer-1", "code": "paper_out"}, alert, "printer-1")
    )
    line.flush()
    line.states.lost()
    line.states.linked("c2")

    assert line.flush() == [
        "dev/uplink/status",
        "dev/printer-1/alert/paper_out",
        "state/hall",
        "state/counter/1",
    ]


def test_an_unchanged_heartbeat_is_repeated_while_the_hall_lives(line: Line) -> None:
    line.states.take_state(hall())
    line.flush()
    for _ in range(40):
        line.states.take_state(hall())
        line.flush()
    assert line.link.topics().count("state/hall") in (2, 3)
    for _ in range(60):
        line.flush()

    assert line.link.topics().count("state/hall") in (2, 3)


def test_what_the_hall_removes_is_removed_at_the_province(line: Line) -> None:
    line.states.take_state(counter("1"))
    line.flush()
    line.states.take_removal(Cleared(STATE_COUNTER, {"counter": "1"}))

    assert line.flush() == ["state/counter/1"]
    assert line.link.sent[-1][1] == b""


def test_what_the_province_has_of_a_counter_that_is_gone_is_removed(line: Line) -> None:
    old = find_up("motcua/1/thu/state/counter/9")
    assert old is not None
    line.states.take_state(counter("1"))
    line.states.found(old)

    assert "state/counter/9" in line.flush()
    assert line.flush() == []


def test_nothing_is_removed_before_the_hall_itself_has_been_heard(line: Line) -> None:
    old = find_up("motcua/1/thu/state/counter/9")
    assert old is not None
    line.states.hall_lost()
    line.states.found(old)

    assert "state/counter/9" not in line.flush()


def test_a_hall_without_its_own_broker_says_so(line: Line) -> None:
    line.flush()
    line.states.hall_lost()
    line.flush()
    status = codec.open_payload(line.link.sent[-1][1], hall="thu").content

    assert status["alerts"] == ["hall_bus_lost"]


def test_a_thousand_states_take_the_time_that_the_line_has(line: Line) -> None:
    for number in range(100):
        line.states.take_state(counter(str(number)))
    seconds = 0
    while line.flush():
        seconds += 1
    size = sum(len(t) + len(p) + OVERHEAD_BYTES for t, p in line.link.sent)

    assert seconds >= size / 8000 - 1
    assert seconds <= size / 8000 + 2


def test_a_copied_card_in_another_machine_is_another_source(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for root, serial in ((one, "10000000aa"), (other, "10000000bb")):
        place = root / "sys/firmware/devicetree/base"
        place.mkdir(parents=True)
        (place / "serial-number").write_text(serial + "\0")
    first = FileStore(tmp_path / "store", one).source

    assert FileStore(tmp_path / "store", one).source == first
    assert FileStore(tmp_path / "store", other).source != first
    assert FileStore(tmp_path / "elsewhere", one).source != first


def test_the_place_outlives_the_process(tmp_path: Path) -> None:
    FileStore(tmp_path).keep_place((2, 4711))

    assert FileStore(tmp_path).place == (2, 4711)
    (tmp_path / "place.json").write_text("{")
    assert FileStore(tmp_path).place == (0, 0)
