"""The dispenser's journal: what it keeps, and how surely."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.contract.messages import PublicTicket
from hall.contract.requests import IssueData
from hall.runtime.daemon import Fatal
from printer.jobs import attempts
from printer.jobs.attempts import Attempt, AttemptStage
from printer.jobs.store import KEPT, AttemptStoreError, Store

AT = datetime(2026, 11, 23, 0, 42, tzinfo=UTC)


def attempt(n: int = 1, stage: AttemptStage = AttemptStage.ALLOCATED, **what: object) -> Attempt:
    ticket = PublicTicket(
        id=f"t{n}",
        number=f"A{n:03}",
        service="ho-tich",
        priority="uu-tien",
        day="2026-11-23",
        issued_at=AT,
        channel="kiosk",
        lang="en",
    )
    data = IssueData(ticket=ticket, ahead=3, wait_min=(5, 9), counters=("1", "5A"))
    return Attempt(f"a{n}", data, AT, stage, **what)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "printer-1.sqlite"


@pytest.fixture
def open_store(path: Path) -> Iterator[Callable[[], Store]]:
    """Open the journal at `path`; what is still open is closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Store(path)))


def test_an_attempt_comes_back_as_it_was(open_store: Callable[[], Store]) -> None:
    first = open_store()
    kept = attempt(reprint=True, clock_unsure=True, result="unknown", told=False)
    first.put(kept)
    first.close()

    assert open_store().of_ticket("t1") == (kept,)


def test_every_commit_is_on_disk_before_it_returns(open_store: Callable[[], Store]) -> None:
    db = open_store()._db
    pragmas = ("journal_mode", "synchronous", "locking_mode", "wal_autocheckpoint")

    found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]

    assert found == ["wal", 2, "exclusive", 0]


def test_a_second_dispenser_on_the_same_journal_is_refused(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printer.jobs.store.LOCK_S", 0.1)
    open_store()

    with pytest.raises(AttemptStoreError) as refused:
        open_store()

    assert refused.value.status == 3


def test_a_journal_that_cannot_be_written_ends_the_dispenser(
    open_store: Callable[[], Store],
) -> None:
    store = open_store()
    store._db.execute("PRAGMA query_only=ON")

    with pytest.raises(Fatal, match=r"sổ in không dùng được: .*readonly"):
        store.put(attempt(1, AttemptStage.ALLOCATED))
    with pytest.raises(Fatal, match=r"sổ in không dùng được: .*readonly"):
        store.note("roll", "7")


def test_what_is_not_over_or_not_told_is_open(open_store: Callable[[], Store]) -> None:
    store = open_store()
    store.put(attempt(1, AttemptStage.ALLOCATED))
    store.put(attempt(2, AttemptStage.SENT))
    store.put(attempt(3, AttemptStage.CONFIRMED, result="printed", told=False))
    store.put(attempt(4, AttemptStage.CONFIRMED, result="printed", told=True))
    store.put(attempt(5, AttemptStage.UNKNOWN, result="unknown", told=True))

    assert [a.number for a in store.open()] == ["A001", "A002", "A003"]
    latest = store.latest()
    assert latest is not None
    assert latest.number == "A005"


def test_old_papers_are_forgotten_and_untold_ones_are_not(open_store: Callable[[], Store]) -> None:
    store = open_store()
    store._db.execute("PRAGMA synchronous=OFF")
    store._db.execute("BEGIN")
    store.put(attempt(0, AttemptStage.CONFIRMED, result="printed", told=False))
    for n in range(1, KEPT + 10):
        store.put(attempt(n, AttemptStage.CONFIRMED, result="printed", told=True))
    store._db.execute("COMMIT")

    store.tidy()

    assert store.of_ticket("t1") == ()
    assert store.of_ticket("t0") != ()
    assert store.of_ticket(f"t{KEPT}") != ()


def test_facts_outlive_a_restart(open_store: Callable[[], Store]) -> None:
    store = open_store()
    store.note("roll", "17")
    store.note("roll", "18")
    store.close()

    assert open_store().fact("roll") == "18"


def test_a_power_cut_means_what_the_stage_says() -> None:
    after = {stage: attempts.after_restart(attempt(stage=stage)).stage for stage in AttemptStage}

    assert after == {
        **{stage: stage for stage in AttemptStage},
        AttemptStage.SENDING: AttemptStage.UNKNOWN,
        AttemptStage.SENT: AttemptStage.UNKNOWN,
    }


def test_a_ticket_given_up_is_void_and_a_reprint_given_up_is_not() -> None:
    assert attempts.given_up(attempt()).result == "failed"
    assert attempts.given_up(attempt(reprint=True)).result == "unknown"


def test_only_a_fresh_unlabelled_paper_is_reprinted_by_itself() -> None:
    lost = attempts.unknown(attempt())

    assert attempts.wants_reprint(lost, 10, 60)
    assert not attempts.wants_reprint(lost, 61, 60)
    assert not attempts.wants_reprint(attempts.unknown(attempt(reprint=True)), 10, 60)
