"""What docs/adding.md says of displays, channels, roles and pages is enough: done, it works."""

import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import pytest
from private_tree import ROOT, PrivateTree, copied

# Several interpreters one after the other: a slow machine takes its time.
pytestmark = pytest.mark.timeout(600)
RECIPES = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")

PROFILE = r"""kind: flip
title: Bảng lật
transport: ascii_template
line: {baud: 2400, format: 8N1}
frame: '{data}\r'
width: 4
charset: "0-9A-Z"
"""
MESSAGE = '''class ClockState(WireModel):
    """What the hall's clock shows."""

    shown: FaceText


class UnitHealth(WireModel):'''
CHANNEL = """CLOCK = Channel(
    "clock", "clock/{client}", Kind.STATE, messages.ClockState, "What a clock shows", own="client"
)
EVT_TICKET = Channel("""
ROW = """    Role(
        "clock",
        Program("clock", "hall.wallclock", ("clock",)),
        hears=_PRESENCE,
        writes=(CLOCK,),
        obeys=("identify", "ping"),
    ),
    Role(
        "voice","""
# An existing role reads, writes, carries out and warns of more: the board.
_OF_BOARD = 'obeys=("identify", "ping"),\n        alerts=("screen_lost", "screen_size"),'
GRANTS = (
    ("_all(STATE_BOARD, STATE_COUNTER,", "_all(STATE_BOARD, FACE, STATE_COUNTER,"),
    (
        _OF_BOARD,
        _OF_BOARD.replace(
            'obeys=("identify", "ping")', 'writes=(CLOCK,), obeys=("identify", "say", "ping")'
        ).replace('"screen_size"', '"screen_size", "panel_hot"'),
    ),
)
PACKAGE = {
    "__init__.py": '"""A clock on the wall."""\n',
    "settings.py": '''"""The YAML section `clock`: the hall's clock."""

from pydantic import Field

from hall.runtime.sections import Shared
from hall.runtime.settings import Section


class ClockSection(Section):
    hand: str = Field(min_length=1, description="Kim.")


class ClockFile(Shared):
    clock: ClockSection
''',
    "ports.py": '"""A clock needs nothing."""\n',
    "service.py": '''"""Shows its hand."""

from dataclasses import dataclass

from hall.contract.messages import ClockState
from hall.contract.topics import CLOCK
from hall.runtime.bus import Connected
from hall.runtime.daemon import DaemonContext


@dataclass(slots=True)
class ClockService:
    context: DaemonContext
    hand: str
    needs_main_thread: bool = False

    def start(self) -> None:
        pass

    def handle(self, item: object) -> None:
        if isinstance(item, Connected):
            self.context.bus.publish(CLOCK, ClockState(shown=self.hand), client=self.context.client)

    def tick(self, now: float) -> float:
        return now + 60

    def stop(self) -> None:
        pass
''',
    "__main__.py": '''"""Run the clock: python -m hall.wallclock -c FILE."""

import sys
from pathlib import Path

from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.wallclock.service import ClockService
from hall.wallclock.settings import ClockFile


def build(config: settings.Document, ground: Ground, only: str | None) -> list[Daemon]:
    wanted = settings.check(config.part(ClockFile.model_fields), ClockFile)
    if only not in (None, "clock"):
        return []
    Path("used-clock").write_text(wanted.clock.hand, encoding="utf-8")
    context = ground.context_of("clock")
    return [Daemon(context, ClockService(context, wanted.clock.hand))]


if __name__ == "__main__":
    sys.exit(roles.main("hall.wallclock", build))
''',
}
PIN = "@dataclass(frozen=True, slots=True)\nclass Pin:"
PAGE = '''@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody is greeted."""


'''
SCREEN = '''"""Somebody is greeted."""

from pathlib import Path

from kiosk.drawing import frame
from kiosk.drawing.scene_builder import SceneBuilder
from kiosk.model.state import KioskModel


def draw(sheet: SceneBuilder, model: KioskModel) -> None:
    Path("used-page").touch()
    frame.head(sheet, model, "Chào ông/bà")
'''
ARM = """        case Hello():
            hello.draw(sheet, model)
        case Maintenance():"""
