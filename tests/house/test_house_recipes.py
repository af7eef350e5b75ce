"""A recipe of docs/adding.md is enough: what it names is written, nothing else, and works."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from private_tree import ROOT, PrivateTree, copied

# Several interpreters one after the other: a slow machine takes its time.
pytestmark = pytest.mark.timeout(900)
RECIPES = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
CLOSEST = (
    "tests/contract/test_rows.py",
    "tests/contract/test_messages.py::test_every_channel_and_every_verb_has_a_hand_written_example",
    "tests/controller/test_controller_rows.py",
    "tests/counter/test_counter_buttons.py",
    "tests/config/test_generated_files.py",
)
RECIPE = "A verb of the queue with its event"
ROWS = ("tests/contract/test_rows.py", "tests/controller/test_controller_rows.py")


TESTS = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Step:
    """What is written into a file: each text before the only place of another.

    `missed`: what is said when it is left out.
    """

    file: str
    missed: str
    inserts: tuple[tuple[str, str], ...]

    def write(self, tree: PrivateTree) -> None:
        for before, text in self.inserts:
            tree.replace(self.file, before, text + before)


# "send-back": who was called goes to the end of the queue.
VERB = (
    Step(
        "hall/contract/requests.py",
        "hall.contract.requests' has no attribute 'SendBack'",
        (
            (
                "class Park(CounterRequest):",
                "class SendBack(CounterRequest):\n    pass\n\n\n",
            ),
        ),
    ),
    Step(
        "hall/contract/verbs.py",
        "hall/contract/verbs.py has no row for .'SendBack'",
        (
            (
                '    _counter("resume",',
                """    _counter(
        "send-back",
        req.SendBack,
        req.CounterData,
        "called to the end of its queue",
        Offer("Về cuối hàng", _when("called"), "Ctrl+B", "B"),
    ),
""",
            ),
        ),
    ),
    Step(
        "hall/contract/events.py",
        "hall/contract/events.py has no row for .'sent_back'",
        (
            ('    "parked",\n', '    "sent_back",\n'),
            (
                '    EventRow("parked"',
                '    EventRow("sent_back", "về cuối hàng", TicketPlace.WAITING),\n',
            ),
        ),
    ),
    Step(
        "hall/queueing/commands.py",
        '"commands.SendBack" is not defined',
        (
            (
                "@dataclass(frozen=True, slots=True)\nclass Park(AtCounter):",
                """@dataclass(frozen=True, slots=True)
class SendBack(AtCounter):
    verb: ClassVar[str] = "send-back"


""",
            ),
            ("    | Park\n", "    | SendBack\n"),
        ),
    ),
    Step(
        "hall/queueing/events.py",
        '"hall.queueing.events" has no attribute "SentBack"',
        (
            (
                "@dataclass(frozen=True, slots=True)\nclass Parked(Happened):",
                """@dataclass(frozen=True, slots=True)
class SentBack(Happened):
    kind: ClassVar[str] = "sent_back"

    serial: int
    counter: str
    rank: int


""",
            ),
            ("    | Parked\n", "    | SentBack\n"),
        ),
    ),
    Step(
        "hall/queueing/serving.py",
        'Module has no attribute "send_back"',
        (
            (
                "def open_counter(",
                """def send_back(draft: Draft, command: commands.SendBack) -> int:
    counter = draft.counter(command).id
    ticket = draft.held(counter)
    if ticket.state is not State.CALLED:
        raise Refused(Reason.NOT_CALLED, counter)
    draft.add(events.SentBack(*draft.stamp, ticket.serial, counter, draft.now.at))
    return ticket.serial


""",
            ),
        ),
    ),
    Step(
        "hall/queueing/decide.py",
        "hall/queueing/decide.py:.*SendBack",
        (
            (
                "        case commands.OpenCounter():",
                """        case commands.SendBack():
            return serving.send_back(draft, command)
""",
            ),
        ),
    ),
    Step(
        "hall/queueing/evolve.py",
        "hall/queueing/evolve.py:.*SentBack",
        (
            (
                "        case Parked():",
                """        case SentBack():
            last = amend(_ticket(hall, event.serial), rank=event.rank)
            return _free(_back(_put(hall, last), event.serial), event.counter)
