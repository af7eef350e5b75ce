"""Faces follow the counters, converge after every failure, and blink only for live calls."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from earlier_run import leave_alert
from PIL import Image

from display.__main__ import build
from display.faces import Spec
from display.service import FacesService
from display.simulated_faces import SimulatedFaces
from hall.contract.messages import DeviceStatus, Face
from hall.contract.requests import Identify, Say
from hall.contract.topics import DEV_STATUS
from hall.runtime import settings
from hall.runtime.daemon import Daemon

if TYPE_CHECKING:
    Stage = Any


@pytest.fixture
def led() -> SimulatedFaces:
    return SimulatedFaces(4)


@pytest.fixture
def display(stage: "Stage", led: SimulatedFaces) -> Daemon:
    specs = [Spec("1", 4, "alnum"), Spec("3", 3, "digits")]
    daemon: Daemon = stage.run(Daemon(context := stage.context_of("display"), FacesService(
        context, specs, {"1": led})))  # fmt: skip
    stage.controller_ready()
    stage.beat()
    return daemon


@pytest.mark.usefixtures("display")
def test_a_call_is_on_the_display_and_blinks(stage: "Stage", led: SimulatedFaces) -> None:
    stage.counter("1", "called", "A105")

    assert stage.face("1").text == "A105"
    assert stage.face("1").call
    assert led.blinked == ["A105"]


@pytest.mark.usefixtures("display")
def test_each_display_shows_what_it_can(stage: "Stage") -> None:
    stage.counter("3", "called", "A105")

    assert stage.face("3").text == "105"


@pytest.mark.usefixtures("display")
def test_a_recall_blinks_again(stage: "Stage", led: SimulatedFaces) -> None:
    first = stage.clock.now()
    stage.counter("1", "called", "A105", called_at=first)
    stage.advance_with_beats(60)
    stage.counter("1", "called", "A105", called_at=first, recalls=1)

    assert led.blinked == ["A105", "A105"]


@pytest.mark.usefixtures("display")
def test_a_counter_that_begins_to_serve_stops_blinking(stage: "Stage") -> None:
    stage.counter("1", "called", "A105")
    stage.counter("1", "serving", "A105")

    assert stage.face("1") == Face(text="A105", style="steady")


@pytest.mark.usefixtures("display")
def test_an_old_state_never_overwrites_a_new_one(stage: "Stage") -> None:
    old = stage.state("1", "called", "A104")
    stage.counter("1", "called", "A105")
    stage.counter("1", "called", "A104", ver=old.ver)

    assert stage.face("1").text == "A105"


@pytest.mark.usefixtures("display")
def test_a_restored_journal_begins_again_below(stage: "Stage") -> None:
    stage.counter("1", "called", "A105")
    stage.counter("1", "called", "A002", epoch=2, ver=1)

    assert stage.face("1").text == "A002"


@pytest.mark.usefixtures("display")
def test_twenty_seconds_without_a_heartbeat_mark_every_face(stage: "Stage") -> None:
    stage.counter("1", "called", "A105")
    stage.counter("3", "open")
    stage.advance(19)
    assert stage.face("1").style == "steady"

    stage.advance(2)

    assert stage.face("1") == Face(text="A105", style="stale")
    assert stage.face("3") == Face(text="---", style="stale")


@pytest.mark.usefixtures("display")
def test_the_heartbeat_brings_the_faces_back_without_blinking(
    stage: "Stage", led: SimulatedFaces
) -> None:
    stage.counter("1", "serving", "A105")
    stage.advance(30)
    stage.beat()

    assert stage.face("1") == Face(text="A105", style="steady")
    assert led.blinked == []


@pytest.mark.usefixtures("display")
def test_a_call_that_outlives_a_silence_is_no_new_call(stage: "Stage", led: SimulatedFaces) -> None:
    stage.counter("1", "called", "A105")
    stage.advance(30)
    stage.beat()

    assert stage.face("1") == Face(text="A105", style="steady")
    assert led.blinked == ["A105"]


@pytest.mark.usefixtures("display")
def test_a_call_that_was_made_in_the_silence_blinks_when_it_is_over(
    stage: "Stage", led: SimulatedFaces
) -> None:
    stage.counter("1", "called", "A105")
    stage.advance(30)
    stage.counter("1", "called", "A106")
    stage.beat()

    assert stage.face("1").call
    assert led.blinked == ["A105", "A106"]


@pytest.mark.usefixtures("display")
def test_the_controllers_will_marks_the_faces_at_once(stage: "Stage") -> None:
    stage.counter("1", "serving", "A105")
    stage.lose_controller("c1")

    assert stage.face("1").style == "stale"


@pytest.mark.usefixtures("display")
def test_a_controllers_goodbye_marks_the_faces_until_it_is_back(stage: "Stage") -> None:
    stage.counter("1", "serving", "A105")
    leaving = DeviceStatus.model_validate({"state": "disconnected", "conn": "c1", "sw": "motcua"})
    stage.say(DEV_STATUS, leaving, client="controller")
    assert stage.face("1").style == "stale"

    stage.controller_ready("c2")
    stage.beat()

    assert stage.face("1").style == "steady"


@pytest.mark.usefixtures("display")
def test_a_late_will_of_an_earlier_connection_is_ignored(stage: "Stage") -> None:
    stage.controller_ready("c2")
    stage.counter("1", "serving", "A105")
    stage.lose_controller("c1")

    assert stage.face("1").style == "steady"


@pytest.mark.usefixtures("display")
def test_nothing_is_said_twice(stage: "Stage") -> None:
    stage.counter("1", "serving", "A105")
    before = len(stage.faces("1"))
    stage.advance_with_beats(60)

    assert len(stage.faces("1")) == before


@pytest.mark.usefixtures("display")
def test_every_face_is_said_again_after_a_reconnect(stage: "Stage") -> None:
    stage.counter("1", "called", "A105")
    stage.counter("3", "open")
    stage.advance_with_beats(15)
    stage.buses[0].drop()
    stage.broker.retained.clear()
    stage.buses[0].connect()
    stage.settle()

    # The call is older than a reconnect may blink for: a bridge that restarted must not blink.
    assert stage.faces("1")[-1] == Face(text="A105", style="steady")
    assert stage.faces("3")[-1].text == "---"


def test_a_retained_call_of_an_earlier_hour_is_shown_without_blinking(
    stage: "Stage", led: SimulatedFaces
) -> None:
    stage.counter("1", "called", "A105")
    context = stage.context_of("display")
    stage.run(Daemon(context, FacesService(context, [Spec("1")], {"1": led})))
    stage.beat()

    assert stage.face("1") == Face(text="A105", style="steady")
    assert led.blinked == []


def test_a_state_said_again_by_the_controller_is_no_new_call(
    stage: "Stage", led: SimulatedFaces
) -> None:
    called = stage.state("1", "called", "A105")
    context = stage.context_of("display")
    stage.run(Daemon(context, FacesService(context, [Spec("1")], {"1": led})))
    stage.advance_with_beats(120)
    stage.counter("1", "called", "A105", ver=called.ver, called_at=called.called_at)

    assert stage.face("1").call is None
    assert led.blinked == []


def test_before_the_first_state_the_face_of_the_last_run_stands(stage: "Stage") -> None:
    context = stage.context_of("display")
    stage.run(Daemon(context, FacesService(context, [Spec("1")], {})))
    stage.advance(10)
    assert stage.faces("1") == []

    stage.advance(15)

    assert stage.face("1") == Face(text="----", style="stale")


@pytest.mark.usefixtures("display")
def test_a_broken_display_raises_an_alert_and_heals(stage: "Stage", led: SimulatedFaces) -> None:
    led.broken = True
    stage.counter("1", "called", "A105")
    assert stage.alerts("display") == {"display_lost"}

    led.broken = False
    stage.advance_with_beats(10)

    assert stage.alerts("display") == set()
    assert led.shown["1"].face.text == "A105"


def test_one_display_that_works_does_not_hide_another_that_is_lost(stage: "Stage") -> None:
    good, bad = SimulatedFaces(4, counter="3"), SimulatedFaces(4, counter="1")
    bad.broken = True
    context = stage.context_of("display")
    drivers = {"1": bad, "3": good}
    stage.run(Daemon(context, FacesService(context, [Spec("1"), Spec("3")], drivers)))
    stage.beat()
    stage.counter("1", "called", "A105")
    stage.counter("3", "called", "A106")
    assert stage.alerts("display") == {"display_lost"}

    bad.broken = False
    stage.advance_with_beats(10)

    assert stage.alerts("display") == set()
    assert bad.shown["1"].face.text == "A105"


@pytest.mark.usefixtures("display")
def test_identify_shows_every_counters_own_name_for_a_while(stage: "Stage") -> None:
    stage.counter("3", "called", "A105")
    stage.ask("display", "identify", Identify(id="i1"))
    assert (stage.face("1").text, stage.face("3").text) == ("1", "3")
    assert stage.replies()[-1].status == "ok"

    stage.advance(6)

    assert stage.face("3").text == "105"


@pytest.mark.usefixtures("display")
def test_a_verb_that_a_display_does_not_know_is_refused(stage: "Stage") -> None:
    stage.ask("display", "say", Say(id="s1", text="xin chào"))

    assert stage.replies()[-1].error.code == "bad_request"


def test_the_configuration_makes_the_drivers(
    stage: "Stage", hall_yaml: Callable[[str], Path], tmp_path: Path
) -> None:
    path = hall_yaml(
        "display:\n"
        "  window: {width: 480, height: 270}\n"
        "  faces:\n"
        '    - {counter: "1", driver: simulated}\n'
        '    - {counter: "3", driver: window}\n'
        '    - {counter: "5A", width: 3, charset: digits}\n'
    )
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)
    stage.beat()
    stage.counter("1", "called", "A105")
    stage.counter("3", "called", "A106")
    stage.counter("5A", "called", "A107")

    assert [stage.face(n).text for n in ("1", "3", "5A")] == ["A105", "A106", "107"]
    for name, size in (("face-1.png", (416, 128)), ("face-3.png", (480, 270))):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == size


def test_a_machine_without_spi_raises_an_alert_and_goes_on(
    stage: "Stage", hall_yaml: Callable[[str], Path]
) -> None:
    path = hall_yaml('display: {faces: [{counter: "1", driver: max7219, spi: [7, 7]}]}\n')
    (daemon,) = build(settings.read(path), stage.ground, None)
    stage.run(daemon)
    stage.beat()
    stage.counter("1", "called", "A105")

    assert stage.alerts("display") == {"display_lost"}
    assert stage.face("1").text == "A105"


@pytest.mark.parametrize(
    ("faces", "told"),
    [
        ('[{counter: "9"}]', "không có quầy '9'"),
        ('[{counter: "1"}, {counter: "1"}]', "đã có bảng số"),
        ('[{counter: "1", width: 7}]', "6 trở xuống"),
        ('[{counter: "1", driver: brige}]', "ý bạn là 'bridge'"),
    ],
)
def test_a_wrong_configuration_is_told_with_its_line(
    stage: "Stage", hall_yaml: Callable[[str], Path], faces: str, told: str
) -> None:
    path = hall_yaml(f"display:\n  faces: {faces}\n")

    with pytest.raises(settings.ConfigError, match=told) as wrong:
        build(settings.read(path), stage.ground, None)
    assert "hall.yaml:9:" in str(wrong.value)


def test_another_device_of_the_role_is_not_ours(
    stage: "Stage", hall_yaml: Callable[[str], Path]
) -> None:
    assert not build(settings.read(hall_yaml("display: {}\n")), stage.ground, "board")


def test_an_alert_of_an_earlier_run_stands_until_every_display_has_shown_a_face(
    stage: "Stage",
) -> None:
    leave_alert(stage.broker, stage.ground.hall, "display", "display_lost")
    drivers = {number: SimulatedFaces(4, counter=number) for number in ("1", "3")}
    service = FacesService(context := stage.context_of("display"), [Spec("1"), Spec("3")], drivers)
    stage.run(Daemon(context, service))
    stage.beat()
    stage.counter("1", "called", "A105")
    assert stage.alerts("display") == {"display_lost"}

    stage.counter("3", "called", "A106")

    assert stage.alerts("display") == set()
