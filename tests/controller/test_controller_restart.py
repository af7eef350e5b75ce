"""A controller that starts again: what it knows, what it skips, what it says."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from earlier_run import leave_alert

from hall.contract.requests import Ping
from hall.controller import backups, chain, secret
from hall.controller.batch import NamedRequest
from hall.controller.hallclock import HallClock
from hall.controller.journal_sqlite import open_journal
from hall.controller.marker import MarkerFile
from hall.controller.ports import HighWaterMark, JournalEntry, JournalRow, StoreBroken, StoreFull
from hall.runtime import opening
from hall.runtime.clock import SetClock
from hall.runtime.daemon import Fatal

World = Any


def states(world: World) -> dict[str, Any]:
    found = {t: json.loads(p) for t, p in world.broker.retained.items() if "/state/" in t}
    for state in found.values():
        state.pop("ts")
        # Each run leads under a mark of its own.
        state.pop("owner", None)
    return found


def test_after_a_crash_everything_is_as_it_was(hall: World) -> None:
    for _ in range(5):
        hall.issue()
    hall.issue("b")
    hall.call("1")
    hall.ask("start", counter="1")
    hall.call("3")
    before, live = states(hall), hall.books.hall
    hall.crash()
    hall.start()

    assert hall.books.hall == live
    after = states(hall)
    assert {k: {**v, "ver": 0} for k, v in after.items()} == {
        k: {**v, "ver": 0} for k, v in before.items()
    }
    assert all(after[k]["ver"] >= before[k]["ver"] for k in before)
    assert all(after[k]["epoch"] == 1 for k in after)
    assert "journal_restored" not in hall.alerts()


def test_a_reply_given_before_a_crash_is_given_again_after_it(hall: World) -> None:
    first = hall.ask("issue", id="press-1", service="a", channel="button")
    hall.crash()
    hall.start()

    assert hall.ask("issue", id="press-1", service="a", channel="button") == first


def test_a_clean_stop_is_a_start_like_any_other(hall: World) -> None:
    hall.issue()
    hall.stop()
    hall.start()

    assert hall.issue() == "A002"


def test_requests_that_come_before_its_own_states_are_answered_after_them(world: World) -> None:
    world.daemon = world.build()
    world.daemon.service.start()
    world.daemon.open()
    topic = "motcua/1/thu/req/queue/issue/tech-cli"
    body = {"schema": 1, "hall": "thu", "src": "tech-cli", "id": "early", "service": "a"}
    world.broker.publish(topic, json.dumps(body | {"channel": "button"}).encode())
    world.settle()

    assert len(world.said("rsp/tech-cli")) == 1
    assert world.state("state/hall")["waiting"] == 1


def test_only_so_many_requests_wait_for_the_states_of_an_earlier_life(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.controller.service.MOST_EARLY", 2)
    world.daemon = world.build()
    world.daemon.service.start()
    for number in range(3):
        asked = NamedRequest("tech-cli", "ping", Ping(id=f"early-{number}"))
        world.service._request(asked)

    assert [asked.request.id for asked in world.service._early] == ["early-0", "early-1"]


# --- a journal that is behind -------------------------------------------------------------------


def forget_journal(world: World) -> None:
    for path in world.folder.glob("journal.db*"):
        path.unlink()


def test_a_lost_journal_never_repeats_a_number(hall: World) -> None:
    for _ in range(4):
        hall.issue()
    hall.issue("b")
    hall.wait(2)
    hall.crash()
    forget_journal(hall)
    hall.start()

    assert hall.issue() == "A005"
    assert hall.issue("b") == "B002"
    assert hall.state("state/hall")["epoch"] == 2
    assert "journal_restored" in hall.alerts()


@pytest.mark.parametrize("witness", ["retained", "marker"])
def test_one_witness_is_enough(hall: World, witness: str) -> None:
    for _ in range(4):
        hall.issue()
    hall.issue("b")
    hall.wait(2)
    hall.crash()
    forget_journal(hall)
    if witness == "retained":
        (hall.folder / "marker.json").unlink()
    else:
        hall.broker.retained.clear()
    hall.start()

    assert hall.issue() == "A005"
    hall.crash()
    (hall.folder / "marker.json").unlink(missing_ok=True)
    hall.broker.retained.clear()
    hall.start()
    assert hall.issue("b") == "B002", "what was skipped is itself in the journal"
    assert hall.issue() == "A006"


def test_of_two_witnesses_the_one_that_has_seen_more_counts(hall: World) -> None:
    for _ in range(3):
        hall.issue()
    hall.wait(2)
    lagging = (hall.folder / "marker.json").read_bytes()
    for _ in range(2):
        hall.issue()
    hall.crash()
    (hall.folder / "marker.json").write_bytes(lagging)
    forget_journal(hall)
    hall.start()

    assert hall.issue() == "A006"


def test_the_numbers_of_another_day_are_no_witness_of_this_one(hall: World) -> None:
    for _ in range(2):
        hall.issue()
    hall.crash()
    forget_journal(hall)
    MarkerFile(hall.folder / "marker.json").write(HighWaterMark(1, 3, "2026-11-22", {"a": 40}))
    hall.start()

    assert hall.issue() == "A003"


def test_a_stored_reply_that_was_changed_is_not_given(hall: World) -> None:
    press = {"id": "press-1", "service": "a", "channel": "button"}
    hall.send("issue", "printer-1", press)
    change = "UPDATE answer SET reply = replace(reply, 'A001', 'A009') WHERE id = 'press-1'"
    hall.books.journal._db.execute(change)

    with pytest.raises(Fatal):
        hall.send("issue", "printer-1", press)
    assert len(hall.said("rsp/printer-1")) == 1


def test_the_sequence_goes_on_above_what_was_known(hall: World) -> None:
    for _ in range(4):
        hall.issue()
    end = hall.books.hall.seq
    hall.crash()
    forget_journal(hall)
    hall.start()

    assert hall.said("evt/ticket")[-1]["seq"] > end
    assert all(s["ver"] > 0 for s in states(hall).values())


def test_a_witness_of_a_later_epoch_is_heard_though_it_counts_less(hall: World) -> None:
    for _ in range(4):
        hall.issue()
    hall.stop()
    hall.broker.retained.clear()
    MarkerFile(hall.folder / "marker.json").write(HighWaterMark(5, 2, "2026-11-23", {"a": 9}))
    hall.start()

    assert hall.issue() == "A010"
    assert hall.state("state/hall")["epoch"] == 6


def test_a_restart_after_a_recovery_is_quiet(hall: World) -> None:
    hall.issue()
    hall.crash()
    forget_journal(hall)
    hall.start()
    epoch = hall.state("state/hall")["epoch"]
    hall.crash()
    hall.start()

    assert hall.state("state/hall")["epoch"] == epoch
    assert "journal_restored" not in hall.alerts()


def test_yesterdays_journal_put_back_skips_todays_numbers(hall: World, tmp_path: Path) -> None:
    hall.issue()
    hall.stop()
    old = (tmp_path / "journal.db").read_bytes()
    hall.clock.advance(24 * 3600)
    hall.start()
    for _ in range(7):
        hall.issue()
    hall.stop()
    (tmp_path / "journal.db").write_bytes(old)
    hall.start()

    assert hall.issue() == "A008"
    assert hall.state("state/hall")["day"] == "2026-11-24"


@pytest.mark.parametrize(
    "claim", [{"evt_seq": 2**60}, {"epoch": 2**40}, {"evt_seq": 99, "day": "2199-01-01"}]
)
def test_a_witness_that_nobody_can_believe_is_not_heard(hall: World, claim: Any) -> None:
    hall.issue()
    state = hall.state("state/hall") | claim
    hall.crash()
    hall.broker.publish("motcua/1/thu/state/hall", json.dumps(state).encode(), retain=True)
    hall.start()

    assert hall.issue() == "A002"


def test_a_damaged_marker_has_no_vote(tmp_path: Path) -> None:
    marker = MarkerFile(tmp_path / "marker")
    vote = HighWaterMark(3, 99, "2026-11-23", {"a": 7})
    marker.write(vote)
    assert marker.read() == vote
    whole = (tmp_path / "marker").read_bytes()
    for bit in range(8 * len(whole)):
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        (tmp_path / "marker").write_bytes(broken)
        assert marker.read() is None
    (tmp_path / "marker").write_bytes(whole[:-3])
    assert marker.read() is None


# --- a damaged journal --------------------------------------------------------------------------


def spoil(path: Path) -> None:
    """Change one row behind the back of the chain."""
    db = sqlite3.connect(path)
    db.execute("UPDATE event SET body = replace(body, '\"n\":4', '\"n\":3') WHERE seq = 5")
    db.commit()
    db.close()


def test_a_damaged_journal_is_put_aside_and_its_sound_rows_go_on(hall: World) -> None:
    for _ in range(6):
        hall.issue()
    hall.stop()
    spoil(hall.folder / "journal.db")
    hall.start()

    assert (hall.folder / "journal.db.bad-1").exists()
    assert hall.state("state/hall")["waiting"] == 3
    assert hall.issue() == "A007"
    assert hall.state("state/hall")["epoch"] > 1
    assert "journal_restored" in hall.alerts()
    hall.stop()
    hall.start()
    assert hall.issue() == "A008"


def test_where_nothing_can_be_read_the_newest_good_backup_takes_its_place(hall: World) -> None:
    for _ in range(3):
        hall.issue()
    hall.books.journal.back_up(7)
    for _ in range(3):
        hall.issue()
    hall.books.journal.back_up(7)
    hall.issue()
    hall.stop()
    newest = max((hall.folder / backups.FOLDER).glob("*.db"))
    newest.write_bytes(newest.read_bytes()[:-100])
    (hall.folder / "journal.db").write_bytes(b"not a database" * 500)
    hall.start()

    assert hall.state("state/hall")["waiting"] == 3
    assert hall.issue() == "A008"


def test_a_journal_that_is_lost_without_any_witness_begins_a_new_epoch(hall: World) -> None:
    hall.issue()
    hall.stop()
    hall.broker.retained.clear()
    (hall.folder / "marker.json").unlink()
    (hall.folder / "journal.db").write_bytes(b"not a database" * 500)
    hall.start()

    assert hall.state("state/hall")["epoch"] > 1


def test_a_damaged_stored_reply_is_never_given(hall: World, tmp_path: Path) -> None:
    hall.ask("issue", id="press-1", service="a", channel="button")
    hall.stop()
    db = sqlite3.connect(tmp_path / "journal.db")
    db.execute("UPDATE answer SET reply = replace(reply, 'A001', 'A002')")
    db.commit()
    db.close()
    hall.start()

    assert hall.books.journal.answer("press-1") is None
    assert "journal_restored" in hall.alerts()


def test_two_controllers_never_share_a_journal(hall: World, tmp_path: Path) -> None:
    with pytest.raises(StoreBroken):
        open_journal(tmp_path / "journal.db")
    assert hall.issue() == "A001"


def test_old_history_that_is_damaged_is_told_and_does_not_stop_the_day(hall: World) -> None:
    for _ in range(6):
        hall.issue()
    hall.clock.advance(24 * 3600)
    hall.issue()
    hall.stop()
    spoil(hall.folder / "journal.db")
    hall.start()
    assert hall.issue() == "A002"
    for _ in range(3):
        hall.wait(1)

    assert "journal_damaged" in hall.alerts()


# --- the disk -----------------------------------------------------------------------------------


class Stubborn:
    """The disk under a journal: full, broken or well."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: OSError | None = None
        journal = type(world.books.journal)
        for name, error_too in ((journal, "append"), (MarkerFile, "write")):
            self._wrap(monkeypatch, name, error_too)

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any) -> Any:
            if self.error is not None:
                raise self.error
            return real(*args)

        monkeypatch.setattr(owner, name, wrapped)