""",
            ),
            ("    Started,\n", "    SentBack,\n"),
        ),
    ),
)
EXAMPLE = Step(
    "tests/data/wire.json",
    "has_a_hand_written_example",
    (('["req/queue/park/', '["req/queue/send-back/counters", {"id":"c6b","counter":"5A"}],\n'),),
)
HALL = """version: 1
hall: {id: thu, name: Thử, hours: ["00:00-24:00"], days: [mon, tue, wed, thu, fri, sat, sun]}
services: [{id: a, name: Hộ tịch, prefix: A}]
counters: [{id: "1", serves: [a]}]
bridges:
  - {id: bridge-1, buses: [{port: simulated, units: [{address: 1, counter: "1"}]}], keys: {E: send-back}}
"""  # noqa: E501


def section_of(recipe: str) -> str:
    return re.split("^#", RECIPES.split(f"### {recipe}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def files_of(recipe: str) -> list[str]:
    """The files in the recipe's table, in its order."""
    return re.findall(r"^\| `([^`]+)`", section_of(recipe), re.MULTILINE)


def written(place: Path) -> PrivateTree:
    tree = copied(place)
    for step in (*VERB, EXAMPLE):
        step.write(tree)
    return tree


@contextmanager
def left_out(tree: PrivateTree, step: Step) -> Iterator[None]:
    """Each step writes into a file of its own."""
    place = tree.place / step.file
    whole = place.read_text(encoding="utf-8")
    place.write_text((ROOT / step.file).read_text(encoding="utf-8"), encoding="utf-8")
    try:
        yield
    finally:
        place.write_text(whole, encoding="utf-8")


def test_the_recipe_of_a_verb_names_every_file_and_no_other() -> None:
    assert files_of(RECIPE) == [step.file for step in VERB]
    assert len(VERB) <= 8


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> PrivateTree:
    tree = written(tmp_path_factory.mktemp("tree"))
    (tree.place / "hall.yaml").write_text(HALL, encoding="utf-8")
    # What mypy knows of the original is good for the copy.
    with suppress(FileNotFoundError):
        shutil.copytree(ROOT / ".mypy_cache", tree.place / ".mypy_cache")
    return tree


def test_a_verb_written_by_the_recipe_passes_the_checks(tree: PrivateTree) -> None:
    generated = re.findall(r"`\./motcua ([a-z]+) > ([a-zA-Z./]+)`", section_of(RECIPE))
    assert generated
    check = ("check", "-c", "hall.yaml")
    checked, *made = tree.obey(check, *((command,) for command, _ in generated))
    for told, (_, file) in zip(made, generated, strict=True):
        (tree.place / file).write_text(told.stdout, encoding="utf-8")
    done = [tree.run(*TESTS, *CLOSEST), core_typed(tree), checked]

    said = "\n".join(each.stdout + each.stderr for each in done)
    assert [each.returncode for each in done] == [0, 0, 0], said


def core_typed(tree: PrivateTree) -> subprocess.CompletedProcess[str]:
    return tree.run("-m", "mypy", "-p", "hall.queueing")


@pytest.mark.broker
def test_a_verb_written_by_the_recipe_is_asked_obeyed_and_read_again(tree: PrivateTree) -> None:
    hall = ("-c", "hall.yaml", "--state", "state")
    call = ("call", "1", *hall)
    with running(tree, *hall):
        _, first, _, called, sent, following, replayed = tree.obey(
            ("state", *hall),
            *[("issue", "a", *hall)] * 2,
            *(call, (*call, "--send-back"), call),
            ("replay", "--state", "state"),
            patience_s=400,
        )

    assert "A001" in first.stdout
    assert "A001" in called.stdout
    assert "mở, đang rảnh" in sent.stdout, sent.stderr
    assert "A002" in following.stdout
    assert re.search("về cuối hàng +A001", replayed.stdout), replayed.stdout


@contextmanager
def running(tree: PrivateTree, *hall: str) -> Iterator[None]:
    """A controller with a broker of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hall.cli", "run", "controller", *hall],
        cwd=tree.place,
        env=tree.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(120)


@pytest.mark.parametrize("step", VERB, ids=lambda step: step.file)
def test_a_step_left_out_is_named(step: Step, tree: PrivateTree) -> None:
    """By mypy in the core, where a match has an arm too few; elsewhere by the tests of the rows."""
    with left_out(tree, step):
        if step.file.startswith("hall/queueing/"):
            found = core_typed(tree)
        else:
            found = tree.run(*TESTS, "-p", "no:randomly", *ROWS)

    said = found.stdout + found.stderr
    assert found.returncode
    assert re.search(step.missed, said), said