HALL = """version: 1
hall: {id: thu, name: Thử}
services: [{id: a, name: Hộ tịch, prefix: A, digits: 3}]
counters: [{id: "1", serves: [a]}]
clock: {hand: XII}
kiosks: [{id: kiosk-1, screen: {width: 1080, height: 1920, diagonal_inch: 32}}]
bridges:
  - id: bridge-1
    buses: [{port: simulated, units: [{address: 1, counter: "1", kind: flip}]}]
"""
UNIT = (ROOT / "systemd" / "motcua-onestop.service").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> PrivateTree:
    tree = copied(tmp_path_factory.mktemp("tree"))
    write(tree, "firmware_bridge/units/flip.yaml", PROFILE)
    tree.replace("hall/contract/messages.py", "class UnitHealth(WireModel):", MESSAGE)
    tree.replace("hall/contract/topics.py", "EVT_TICKET = Channel(", CHANNEL)
    tree.replace("hall/contract/topics.py", "    FACE,\n    EVT", "    FACE,\n    CLOCK,\n    EVT")
    tree.replace("hall/contract/roles.py", "import (\n", "import (\n    CLOCK,\n")
    tree.replace("hall/contract/roles.py", '    Role(\n        "voice",', ROW)
    for before, after in GRANTS:
        tree.replace("hall/contract/roles.py", before, after)
    tree.replace("kiosk/model/pages.py", PIN, PAGE + PIN)
    tree.replace("kiosk/model/pages.py", "    | Pin\n", "    | Hello\n    | Pin\n")
    write(tree, "kiosk/screens/hello.py", SCREEN)
    for before, after in (
        ("    Fields,\n", "    Fields,\n    Hello,\n"),
        ("    home,\n", "    hello,\n    home,\n"),
        ("        case Maintenance():", ARM),
    ):
        tree.replace("kiosk/screens/__init__.py", before, after)
    tree.replace("kiosk/model/samples.py", "    Fields,\n", "    Fields,\n    Hello,\n")
    sample = '        "bảo trì": Maintenance(),\n'
    tree.replace("kiosk/model/samples.py", sample, '        "chào": Hello(),\n' + sample)
    for name, text in PACKAGE.items():
        write(tree, f"hall/wallclock/{name}", text)
    unit = UNIT.replace("hall.onestop", "hall.wallclock").replace("motcua-onestop", "motcua-clock")
    write(tree, "systemd/motcua-clock.service", unit)
    users = (tree.place / "systemd/sysusers.d/motcua.conf").read_text(encoding="utf-8")
    write(tree, "systemd/sysusers.d/motcua.conf", users + 'u motcua-clock - "motcua clock"\n')
    manual = (tree.place / "docs/technician.md").read_text(encoding="utf-8")
    write(tree, "docs/technician.md", manual + "\nĐồng hồ: motcua-clock.\n")
    demo = (tree.place / "config/demo.yaml").read_text(encoding="utf-8")
    write(tree, "config/demo.yaml", demo + "clock: {hand: VI}\n")
    write(tree, "hall.yaml", HALL)
    write(tree, "wrong.yaml", HALL.replace("hand:", "hands:").replace("digits: 3", "digits: 5"))
    return tree


@dataclass(frozen=True)
class Told:
    """What the tree's own commands say of the new role, channel, display and page."""

    checked: subprocess.CompletedProcess[str]
    wrong: subprocess.CompletedProcess[str]
    acl: subprocess.CompletedProcess[str]
    wire: subprocess.CompletedProcess[str]
    schema: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def told(tree: PrivateTree) -> Told:
    check, acl = ("check", "-c"), ("acl", "-c")
    given = ((*check, "hall.yaml"), (*check, "wrong.yaml"), (*acl, "hall.yaml"))
    return Told(*tree.obey(*given, ("wire",), ("schema",)))


