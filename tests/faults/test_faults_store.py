"""The real store: any order of presses, calls, crashes, restores and nights; then flipped bits."""

import os
import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hall.controller import backups
from hall.controller.books import Books, fold, open_books
from hall.controller.journal_sqlite import open_journal
from hall.controller.marker import MarkerFile
from hall.controller.ports import HighWaterMark, StoreBroken, StoreFull
from hall.queueing.rules import Band, Counter, Now, Rules, Service
from hall.queueing.tickets import State

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
pytestmark = pytest.mark.timeout(3600 if FULL else 600)
EXAMPLES = 150 if FULL else 12
FLIPS = 4000 if FULL else 100
RULES = Rules(
    {"a": Service("a", (Band(1, 499),), "A"), "b": Service("b", (Band(1, 499),), "B")},
    {"1": Counter("1", ("a",)), "2": Counter("2", ("b",), ("a",)), "3": Counter("3", ("a", "b"))},
)


def machine(make_world: Callable[[Path], Any]) -> type[RuleBasedStateMachine]:  # noqa: C901
    """A hall that is pressed, crashed and restored, beside a plain list of who waits."""

    class Hall(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = Path(tempfile.mkdtemp(prefix="motcua-store-"))
            self.world = make_world(self.folder)
            self.world.start()
            self.waiting: list[str] = []
            self.seen: set[tuple[str, str]] = set()
            self.replies: dict[str, tuple[str, dict[str, Any], Any]] = {}
            self.number = 0

        def teardown(self) -> None:
            with suppress(OSError):
                self.world.stop()
            shutil.rmtree(self.folder)

        @property
        def day(self) -> str:
            found: str = self.world.books.hall.date
            return found

        def act(self, verb: str, **body: Any) -> Any:
            self.number += 1
            name = f"act-{self.number}"
            reply = self.world.ask(verb, id=name, **body)
            self.replies[name] = (verb, body, reply)
            return reply

        @rule()
        def press(self) -> None:
            number = self.act("issue", service="a", channel="button").data["ticket"]["number"]
            assert (self.day, number) not in self.seen
            self.seen.add((self.day, number))
            self.waiting.append(number)

        @rule()
        def call(self) -> None:
            ticket = self.act("call-next", counter="1").data["ticket"]
            expected = self.waiting.pop(0) if self.waiting else None
            assert (ticket["number"] if ticket else None) == expected

        @rule()
        def take_back(self) -> None:
            """A call is taken back where it was the last act; the person is first again."""
            held = self.world.state("state/counter/1")["ticket"]
            reply = self.act("undo", counter="1")
            if reply.status == "error":
                assert reply.error.code == "not_now"
                return
            now = self.world.state("state/counter/1")["ticket"]
            if held is not None:
                self.waiting.insert(0, held["number"])
            if now is not None:
                assert now["number"] not in self.waiting

        @precondition(lambda self: self.replies)
        @rule(choice=st.randoms(use_true_random=False))
        def ask_again(self, choice: random.Random) -> None:
            name = choice.choice(sorted(self.replies))
            verb, body, reply = self.replies[name]
            assert self.world.ask(verb, id=name, **body) == reply

        @rule()
        def crash(self) -> None:
            self.world.crash()
            self.world.start()

        @rule(rows=st.integers(1, 3))
        def crash_inside_a_transaction(self, rows: int) -> None:
            db = self.world.books.journal._db
            db.execute("BEGIN IMMEDIATE")
            for seq in range(rows):
                db.execute(
                    "INSERT INTO event VALUES (?, 1, 1, 'issued', '{}', x'00')", (10**6 + seq,)
                )
            self.world.crash()
            self.world.start()

        @rule()
        def lose_power(self) -> None:
            """The files as they are at this moment, under a new process."""
            copies = {p.name: p.read_bytes() for p in self.folder.iterdir() if p.is_file()}
            self.world.crash()
            for path in self.folder.iterdir():
                if path.is_file():
                    path.unlink()
            for name, data in copies.items():
                (self.folder / name).write_bytes(data)
            self.world.start()

        @rule()
        def back_up(self) -> None:
            self.world.books.journal.back_up(7)

        @precondition(lambda self: any(backups.newest_first(self.folder / backups.FOLDER)))
        @rule()
        def restore(self) -> None:
            """Numbers of the lost span are skipped; its people have to press again."""
            self.world.wait(2)
            self.world.crash()
            for path in self.folder.glob("journal.db*"):
                path.unlink()
            _, newest = next(backups.newest_first(self.folder / backups.FOLDER))
            shutil.copyfile(newest, self.folder / "journal.db")
            epoch = self.world.state("state/hall")["epoch"]
            seq = self.world.state("state/hall")["evt_seq"]
            self.world.start()
            assert self.world.state("state/hall")["evt_seq"] >= seq
            assert self.world.state("state/hall")["epoch"] >= epoch
            tickets = self.world.books.hall.tickets
            self.waiting = [t.number for t in tickets if t.state is State.WAITING]
            self.replies.clear()

        @rule()
        def sleep_a_night(self) -> None:
            self.world.clock.advance(24 * 3600)
            self.act("ping")
            self.number += 1
            self.world.ask("counter-open", id=f"open-{self.number}", counter="2")
            self.waiting.clear()
            self.replies.clear()

        @invariant()
        def the_queue_is_the_list(self) -> None:
            tickets = self.world.books.hall.tickets
            waiting = [t.number for t in tickets if t.state is State.WAITING]
            assert sorted(waiting) == sorted(self.waiting)

    return Hall


def test_no_order_of_events_breaks_the_store(world: Any) -> None:
    kind = type(world)
    made = machine(lambda folder: kind(folder, folder))
    case = made.TestCase
    case.settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()


# --- bits ---------------------------------------------------------------------------------------


class Sample:
    """A journal of two days as a crash leaves it, and what a sound start makes of it."""

    def __init__(self, world: Any) -> None:
        hall = world.start()
        for _ in range(8):
            hall.issue()
            hall.call("1")
        hall.books.journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        hall.clock.advance(24 * 3600)
        for _ in range(12):
            hall.issue("b")
            hall.call("3")
        hall.issue()
        hall.wait(2)
        names = ("journal.db", "journal.db-wal", "marker.json")
        self.files = {n: (hall.folder / n).read_bytes() for n in names}
        self.answers = [f"act-{n + 1}" for n in range(hall.acts)]
        hall.stop()

    def put(self, folder: Path, **changed: bytes) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, data in (self.files | changed).items():
            (folder / name).write_bytes(data)
        return folder

    def facts(self, folder: Path) -> Any:
        """All that a start finds; or how it was found out that something is wrong."""
        try:
            books = open_books(
                lambda: open_journal(folder / "journal.db"),
                MarkerFile(folder / "marker.json"),
                RULES,
            )
        except (StoreBroken, StoreFull) as err:
            return f"does not start: {err}"
        try:
            return self._compare(books)
        finally:
            books.journal.close()

    def _compare(self, books: Books) -> Any:
        if books.found.put_aside:
            return f"put aside: {books.found.why}"
        marked = books.marker.read() or HighWaterMark(0, 0)
        if marked.seq > books.hall.seq or marked.epoch > books.hall.epoch:
            return "behind the marker"
        if wrong := books.journal.inspect(100_000):
            return f"history: {wrong}"
        try:
            answers = [books.journal.answer(name) for name in self.answers]
        except StoreBroken as err:
            return f"reply: {err}"
        return books.hall, tuple(books.rows(1, 100_000)), answers


@pytest.fixture
def sample(world: Any) -> Sample:
    return Sample(world)


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal"])
def test_no_flipped_bit_is_silent(sample: Sample, tmp_path: Path, name: str) -> None:
    chance, folder = random.Random(11), tmp_path / "spoiled"
    truth = sample.facts(sample.put(folder))
    assert not isinstance(truth, str), truth
    found = harmless = 0
    for _ in range(FLIPS):
        data = bytearray(sample.files[name])
        bit = chance.randrange(8 * len(data))
        data[bit // 8] ^= 1 << bit % 8
        facts = sample.facts(sample.put(folder, **{name: bytes(data)}))
        if isinstance(facts, str):
            found += 1
        else:
            assert facts == truth, f"bit {bit} of {name} changed something and nobody noticed"
            harmless += 1

    assert found > FLIPS // 25
    assert found + harmless == FLIPS


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal"])
def test_no_lost_end_is_silent(sample: Sample, tmp_path: Path, name: str) -> None:
    folder, whole = tmp_path / "cut", sample.files[name]
    truth = sample.facts(sample.put(folder))
    for part in range(60 if FULL else 20):
        kept = whole[: len(whole) * part // (60 if FULL else 20)]
        facts = sample.facts(sample.put(folder, **{name: kept}))
        assert isinstance(facts, str) or facts == truth


def test_a_flipped_bit_costs_no_number_and_repeats_none(sample: Sample, world: Any) -> None:
    """From detection to service: the hall starts, skips what it cannot know, and goes on."""
    chance = random.Random(5)
    for _ in range(40 if FULL else 8):
        data = bytearray(sample.files["journal.db-wal"])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        hall = type(world)(world.home, world.home.parent / "again")
        sample.put(hall.folder, **{"journal.db-wal": bytes(data)})
        hall.clock.at, hall.acts = world.clock.at, world.acts
        hall.start()
        assert hall.issue("a") == "A002"
        assert hall.issue("b") == "B013"
        hall.stop()


def test_a_sound_journal_folds_to_the_live_state(sample: Sample, tmp_path: Path) -> None:
    journal, found = open_journal(sample.put(tmp_path / "sound") / "journal.db")
    hall = fold(found, RULES)
    journal.close()

    assert hall.seq == found.seq
    assert hall.date == "2026-11-24"
    assert isinstance(Now(0, 0, True, hall.date), Now)  # noqa: FBT003