def test_a_full_disk_gives_no_numbers_and_recovers_by_itself(
    hall: World, monkeypatch: pytest.MonkeyPatch, refusal: Any
) -> None:
    disk = Stubborn(hall, monkeypatch)
    disk.error = StoreFull(28, "full")
    body = {"service": "a", "channel": "button"}
    assert refusal(hall.ask("issue", id="press-1", **body)) == "unavailable"
    assert hall.ask("ping", "printer-1").status == "ok"
    hall.wait(5)
    assert "disk_low" in hall.alerts(), "a ping proves nothing about the disk"
    disk.error = None
    hall.wait(5)

    assert "disk_low" not in hall.alerts()
    assert hall.ask("issue", id="press-1", **body).data["ticket"]["number"] == "A001"


def test_what_waits_beside_the_journal_is_written_back_though_people_press_all_the_time(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.controller.journal_sqlite.SWOLLEN_BYTES", 100_000)
    monkeypatch.setattr("hall.controller.journal_sqlite.CHECKPOINT_BYTES", 50_000)
    wal = hall.folder / "journal.db-wal"
    sizes = []
    for _ in range(60):
        hall.issue()
        hall.clock.advance(0.5)
        sizes.append(wal.stat().st_size)

    assert max(sizes) < 200_000


def test_a_full_disk_is_not_filled_by_telling_of_it(
    hall: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hall.issue()
    disk = Stubborn(hall, monkeypatch)
    disk.error = StoreFull(28, "full")
    for _ in range(20):
        hall.wait(1)
    told = [r for r in caplog.records if "marker not written" in r.getMessage()]
    disk.error = None

    assert len(told) == 1


def test_a_store_that_failed_halfway_ends_the_process_without_an_answer(
    hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Stubborn(hall, monkeypatch)
    disk.error = StoreBroken(5, "EIO")
    with pytest.raises(Fatal) as caught:
        hall.send("issue", "tech-cli", {"id": "x", "service": "a", "channel": "button"})

    assert caught.value.status == 3
    assert hall.said("rsp/tech-cli") == []
    disk.error = None


def test_a_controller_without_a_disk_says_so_and_waits(
    world: World, monkeypatch: pytest.MonkeyPatch, refusal: Any
) -> None:
    real = sqlite3.connect
    broken = True

    def connect(*args: Any, **more: Any) -> Any:
        if broken:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorname = "SQLITE_CANTOPEN"  # type: ignore[attr-defined]
            raise error
        return real(*args, **more)

    monkeypatch.setattr(sqlite3, "connect", connect)
    world.start()
    assert "disk_low" in world.alerts()
    assert refusal(world.ask("issue", service="a", channel="button")) == "unavailable"
    broken = False
    world.wait(3)

    assert "disk_low" not in world.alerts()
    assert world.issue() == "A001"


def test_the_stores_own_guard_refuses_a_number_twice(hall: World) -> None:
    hall.issue()
    journal, row = hall.books.journal, next(iter(hall.books.journal.rows(2, 1)))
    twice = JournalRow(99, 1, row.day, "issued", row.body)
    with pytest.raises(RuntimeError):
        journal.append([JournalEntry((twice,))])

    assert hall.issue() == "A002"


# --- upkeep -------------------------------------------------------------------------------------


def test_backups_are_made_checked_and_only_seven_are_kept(hall: World) -> None:
    for _ in range(10):
        hall.issue()
        for _ in range(2):
            hall.wait(1801)
    folder = hall.folder / backups.FOLDER
    found = list(backups.newest_first(folder))

    assert len(found) == 7
    assert len(list(folder.iterdir())) == 14


def test_nothing_new_needs_no_backup(hall: World) -> None:
    hall.issue()
    for _ in range(6):
        hall.wait(3601)

    assert len(list(backups.newest_first(hall.folder / backups.FOLDER))) == 1


def test_history_older_than_the_rule_is_dropped_and_the_chain_still_holds(hall: World) -> None:
    hall.stop()
    hall.text = hall.text.replace("issue_burst: 10000}", "issue_burst: 10000, keep_days: 31}")
    hall.start()
    for _ in range(40):
        hall.issue()
        hall.clock.advance(24 * 3600)
    hall.issue()
    hall.ask("counter-close", counter="1")
    for _ in range(100):
        hall.wait(61)
    oldest = next(iter(hall.books.journal.rows(1, 1)))
    assert oldest.kind == "day_opened"
    assert oldest.day == 10
    hall.stop()
    journal, found = open_journal(hall.folder / "journal.db")
    assert journal.inspect(100_000) == ""
    assert found.put_aside == ""
    journal.close()


def test_the_key_outlives_the_process_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    first = secret.load(path).of("mã")

    assert secret.load(path).of("mã") == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"short")
    assert secret.load(path).of("mã") != first
    assert secret.load(tmp_path / "no" / "folder").of("mã") != first


# --- the hall's clock ---------------------------------------------------------------------------


def hall_clock(clock: SetClock, last_at: int = 0, last_wall: int = 0) -> HallClock:
    hours = opening.Calendar({0: (opening.span("07:30-17:00"),)})
    zone = clock.at.tzinfo
    assert zone is not None
    return HallClock(clock, zone, hours, last_at, last_wall)


def test_hall_time_never_goes_back_whatever_the_wall_clock_does() -> None:
    clock = SetClock()
    ours = hall_clock(clock, 5000, int(clock.at.timestamp() * 1000) - 60_000)
    seen = [ours.now().at]
    for jump in (timedelta(hours=-1), timedelta(hours=2), timedelta(days=-9000), timedelta(days=2)):
        clock.at += jump
        clock.elapsed_s += 1
        seen.append(ours.now().at)

    assert seen == [65_000, 66_000, 67_000, 68_000, 69_000]


@pytest.mark.parametrize(
    ("jump", "trusted"),
    [
        (timedelta(hours=1), True),
        (timedelta(hours=-1), False),
        (timedelta(days=-1), False),
        (timedelta(days=2), False),
        (timedelta(days=-20_000), False),
    ],
)
def test_a_wall_clock_that_leaps_is_not_trusted(jump: timedelta, trusted: Any) -> None:
    clock = SetClock()
    ours = hall_clock(clock)
    ours.written(ours.now().wall)
    clock.at += jump

    assert ours.now().trusted is trusted
    assert (ours.now().open is None) is not trusted


def test_what_was_written_at_an_untrusted_time_does_not_bind_the_clock() -> None:
    clock = SetClock(is_trusted=False)
    ours = hall_clock(clock)
    ours.written(ours.now().wall + 10**12)
    clock.is_trusted = True

    assert ours.now().trusted is True


def test_an_unsure_clock_of_an_earlier_run_does_not_vouch_for_the_next(hall: World) -> None:
    hall.issue()
    today = hall.clock.at
    hall.crash()
    hall.clock.is_trusted = False
    hall.clock.at -= timedelta(days=200)
    hall.start().issue()
    hall.crash()
    # The next start has a source of time, and a wrong one.
    hall.clock.is_trusted = True
    hall.clock.advance(60)
    hall.start().wait(6)

    assert hall.state("state/hall")["clock"] == "unsure"
    hall.crash()
    hall.clock.at = today + timedelta(minutes=2)
    hall.start().wait(6)
    assert hall.state("state/hall")["clock"] == "trusted"


def test_a_night_without_power_counts_when_the_clock_is_sure() -> None:
    clock = SetClock()
    last = int(clock.at.timestamp() * 1000) - 12 * 3600 * 1000

    assert hall_clock(clock, 1000, last).now().at == 1000 + 12 * 3600 * 1000
    clock.is_trusted = False
    assert hall_clock(clock, 1000, last).now().at == 1001


def test_jumps_of_the_clock_never_turn_the_day_under_people(hall: World) -> None:
    hall.issue()
    for jump in (timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1), timedelta(days=2)):
        start = hall.clock.at
        hall.clock.at += jump
        hall.issue()
        hall.clock.at = start

    assert hall.state("state/hall")["day"] == "2026-11-23"
    assert hall.state("state/hall")["waiting"] == 5


# --- the chain ----------------------------------------------------------------------------------


def test_the_chain_has_the_published_values() -> None:
    rows = [
        JournalRow(1, 1, 1, "day_open", {"date": "2026-11-23", "day": 1}),
        JournalRow(2, 1, 1, "issued", {"id": "p1", "number": 1, "service": "A"}),
        JournalRow(3, 1, 1, "called", {"counter": "3", "id": "c1", "number": 1, "service": "A"}),
    ]
    head, values = chain.START, []
    for row in rows:
        head = chain.line(head, row).chain
        values.append(head.hex())

    assert values == [
        "12568b2240914dc51ac19b10f61eb70e",
        "e733232b8701412ce2511fd61b38a1c4",
        "ca83cf04e860173e7f3f13cb6a3ec1ae",
    ]


def test_a_gap_in_the_sequence_is_damage_unless_an_epoch_begins() -> None:
    one = chain.line(chain.START, JournalRow(1, 1, 1, "x", {}))
    for epoch, bad in ((1, 5), (2, None)):
        later = chain.line(one.chain, JournalRow(5, epoch, 1, "x", {}))
        assert chain.broken_at(chain.START, [one, later]) == bad


@pytest.mark.parametrize("damaged", [True, False])
def test_damage_told_before_a_restart_is_told_on_until_the_history_was_read_again(
    hall: World, *, damaged: bool
) -> None:
    for _ in range(6):
        hall.issue()
    hall.clock.advance(24 * 3600)
    hall.issue()
    hall.stop()
    if damaged:
        spoil(hall.folder / "journal.db")
    leave_alert(hall.broker, "thu", "controller", "journal_damaged")
    hall.start()
    assert "journal_damaged" in hall.alerts()

    for _ in range(4):
        hall.wait(2)

    assert ("journal_damaged" in hall.alerts()) is damaged