def write(tree: PrivateTree, file: str, text: str) -> None:
    path = tree.place / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_the_recipes_name_every_place_that_is_written_here() -> None:
    for file in ("hall/contract/topics.py", "hall/contract/messages.py", "hall/contract/roles.py"):
        assert f"`{file}`" in RECIPES
    for file in ("model/pages.py", "screens/__init__.py", "model/samples.py"):
        assert f"`kiosk/{file}`" in RECIPES
    for part in ("firmware_bridge/units/NAME.yaml", "sysusers.d/motcua.conf", "config/demo.yaml"):
        assert f"`{part}`" in RECIPES
    for name in PACKAGE.keys() - {"__init__.py"}:
        assert f"`{name}`" in RECIPES


def test_a_file_with_the_new_role_display_and_page_is_checked(
    tree: PrivateTree, told: Told
) -> None:
    assert told.checked.returncode == 0, said(told.checked)
    assert (tree.place / "used-page").exists()
    assert "clock.hands" in said(told.wrong)
    assert "bảng 'flip' ở quầy 1 không hiện được số" in said(told.wrong)


def test_the_broker_lets_the_new_role_and_the_board_alone_write_the_new_channel(
    told: Told,
) -> None:
    acl = told.acl.stdout

    (mine,) = re.findall(r"^user clock\n((?:topic .*\n)+)", acl, re.MULTILINE)
    assert "topic write motcua/1/thu/clock/clock\n" in mine
    assert acl.count("topic write motcua/1/thu/clock/") == 2
    assert "`clock`" in told.wire.stdout
    assert '"clock"' in told.schema.stdout


def test_a_row_alone_grants_what_a_daemon_reads_writes_obeys_and_warns_of(
    tree: PrivateTree, told: Told
) -> None:
    heard = tree.run(
        "-c",
        "from hall.runtime.hearing import subscriptions;"
        "print([each.channel.name for each in subscriptions('board', {})])",
    )

    (mine,) = re.findall(r"^user board\n((?:topic .*\n)+)", told.acl.stdout, re.MULTILINE)
    (tech,) = re.findall(r"^user tech\n((?:topic .*\n)+)", told.acl.stdout, re.MULTILINE)
    assert "topic read motcua/1/thu/face/+\n" in mine
    assert "topic write motcua/1/thu/clock/board\n" in mine
    assert "topic write motcua/1/thu/dev/board/alert/panel_hot\n" in mine
    assert "topic write motcua/1/thu/req/dev/board/say/tech\n" in tech
    assert "'face'" in said(heard)


def test_the_house_s_tests_of_a_role_pass_and_name_what_is_missing(tree: PrivateTree) -> None:
    closest = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "clock or every_unit")
    whole = tree.run(*closest, "tests/house/test_house_roles.py")
    unit = tree.place / "systemd" / "motcua-clock.service"
    kept = unit.read_text(encoding="utf-8")
    unit.unlink()
    lacking = tree.run(*closest, "tests/house/test_house_roles.py")
    unit.write_text(kept, encoding="utf-8")

    assert whole.returncode == 0, said(whole)
    assert "motcua-clock.service" in said(lacking)


@pytest.mark.broker
def test_the_new_role_runs(tree: PrivateTree) -> None:
    mark = tree.place / "used-clock"
    mark.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "hall.cli", "run", "clock", "-c", "hall.yaml", "--state", "state"],
        cwd=tree.place,
        env=tree.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 400
        while not mark.exists():
            assert time.monotonic() < end
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the role ended with {process.wait(0.05)}")
    finally:
        process.terminate()
        process.wait(120)

    assert mark.read_text(encoding="utf-8") == "XII"
