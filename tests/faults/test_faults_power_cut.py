"""The power is cut after every call that changes a file of the real controller's journal.

The calls of a real run are recorded with strace; from them the disk is rebuilt as it may look after
a cut: what no sync covered is dropped, kept, kept in part or torn into sectors. From every such
disk the controller must start and know each number it had acknowledged.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from hall.controller.books import fold
from hall.controller.journal_sqlite import SqliteJournal, open_journal
from hall.controller.ports import StoreBroken, StoreFull
from hall.queueing.rules import Band, Counter, Rules, Service

FULL = os.environ.get("MOTCUA_FAULTS") == "full"
pytestmark = pytest.mark.timeout(3600 if FULL else 600)
STATES = 20 if FULL else 2
TICKETS = 12 if FULL else 5
EVENING = 9
SECTOR = 512
CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
RULES = Rules({"a": Service("a", (Band(1, 499),), "A")}, {"1": Counter("1", ("a",))})
# What the acts that are not new tickets leave in the journal; `called` follows on `finished`.
DEEDS = {
    *("called", "finished", "undone", "appointed", "unbooked", "transferred", "cancelled"),
    *("rated", "unrated", "service_closed", "service_opened", "intake_closed"),
}
ISSUER = Path(__file__).with_name("issuer.py")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Op:
    """`kind`: create, write, truncate, sync, unlink, rename, or ack; `path` below the folder."""

    kind: str
    path: str = ""
    at: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class Inode:
    durable: bytes = b""
    pending: list[Op] = field(default_factory=list)


def record(folder: Path, tickets: int, synchronous: str, together: int = 1) -> tuple[list[Op], str]:
    log = folder.parent / "strace.log"
    # --seccomp-bpf needs -f, with which each line begins with the process.
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "1000000"]
    command += ["-e", f"trace={CALLS}"]
    command += ["-e", "signal=none", "-o", str(log), sys.executable, str(ISSUER)]
    command += [str(folder), str(tickets), synchronous, str(together)]
    command += ["all" if together == 1 else "none"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, timeout=300
    )
    return list(parse(log.read_text("ascii"), str(folder))), done.stdout


def text_of(quoted: str) -> bytes:
    return bytes.fromhex(quoted.replace("\\x", ""))


_CALL = re.compile(r"^\d+ +(\w+)\((.*)\)\s+= (-?\d+)")
_FD = re.compile(r"^(?:\d+|AT_FDCWD)<((?:\\x..)*)>")
_TEXT = re.compile(r'"((?:\\x..)*)"')


def parse(log: str, folder: str) -> Iterator[Op]:  # noqa: C901 - one arm a call
    """The calls that changed something below `folder`, in order, and what was told on stdout."""

    def inside(path: bytes) -> str | None:
        text = path.decode("utf-8", "surrogateescape")
        return text[len(folder) + 1 :] if text.startswith(folder + "/") else None

    for line in log.splitlines():
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        name, args, result = found[1], found[2], int(found[3])
        fd = _FD.match(args)
        path = text_of(fd[1]) if fd else b""
        texts = [text_of(t) for t in _TEXT.findall(args)]
        if name == "write" and args.startswith("1<"):
            yield Op("ack", data=texts[0])
        elif name == "openat" and "O_CREAT" in args and (where := inside(texts[0])):
            yield Op("create", where)
            if "O_TRUNC" in args:
                yield Op("truncate", where)
        elif name in ("pwrite64", "write") and (where := inside(path)):
            at = int(args.rsplit(", ", 1)[1]) if name == "pwrite64" else -1
            yield Op("write", where, at, texts[0][:result])
        elif name == "ftruncate" and (where := inside(path)):
            yield Op("truncate", where, int(args.rsplit(", ", 1)[1]))
        elif name in ("fsync", "fdatasync"):
            where = inside(path)
            if where or path.decode() == folder:
                yield Op("sync", where or ".")
        elif name.startswith("unlink") and (where := inside(texts[-1])):
            yield Op("unlink", where)
        elif name.startswith("rename") and (where := inside(texts[0])):
            yield Op("rename", where, to=inside(texts[1]) or "")


class Model:
    """A disk: what is durable, what is on its way. `ordered`: a sync carries names along (ext4)."""

    def __init__(self, *, ordered: bool) -> None:
        self.ordered = ordered
        self.live: dict[str, Inode] = {}
        self.names: dict[str, Inode] = {}
        self.moves: list[Op] = []
        self._inodes: list[Inode | None] = []

    def apply(self, op: Op) -> None:
        match op.kind:
            case "create":
                if op.path not in self.live:
                    self.live[op.path] = Inode()
                    self._name(op, self.live[op.path])
            case "write":
                inode = self.live[op.path]
                at = len(content(inode, inode.pending)) if op.at < 0 else op.at
                inode.pending.append(Op("write", op.path, at, op.data))
            case "truncate":
                self.live[op.path].pending.append(op)
            case "unlink":
                self._name(op, self.live.pop(op.path))
            case "rename":
                inode = self.live.pop(op.path)
                self.live[op.to] = inode
                self._name(op, inode)
            case "sync":
                self._sync(op.path)
            case _:
                pass

    def _name(self, op: Op, inode: Inode) -> None:
        self.moves.append(op)
        self._inodes.append(inode)

    def _sync(self, path: str) -> None:
        if path != ".":
            inode = self.live[path]
            inode.durable = content(inode, inode.pending)
            inode.pending = []
        if path == "." or self.ordered:
            self.names = self._named(list(range(len(self.moves))))
            self.moves, self._inodes = [], []

    def _named(self, kept: list[int]) -> dict[str, Inode]:
        names = dict(self.names)
        for index in kept:
            op, inode = self.moves[index], self._inodes[index]
            if op.kind == "unlink":
                names.pop(op.path, None)
            elif op.kind == "rename" and inode is not None:
                names.pop(op.path, None)
                names[op.to] = inode
            elif inode is not None:
                names[op.path] = inode
        return names

    def state(self, chance: random.Random, policy: int) -> dict[str, bytes]:
        """The files as they may be found after a cut at this moment."""
        count = len(self.moves)
        if self.ordered:
            kept = list(range(chance.choice([0, count, chance.randrange(count + 1)])))
        else:
            kept = [i for i in range(count) if chance.random() < 0.5]
        names = self._named(kept)
        return {path: survivor(inode, chance, policy) for path, inode in names.items()}


def content(inode: Inode, ops: list[Op]) -> bytes:
    data = bytearray(inode.durable)
    for op in ops:
        if op.kind == "truncate":
            del data[op.at :]
            data.extend(bytes(op.at - len(data)))
        else:
            data.extend(bytes(max(0, op.at + len(op.data) - len(data))))
            data[op.at : op.at + len(op.data)] = op.data
    return bytes(data)


def survivor(inode: Inode, chance: random.Random, policy: int) -> bytes:
    """Drop, keep, prefix, subset, torn."""
    pending = inode.pending
    match policy % 5:
        case 0:
            kept: list[Op] = []
        case 1:
            kept = pending
        case 2:
            kept = pending[: chance.randrange(len(pending) + 1)]
        case 3:
            kept = [op for op in pending if chance.random() < 0.5]
        case _:
            kept = [piece for op in pending for piece in torn(op, chance)]
    return content(inode, kept)


def torn(op: Op, chance: random.Random) -> list[Op]:
    if op.kind != "write":
        return [op] if chance.random() < 0.5 else []
    pieces, at = [], op.at
    while at < op.at + len(op.data):
        end = min((at // SECTOR + 1) * SECTOR, op.at + len(op.data))
        if chance.random() < 0.5:
            pieces.append(Op("write", op.path, at, op.data[at - op.at : end - op.at]))
        at = end
    return pieces


def violation(  # noqa: C901, PLR0911
    folder: Path, acked: dict[str, str], told: frozenset[str], together: int
) -> str:
    """What is wrong with a controller that starts from this disk, or nothing."""
    try:
        journal, found = open_journal(folder / "journal.db")
    except (StoreBroken, StoreFull) as err:
        return f"does not start: {err}"
    try:
        if found.put_aside:
            return f"damaged: {found.why}"
        rows = list(journal.rows(1, 10_000))
        if [r.seq for r in rows] != list(range(1, len(rows) + 1)):
            return "the sequence has gaps"
        numbers = [str(r.body["number"]) for r in rows if r.kind == "issued"]
        if numbers != [f"A{n:03d}" for n in range(1, len(numbers) + 1)]:
            return f"numbers {numbers}"
        if missing := set(acked.values()) - set(numbers):
            return f"acknowledged and gone: {missing}"
        if len(numbers) - len(acked) > together:
            return "more numbers that nobody was told than came at once"
        if halves := half_done(journal, numbers, acked):
            return halves
        if gone := [deed for deed in told if journal.answer(deed) is None]:
            return f"acknowledged and gone: {gone}"
        deeds = sum(r.kind in DEEDS for r in rows)
        if deeds < len(told):
            return "an act that was acknowledged is gone"
        if fold(found, RULES).issued != len(numbers):
            return "the fold differs from the rows"
        return journal.inspect(10_000)
    finally:
        journal.close()


def half_done(journal: SqliteJournal, numbers: list[str], acked: dict[str, str]) -> str:
    """A number and its reply are there both or neither, and what was said is there."""
    if unanswered := [i for i in acked if journal.answer(i) is None]:
        return f"replies gone: {unanswered}"
    whole = [n for n in range(1, 1 + TICKETS) if journal.answer(f"press-{n}") is not None]
    return "" if whole == list(range(1, 1 + len(numbers))) else f"{numbers}, replies to {whole}"


def scratch() -> Path:
    """Memory, where there is some: a thousand small disks are built."""
    return Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path("/tmp")


def verdicts(ops: list[Op], *, ordered: bool, seed: int = 7, together: int = 1) -> Iterator[str]:
    """Build the disks after each call: what is wrong with each, "" for nothing.

    Of disks that are alike, after the same promises, the first alone is started from.
    """
    chance, model = random.Random(seed), Model(ordered=ordered)
    acked: dict[str, str] = {}
    told: frozenset[str] = frozenset()
    policy = 0
    folder = scratch() / f"motcua-cut-{os.getpid()}"
    known: dict[object, str] = {}
    for op in ops:
        model.apply(op)
        for line in op.data.decode().split("\n") if op.kind == "ack" else ():
            match line.split():
                case ["ACK", press, number]:
                    acked[press] = number
                case ["DID", deed]:
                    told |= {deed}
                case _:
                    pass
        for _ in range(STATES):
            policy += 1
            files = model.state(chance, policy)
            which = (frozenset(files.items()), len(acked), told)
            if which not in known:
                with _written(folder, files):
                    known[which] = violation(folder, acked, told, together)
            yield known[which]


@contextmanager
def _written(folder: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        yield
    finally:
        shutil.rmtree(folder)


Record = Callable[..., tuple[list[Op], str]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """What `record` tells of a run; one run for all tests that want the same."""

    @cache
    def made(tickets: int, synchronous: str = "FULL", together: int = 1) -> tuple[list[Op], str]:
        folder = tmp_path_factory.mktemp("cut") / "state"
        folder.mkdir()
        return record(folder, tickets, synchronous, together)

    return made


@pytest.mark.parametrize("ordered", [True, False], ids=["ext4", "posix"])
def test_no_acknowledged_number_is_lost_when_the_power_is_cut(
    recorded: Record,
    ordered: bool,  # noqa: FBT001
) -> None:
    ops, told = recorded(TICKETS)
    found = [*verdicts(ops, ordered=ordered)]

    assert told.count("ACK") == TICKETS
    assert told.count("DID evening") == EVENING
    assert len(found) > 50 * STATES
    assert {*found} == {""}


@pytest.mark.parametrize("ordered", [True, False], ids=["ext4", "posix"])
def test_of_acts_that_share_a_sync_each_is_there_or_not(
    recorded: Record,
    ordered: bool,  # noqa: FBT001
) -> None:
    """People who come at once, and a clerk who does not wait: acknowledged together or not."""
    ops, told = recorded(TICKETS, together=TICKETS)
    found = [*verdicts(ops, ordered=ordered, together=TICKETS)]

    assert told.count("ACK") == TICKETS
    assert len(found) > 10 * STATES
    assert {*found} == {""}


def test_the_proof_bites_when_commits_are_not_synced(recorded: Record) -> None:
    """synchronous=NORMAL, the common advice for WAL, loses numbers that are on paper."""
    ops, told = recorded(TICKETS, "NORMAL")

    assert told.count("ACK") == TICKETS
    assert any("acknowledged and gone" in found for found in verdicts(ops, ordered=True))


# --- what a press costs -------------------------------------------------------------------------


def deeds(ops: list[Op]) -> Iterator[tuple[str, list[Op]]]:
    """Each thing that was said, and what had been done to files since the one before."""
    since: list[Op] = []
    for op in ops:
        if op.kind == "ack":
            yield op.data.decode().split()[0], since
            since = []
        else:
            since.append(op)


def test_a_number_and_a_call_cost_exactly_one_sync_each(recorded: Record) -> None:
    """Checkpoints, marker and backups fall between the presses, never into one."""
    ops, _ = recorded(8)
    costs = [(word, sum(op.kind == "sync" for op in done)) for word, done in deeds(ops)]

    assert [cost for word, cost in costs if word == "ACK"] == [1] * 8
    assert [cost for word, cost in costs if word == "DID"] == [1] * (28 + EVENING)
    assert max(cost for word, cost in costs if word == "IDLE") > 1


def test_people_who_come_at_once_share_one_sync(recorded: Record) -> None:
    ops, _ = recorded(8, together=4)
    costs = [(word, sum(op.kind == "sync" for op in done)) for word, done in deeds(ops)]
    first = next(index for index, (word, _) in enumerate(costs) if word == "IDLE")
    acts = [cost for word, cost in costs[1:first] if word in ("ACK", "DID")]

    assert len(acts) == 4 * 4 + 2
    assert acts == [1] + [0] * (len(acts) - 1)


def test_a_number_costs_no_more_bytes_than_it_should(recorded: Record) -> None:
    ops, _ = recorded(8)
    written = [
        sum(len(op.data) for op in done if op.kind == "write")
        for word, done in deeds(ops)
        if word in ("ACK", "DID")
    ]

    assert max(written) <= 40 * 1024
