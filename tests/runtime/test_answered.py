"""One id, one effect, one reply, at every device; what went on paper also after a restart."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall.runtime import answered
from hall.runtime.answered import INTERRUPTED, AnsweredRequests, KeptFile
from hall.runtime.daemon import Daemon

Replies = Callable[..., Any]


def ask(
    world: Any, daemon: Daemon, verb: str = "identify", client: str = "tech", **more: Any
) -> None:
    content = {"schema": 1, "hall": "thu", "src": client, "id": "r1"} | more
    world.say(f"req/dev/{daemon.name}/{verb}/{client}", json.dumps(content))
    world.settle(daemon)


def obeys(world: Any, notebook: Any, client: str = "printer-1", kept: Path | None = None) -> Daemon:
    """A device that does what it is asked, and says ok."""
    service = notebook()
    daemon = world.daemon(client, service)
    if kept is not None:
        daemon.context = replace(daemon.context, answered=AnsweredRequests(KeptFile(kept)))

    def act(item: Any) -> None:
        if getattr(item, "levels", {}).get("verb"):
            daemon.context.reply(item.levels["client"], item.message.id)

    service.on_handle = act
    return daemon


def acts(daemon: Daemon) -> list[str]:
    found = daemon.service.handled  # type: ignore[attr-defined]
    return [item.levels["verb"] for item in found if getattr(item, "levels", {}).get("verb")]


@pytest.mark.parametrize("client", ["printer-1", "kiosk-1", "display", "voice", "bridge-1"])
def test_a_copy_is_answered_and_not_obeyed(
    world: Any, notebook: Any, replies: Replies, client: str
) -> None:
    device = obeys(world, notebook, client)
    _, inbox = world.member("tech")

    ask(world, device)
    ask(world, device, ts="2026-11-23T08:00:01+07:00")

    assert acts(device) == ["identify"]
    assert [reply.status for reply in replies(inbox)] == ["ok", "ok"]


@pytest.mark.parametrize(
    "changed",
    [
        {"verb": "reprint"},
        {"verb": "simulate", "action": "press"},
        {"client": "tech-cli"},
        {"extra": 1},
    ],
    ids=["verb", "body", "client", "unknown field"],
)
def test_an_id_that_was_used_for_something_else_is_refused(
    world: Any, notebook: Any, replies: Replies, changed: dict[str, Any]
) -> None:
    device = obeys(world, notebook)
    _, inbox = world.member(changed.get("client", "tech"))
    ask(world, device)
    replies(inbox)

    ask(world, device, **changed)

    [reply] = replies(inbox)
    assert reply.error.code == "id_reused"
    assert acts(device) == ["identify"]


def test_a_copy_of_what_is_under_way_waits_for_its_reply(
    world: Any, notebook: Any, replies: Replies
) -> None:
    device = world.daemon("printer-1", notebook())
    _, inbox = world.member("tech")
    ask(world, device)
    ask(world, device)
    ask(world, device, extra=1)
    [reused] = replies(inbox)

    device.context.refuse("tech", "r1", "unavailable", "hết giấy")
    ask(world, device)

    assert reused.error.code == "id_reused"
    assert acts(device) == ["identify"]
    assert [reply.error.text for reply in replies(inbox)] == ["hết giấy", "hết giấy"]


def test_what_is_said_to_another_client_is_no_reply_to_this_one(
    world: Any, notebook: Any, replies: Replies
) -> None:
    device = world.daemon("printer-1", notebook())
    _, inbox = world.member("tech")
    ask(world, device)

    device.context.refuse("tech-cli", "r1", "unavailable", "hết giấy")
    ask(world, device)
    assert replies(inbox) == []
    device.context.reply("tech", "r1")
    ask(world, device)

    assert [reply.status for reply in replies(inbox)] == ["ok", "ok"]


def test_what_only_reads_is_read_anew(world: Any, notebook: Any) -> None:
    device = obeys(world, notebook, "onestop")

    ask(world, device, "imports")
    ask(world, device, "imports")

    assert acts(device) == ["imports", "imports"]


def test_the_oldest_is_forgotten_first(
    world: Any, notebook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answered, "MOST", 2)
    device = obeys(world, notebook)

    for request_id in ("a", "b", "c", "c", "a"):
        ask(world, device, id=request_id)

    assert len(acts(device)) == 4


def test_what_went_on_paper_is_known_after_a_restart(
    world: Any, notebook: Any, replies: Replies, tmp_path: Path
) -> None:
    before = obeys(world, notebook, kept=tmp_path / "kept.json")
    ask(world, before, "reprint")
    before.close()
    after = obeys(world, notebook, kept=tmp_path / "kept.json")
    _, inbox = world.member("tech")

    ask(world, after, "reprint")

    assert acts(after) == []
    assert [reply.status for reply in replies(inbox)] == ["ok"]


def test_what_a_restart_cut_off_is_told_as_that_and_not_done_again(
    world: Any, notebook: Any, replies: Replies, tmp_path: Path
) -> None:
    """The paper may be out: a person looks, and asks anew."""
    before = world.daemon("printer-1", notebook())
    before.context = replace(
        before.context, answered=AnsweredRequests(KeptFile(tmp_path / "kept.json"))
    )
    ask(world, before, "reprint")
    before.close()
    after = obeys(world, notebook, kept=tmp_path / "kept.json")
    _, inbox = world.member("tech")

    ask(world, after, "reprint")

    [reply] = replies(inbox)
    assert (reply.error.code, reply.error.text) == ("unavailable", INTERRUPTED)
    assert acts(after) == []


def test_what_does_no_harm_twice_never_touches_the_disk(
    world: Any, notebook: Any, tmp_path: Path
) -> None:
    device = obeys(world, notebook, kept=tmp_path / "kept.json")

    ask(world, device, "simulate", action="press")

    assert acts(device) == ["simulate"]
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_no_more_than_it_may(
    world: Any, notebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answered, "MOST_KEPT", 3)
    device = obeys(world, notebook, kept=tmp_path / "kept.json")

    for n in range(5):
        ask(world, device, "reprint", id=f"r{n}")

    kept = json.loads((tmp_path / "kept.json").read_text())
    assert [entry["id"] for entry in kept] == ["r2", "r3", "r4"]


def test_what_cannot_be_remembered_is_not_done(
    world: Any, notebook: Any, replies: Replies, tmp_path: Path
) -> None:
    device = obeys(world, notebook, kept=tmp_path / "gone" / "kept.json")
    _, inbox = world.member("tech")

    ask(world, device, "reprint")
    (tmp_path / "gone").mkdir()
    ask(world, device, "reprint")

    first, second = replies(inbox)
    assert (first.error.code, "Bộ nhớ" in first.error.text) == ("unavailable", True)
    assert (second.status, acts(device)) == ("ok", ["reprint"])


@pytest.mark.parametrize("spoilt", [b"", b"[1]", b'[{"id": "r1"}]', b"\xff"])
def test_a_damaged_file_is_as_none(
    world: Any, notebook: Any, tmp_path: Path, spoilt: bytes
) -> None:
    (tmp_path / "kept.json").write_bytes(spoilt)
    device = obeys(world, notebook, kept=tmp_path / "kept.json")

    ask(world, device, "reprint")

    assert acts(device) == ["reprint"]
